"""A kept search is touched whenever the same search would find other passages to read."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical.bm25 import stems
from index.lexical.scores import WordStatistics, word_weights
from index.search.query import Filters
from index.search.retriever import RetrievalSettings, fuse, limit_per_story
from index.search.standing import Places, Ranked, Standing, places_in
from index.search.touching import NewPassage, Publication, touched
from index.vectors.types import Vectors
from tests.conftest import HashEmbedder

SETTINGS = RetrievalSettings(depth=12)
N_READ = 3
WORDS = [f"word{n}" for n in range(25)]
# Words of one archive whose frequencies stand still, so that a search changes by passages alone.
STATISTICS = WordStatistics({stems(word)[0]: 1.0 + n / 7 for n, word in enumerate(WORDS)}, 12.0)
EMBEDDER = HashEmbedder()


@cache
def vector_of(text: str) -> Vectors:
    return EMBEDDER.embed_query(text)


@cache
def weights_of(text: str) -> dict[str, float]:
    return word_weights(stems(text), STATISTICS.mean_length)


@dataclass
class StillArchive:
    """Passages that are searched as a snapshot does it; one is an article by itself."""

    passages: dict[int, NewPassage] = field(default_factory=dict)
    stories: dict[int, int] = field(default_factory=dict)

    def add(self, passage: NewPassage, story: int) -> None:
        self.passages[passage.key] = passage
        self.stories[passage.key] = story

    def standing(self, query: str, filters: Filters) -> tuple[Standing, Places]:
        terms = list(dict.fromkeys(stems(query)))
        vector = vector_of(query)
        allowed = [one for one in self.passages.values() if _passes(one, filters)]
        lexical = {one.key: _score(terms, one) for one in allowed}
        dense = {one.key: float(vector_of(one.text) @ vector) for one in allowed}
        first = _best({key: score for key, score in lexical.items() if score})
        second = _best(dense)
        fused = fuse(first, second, SETTINGS)
        best = limit_per_story(fused, lambda key: self.stories[key], SETTINGS.max_per_story)
        read = tuple(list(best)[:N_READ])
        ranked = Ranked(first, second, read, len(read) == N_READ)
        idf = {term: STATISTICS.idf[term] for term in terms}
        articles = np.array(sorted(fused), np.int64)
        standing = Standing.of(
            ranked, filters, idf, STATISTICS.mean_length, vector, articles, SETTINGS
        )
        return standing, places_in(standing, ranked, SETTINGS)


def _score(terms: Sequence[str], passage: NewPassage) -> float:
    weights = weights_of(passage.text)
    return sum(STATISTICS.idf[term] * weights.get(term, 0.0) for term in terms)


def _best(scores: dict[int, float]) -> dict[int, float]:
    ordered = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return dict(ordered[: SETTINGS.depth])


def _passes(passage: NewPassage, filters: Filters) -> bool:
    return not filters.sources or passage.source in filters.sources


def publication(passages: Sequence[NewPassage], removed: Sequence[int] = ()) -> Publication:
    vectors = [vector_of(one.text) for one in passages]
    table = np.array(vectors, np.float32).reshape(-1, EMBEDDER.dim)
    return Publication(passages, table, np.array(removed, np.int64))


def written(rng: random.Random, key: int) -> NewPassage:
    words = rng.choices(WORDS, [1 / (n + 2) for n in range(len(WORDS))], k=rng.randint(6, 18))
    return NewPassage(key, key, " ".join(words), rng.choice(["Post", "Ledger"]), 0)


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_no_search_that_would_read_otherwise_is_missed(seed: int) -> None:
    rng = random.Random(seed)
    archive, keys = StillArchive(), iter(range(1, 10_000))
    for _ in range(60):
        archive.add(written(rng, next(keys)), rng.randint(1, 40))
    queries = [" ".join(rng.sample(WORDS, rng.randint(1, 4))) for _ in range(12)]
    asked = [(one, rng.choice([Filters(), Filters(("Post",))])) for one in queries]
    kept = [archive.standing(*one) for one in asked]
    for _ in range(5):
        new = [written(rng, next(keys)) for _ in range(rng.randint(0, 3))]
        removed = rng.sample(sorted(archive.passages), rng.randint(0, 1))
        for one in new:
            archive.add(one, rng.randint(1, 40))
        for key in removed:
            del archive.passages[key]
        touch = touched(
            [standing for standing, _ in kept],
            [places for _, places in kept],
            publication(new, removed),
            STATISTICS,
            SETTINGS,
        )
        for number, (question, old) in enumerate(zip(asked, kept, strict=True)):
            now = archive.standing(*question)
            if not touch.is_touched[number]:
                assert now[0].read == old[0].read
                now = old[0], touch.places[number]
            kept[number] = now


@pytest.fixture
def archive() -> StillArchive:
    rng, archive = random.Random(3), StillArchive()
    for key in range(200):
        archive.add(written(rng, key), key)
    return archive


def touches(archive: StillArchive, query: str, text: str, filters: Filters | None = None) -> bool:
    standing, places = archive.standing(query, filters or Filters())
    one = publication([NewPassage(900, 900, text, "Post", 0)])
    return bool(touched([standing], [places], one, STATISTICS, SETTINGS).is_touched[0])


def test_a_passage_about_it_touches_a_search_and_one_about_something_else_does_not(
    archive: StillArchive,
) -> None:
    assert touches(archive, "word3 word20", "word20 word3 word20 word3 word20 word3")
    assert not touches(archive, "word3 word20", "word9 word12 word14 word11 word10 word8 word7")


def test_a_passage_that_the_filters_keep_out_touches_nothing(archive: StillArchive) -> None:
    text = "word20 word3 word20 word3 word20 word3"
    assert touches(archive, "word3 word20", text, Filters(("post",)))
    assert not touches(archive, "word3 word20", text, Filters(("Ledger",)))


def test_what_is_kept_of_a_search_is_read_as_it_was_written(archive: StillArchive) -> None:
    standing, places = archive.standing("word3 word20", Filters(("Post",)))
    again = Standing.read_bytes(standing.to_bytes())
    assert again.to_bytes() == standing.to_bytes()
    assert (again.filters, again.read, again.terms) == (
        standing.filters,
        standing.read,
        standing.terms,
    )
    assert np.array_equal(again.articles, standing.articles)
    assert Places.read(places.to_bytes()).to_bytes() == places.to_bytes()


def test_frequencies_that_moved_far_touch_a_search(archive: StillArchive) -> None:
    standing, places = archive.standing("word3 word20", Filters())
    rarer = WordStatistics({**STATISTICS.idf, "word3": 9.0}, STATISTICS.mean_length)
    nothing = publication([])
    assert not touched([standing], [places], nothing, STATISTICS, SETTINGS).is_touched[0]
    assert touched([standing], [places], nothing, rarer, SETTINGS).is_touched[0]


def test_of_a_search_that_found_little_everything_is_read() -> None:
    archive = StillArchive()
    archive.add(NewPassage(1, 1, "word3", None, 0), 1)
    assert touches(archive, "word3 word20", "word9 word12")


def test_without_searches_nothing_is_touched() -> None:
    touch = touched([], [], publication([]), STATISTICS, SETTINGS)
    assert (len(touch.is_touched), touch.places) == (0, [])
