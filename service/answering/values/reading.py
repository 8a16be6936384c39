"""The value of an answer, whatever its type."""

from functools import lru_cache

from corpus.article import Article
from service.answering.values.dates import date_value
from service.answering.values.numbers import number_value
from service.answering.values.value import Value

__all__ = ["value_of"]

# What is longer tells more than one value.
_MAX_CHARS = 80


# The same span is asked about for its kind, its equals, its timeline and to be shown.
@lru_cache(maxsize=1024)
def value_of(article: Article, start: int, end: int) -> Value | None:
    """Return the value of the answer `article.text[start:end]`, None when it has none."""
    if end - start > _MAX_CHARS:
        return None
    dated = date_value(article.text, start, end, article.day)
    return dated or number_value(article.text, start, end)
