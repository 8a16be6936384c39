"""A process that follows sources for a test, to be killed: `child INDEX SOURCES`."""

import sys
from pathlib import Path

from benchmarks.follow import serve_rounds
from corpus.remote import Bounds
from corpus.splitting import Splitter
from index.building.builder import Builder
from index.engines.local.archive import LocalArchive
from service.following.opening import open_follower
from service.following.source import read_list
from service.settings import Settings
from tests.conftest import HashEmbedder
from tests.service.following.desk import DeskWriter

if __name__ == "__main__":
    root, sources = map(Path, sys.argv[1:])
    embedder = HashEmbedder()
    writer = DeskWriter(lambda: Builder(root, embedder, Splitter(40, embedder.limit)))
    with open_follower(
        Settings(index_dir=root),
        read_list(sources),
        writer,
        LocalArchive(root, 1, embedder=embedder),
        pause_s=0.01,
        bounds=Bounds(max_s=2, max_bytes=2**20),
    ) as follower:
        serve_rounds(follower, sys.stdin, sys.stdout)
