"""Small deterministic stand-ins for the models, and the archives they are used on."""

import gc
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from benchmarks.milvus_server import MilvusServer, milvus_server
from corpus.article import Article
from corpus.processes import Processes
from corpus.sources import read_sources
from corpus.sources.workers import page_processes
from corpus.splitting import Limit, Splitter
from index.building.builder import Builder, Silent
from index.vectors.types import Vectors
from service.settings import Settings
from service.wiring import open_builder

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples" / "articles.jsonl"

# Machines are of any speed: no test here fails for being slow.
settings.register_profile("dateline", deadline=None)
settings.load_profile("dateline")

# An index syncs each file that it writes. What tests write need not outlive the machine, so it goes
# to memory where there is plenty, and where the commands that tests make can be run from.
_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own there
if (
    os.access(_MEMORY, os.W_OK)
    and shutil.disk_usage(_MEMORY).free > 4 * 2**30
    and not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


def pytest_collection() -> None:
    """Collect no garbage while modules are imported: they stay."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave what was imported out of every later search for garbage, which takes half a second."""
    gc.freeze()
    gc.enable()
    # Applications that tests make hold much: looked through less often, most are gone by then.
    gc.set_threshold(5_000, 10, 10)


class HashEmbedder:
    """Each word has a fixed random direction; a text is the sum of its words."""

    id = "hash/16"
    dim = 16
    limit = Limit(64, lambda texts: [len(text.split()) for text in texts])

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        words = text.lower().split() or [""]
        vector = np.sum([self._direction(word.strip(".,?“”")) for word in words], axis=0)
        unit: Vectors = (vector / np.linalg.norm(vector)).astype(np.float32)
        return unit

    def _direction(self, word: str) -> Vectors:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little")
        return np.random.default_rng(seed).standard_normal(self.dim).astype(np.float32)


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def make_builder(tmp_path: Path, embedder: HashEmbedder) -> Callable[[], Builder]:
    """Return a function that makes builders of one index directory."""
    return lambda: Builder(tmp_path / "index", embedder, Splitter(40, embedder.limit))


@pytest.fixture(scope="session")
def page_readers() -> Iterator[Processes]:
    """Start processes for pages once for all tests: each takes a third of a second."""
    with page_processes() as processes:
        yield processes


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Index the sample archive with the real embedder, once for all end-to-end tests."""
    root = tmp_path_factory.mktemp("samples")
    open_builder(Settings(), root, Silent()).build(read_sources([SAMPLES]))
    return root


@pytest.fixture(scope="session")
def milvus_lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    """Run one Milvus server for all tests: its start takes a second."""
    with milvus_server(tmp_path_factory.mktemp("milvus")) as running:
        yield running


@pytest.fixture
def articles() -> list[Article]:
    return [
        Article(
            "ferry",
            "Ferry sinks off Norhavn",
            "NORHAVN, March 5 — The ferry Sula sank on Tuesday. Nine people were rescued.\n\n"
            "Captain Marta Ølsen said the hull had cracked. “We had minutes,” she said.",
            source="Harbour Post",
            published="2024-03-05",
        ),
        Article(
            "rates",
            "Central bank raises rates",
            "The central bank raised its rate to 4.25 percent. Governor Ivo Brandt cited prices.",
            source="Capital Ledger",
            published="2024-06-01T09:00:00+00:00",
        ),
        Article(
            "undated",
            "How ferries float",
            "A ferry floats because it displaces water. Nobody knows the date of this text.",
        ),
    ]
