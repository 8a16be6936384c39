"""The value of an answer, whatever its type."""

from datetime import date

from service.answering.values.dates import date_value
from service.answering.values.numbers import number_value
from service.answering.values.value import Value

__all__ = ["value_of"]

# What is longer tells more than one value.
_MAX_CHARS = 80


def value_of(text: str, start: int, end: int, day: date | None) -> Value | None:
    """Return the value of the answer `text[start:end]`, None when it has none.

    `day` is that on which the text was published, for "Wednesday" and "last month".
    """
    if end - start > _MAX_CHARS:
        return None
    return date_value(text, start, end, day) or number_value(text, start, end)
