"""Newsrooms on a mock web are followed by a process that is killed now and then."""

import subprocess
import sys
from pathlib import Path

from benchmarks.follow import follow_rounds
from benchmarks.newsroom.room import newsroom
from index.engines.local.archive import LocalArchive
from tests.conftest import HashEmbedder

ROOT = Path(__file__).parents[3]


def test_every_story_is_published_once_and_politely_however_often_it_is_killed(
    tmp_path: Path,
) -> None:
    index, sources = tmp_path / "index", tmp_path / "sources.txt"

    def start() -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.service.following.child", index, sources]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            list(map(str, command)), cwd=ROOT, stdin=pipe, stdout=pipe, text=True
        )

    with newsroom(tmp_path / "stories") as room:
        sources.write_text("\n".join(room.sources()))
        archive = LocalArchive(index, 1, embedder=HashEmbedder())
        outcome = follow_rounds(room, start, archive, n_rounds=6, n_kills=2)

    assert outcome.n_stories > 10
    assert outcome.n_articles == outcome.n_stories
    lost = (outcome.n_missing, outcome.n_outdated, outcome.n_twice, outcome.n_foreign)
    assert lost == (0, 0, 0, 0)
    assert outcome.n_empty_publications == 0
    assert outcome.impolite == {}
