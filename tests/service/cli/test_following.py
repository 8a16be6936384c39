import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.mock_web import MockReply, mock_web
from service.cli.main import main
from service.client import Client
from service.following.source import Source
from service.following.state import State
from tests.service.following.test_follower import rss
from tests.service.following.test_sites import page


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(map(str, arguments)))
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("none",), "none does not exist"),
        (("ftp://post.example",), "only http:// and https:// can"),
        (("https://post.example", "--every", "5s"), "must be a time such as 15m"),
        (("https://post.example", "--forget"), "is not followed"),
    ],
)
def test_what_cannot_be_followed_is_told(
    tmp_path: Path, arguments: tuple[str, ...], why: str
) -> None:
    status, output = run("follow", *arguments, "--index", tmp_path)

    assert status != 0
    assert why in " ".join(output.replace("│", " ").split())


def test_a_source_is_forgotten(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        state.enlist([Source("https://post.example/feed")], None)
        status, output = run("follow", "https://post.example/feed", "--forget", "--index", tmp_path)
        assert (status, state.followed()) == (0, [])
        assert "1 source forgotten" in output


def test_an_address_that_cannot_be_added_is_told(tmp_path: Path) -> None:
    with mock_web() as web:
        status, output = run("add", web.url("/none"), "--index", tmp_path)

    assert status == 1
    assert "answers 404" in output


@pytest.mark.e2e
def test_an_index_is_made_and_kept_by_following(tmp_path: Path) -> None:
    index = tmp_path / "index"
    with mock_web() as web:
        web.pages["/feed"] = MockReply(200, rss(("a", "Nine people died on the ferry Sula.")))
        status, output = run("follow", web.url("/feed"), "--once", "--index", index)
        assert status == 0, output
        assert "1 article new or changed" in output
        web.pages["/page"] = page()
        status, output = run("add", web.url("/page"), "--index", index)
        assert "1 added" in output

        status, output = run("info", "--json", "--index", index)
        facts = json.loads(output)
        assert facts["n_articles"] == 2
        assert facts["followed"][0]["address"] == web.url("/feed")
        web.pages["/feed"] = MockReply(500)
        status, output = run("follow", web.url("/feed"), "--once", "--index", index)
        assert status == 1
        assert "1 failed" in output


@pytest.mark.e2e
def test_a_server_follows_and_is_told_to_end(tmp_path: Path) -> None:
    with mock_web() as web:
        web.pages["/feed"] = MockReply(200, rss(("a", "Nine people died on the ferry Sula.")))
        (tmp_path / "sources.txt").write_text(f"{web.url('/feed')} name='Harbour Post'")
        command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
        command += ["--index", str(tmp_path / "index"), "--follow", str(tmp_path / "sources.txt")]
        environment = {**os.environ, "DATELINE_FOLLOW_EVERY_S": "10"}
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        assert server.stderr is not None
        told = next(line for line in server.stderr if "answers on" in line)
        url = told.partition("answers on ")[2].split()[0]
        try:
            with Client(url) as client:
                until(lambda: client.archive().n_articles == 1, client)
                answered = client.ask("How many people died on the ferry Sula?")
                assert answered.answer is not None
                assert answered.answer.text.startswith("Nine")
                assert answered.archive is not None
                assert answered.archive.late == ()
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate()
        assert server.returncode == 0


def until(is_so: object, client: Client) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            if callable(is_so) and is_so():
                return
        except Exception:  # noqa: S110 - there is nothing to ask yet
            pass
        time.sleep(0.2)
    raise TimeoutError
