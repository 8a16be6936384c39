from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.article import Article
from index.search.query import Filters
from service.watching.database import WatchDatabase
from service.watching.due import DueWatches
from service.watching.entries import Entries
from service.watching.running import WatchRunner
from service.watching.watch import Change
from service.watching.watches import Watches
from tests.service.watching.fakes import FakeArchive, FakeAsker, FakeClock, answer

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CAPTAIN = "Who is the captain?"


@dataclass
class Desk:
    """Everything that watches questions of one index directory, with fakes around it."""

    folder: Path
    archive: FakeArchive = field(default_factory=FakeArchive)
    asker: FakeAsker = field(default_factory=FakeAsker)
    clock: FakeClock = field(default_factory=FakeClock)
    owners: list[str] = field(default_factory=list)
    sends_all: bool = False
    most_entries: int = 100
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> WatchDatabase:
        return WatchDatabase(self.folder)

    @property
    def watches(self) -> Watches:
        return Watches(self.database, 100)

    @property
    def entries(self) -> Entries:
        return Entries(self.database)

    @property
    def runner(self) -> WatchRunner:
        due = DueWatches(self.database, self.most_entries, self.sends_all)
        return WatchRunner(
            due, self.entries, self.archive, self.asker, lambda: self.owners, self.clock
        )

    def add(
        self,
        question: str = CAPTAIN,
        *,
        owner: str | None = None,
        name: str | None = None,
        webhook: str | None = None,
    ) -> str:
        new = self.watches.add(
            question, Filters(), self.clock(), owner=owner, name=name, webhook=webhook
        )
        self.secrets[new.watch.id] = new.secret or ""
        return new.watch.id

    def publish(self, **answers: str | None) -> None:
        """Publish a snapshot in which the captain, and so on, is another."""
        self.archive.number += 1
        for name, text in answers.items():
            self.asker.answers[f"Who is the {name}?"] = answer(text) if text else None

    def changes(self) -> list[Change]:
        return [entry.change for entry in self.entries.list()]

    def put(self, article: Article) -> None:
        self.archive.articles[article.id] = article


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def changed(desk: Desk) -> Desk:
    """Return a desk with one entry: the captain is another."""
    make_entry(desk)
    return desk


def make_entry(desk: Desk, **more: str | None) -> str:
    desk.asker.answers[CAPTAIN] = answer("Marta Holt")
    watch = desk.add(owner=more.get("owner"), webhook=more.get("webhook"))
    desk.runner.run()
    desk.publish(captain="Jon Lund")
    desk.runner.run()
    return watch
