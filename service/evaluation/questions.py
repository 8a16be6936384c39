"""Questions with their right answers, from a JSON lines file."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from corpus.dates import parse_day
from corpus.errors import RequestError
from index.search.query import Filters
from service.answering.answer import Question, Turn

__all__ = ["GoldQuestion", "read_questions"]

Day = Annotated[date, BeforeValidator(lambda raw: parse_day(raw) if isinstance(raw, str) else raw)]


def _not_blank(gold: str) -> str:
    """Refuse a gold that is neither an answer nor a clear word that there is none."""
    if not gold.strip():
        raise ValueError('it is blank: write "answers": [] when there is no answer')
    return gold


class _Filters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sources: tuple[str, ...] = ()
    published_from: Day | None = None
    published_to: Day | None = None


class _Turn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    question: str
    answer: str | None = None


class _Line(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: str
    question: str = Field(min_length=1)
    answers: tuple[Annotated[str, AfterValidator(_not_blank)], ...]
    as_of: Day | None = None
    filters: _Filters | None = None
    history: tuple[_Turn, ...] | None = None


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question, its right answers (none when it has no answer), and other facts about it."""

    id: str
    question: Question
    answers: tuple[str, ...]
    extra: dict[str, Any]


def read_questions(path: Path) -> list[GoldQuestion]:
    """Read a questions file.

    Raises:
        RequestError: it cannot be read, holds no question, or a line is wrong.
    """
    try:
        # Bytes, because a line ends at a line feed alone: JSON may hold U+2028 as it is.
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise RequestError(f"{path} cannot be read as a questions file: {error}.") from error
    questions = [
        _read_line(line, f"{path}:{number}")
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    if not questions:
        raise RequestError(f"{path} holds no question.")
    return questions


def _read_line(raw: bytes, where: str) -> GoldQuestion:
    try:
        line = _Line.model_validate(json.loads(raw.decode("utf-8-sig")))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(map(str, first["loc"])) or "line"
        raise RequestError(f"{where}: field {name!r}: {first['msg']}.") from error
    except (ValueError, RecursionError) as error:
        raise RequestError(f"{where}: not a line of JSON in UTF-8: {error}.") from error
    filters = line.filters or _Filters()
    return GoldQuestion(
        id=line.id,
        question=Question(
            line.question,
            tuple(Turn(turn.question, turn.answer) for turn in line.history or ()),
            Filters(filters.sources, filters.published_from, filters.published_to),
            line.as_of,
        ),
        answers=line.answers,
        extra=line.model_extra or {},
    )
