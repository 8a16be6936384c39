"""Seconds from the moment a feed shows a story to when it can be asked for, beside questions.

Part of `python -m benchmarks.follow --askable`.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from benchmarks.mock_web import Asked, MockReply, MockWeb, mock_web
from benchmarks.newsroom.formats import Story, rss
from corpus.errors import DatelineError
from corpus.sources import read_sources
from index.building.builder import Silent
from service.client import Client
from service.settings import Settings
from service.wiring import open_builder

__all__ = ["main"]

_SAMPLES = Path(__file__).parent.parent / "corpus" / "samples" / "articles.jsonl"
_N_SOURCES = (1, 100, 1000)
_N_HOSTS = 16
_N_STORIES = 6
_EVERY_S = 10
_QUESTIONS = (
    "Who is the mayor of Norhavn?",
    "How many people were rescued?",
    "When did the bridge open?",
    "What did the bank do with its rates?",
)


@dataclass
class _Feeds:
    """So many feeds on some hosts; the time when each story was first sent is noted."""

    stories: dict[str, list[Story]] = field(default_factory=dict)
    sent_at: dict[int, float] = field(default_factory=dict)
    n_asked: int = 0

    def reply(self, asked: Asked, web: MockWeb) -> MockReply:
        self.n_asked += 1
        stories = self.stories.get(asked.path, [])
        etag = f'"{len(stories)}"'
        if asked.headers.get("if-none-match") == etag:
            return MockReply(304, b"", {"ETag": etag})
        for story in stories:
            self.sent_at.setdefault(story.n, time.monotonic())
        return MockReply(200, rss(web, stories), {"ETag": etag})


class _Load:
    """Asks questions at a steady rate, and notes how long each took."""

    def __init__(self, url: str, per_s: float) -> None:
        self._url = url
        self._per_s = per_s
        self.times_s: list[float] = []
        self.n_failed = 0
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._ask, args=(n,)) for n in range(8 if per_s else 0)
        ]

    def __enter__(self) -> "_Load":
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self.s = time.monotonic() - self._began

    def _ask(self, number: int) -> None:
        every_s = len(self._threads) / self._per_s
        at = time.monotonic() + every_s * number / len(self._threads)
        with Client(self._url) as client:
            while not self._stop.wait(max(0.0, at - time.monotonic())):
                began = time.monotonic()
                try:
                    client.ask(random.choice(_QUESTIONS))  # noqa: S311 - not for secrets
                    self.times_s.append(time.monotonic() - began)
                except DatelineError:
                    self.n_failed += 1
                at = max(at + every_s, time.monotonic())


def _mark(n: int) -> str:
    return f"vq{n:05d}"


def _story(n: int) -> Story:
    now = datetime.now(UTC)
    text = (
        f"The harbour office of Norhavn said in note {_mark(n)} that the ferry Sula was {n} "
        "minutes late because of fog, and that nobody on board was hurt. "
    )
    return Story(n, "post", text * 3, now, now)


def _measure(n_sources: int, per_s: float) -> dict[str, object]:
    with TemporaryDirectory() as temporary, ExitStack() as opened:
        folder, feeds = Path(temporary), _Feeds()
        webs = []
        for _ in range(min(_N_HOSTS, n_sources)):
            web = MockWeb()
            web.handle = lambda asked, web=web: feeds.reply(asked, web)
            webs.append(opened.enter_context(mock_web(web)))
        paths = [f"/feed/{number}" for number in range(n_sources)]
        feeds.stories = {path: [] for path in paths}
        urls = [webs[n % len(webs)].url(path) for n, path in enumerate(paths)]
        (folder / "sources.txt").write_text("\n".join(urls))
        open_builder(Settings(), folder / "index", Silent()).build(read_sources([_SAMPLES]))
        url = opened.enter_context(_server(folder))
        with Client(url) as client, _Load(url, per_s) as load:
            while feeds.n_asked < n_sources:
                time.sleep(0.2)
            waits = [_publish(n, paths, feeds, client) for n in range(_N_STORIES)]
    words, meaning = ([wait[kind] for wait in waits] for kind in ("words", "meaning"))
    in_order = sorted(load.times_s)
    return {
        "sources": n_sources,
        "words_s": _figures(words),
        "meaning_s": _figures(meaning),
        "from_publication_s": _figures([wait["published"] for wait in waits]),
        "questions_per_s": round(len(in_order) / load.s, 1),
        "question_p50_ms": round(1000 * median(in_order)) if in_order else None,
        "question_p95_ms": round(1000 * quantiles(in_order, n=20)[-1]) if in_order[1:] else None,
        "questions_failed": load.n_failed,
    }


def _publish(n: int, paths: Sequence[str], feeds: _Feeds, client: Client) -> dict[str, float]:
    """Show a story in one feed, and return the seconds from when it was sent, and from now."""
    rng = random.Random(n)  # noqa: S311 - not for secrets
    time.sleep(rng.uniform(0, _EVERY_S))
    story = _story(n)
    published = time.monotonic()
    feeds.stories[rng.choice(paths)].append(story)
    while not _is_found(client, n):
        time.sleep(0.1)
    words = time.monotonic()
    while (facts := client.archive()).n_embedded < facts.n_passages:
        time.sleep(0.1)
    meaning = time.monotonic()
    sent = feeds.sent_at[n]
    return {"words": words - sent, "meaning": meaning - sent, "published": words - published}


def _is_found(client: Client, n: int) -> bool:
    with suppress(DatelineError):
        return any(_mark(n) in hit.text for hit in client.search(f"note {_mark(n)}", k=3).hits)
    return False


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
    command += ["--index", str(folder / "index"), "--follow", str(folder / "sources.txt")]
    environment = {**os.environ, "DATELINE_FOLLOW_EVERY_S": str(_EVERY_S)}
    with (folder / "log").open("w+") as log:
        server = subprocess.Popen(command, stderr=log, env=environment)
        try:
            yield _address(folder / "log", server)
        finally:
            server.terminate()
            server.wait()


def _address(log: Path, server: "subprocess.Popen[bytes]") -> str:
    while server.poll() is None:
        for line in log.read_text().splitlines():
            if "answers on " in line:
                return line.partition("answers on ")[2].partition(" ")[0]
        time.sleep(0.1)
    raise RuntimeError(log.read_text())


def _figures(seconds: Sequence[float]) -> dict[str, float]:
    return {"median": round(median(seconds), 1), "most": round(max(seconds), 1)}


def main(per_s: float) -> None:
    """Measure with each number of sources, beside so many questions a second."""
    for n_sources in _N_SOURCES:
        print(json.dumps(_measure(n_sources, per_s)), flush=True)
