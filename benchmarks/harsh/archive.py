"""A small archive to be harsh to, what is done to it, and what it must hold afterwards."""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.article import Article
from corpus.duplicates import signature
from corpus.sentences import sentence_spans
from corpus.sources import read_sources
from corpus.splitting import Splitter
from corpus.tokens import count_tokens
from index.building.builder import Builder
from index.engines.local.archive import LocalArchive
from index.engines.local.folder import IndexFolder
from index.engines.local.snapshot import LocalSnapshot
from index.search.query import Query
from index.vectors.onnx_embedder import OnnxEmbedder
from tests.index.tiny_embedder import make_tiny_embedder

__all__ = ["RUNS", "Run", "make_base", "open_builder", "results", "state", "warm_up"]

_SAMPLES = Path("corpus/samples/articles.jsonl")
_QUERIES = ("Who sank with the ferry?", "What did the bank raise?", "the museum fire", "Orvale dam")
_N_HITS = 5


def _articles() -> list[Article]:
    return [one for one in read_sources([_SAMPLES]) if isinstance(one, Article)]


def _changed() -> list[Article]:
    """Return the archive a day later: every second text is longer, one article gone, one new."""
    kept = [
        replace(one, text=f"{one.text}\n\nThis was added later.") if n % 2 else one
        for n, one in enumerate(_articles()[1:])
    ]
    return [*kept, replace(kept[0], id="new", title="New", text="A new ferry was christened.")]


@dataclass(frozen=True, slots=True)
class Run:
    """Something that is done to an index; it is made from nothing where `is_first`."""

    act: Callable[[Builder], object]
    is_first: bool = False


RUNS: Mapping[str, Run] = {
    "build": Run(lambda builder: builder.build(_changed())),
    "first build": Run(lambda builder: builder.build(_articles()), is_first=True),
    "add": Run(lambda builder: builder.add(_changed()[-9:])),
    "remove": Run(lambda builder: builder.remove([one.id for one in _articles()[:3]])),
    "hold": Run(lambda builder: builder.hold([one.id for one in _articles()[:3]], "Why.", "harsh")),
    "publish": Run(lambda builder: builder.rebuild()),
}


def warm_up() -> None:
    """Load what is loaded when first needed: every process that is forked off has it then."""
    text = "The ferry sank. " * 40
    sentence_spans(text)
    count_tokens([text])
    signature(text)


def open_builder(root: Path) -> Builder:
    """Return the builder of an index whose embedder takes no time."""
    embedder = OnnxEmbedder(IndexFolder(root).embedder, threads=1)
    return Builder(root, embedder, Splitter(60, embedder.limit))


def make_base(root: Path, *, is_empty: bool) -> None:
    """Make an index of the sample archive in a new folder, or an empty one with its embedder."""
    shutil.rmtree(root, ignore_errors=True)
    make_tiny_embedder(root / "embedder")
    if not is_empty:
        open_builder(root).build(_articles())


def state(root: Path) -> str | None:
    """Return a hash of all that the published archive holds, None when nothing is published."""
    if not IndexFolder(root).current():
        return None
    snapshot = LocalArchive(root, threads=1).current()
    held = sorted((one.id, one.text) for one in snapshot.newest(10_000))
    known = [_history(snapshot, one.id) for one in _articles()]
    return hashlib.sha256(repr((held, known)).encode()).hexdigest()[:12]


def _history(snapshot: LocalSnapshot, article_id: str) -> tuple[list[str], bool, bool]:
    """Return what is kept of an article: earlier wordings, a hold, that it was removed."""
    history = snapshot.history(article_id)
    versions = [one.article.version for one in history.versions]
    return versions, history.hold is not None, history.removed is not None


def results(root: Path) -> list[list[str]]:
    """Return what the published archive finds for some queries, each hit in full."""
    snapshot = LocalArchive(root, threads=1).current()
    return [
        [repr((hit.article, hit.passage)) for hit in snapshot.search(Query(query), _N_HITS)]
        for query in _QUERIES
    ]
