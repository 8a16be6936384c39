"""A mock web of newsrooms on loopback that publish, correct, move, end, and behave badly.

Each host is a server of its own. They note every request, and count those that politeness forbids.
"""

import gzip
import hashlib
import json
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.mock_web import Asked, MockReply, MockWeb, mock_web
from benchmarks.newsroom.formats import (
    Story,
    atom,
    json_feed,
    links,
    mark,
    page,
    posts,
    rss,
    sitemap,
    sitemap_index,
    summaries,
)

__all__ = ["Newsroom", "newsroom"]

_WINDOW = 60
_SHIPS = "Sula Merit Alken Torva Brisk Heron Gannet Petrel Dunlin Tern".split()
_PLACES = "Norhavn Vellin Aldmouth Skarvik Holt Embley Marren Tolsby".split()
_CAUSES = "fog,a strike,a broken pump,high waves,a late pilot,an ice warning".split(",")


@dataclass
class _Host:
    web: MockWeb
    stories: dict[str, list[Story]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class Newsroom:
    """All hosts, and the folder that one of them writes into.

    `impolite` counts what politeness forbids, by kind. `repeats` counts what was sent again
    although it had not changed: a process that is killed between a reply and its note of it must
    ask once more.
    """

    folder: Path
    rng: random.Random
    hosts: dict[str, _Host] = field(default_factory=dict)
    impolite: Counter[str] = field(default_factory=Counter)
    repeats: Counter[str] = field(default_factory=Counter)
    n_conditional: int = 0
    n_stories: int = 0
    busy_until_s: float = 0.0
    gone: bool = False
    _failed_at: dict[str, float] = field(default_factory=dict)
    _attempts: Counter[str] = field(default_factory=Counter)
    _sent: dict[str, str] = field(default_factory=dict)
    _open: Counter[str] = field(default_factory=Counter)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def sources(self) -> list[str]:
        """Return the lines that name all sources."""
        url = {name: host.web.url for name, host in self.hosts.items()}
        feeds = ("guid.xml", "links.xml", "atom.xml", "feed.json", "moved.xml", "temp.xml")
        lines = [url["feeds"](f"/{name}") for name in feeds]
        lines += [url["feeds"]("/gone.xml"), url["busy"]("/busy.xml")]
        lines += [url["site"]("/sitemap-index.xml"), url["blog"]("/wp-json/")]
        lines += [url["bad"](f"/{name}.xml") for name in ("slow", "huge", "broken", "lying")]
        lines += [url["full"]("/summaries.xml") + " full-text"]
        return [*lines, str(self.folder)]

    def tick(self) -> None:
        """Publish some stories and correct some; now and then nothing happens at all."""
        with self._lock:
            if self.rng.random() < 0.15:
                return
            for host, outlet in _OUTLETS:
                stories = self.hosts[host].stories[outlet]
                for _ in range(self.rng.choice((0, 0, 0, 1, 1))):
                    stories.append(self._story(outlet))
                if stories and self.rng.random() < 0.25:
                    self._correct(self.rng.choice(stories[-20:]))
            if self.rng.random() < 0.1:
                self.busy_until_s = time.monotonic() + 2.0
            self._write_files()

    def expected(self) -> dict[str, str]:
        """Return the text that each story must have in the archive, by its mark."""
        with self._lock:
            stories = [
                story
                for host, outlet in _OUTLETS
                for story in self.hosts[host].stories[outlet]
                if not (outlet == "site" and story.n % 7 == 0)  # robots.txt forbids these
            ]
            stories += self.hosts["feeds"].stories["gone"]
            return {mark(story.n): story.text for story in stories}

    def _story(self, outlet: str) -> Story:
        self.n_stories += 1
        now = datetime.now(UTC)
        return Story(self.n_stories, outlet, self._text(self.n_stories, 1), now, now)

    def _text(self, n: int, version: int) -> str:
        pick = self.rng.choice
        return (
            f"The ferry {pick(_SHIPS)} reached {pick(_PLACES)} {pick(range(2, 50))} minutes late "
            f"because of {pick(_CAUSES)}, the harbour office said in note {mark(n)}, version "
            f"{version}. " + " ".join(f"Crew {i} went ashore at pier {i + n}." for i in range(8))
        )

    def _correct(self, story: Story) -> None:
        version = int(story.text.partition("version ")[2].partition(".")[0])
        story.text = self._text(story.n, version + 1)
        story.changed = datetime.now(UTC)

    def _write_files(self) -> None:
        """Write a file for each story of the folder; the oldest go."""
        stories = self.hosts["files"].stories["files"]
        for old in stories[:-_WINDOW]:
            (self.folder / f"{old.n}.json").unlink(missing_ok=True)
        del stories[:-_WINDOW]
        for story in stories:
            path = self.folder / f"{story.n}.json"
            content = json.dumps({"id": f"f-{mark(story.n)}", "text": story.text, "title": "F"})
            if not path.exists() or path.read_text() != content:
                path.write_text(content)

    def killed(self) -> None:
        """Forget first attempts at what is bad: whoever made them may not know how they ended."""
        with self._lock:
            for path in [path for path, n in self._attempts.items() if n == 1]:
                self._failed_at.pop(path, None)
                del self._attempts[path]

    def reply(self, host: str, asked: Asked) -> MockReply:
        """Reply to a request, and note whether it should have been made."""
        with self._lock:
            if self._open[host]:
                self.impolite["two at once on a host"] += 1
            self._open[host] += 1
        try:
            return self._reply(host, asked)
        finally:
            with self._lock:
                self._open[host] -= 1

    def _reply(self, host: str, asked: Asked) -> MockReply:
        path = asked.path.partition("?")[0]
        with self._lock:
            special = self._special(host, path)
            if special:
                return special
            stories = self.hosts[host].stories
            if path.startswith(("/story/", "/full/")):
                return self._page(host, path, stories)
            if path.startswith("/wp-json"):
                return posts(asked.path, stories["blog"])
            outlet, made = _FEEDS.get(path, ("", None))
            if made is None:
                return MockReply(404)
            return self._feed(host, asked, made(self.hosts[host].web, stories[outlet][-_WINDOW:]))

    def _special(self, host: str, path: str) -> MockReply | None:
        """Reply where something is wrong, has moved, or is only about the host."""
        if host == "bad":
            return self._bad(path)
        if host == "busy" and time.monotonic() < self.busy_until_s:
            return self._busy()
        if path == "/robots.txt":
            rules = b"User-agent: *\nDisallow: /story/*/closed\n"
            return MockReply(200, rules if host == "site" else b"")
        if path == "/gone.xml" and self.gone:
            self.impolite["asked again after 410"] += "gone" in self._failed_at
            self._failed_at["gone"] = 1.0
            return MockReply(410)
        if path == "/moved.xml":
            # Once it is known to have moved, it is not asked for here.
            self.repeats[path] += f"{host}/moved-here.xml" in self._sent
            return MockReply(301, b"", {"Location": "/moved-here.xml"})
        if path == "/temp.xml":
            return MockReply(302, b"", {"Location": "/lent.xml"})
        if path.endswith("/closed"):
            self.impolite["a page that robots.txt forbids"] += 1
        return None

    def _busy(self) -> MockReply:
        now = time.monotonic()
        if self._failed_at.get("busy", 0.0) > now - 2.0:
            self.impolite["asked again before Retry-After"] += 1
        self._failed_at["busy"] = now
        return MockReply(429, b"", {"Retry-After": "2"})

    def _feed(self, host: str, asked: Asked, content: bytes) -> MockReply:
        path = asked.path
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        if asked.headers.get("if-none-match") == etag:
            self.n_conditional += 1
            return MockReply(304, b"", {"ETag": etag})
        if self._sent.get(host + path) == etag:
            self.repeats[path] += 1
        self._sent[host + path] = etag
        if path in ("/atom.xml", "/news.xml") and "gzip" in asked.headers["accept-encoding"]:
            packed = gzip.compress(content)
            return MockReply(200, packed, {"ETag": etag, "Content-Encoding": "gzip"})
        return MockReply(200, content, {"ETag": etag})

    def _page(self, host: str, path: str, stories: dict[str, list[Story]]) -> MockReply:
        number = int(path.split("/")[2])
        story = next(one for one in stories[host] if one.n == number)
        key = f"{host}{path}"
        self.repeats[path] += self._sent.get(key) == story.text
        self._sent[key] = story.text
        return MockReply(200, page(story))

    def _bad(self, path: str) -> MockReply:
        now, before = time.monotonic(), self._failed_at.get(path)
        if path != "/lying.xml":
            # Failures are left alone for a minute at least.
            if before is not None and now - before < 50:
                self.impolite["a failure tried again at once"] += 1
            self._failed_at[path] = now
            self._attempts[path] += 1
        stories = self.hosts["bad"].stories["bad"]
        good = rss(self.hosts["bad"].web, stories[-_WINDOW:])
        if path == "/slow.xml":
            head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
            return MockReply(pieces=(head, *[b"<"] * 100), pause_s=0.1)
        if path == "/huge.xml":
            return MockReply(200, b"<rss>" + b" " * 20 * 2**20)
        if path == "/broken.xml":
            return MockReply(200, b"<rss><channel><item><title>Half")
        return MockReply(200, good, {"Content-Encoding": "gzip", "Content-Type": "text/plain"})


_OUTLETS = (
    *(("feeds", name) for name in ("guid", "links", "atom", "json", "moved", "temp")),
    *(("busy", "busy"), ("site", "site"), ("blog", "blog"), ("bad", "bad")),
    *(("full", "full"), ("files", "files")),
)
_Make = Callable[[MockWeb, Sequence[Story]], bytes]
_FEEDS: dict[str, tuple[str, _Make]] = {
    "/guid.xml": ("guid", rss),
    "/links.xml": ("links", links),
    "/atom.xml": ("atom", atom),
    "/feed.json": ("json", json_feed),
    "/moved-here.xml": ("moved", rss),
    "/lent.xml": ("temp", rss),
    "/gone.xml": ("gone", rss),
    "/busy.xml": ("busy", rss),
    "/news.xml": ("site", sitemap),
    "/sitemap-index.xml": ("site", sitemap_index),
    "/summaries.xml": ("full", summaries),
}


@contextmanager
def newsroom(folder: Path, seed: int = 7) -> Iterator[Newsroom]:
    """Serve all hosts until the end of the block; `folder` is written into."""
    room = Newsroom(folder, random.Random(seed))  # noqa: S311 - not for secrets
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        for name in dict.fromkeys(host for host, _ in _OUTLETS):

            def handle(asked: Asked, name: str = name) -> MockReply:
                return room.reply(name, asked)

            web = opened.enter_context(mock_web(MockWeb(handle=handle)))
            room.hosts[name] = _Host(web)
        start = datetime.now(UTC) - timedelta(minutes=1)
        room.hosts["feeds"].stories["gone"] = [
            Story(99_999, "gone", room._text(99_999, 1), start, start)
        ]
        yield room
