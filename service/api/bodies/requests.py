"""The bodies that are taken, checked field by field."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from corpus.dates import parse_day
from index.search.query import Filters

__all__ = [
    "AskRequest",
    "Body",
    "FeedbackRequest",
    "FiltersBody",
    "SearchRequest",
    "TurnBody",
    "WatchRequest",
]


def _check_plain(text: str) -> str:
    """Refuse what no database, model or page can hold."""
    if "\0" in text:
        raise ValueError("holds a NUL character")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("holds half of a surrogate pair, which is not a character")
    return text


def _check_not_empty(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    return text.strip()


def _to_day(value: Any) -> date:  # noqa: ANN401 - whatever the body holds
    # Pydantic alone would take numbers too, as seconds since 1970.
    if isinstance(value, str):
        return parse_day(value)
    if type(value) is date:
        return value
    raise ValueError("is not a day: write it as 2025-02-19")


def _check_whole(value: Any) -> int:  # noqa: ANN401 - whatever the body holds
    # Pydantic alone takes true and "5" too; its strict mode is overruled by the framework.
    if type(value) is not int:
        raise ValueError("is not a whole number")
    return value


def _check_truth(value: Any) -> bool:  # noqa: ANN401 - whatever the body holds
    # Pydantic alone takes "no" and 0 too.
    if type(value) is not bool:
        raise ValueError("is neither true nor false")
    return value


Text = Annotated[str, AfterValidator(_check_plain)]
Asked = Annotated[Text, AfterValidator(_check_not_empty), Field(min_length=1)]
Whole = Annotated[int, BeforeValidator(_check_whole)]
Truth = Annotated[bool, BeforeValidator(_check_truth)]
Day = Annotated[date, BeforeValidator(_to_day)]
AsOf = Annotated[
    Day | None,
    Field(
        description="The archive as it stood at the end of this day; recency counts from it.",
        examples=["2025-02-28"],
    ),
]


# More would be an odd way to say "all", and each is one more variable of an SQL query.
_MAX_SOURCES = 100
# What is kept of feedback.
_MAX_ANSWER_CHARS = 5000
_MAX_NOTE_CHARS = 2000
_MAX_RIGHT_ANSWERS = 20
_MAX_KEPT_TURNS = 20
_MAX_NAME_CHARS, _MAX_URL_CHARS = 200, 2000


class Body(BaseModel):
    """What all bodies share."""

    # A field that is spelt wrong would otherwise silently change what is asked.
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class TurnBody(Body):
    """An earlier question and the answer it got."""

    question: Asked
    """The question as it was asked."""
    answer: Text | None = None
    """The answer it got; null when it was refused."""


class FiltersBody(Body):
    """Which articles may be searched. Both days are inclusive; undated articles match no day."""

    # A list: the OpenAPI document would misdescribe a tuple of checked texts.
    sources: list[Text] = Field(default=[], max_length=_MAX_SOURCES, examples=[["Harbour Post"]])
    """Only these outlets; empty: all. `GET /v1/archive` lists their names."""
    published_from: Day | None = Field(default=None, examples=["2025-01-01"])
    """Published on or after this day."""
    published_to: Day | None = Field(default=None, examples=["2025-12-31"])
    """Published on or before this day."""

    @field_validator("published_to")
    @classmethod
    def _in_order(cls, last: date | None, others: ValidationInfo) -> date | None:
        first = others.data.get("published_from")
        if first and last and first > last:
            raise ValueError(f"is {last}, before published_from ({first})")
        return last

    @classmethod
    def of(cls, filters: Filters) -> Self:
        """Return filters as they are sent."""
        return cls(
            sources=list(filters.sources),
            published_from=filters.published_from,
            published_to=filters.published_to,
        )

    def to_filters(self) -> Filters:
        """Return them as the archive takes them."""
        return Filters(tuple(self.sources), self.published_from, self.published_to)


class AskRequest(Body):
    """A question to the archive."""

    question: Asked = Field(examples=["How many people were rescued from the ferry?"])
    """The question, in plain words."""
    history: tuple[TurnBody, ...] = ()
    """The conversation so far, oldest first, so that "And when was that?" can be understood."""
    filters: FiltersBody = FiltersBody()
    """Which articles may be searched."""
    as_of: AsOf = None
    max_answers: Whole = Field(default=5, ge=1, le=20)
    """How many different answers to return at most: the best one and its alternatives."""


class FeedbackRequest(Body):
    """Feedback about an answer. It includes the question, because the server does not keep it."""

    answer_id: str = Field(pattern=r"^[0-9a-f]{32}$", examples=["9ed8bb9bdc6683de9ed8bb9bdc6683de"])
    """The `id` of the answer."""
    question: Asked = Field(examples=["How many people were rescued from the ferry?"])
    """The question as it was asked."""
    answer: Annotated[Text, Field(max_length=_MAX_ANSWER_CHARS)] | None = Field(
        default=None, examples=["Nine"]
    )
    """The answer that was given; null if there was none."""
    right: Truth = Field(examples=[True])
    """Whether it was right; a refusal is right if the archive does not say."""
    right_answers: Annotated[list[Asked], Field(max_length=_MAX_RIGHT_ANSWERS)] | None = None
    """The correct answers, if known; an empty list if the archive does not say."""
    note: Annotated[Text, Field(max_length=_MAX_NOTE_CHARS)] | None = None
    """Anything else."""
    history: tuple[TurnBody, ...] = Field(default=(), max_length=_MAX_KEPT_TURNS)
    """As sent with the question."""
    filters: FiltersBody = FiltersBody()
    """As sent with the question."""
    as_of: AsOf = None


class WatchRequest(Body):
    """A question to be watched."""

    question: Asked = Field(examples=["Who is the captain of the ferry?"])
    """One question, in plain words."""
    name: Annotated[Text, Field(max_length=_MAX_NAME_CHARS)] | None = Field(
        default=None, examples=["Ada Lind"]
    )
    """For whom it is."""
    filters: FiltersBody = FiltersBody()
    """Which articles may be searched."""
    webhook: Annotated[Text, Field(max_length=_MAX_URL_CHARS)] | None = Field(
        default=None, examples=["https://desk.example.org/hooks/dateline"]
    )
    """An address that its entries are sent to."""


class SearchRequest(Body):
    """A search for passages, without reading them."""

    query: Asked = Field(examples=["ferry rescue Norhavn"])
    """Words to search for."""
    k: Whole = Field(default=10, ge=1, le=100)
    """How many passages to return at most."""
    filters: FiltersBody = FiltersBody()
    """Which articles may be searched."""
    as_of: AsOf = None
