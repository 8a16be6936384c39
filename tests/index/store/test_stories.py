"""Near-duplicates: found when planted, kept apart when only alike in subject, kept as we go."""

from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from itertools import combinations
from pathlib import Path

import pytest

from corpus.article import Article
from corpus.duplicates import bucket_keys, signature, similarity
from corpus.sources import read_sources
from index.building.builder import Builder
from index.engines.local.archive import LocalArchive
from index.search.query import Query
from index.search.retriever import RetrievalSettings
from index.store.database import connect
from tests.conftest import HashEmbedder

# Written as a copy of the other by hand.
COPIES = {"soup-giant-calder-lumina-deal": "calder-foods-buys-lumina"}
SAMPLES = Path(str(files("corpus") / "samples/articles.jsonl"))


@pytest.fixture(scope="module")
def samples() -> list[Article]:
    return [one for one in read_sources([SAMPLES]) if isinstance(one, Article)]


def wire_copy(article: Article) -> Article:
    """Return what another outlet makes of a story: its own headline and byline, the end cut."""
    sentences = article.text.split(". ")
    kept = ". ".join(sentences[: max(4, round(0.8 * len(sentences)))])
    text = f"By our correspondent and agencies\n\n{kept}."
    return replace(article, id=f"{article.id}-copy", title="Latest news", text=text)


def update(article: Article) -> Article:
    """Return a later version of a story: numbers corrected, a paragraph on top."""
    text = "This story has been updated with new figures from officials on the scene. "
    numbers = str.maketrans("0123456789", "1234567890")
    return replace(article, id=f"{article.id}-update", text=text + article.text.translate(numbers))


def stories_of(root: Path) -> dict[str, int]:
    """Return the story of each article by its id."""
    db = connect(root / "archive.db", read_only=True)
    rows = db.execute("SELECT a.id, s.story FROM articles a JOIN signatures s ON s.article = a.key")
    found = {row["id"]: row["story"] for row in rows}
    db.close()
    return found


def test_planted_copies_and_updates_are_found_and_nothing_else(
    make_builder: Callable[[], Builder], samples: list[Article], tmp_path: Path
) -> None:
    planted = [wire_copy(one) for one in samples[::2]] + [update(one) for one in samples[::3]]
    make_builder().build([*samples, *planted])
    story = stories_of(tmp_path / "index")
    base = {one.id: one.id.removesuffix("-copy").removesuffix("-update") for one in planted}
    base |= {one.id: one.id for one in samples}
    base = {article: COPIES.get(original, original) for article, original in base.items()}
    expected = {pair for pair in combinations(sorted(story), 2) if len({base[i] for i in pair}) < 2}
    found = {pair for pair in combinations(sorted(story), 2) if len({story[i] for i in pair}) < 2}
    assert len(expected) > 40
    assert len(found & expected) / len(expected) >= 0.95
    assert len(found & expected) / len(found) >= 0.95


def test_stories_are_kept_when_articles_come_and_go(
    make_builder: Callable[[], Builder], samples: list[Article], tmp_path: Path
) -> None:
    first, other = samples[0], samples[1]
    make_builder().build([first, other])
    make_builder().add([wire_copy(first)])
    story = stories_of(tmp_path / "index")
    assert story[f"{first.id}-copy"] == story[first.id] != story[other.id]
    make_builder().remove([first.id])
    make_builder().add([update(first)])
    story = stories_of(tmp_path / "index")
    assert story[f"{first.id}-update"] == story[f"{first.id}-copy"]


def test_what_is_removed_leaves_no_bucket(
    make_builder: Callable[[], Builder], samples: list[Article], tmp_path: Path
) -> None:
    make_builder().build(samples[:2])
    make_builder().remove([samples[0].id])
    db = connect(tmp_path / "index/archive.db", read_only=True)
    ((n,),) = db.execute("SELECT count(DISTINCT article) FROM buckets").fetchall()
    db.close()
    assert n == 1


def test_a_story_takes_only_so_many_places(
    make_builder: Callable[[], Builder],
    samples: list[Article],
    embedder: HashEmbedder,
    tmp_path: Path,
) -> None:
    first = samples[0]
    copies = [replace(wire_copy(first), id=f"copy-{n}") for n in range(5)]
    make_builder().build([*samples[:6], *copies])
    settings = RetrievalSettings(max_per_story=2)
    snapshot = LocalArchive(tmp_path / "index", 1, settings, embedder).current()
    found = [hit.article.id for hit in snapshot.search(Query(first.title), 10)]
    assert len([one for one in found if one == first.id or one.startswith("copy-")]) == 2


def test_likeness_is_that_of_the_shingles() -> None:
    words = [f"word{n}" for n in range(400)]
    whole, half = signature(" ".join(words)), signature(" ".join(words[:200]))
    assert whole is not None and half is not None
    assert similarity(whole, whole) == 1.0
    # 198 runs of three words of 398: within three standard errors of 128 draws.
    assert similarity(whole, half) == pytest.approx(198 / 398, abs=0.14)
    assert signature("too few words to tell") is None


def test_bucket_keys_fit_the_database() -> None:
    hashes = signature(" ".join(f"word{n}" for n in range(400)))
    assert hashes is not None
    keys = bucket_keys(hashes)
    assert len(set(keys)) == 32
    assert all(-(2**63) <= key < 2**63 for key in keys)
