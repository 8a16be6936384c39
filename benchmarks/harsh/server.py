"""Be harsh to a server: `python -m benchmarks.harsh.server --index DIR [--only clients] [-n 1000]`.

Each kind works on a copy of the index, on a server of its own on this machine:

- `odd`: values that no person sends, in every field of every call (`odd.py`);
- `clients`: n connections at once, of which some stop in the middle of a request, some leave
  before the answer, and some ask;
- `writers`: eight processes add articles until n questions are asked, and each quote of each
  answer is compared with the article;
- `ends`: n servers are told to end while they answer;
- `soak`: n questions one after the other, with memory, threads and open files at ten moments.

A fault is a status of 500 or more other than a refusal, an answer whose quote is not in the
article, a server that does not answer afterwards, and what grows without end.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import rich_click as click

from benchmarks.harsh.odd import odd_calls
from benchmarks.serving import Server, serving
from service.keys import KeyFile

__all__: list[str] = []

_QUESTIONS = (
    "When did the ferry sink?",
    "How many people died in the Orvale dam disaster?",
    "Who is the mayor of Sandhaven?",
    "Why was the launch put off?",
    "Who is the president of France?",
)
_N = {"odd": 0, "clients": 1000, "writers": 400, "ends": 100, "soak": 20_000}
_REFUSED = (429, 503, 504)
_MAX_GROWTH_MIB = 64
_N_WRITERS, _N_PEOPLE = 8, 4
_STALL_S = 5.0
_WRITER = """
import json, os, subprocess, sys, time
index, name, end = sys.argv[1:]
dateline = [sys.executable, "-m", "service.cli"]
n = 0
while not os.path.exists(end):
    text = f"The {name} was seen {n} times."
    story = {"id": name, "title": f"Note {n}", "text": text, "source": name}
    path = f"{index}.{name}.jsonl"
    open(path, "w").write(json.dumps(story))
    command = [*dateline, "add", path, "--index", index]
    done = subprocess.run(command, capture_output=True, text=True)
    busy = "wait until" in done.stderr
    if done.returncode and not busy:
        sys.exit(done.stderr[-300:])
    n += not busy
    # Whoever is told to wait does, or eight of them starting over leave no core to the one.
    time.sleep(4 * busy)
print(n)
"""


@dataclass(slots=True)
class _Found:
    """What came of a kind: how often each thing happened, and the faults."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def note(self, status: int, what: str) -> None:
        """Count a status; one that may not be is a fault."""
        self.counts[str(status)] += 1
        if status >= 500 and status not in _REFUSED:
            self.faults.append(f"{status} for {what}")


