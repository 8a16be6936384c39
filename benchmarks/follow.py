"""Follows a mock web through many rounds and kills, and times how soon articles can be asked for.

`python -m benchmarks.follow --rounds 200 --kills 30` counts what became of every published story.
`python -m benchmarks.follow --askable` times publication at 1, 100 and 1,000 sources.
"""

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from benchmarks.newsroom.room import Newsroom, newsroom
from corpus.errors import IndexStateError
from corpus.remote import Bounds
from index.engines.local.archive import LocalArchive
from service.following.follower import Follower
from service.following.opening import open_follower
from service.following.source import read_list
from service.settings import Settings
from service.wiring import open_archive
from service.writing import IndexWriter

__all__ = ["Outcome", "follow_rounds", "main", "serve_rounds"]

_MAX_KILL_S = 1.5
_MAX_LAST_ROUNDS = 40
_QUIET_ROUNDS = 3


@dataclass
class Outcome:
    """What a run came to; all but the first five should be 0."""

    n_rounds: int = 0
    n_kills: int = 0
    n_stories: int = 0
    n_articles: int = 0
    n_not_modified: int = 0
    n_missing: int = 0
    n_outdated: int = 0
    n_twice: int = 0
    n_foreign: int = 0
    n_empty_publications: int = 0
    sent_again: dict[str, int] = field(default_factory=dict)
    impolite: dict[str, int] = field(default_factory=dict)


def serve_rounds(follower: Follower, asked: IO[str], told: IO[str]) -> None:
    """Run a round for each line that is asked for, and tell what came of it."""
    for _ in asked:
        done = follower.round()
        left = follower.state.items.n_waiting("add", "remove", "raw", "page")
        published = [asdict(one) for one in done.published]
        told.write(json.dumps({"new": done.n_new, "left": left, "published": published}) + "\n")
        told.flush()


def follow_rounds(
    room: Newsroom,
    start: Callable[[], "subprocess.Popen[str]"],
    archive: LocalArchive,
    n_rounds: int,
    n_kills: int,
) -> Outcome:
    """Have a process of `start` follow a newsroom, kill it now and then, and count what came."""
    rng = random.Random(11)  # noqa: S311 - not for secrets
    kills = set(rng.sample(range(1, n_rounds), n_kills))
    outcome = Outcome(n_rounds, n_kills)
    child = start()
    n_quiet = 0
    try:
        for number in range(n_rounds + _MAX_LAST_ROUNDS):
            if number < n_rounds:
                room.tick()
                room.gone = number >= n_rounds // 2
            _ask(child)
            if number in kills:
                time.sleep(rng.uniform(0, _MAX_KILL_S))
                child.kill()
                child.communicate()
                room.killed()
                child = start()
                _ask(child)
            before = _number(archive)
            told = json.loads(_line(child))
            changes = sum(
                one["added"] + one["replaced"] + one["removed"] for one in told["published"]
            )
            # After a kill it publishes what the process before had stored, and changes nothing.
            is_empty = not changes and _number(archive) != before
            outcome.n_empty_publications += is_empty and number not in kills
            if number < n_rounds:
                continue
            n_quiet = n_quiet + 1 if not told["new"] and not told["left"] else 0
            if n_quiet == _QUIET_ROUNDS:
                break
            time.sleep(1)
    finally:
        child.kill()
        child.communicate()
    _count(outcome, room, archive)
    return outcome


def _ask(child: "subprocess.Popen[str]") -> None:
    if child.stdin:
        with suppress(BrokenPipeError):
            child.stdin.write("round\n")
            child.stdin.flush()


def _line(child: "subprocess.Popen[str]") -> str:
    line = child.stdout.readline() if child.stdout else ""
    if not line:
        raise RuntimeError(f"the process ended with {child.wait()}")
    return line


def _number(archive: LocalArchive) -> int:
    try:
        return archive.current().manifest.number
    except IndexStateError:
        return 0


def _count(outcome: Outcome, room: Newsroom, archive: LocalArchive) -> None:
    expected = room.expected()
    snapshot = archive.current()
    found: dict[str, list[str]] = {}
    for article in snapshot.newest(100_000):
        mark = article.text.partition("note ")[2][:7]
        found.setdefault(mark, []).append(article.text)
    outcome.n_stories = len(expected)
    outcome.n_articles = snapshot.status.n_articles
    outcome.n_not_modified = room.n_conditional
    outcome.n_missing = len(expected.keys() - found.keys())
    outcome.n_foreign = len(found.keys() - expected.keys())
    outcome.n_twice = sum(len(texts) > 1 for texts in found.values())
    outcome.n_outdated = sum(
        _version(text) not in found[mark][-1] for mark, text in expected.items() if mark in found
    )
    outcome.sent_again = {path: n for path, n in room.repeats.items() if n}
    outcome.impolite = {kind: n for kind, n in room.impolite.items() if n}


def _version(text: str) -> str:
    return f"version {text.partition('version ')[2].partition('.')[0]}."


def _child(index: Path, sources: Path) -> None:
    settings = Settings(index_dir=index)
    archive = open_archive(settings)
    writer = IndexWriter(settings, archive)
    bounds = Bounds(max_s=3, max_bytes=4 * 2**20)
    with open_follower(settings, read_list(sources), writer, archive, bounds=bounds) as follower:
        serve_rounds(follower, sys.stdin, sys.stdout)


def _run(n_rounds: int, n_kills: int) -> None:
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        index, sources = folder / "index", folder / "sources.txt"

        def start() -> "subprocess.Popen[str]":
            command = [sys.executable, "-m", "benchmarks.follow", "--child", index, sources]
            return subprocess.Popen(
                list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )

        with newsroom(folder / "stories") as room:
            sources.write_text("\n".join(room.sources()))
            began = time.monotonic()
            outcome = follow_rounds(room, start, LocalArchive(index, 1), n_rounds, n_kills)
            print(json.dumps({**asdict(outcome), "s": round(time.monotonic() - began)}, indent=1))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--askable", action="store_true")
    parser.add_argument("--questions", type=float, default=10, help="a second, beside --askable")
    parser.add_argument("--child", nargs=2, type=Path, metavar=("INDEX", "SOURCES"))
    chosen = parser.parse_args(arguments)
    if chosen.child:
        _child(*chosen.child)
    elif chosen.askable:
        # Here, not at the top: it serves an archive.
        from benchmarks.askable import main as time_askable

        time_askable(chosen.questions)
    else:
        _run(chosen.rounds, chosen.kills)


if __name__ == "__main__":
    main()
