"""What a reader learns from: a question, passages, and where in them the answer stands."""

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import SourceError

__all__ = ["Context", "Example", "read_examples", "read_lines", "write_examples"]


class Context(BaseModel):
    """A passage and the places where the answer stands in it, none when it does not.

    `answers` are `[start, end)` in code points of `text`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    answers: tuple[tuple[int, int], ...] = ()


class Example(BaseModel):
    """A question with its passages, whose scores are compared with each other.

    `is_distant`: the places were found by looking for the answer's words, so that some only
    mention the answer and do not support it. Where `is_labelled` is false nobody knows whether the
    passages answer: only teachers' opinions can be learnt.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    question: str
    contexts: tuple[Context, ...]
    is_distant: bool = False
    is_labelled: bool = True


SomeExample = TypeVar("SomeExample", bound=Example)


def write_examples(path: Path, examples: Iterable[Example]) -> int:
    """Write gzipped JSON lines and return how many. A file that is there is whole."""
    n_written = 0
    fresh = path.with_suffix(".new")
    # Without a time in the header the same examples give the same bytes.
    with fresh.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as file:
        for example in examples:
            file.write(example.model_dump_json().encode() + b"\n")
            n_written += 1
    fresh.replace(path)
    return n_written


def read_examples(path: Path) -> Iterator[Example]:
    """Yield the examples of a file that `write_examples` wrote.

    Raises:
        SourceError: a line is no example.
    """
    return read_lines(path, Example)


def read_lines(path: Path, kind: type[SomeExample]) -> Iterator[SomeExample]:
    """Yield the examples of a file, all of one kind; see `read_examples`."""
    with gzip.open(path, "rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield kind.model_validate_json(line)
            except ValidationError as error:
                raise SourceError(
                    f"{path}:{number} is no training example: {error}. Make the file again with "
                    "`python -m training.prepare`."
                ) from error
