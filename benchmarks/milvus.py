"""The distributed engine against the embedded one: `python -m benchmarks.milvus COMMAND`.

Each command works on a copy of an archive in a Milvus Lite server that it starts and ends.
"""

import json
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import rich_click as click

from benchmarks.milvus_server import MilvusServer, milvus_server
from benchmarks.serving import Server, serving
from index.building.progress import Silent
from index.engines.archive import ArchiveSnapshot
from index.engines.local.archive import LocalArchive
from index.engines.local.folder import IndexFolder
from index.engines.milvus.copying import copy_to_local, copy_to_milvus
from index.engines.milvus.tables import ArchiveTables
from index.engines.milvus.verify import verify_milvus
from index.search.query import Query
from index.vectors.onnx_embedder import OnnxEmbedder
from index.vectors.types import Vectors
from service.client import Client, ServerError, UnreachableError
from service.evaluation.questions import GoldQuestion, read_questions
from service.settings import Settings
from service.wiring import open_answerer, open_tables

__all__: list[str] = []

_EXISTING = click.Path(exists=True, path_type=Path)
_index = click.option("--index", "index_dir", type=_EXISTING, required=True)
_threads = click.option("--threads", default=2, show_default=True)


@click.group()
def main() -> None:
    """Compare the engines, take Milvus away, and copy archives."""


@main.command()
@click.argument("questions", type=_EXISTING)
@_index
@_threads
def agree(questions: Path, index_dir: Path, threads: int) -> None:
    """Ask all QUESTIONS of both engines; print how often they agree, and where they do not."""
    asked = read_questions(questions)
    with _copied(index_dir, threads) as (settings, _):
        found = {
            engine: _answers(settings.model_copy(update={"engine": engine}), asked)
            for engine in ("local", "milvus")
        }
    local, milvus = found["local"], found["milvus"]
    pairs = list(zip(asked, local, milvus, strict=True))
    n_same = sum(one.answer == other.answer for _, one, other in pairs)
    n_best = sum(one.best == other.best for _, one, other in pairs)
    n_first = sum(one.passages[:1] == other.passages[:1] for _, one, other in pairs)
    shared = [len({*one.passages} & {*other.passages}) / 10 for _, one, other in pairs]
    print(f"{len(asked)} questions; same best answer, trusted or not, {n_best / len(asked):.3f}")
    print(f"same answer or refusal {n_same / len(asked):.3f}")
    print(f"same first passage {n_first / len(asked):.3f}; of the first ten {_mean(shared):.3f}")
    for name, answers in found.items():
        print(f"{name}: search p50 {median(one.search_ms for one in answers):.1f} ms")
    for gold, one, other in pairs:
        if (one.best, one.answer) != (other.best, other.answer):
            print(f"- {gold.question.text}\n    local: {one.told}\n    milvus: {other.told}")


@main.command()
@click.argument("questions", type=_EXISTING)
@_index
@_threads
@click.option("--clients", default=8, show_default=True)
@click.option("--phase", "phase_s", default=15.0, show_default=True, help="Seconds each lasts.")
def away(questions: Path, index_dir: Path, threads: int, clients: int, phase_s: float) -> None:
    """Kill Milvus under a server that is asked without a pause, and start it again."""
    texts = [gold.question.text for gold in read_questions(questions)]
    with _copied(index_dir, threads) as (settings, milvus):
        given = {"engine": "milvus", "milvus_uri": milvus.uri, "threads": threads}
        with serving(index_dir, **given) as server:
            asking = _Asking(server, texts)
            with asking.by(clients):
                asking.enter("running")
                time.sleep(phase_s)
                milvus.stop()
                asking.enter("killed")
                time.sleep(phase_s)
                milvus.start()
                asking.enter("started again")
                time.sleep(phase_s)
            asking.report()
        checked = verify_milvus(open_tables(settings), IndexFolder(index_dir).embedder, Silent())
    print(checked)


@main.command()
@_index
@_threads
@click.option("--queries", "n_queries", default=200, show_default=True)
def copy(index_dir: Path, threads: int, n_queries: int) -> None:
    """Copy an archive into Milvus and back, and search both."""
    with tempfile.TemporaryDirectory() as folder, milvus_server(Path(folder) / "milvus") as milvus:
        tables = _tables(milvus)
        began_s = time.monotonic()
        there = copy_to_milvus(index_dir, tables, _Stages("there"))
        there_s, began_s = time.monotonic() - began_s, time.monotonic()
        embedder = _Counting(IndexFolder(index_dir).embedder, threads)
        back = copy_to_local(tables, Path(folder) / "back", embedder, _Stages("back"))
        back_s = time.monotonic() - began_s
        print(f"{there.n_articles} articles, {there.n_passages} passages")
        print(f"there {there_s:.1f} s ({there.n_passages / there_s:.0f} passages/s), compared")
        print(f"back {back_s:.1f} s ({back.n_passages / back_s:.0f} passages/s), compared")
        print(f"texts embedded: {embedder.n_embedded}")
        first = LocalArchive(index_dir, threads, embedder=embedder).current()
        again = LocalArchive(Path(folder) / "back", threads, embedder=embedder).current()
        titles = [article.title for article in first.newest(n_queries)]
        n_same = sum(_found(first, title) == _found(again, title) for title in titles)
        print(f"same ten passages with the same scores: {n_same} of {len(titles)} searches")


