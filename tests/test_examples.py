"""Every command and every call in README and the docs is run as it is written.

They run in a scratch folder with the sample archive in `.dateline`. `curl` and `dateline` are two
small scripts on the path: one sends calls for port 8000 to the server of the test, the other starts
this checkout.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.keys import KeyFile
from service.settings import Settings
from service.wiring import open_answerer
from service.writing import IndexWriter
from tests.service.api.conftest import serving

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parent.parent
DOCS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What needs more than this machine has, or does not end: each begins with one of these.
_NEEDS_MORE = {
    "make serve": "installs and does not end",
    "make test": "is what runs this test",
    "python3 -m venv /opt": "installs as root",
    "/opt/dateline/bin/pip": "installs as root",
    "install -d": "needs a user of its own",
    "dask ": "needs several machines",
    "dateline build news/ --index DIR --dask": "needs several machines",
    "export DATELINE_": "needs a Milvus cluster with TLS",
    "dateline build news.jsonl.gz --index /var/lib/dateline": "needs a Milvus cluster with TLS",
    "dateline serve": "does not end; tests/service/test_real_server.py starts it",
    "dateline follow /etc/dateline/sources --index": "does not end",
    "dateline follow --forget": "needs a feed that is followed",
    "dateline add https:": "needs the web",
    "pip install dateline-": "installs; tests/test_wheel.py runs from the wheel",
    "sqlite3 ": "needs the program sqlite3",
    "python -m benchmarks.": "takes long; the benchmarks have tests of their own",
}
# Confidence changes with the reader; the words are the archive's.
_SURE = re.compile(r"^(?:Almost certainly|Probably|More likely)[^()]*\(\d+%\)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """A command, and the text or JSON that the next block of the page prints for it."""

    page: str
    command: str
    text: str | None = None
    json: str | None = None


def examples() -> Iterator[Example]:
    for path in DOCS:
        blocks = _BLOCK.findall(path.read_text(encoding="utf-8"))
        for place, (kind, body) in enumerate(blocks):
            if kind not in ("sh", "") or not (kind or body.startswith(("make", "python"))):
                continue
            commands = re.sub(r"\\\n\s*", "", body).strip().splitlines()
            following, printed = (*blocks, ("", ""))[place + 1]
            for number, command in enumerate(commands):
                is_last = number == len(commands) - 1
                yield Example(
                    path.name,
                    command,
                    printed if is_last and following == "text" else None,
                    printed if is_last and following == "json" else None,
                )


EXAMPLES = list(examples())
RUN = [one for one in EXAMPLES if not one.command.startswith(tuple(_NEEDS_MORE))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, sample_index: Path) -> Iterator[Path]:
    """Return the folder that commands run in, with what they name."""
    root = tmp_path_factory.mktemp("examples")
    for name in (".dateline", "my-archive", "DIR"):
        shutil.copytree(sample_index, root / name)
    story = {"id": "sula", "title": "Ferry sinks", "text": "The Sula sank. Nine were rescued."}
    (root / "news").mkdir()
    (root / "feeds").mkdir()
    (root / "stories").mkdir()
    line = json.dumps(story | {"source": "Harbour Post", "published": "2024-03-05"})
    for name in ("today.jsonl", "news.jsonl.gz", "news/a.jsonl"):
        (root / name).write_text(line + "\n", encoding="utf-8")
    (root / "stories" / "a.txt").write_text("Ferry sinks\n\nThe Sula sank on Tuesday.\n")
    item = "<item><title>Ferry</title><guid>g1</guid><description>It sank.</description></item>"
    feed = f"<rss version='2.0'><channel><title>Post</title>{item}</channel></rss>"
    (root / "feeds" / "a.xml").write_text(feed, encoding="utf-8")
    (root / "sources").write_text(f'{root / "feeds"} outlet="Post"\n', encoding="utf-8")
    settings = Settings(index_dir=root / ".dateline")
    answerer, archive = open_answerer(settings)
    with serving(answerer, settings, archive, IndexWriter(settings, archive)) as address:
        _put_on_path(root / "bin", address)
        yield root


def _put_on_path(folder: Path, address: str) -> None:
    folder.mkdir()
    curl = shutil.which("curl")
    assert curl
    port = address.rpartition(":")[2]
    moved = f'args+=("${{one/:8000/:{port}}}")'
    scripts = {
        "dateline": f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m service.cli "$@"',
        "curl": f'args=(); for one in "$@"; do {moved}; done; exec "{curl}" "${{args[@]}}"',
    }
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/usr/bin/env bash\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)


def run(command: str, folder: Path) -> str:
    # Nobody but root may write there, and each archive has ids of its own.
    command = command.replace("/var/lib/dateline", str(folder / "my-archive"))
    command = command.replace(" /backup/", f" {folder}/")
    command = command.replace("/etc/dateline/sources", str(folder / "sources"))
    command = command.replace("Harbour Post/17", "sula")
    keys = KeyFile(folder / "my-archive").all() or [
        KeyFile(folder / "my-archive").add("desk", ("read",)).stored
    ]
    command = command.replace("9ed8bb9b", keys[-1].id)
    key = KeyFile(folder / ".dateline").add("import", ("read", "write", "watch")).key
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],  # noqa: S607 - whatever the shell of this machine is
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), "KEY": key, "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_there_is_an_example_of_everything() -> None:
    commands = [one.command for one in RUN]
    assert len(commands) >= 15
    assert any(command.startswith("curl") for command in commands)
    for needed in _NEEDS_MORE:
        assert any(one.command.startswith(needed) for one in EXAMPLES), f"{needed} is in no page"


@pytest.mark.parametrize("example", RUN, ids=[f"{one.page}: {one.command}" for one in RUN])
def test_an_example_does_what_is_printed(example: Example, folder: Path) -> None:
    printed = run(example.command, folder)
    if example.text:
        wanted = _SURE.sub("SURE", example.text)
        assert _SURE.sub("SURE", printed).startswith(wanted.rstrip("\n"))
    if example.json:
        got, wanted_body = json.loads(printed), json.loads(example.json)
        if "answer" in wanted_body:
            assert _stable(got) == _stable(wanted_body)
        else:  # what it holds depends on the archive
            assert set(got) == set(wanted_body)


def _stable(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body without what changes with the reader, the machine or the snapshot."""
    answer = body["answer"]
    kept = {name: value for name, value in answer.items() if name != "confidence"}
    changing = ("id", "snapshot", "timings_ms", "alternatives", "nearest", "answer")
    return {name: value for name, value in body.items() if name not in changing} | {"answer": kept}
