"""Publish snapshots while people ask, and check that each answer is from one of them.

`python -m benchmarks.swaps --index DIR [--swaps 20] [--clients 8]`: serves a copy of the index,
adds one article after the other over HTTP, and has clients ask meanwhile. No call may fail, the
snapshots that a client sees must not go back, and every citation must hold: the quote stands in the
article as the archive has it.
"""

import json
import random
import shutil
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import rich_click as click

from benchmarks.serving import serving
from corpus.errors import DatelineError
from service.client import Client
from service.keys import KeyFile

__all__: list[str] = []

QUESTIONS = Path("corpus/samples/questions.jsonl")


@dataclass(slots=True)
class Seen:
    """What one client saw."""

    snapshots: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@click.command()
@click.option("--index", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--swaps", default=20, show_default=True)
@click.option("--clients", default=8, show_default=True)
def main(index: Path, swaps: int, clients: int) -> None:
    """Print what was seen; exit with 1 when a call failed or an answer did not hold."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "index"
        shutil.copytree(index, copy)
        key = KeyFile(copy).add("swaps", ("read", "write")).key
        done, seen = threading.Event(), [Seen() for _ in range(clients)]
        with (
            serving(copy, log_level="error", n_read=2, deadline_s=300) as server,
            Client(server.url, key, timeout_s=300) as writer,
        ):
            first = writer.archive().snapshot
            askers = [threading.Thread(target=_ask, args=(server.url, one, done)) for one in seen]
            for asker in askers:
                asker.start()
            n_added = 0
            # An article makes two snapshots: it is found by its words, then by meaning.
            while writer.archive().snapshot < first + swaps:
                article = {"id": f"swap-{n_added}", "text": f"Report {n_added} came in at noon."}
                job = writer.wait(writer.add([json.dumps(article)]))
                if job.state != "done":
                    raise SystemExit(f"a job failed: {job.problem}")
                n_added += 1
            last = writer.archive().snapshot
            done.set()
            for asker in askers:
                asker.join()
    failures = [what for one in seen for what in one.failures]
    back = sum(a > b for one in seen for a, b in pairwise(one.snapshots))
    n_calls = sum(len(one.snapshots) for one in seen)
    n_seen = len({number for one in seen for number in one.snapshots})
    print(
        f"{last - first} swaps under {clients} clients: {n_calls} answers from {n_seen} snapshots, "
        f"{len(failures)} failed, {back} went back. {failures[:3] or ''}"
    )
    sys.exit(bool(failures or back))


def _ask(url: str, seen: Seen, done: threading.Event) -> None:
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    with Client(url, timeout_s=300) as client:
        while not done.is_set():
            try:
                outcome = client.ask(random.choice(questions))  # noqa: S311 - questions
                seen.snapshots.append(outcome.snapshot)
                answers = [outcome.answer] if outcome.answer else []
                for citation in (cited for one in answers for cited in one.citations):
                    text = client.article(citation.article_id).text
                    if text[citation.quote_start : citation.quote_end] != citation.quote:
                        seen.failures.append(f"{citation.permalink} does not hold")
            except DatelineError as error:
                seen.failures.append(str(error))


if __name__ == "__main__":
    main()