@dataclass(frozen=True, slots=True)
class _Answered:
    """`answer` is None where the question was refused; `best` is the first of all."""

    answer: str | None
    best: str | None
    confidence: float
    passages: tuple[str, ...]
    search_ms: float

    @property
    def told(self) -> str:
        """What is to be read of it."""
        return f"{self.best} ({self.confidence:.2f}{'' if self.answer else ', refused'})"


def _answers(settings: Settings, asked: list[GoldQuestion]) -> list[_Answered]:
    answerer, _ = open_answerer(settings)
    answers = []
    for gold in asked:
        result = answerer.ask(gold.question)
        passages = tuple(hit.passage.id for hit in result.nearest)
        best = next(iter([*filter(None, [result.answer]), *result.alternatives]), None)
        answers.append(
            _Answered(
                result.answer.text if result.answer else None,
                best.text if best else None,
                best.confidence if best else 0.0,
                passages,
                result.timings_ms["search"],
            )
        )
    return answers


@dataclass(slots=True)
class _Asking:
    """Clients that ask without a pause, and what came back in each phase."""

    server: Server
    texts: list[str]
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    began_s: float = 0.0
    resumed_s: float | None = None
    done: threading.Event = field(default_factory=threading.Event)
    _phase: str = "starting"
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, phase: str) -> None:
        """A phase begins."""
        with self._lock:
            self._phase, self.began_s, self.resumed_s = phase, time.monotonic(), None

    @contextmanager
    def by(self, n: int) -> Iterator[None]:
        """Have `n` clients ask meanwhile."""
        threads = [threading.Thread(target=self._ask, args=(start,)) for start in range(n)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.done.set()
            for thread in threads:
                thread.join()

    def report(self) -> None:
        """Print the counts of each phase, and how long the last took to answer again."""
        for phase, counts in self.counts.items():
            print(f"{phase}: {json.dumps(dict(counts))}")
        print(f"answers resumed {self.resumed_s or float('nan'):.2f} s after it was started again")

    def _ask(self, start: int) -> None:
        with Client(self.server.url) as client:
            turn = start
            while not self.done.is_set():
                with self._lock:
                    phase = self._phase
                outcome = _outcome(
                    lambda text: client.ask(text), self.texts[turn % len(self.texts)]
                )
                turn += 1
                with self._lock:
                    # A question that was asked in another phase says nothing about this one.
                    if phase == self._phase:
                        self.counts.setdefault(phase, Counter())[outcome] += 1
                        if outcome == "200" and self.resumed_s is None:
                            self.resumed_s = time.monotonic() - self.began_s
                if outcome != "200":
                    time.sleep(0.1)  # sooner than clients are told to, to see when it is back


def _outcome(ask: Callable[[str], object], text: str) -> str:
    try:
        ask(text)
    except ServerError as error:
        told = " with Retry-After" if error.retry_after_s else " without Retry-After"
        return f"{error.problem.status}{told}"
    except UnreachableError:
        return "no answer"
    return "200"


class _Counting(OnnxEmbedder):
    """Counts the texts that it embeds."""

    n_embedded = 0

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed_passages`."""
        self.n_embedded += len(texts)
        return OnnxEmbedder.embed_passages(self, texts)


class _Stages(Silent):
    """Prints when each stage began."""

    def __init__(self, name: str) -> None:
        self._name, self._began_s = name, time.monotonic()

    def start(self, stage: str, total: int | None) -> None:
        """See `Progress.start`."""
        print(f"{self._name} {time.monotonic() - self._began_s:7.1f} s  {stage}", flush=True)


@contextmanager
def _copied(index_dir: Path, threads: int) -> Iterator[tuple[Settings, MilvusServer]]:
    """Give the settings of a Milvus that holds the archive of an index, and its server."""
    with tempfile.TemporaryDirectory() as folder, milvus_server(Path(folder)) as milvus:
        copy_to_milvus(index_dir, _tables(milvus), Silent())
        yield Settings(index_dir=index_dir, milvus_uri=milvus.uri, threads=threads), milvus


def _tables(milvus: MilvusServer) -> ArchiveTables:
    return open_tables(Settings(milvus_uri=milvus.uri))


def _found(snapshot: ArchiveSnapshot, text: str) -> list[tuple[str, float]]:
    return [(hit.passage.id, hit.score) for hit in snapshot.search(Query(text), 10)]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main()
