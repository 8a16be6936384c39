from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from benchmarks.mock_web import MockWeb, mock_web
from corpus.processes import Processes
from index.building.builder import Builder
from service.following.source import Source
from tests.service.following.desk import Clock, Desk, desk

OpenDesk = Callable[..., AbstractContextManager[Desk]]


@pytest.fixture
def web() -> Iterator[MockWeb]:
    with mock_web() as web:
        yield web


@pytest.fixture
def open_desk(
    tmp_path: Path,
    make_builder: Callable[[], Builder],
    web: MockWeb,
    page_readers: Processes,
) -> OpenDesk:
    """Return a function that opens a follower of the sources it is given."""

    def opened(
        *sources: Source, every_s: float | None = None, clock: Clock | None = None
    ) -> AbstractContextManager[Desk]:
        return desk(tmp_path / "index", make_builder, web, sources, every_s, clock, page_readers)

    return opened
