"""The receiver of webhooks that the docs show takes what is sent, and nothing else."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.remote import AddressRule, Fetcher, Reply
from service.watching.delivering import Deliverer, signature, written_secret
from tests.service.watching.conftest import CAPTAIN, Desk, make_entry

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[3]
SECRET = "00ff" * 16


@dataclass(frozen=True)
class Receiver:
    process: "subprocess.Popen[str]"
    url: str
    fetcher: Fetcher

    def printed(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline()

    def send(self, body: bytes, entry_id: str, sent_at: int, signed: str) -> Reply:
        headers = {
            "Webhook-Id": entry_id,
            "Webhook-Timestamp": str(sent_at),
            "Webhook-Signature": signed,
        }
        return self.fetcher.post(self.url, body, headers)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    docs = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(# receiver\.py\n.*?)^```", docs, re.DOTALL | re.MULTILINE)
    assert code
    script = tmp_path / "receiver.py"
    script.write_text(code[1], encoding="utf-8")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    env = {**os.environ, "PORT": str(port), "WEBHOOK_SECRET": written_secret(SECRET)}
    command = [sys.executable, str(script)]
    with (
        subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process,
        Fetcher(AddressRule.named([url])) as fetcher,
    ):
        _wait_for(port, process)
        yield Receiver(process, url, fetcher)
        process.kill()


def _wait_for(port: int, process: "subprocess.Popen[str]") -> None:
    while process.poll() is None:
        with closing(socket.socket()) as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("the receiver ended")


def test_an_entry_is_taken_and_printed(desk: Desk, receiver: Receiver) -> None:
    desk.clock.now = datetime.now(UTC)
    watch = make_entry(desk, webhook=receiver.url)
    with desk.database.open() as db:
        db.execute("UPDATE watches SET secret = ? WHERE id = ?", (SECRET, watch))
    sender = Deliverer(desk.database, receiver.fetcher, receiver.fetcher, clock=desk.clock)
    assert sender.send() == 1
    assert receiver.printed().startswith(f"new-value {CAPTAIN} {{'text': 'Jon Lund'")


def test_what_is_forged_or_old_is_refused_and_what_is_known_is_not_told_again(
    receiver: Receiver,
) -> None:
    now_s = int(time.time())
    body = b'{"change": "answered", "question": "Who?", "after": {"answer": null}}'
    good = signature(SECRET, "one", str(now_s), body)
    assert receiver.send(body, "one", now_s, "v1,forged").status == 401
    assert receiver.send(body + b" ", "one", now_s, good).status == 401
    old = signature(SECRET, "one", str(now_s - 301), body)
    assert receiver.send(body, "one", now_s - 301, old).status == 401
    assert receiver.send(body, "one", now_s, good).status == 204
    assert receiver.send(body, "one", now_s, good).status == 204
    other = signature(SECRET, "two", str(now_s), body)
    assert receiver.send(body, "two", now_s, other).status == 204
    assert [receiver.printed(), receiver.printed()] == ["answered Who? None\n"] * 2