@click.command()
@click.option("--index", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--only", type=click.Choice(tuple(_N)), multiple=True, help="Do these kinds only.")
@click.option("-n", type=int, help="How many, in place of the number of each kind.")
def main(index: Path, only: tuple[str, ...], n: int | None) -> None:
    """Print a row for each kind; exit with 1 if there was any fault."""
    kinds: dict[str, Callable[[Path, int], _Found]] = {
        "odd": _odd, "clients": _clients, "writers": _writers, "ends": _ends, "soak": _soak,
    }  # fmt: skip
    print("| what | came of it | faults |\n| --- | --- | --- |")
    n_faults = 0
    for kind in only or kinds:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "index"
            shutil.copytree(index, copy)
            found = kinds[kind](copy, n or _N[kind])
        came = ", ".join(f"{count} {what}" for what, count in sorted(found.counts.items()))
        print(f"| {kind} | {came} | {len(found.faults)} |", flush=True)
        for fault in found.faults[:10]:
            print(f"  FAULT {fault}")
        n_faults += len(found.faults)
    sys.exit(n_faults > 0)


def _odd(index: Path, _: int) -> _Found:
    found = _Found()
    key = KeyFile(index).add("odd", ("read", "write", "watch")).key
    with _served(index, found) as (server, http):
        for call in odd_calls():
            headers = {"Authorization": f"Bearer {key}", "Content-Type": call.content_type}
            try:
                answer = http.request(
                    call.method, server.url + call.path, content=call.body, headers=headers
                )
                found.note(answer.status_code, call.name)
            except httpx.RemoteProtocolError:
                # A connection that is closed upon a body that is too large.
                found.counts["closed"] += 1
    return found


def _clients(index: Path, n: int) -> _Found:
    found = _Found()
    with _served(index, found) as (server, _):
        before = _open_files(server)
        with ThreadPoolExecutor(min(n, 1000)) as pool:
            for kind in pool.map(lambda i: _client(server.url, i), range(n)):
                found.counts[kind] += 1
        time.sleep(1.0)
        found.counts["more open files afterwards"] = max(0, _open_files(server) - before)
        if found.counts["more open files afterwards"] > 16:
            found.faults.append("connections are kept open")
    found.faults += [
        kind for kind in found.counts if kind.startswith("5") and kind not in map(str, _REFUSED)
    ]
    return found


def _client(url: str, i: int) -> str:
    """Be one of three kinds of client; return what came of it."""
    where = urlsplit(url)
    body = json.dumps({"question": _QUESTIONS[i % len(_QUESTIONS)]}).encode()
    head = (
        f"POST /v1/ask HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()
    try:
        with socket.create_connection((str(where.hostname), where.port or 80), timeout=90) as one:
            if i % 3 == 0:
                one.sendall((head + body)[: len(head) // 2])
                time.sleep(_STALL_S)
                return "stalled"
            one.sendall(head + body)
            if i % 3 == 1:
                return "left"
            answer = one.recv(12)
            while one.recv(65536):
                pass
            return answer[9:12].decode() or "closed"
    except OSError as error:
        return type(error).__name__


def _writers(index: Path, n: int) -> _Found:
    found = _Found()
    with _served(index, found) as (server, http):
        end = index.with_name("end")
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", _WRITER, str(index), f"heron{i}", str(end)],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for i in range(_N_WRITERS)
        ]  # fmt: skip
        lock, left = threading.Lock(), iter(range(n))

        def ask() -> None:
            while True:
                with lock:
                    i = next(left, None)
                if i is None:
                    return
                _check_answer(http, server.url, _QUESTIONS[i % len(_QUESTIONS)], found)

        with ThreadPoolExecutor(_N_PEOPLE) as pool:
            for done in [pool.submit(ask) for _ in range(_N_PEOPLE)]:
                done.result()
        end.touch()
        for writer in writers:
            said, wrong = writer.communicate()
            if writer.returncode:
                found.faults.append(f"a writer ended: {wrong.strip()[-200:]}")
            else:
                found.counts["written"] += int(said)
    command = [sys.executable, "-m", "service.cli", "verify", "--index", str(index)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        found.faults.append("the index does not verify")
    return found


def _check_answer(http: httpx.Client, url: str, question: str, found: _Found) -> None:
    """Ask, and compare each quote with its article; one changed meanwhile is not compared."""
    asked = http.post(f"{url}/v1/ask", json={"question": question})
    found.note(asked.status_code, question)
    if asked.status_code != 200:
        return
    outcome = asked.json()
    for cited in (outcome["answer"] or {}).get("citations", ()):
        path = f"{url}/v1/articles/{quote(cited['article_id'], safe='')}"
        article = http.get(path)
        text = article.json().get(cited["field"], "") if article.status_code == 200 else ""
        if text[cited["quote_start"] : cited["quote_end"]] == cited["quote"]:
            found.counts["quotes that hold"] += 1
        elif http.get(f"{url}/v1/archive").json()["snapshot"] == outcome["snapshot"]:
            found.faults.append(f"a quote that is not in {cited['article_id']}")


def _ends(index: Path, n: int) -> _Found:
    found = _Found()
    for i in range(n):
        with serving(index, log_level="error") as server, ThreadPoolExecutor(1) as people:
            question = {"question": _QUESTIONS[i % len(_QUESTIONS)]}
            asked = people.submit(httpx.post, f"{server.url}/v1/ask", json=question, timeout=60)
            time.sleep(0.01 * (i % 30))
            os.kill(server.pid, signal.SIGTERM)
            try:
                answer = asked.result()
                answer.json()
                found.note(answer.status_code, "an answer under way")
            except httpx.TransportError:
                # It had not begun: the server took no more connections.
                found.counts["not taken"] += 1
            except ValueError:
                found.faults.append("half an answer")
    return found


def _soak(index: Path, n: int) -> _Found:
    found = _Found()
    with _served(index, found, n_read=1, n_first=1) as (server, http):
        marks = []
        for i in range(n):
            asked = http.post(
                f"{server.url}/v1/ask", json={"question": f"{_QUESTIONS[i % 5][:-1]} {i % 977}?"}
            )
            found.note(asked.status_code, "a question")
            if i % max(1, n // 10) == 0:
                facts = Path(f"/proc/{server.pid}/status").read_text()
                n_threads = int(facts.partition("Threads:")[2].split()[0])
                marks.append((server.resident_mib(), n_threads, _open_files(server)))
        # The first mark is before all caches are filled.
        (first_mib, *first), (last_mib, *last) = marks[len(marks) // 2], marks[-1]
        found.counts[f"MiB at first, {last_mib:.0f} at last"] = round(first_mib)
        found.counts[f"threads and files at first ({first}), at last ({last})"] = 1
        if (
            last_mib > first_mib + _MAX_GROWTH_MIB
            or last[0] > first[0] + 2
            or last[1] > first[1] + 8
        ):
            found.faults.append(f"it grows: {marks}")
    return found


@contextmanager
def _served(
    index: Path, found: _Found, **settings: object
) -> Iterator[tuple[Server, httpx.Client]]:
    """Serve the index; at the end the server must answer a question."""
    with serving(index, log_level="error", **settings) as server, httpx.Client(timeout=120) as http:
        yield server, http
        last = http.post(f"{server.url}/v1/ask", json={"question": _QUESTIONS[0]})
        if last.status_code != 200 or not last.json()["answered"]:
            found.faults.append(f"afterwards it does not answer: {last.status_code}")


def _open_files(server: Server) -> int:
    return len(list(Path(f"/proc/{server.pid}/fd").iterdir()))


if __name__ == "__main__":
    main()
