"""Watches of a real archive: asked when a publication touches them, and only then."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.article import Article
from index.building.builder import Builder
from index.engines.local.archive import LocalArchive
from index.search.query import Filters
from index.search.retriever import RetrievalSettings
from service.answering.answer import AskResult, Question
from service.answering.extractive import ExtractiveAnswerer
from service.watching.asking import ArchiveAsker
from service.watching.database import WatchDatabase
from service.watching.due import DueWatches
from service.watching.entries import Entries
from service.watching.running import RunReport, WatchRunner
from service.watching.watch import Outcome
from service.watching.watches import Watches
from tests.conftest import HashEmbedder
from tests.service.answering.fakes import SCORER, FakeReader
from tests.service.watching.conftest import NOW

NAMES = [f"Nora{letter}" for letter in "abcdefghijklmnopqrst"]
WORDS = [f"word{n}" for n in range(60)]
SETTINGS = RetrievalSettings(depth=40)
N_READ = 3


def written(rng: random.Random, key: str) -> Article:
    words = rng.choices(WORDS, [1 / (n + 2) for n in range(len(WORDS))], k=14)
    text = f"{' '.join(words).capitalize()}. The winner is {rng.choice(NAMES)} {words[0]}."
    return Article(key, f"News of {words[1]}", text, source="Post", published="2024-03-05")


class Newsroom:
    """An index that is published to, and what watches questions of it."""

    def __init__(
        self, root: Path, make_builder: Callable[[], Builder], embedder: HashEmbedder
    ) -> None:
        self.build = make_builder
        archive = LocalArchive(root, 1, SETTINGS, embedder)
        self.answerer = ExtractiveAnswerer(
            archive, FakeReader(dict.fromkeys(NAMES, 9.0)), SCORER, n_read=N_READ, n_first=N_READ
        )
        database = WatchDatabase(root)
        self.watches = Watches(database, 1000)
        self.entries = Entries(database)
        self.runner = WatchRunner(
            DueWatches(database, 1000), self.entries, archive, ArchiveAsker(self.answerer)
        )

    def add(self, question: str) -> None:
        self.watches.add(question, Filters(), NOW)

    def publish(self, *articles: Article) -> RunReport:
        self.build().add(articles)
        return self.runner.run()

    def ask(self, question: str) -> AskResult:
        return self.answerer.ask(Question(question))


@pytest.fixture
def newsroom(
    tmp_path: Path, make_builder: Callable[[], Builder], embedder: HashEmbedder
) -> Iterator[Newsroom]:
    yield Newsroom(tmp_path / "index", make_builder, embedder)


@pytest.mark.parametrize("seed", [1, 2])
def test_no_watch_is_missed_whose_answer_changes(newsroom: Newsroom, seed: int) -> None:
    rng = random.Random(seed)
    newsroom.build().build([written(rng, f"a{n}") for n in range(150)])
    for _ in range(25):
        newsroom.add(f"Who won the {' '.join(rng.sample(WORDS, rng.randint(1, 3)))}?")
    newsroom.runner.run()
    n_asked = 0
    for number in range(3):
        changed = [written(rng, f"a{rng.randrange(150)}"), written(rng, f"b{number}")]
        n_asked += newsroom.publish(*changed).n_asked
        for _, watch in newsroom.watches.all():
            assert watch.outcome == Outcome.of(newsroom.ask(watch.question)), watch.question
    assert 0 < n_asked < 3 * 25


def test_an_article_touches_the_watches_that_it_may_answer(newsroom: Newsroom) -> None:
    rng = random.Random(4)
    newsroom.build().build([written(rng, f"a{n}") for n in range(150)])
    newsroom.add("Who won the word30 word40?")
    newsroom.runner.run()
    text = "The word30 word40 was won. The winner of the word30 word40 is Norax."
    report = newsroom.publish(Article("new", "The word30 word40", text, published="2024-03-06"))
    assert (report.n_touched, report.n_asked) == (1, 1)
    report = newsroom.publish(Article("other", "Word1", "Word1 word2 word1 word3 word2 word1."))
    assert (report.n_watches, report.n_touched) == (1, 0)
    ((_, watch),) = newsroom.watches.all()
    assert watch.snapshot == report.snapshot and not watch.is_due


def test_a_name_that_no_article_had_is_waited_for(newsroom: Newsroom) -> None:
    rng = random.Random(5)
    newsroom.build().build([written(rng, f"a{n}") for n in range(150)])
    newsroom.add("Who leads Norhavn?")
    newsroom.runner.run()
    assert newsroom.publish(written(rng, "x1")).n_looked == 1
    story = Article("n", "Norhavn", "Norhavn is led by Noraa.", published="2024-03-06")
    assert newsroom.publish(story).n_changed == 1
    (entry,) = newsroom.entries.list()
    assert entry.after.answer and entry.after.answer.text == "Noraa"
    assert newsroom.publish(written(rng, "x2")).n_asked == 0


def test_an_article_that_was_read_and_is_held_or_removed_touches_its_watches(
    newsroom: Newsroom,
) -> None:
    rng = random.Random(6)
    text = "The word30 word40 was won. The winner of the word30 word40 is Noraa."
    story = Article("story", "The word30 word40", text, published="2024-03-06")
    newsroom.build().build([*(written(rng, f"a{n}") for n in range(150)), story])
    newsroom.add("Who won the word30 word40?")
    newsroom.runner.run()
    newsroom.build().hold(["story"], "The winner denies it.", "Ada")
    assert newsroom.runner.run().n_asked == 1
    newsroom.build().release(["story"], "Ada")
    assert newsroom.runner.run().n_asked == 1
    newsroom.build().remove(["story"])
    assert newsroom.runner.run().n_asked == 1
    entries = newsroom.entries.list()
    assert [entry.change for entry in entries] == ["withdrawn", "new-value", "withdrawn"]
    last = entries[-1].before.answer
    assert last and last.citations[0].quote == ""
