import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corpus.errors import IndexStateError, RequestError
from service.cli.main import main
from service.cli.serving import check_exposure
from service.keys import KeyFile
from service.settings import Settings, is_loopback


def test_a_key_is_known_again_until_it_is_revoked(tmp_path: Path) -> None:
    keys, server = KeyFile(tmp_path), KeyFile(tmp_path)
    first, second = keys.add("first", ("read",)), keys.add("second", ("read", "write"))
    assert server.find(first.key) == first.stored
    assert server.find(second.key) == second.stored
    keys.revoke(first.stored.id)
    assert server.find(first.key) is None
    assert server.find(second.key) == second.stored
    with pytest.raises(RequestError, match="keys list"):
        keys.revoke(first.stored.id)


def test_what_is_kept_opens_nothing(tmp_path: Path) -> None:
    new = KeyFile(tmp_path).add("desk", ("read",))
    path = tmp_path / "keys.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert new.key not in path.read_text() and new.key.split("_", 2)[2] not in path.read_text()
    for wrong in ("", "x", new.key[:-1], new.key + "x", new.stored.hash, "dateline__", "\udcff"):
        assert KeyFile(tmp_path).find(wrong) is None


def test_keys_are_all_different(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path)
    assert len({keys.add("same name", ("read",)).key for _ in range(20)}) == 20
    assert len({stored.salt for stored in keys.all()}) == 20


@pytest.mark.parametrize("text", ["", "{", '{"keys": [{"id": "x"}]}', "[]"])
def test_a_damaged_file_opens_nothing(tmp_path: Path, text: str) -> None:
    keys = KeyFile(tmp_path)
    key = keys.add("desk", ("read",)).key
    (tmp_path / "keys.json").write_text(text)
    with pytest.raises(IndexStateError, match="keys.json cannot be read"):
        keys.find(key)


@pytest.mark.parametrize(
    ("host", "is_it"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("", False),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("localhost.example.org", False),
    ],
)
def test_only_this_machine_is_loopback(host: str, is_it: bool) -> None:
    assert is_loopback(host) == is_it


def test_an_archive_is_not_laid_open_by_mistake(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path)
    check_exposure(Settings(host="127.0.0.1"), keys)
    check_exposure(Settings(host="0.0.0.0", open_reading=True), keys)
    with pytest.raises(RequestError, match="--open"):
        check_exposure(Settings(host="0.0.0.0"), keys)
    keys.add("desk", ("read",))
    check_exposure(Settings(host="0.0.0.0"), keys)
    assert not Settings(host="0.0.0.0").reading_is_open
    assert Settings(host="127.0.0.1").reading_is_open


def run(*args: str) -> Result:
    return CliRunner().invoke(main, list(args))


def test_the_commands_make_list_and_revoke(tmp_path: Path) -> None:
    index = ("--index", str(tmp_path))
    made = run("keys", "add", "night import", "--scope", "write", *index)
    assert made.exit_code == 0
    key = made.stdout.strip()
    (listed,) = json.loads(run("keys", "list", "--json", *index).stdout)
    assert (listed["name"], listed["scopes"]) == ("night import", ["write"])
    assert KeyFile(tmp_path).find(key)
    assert "night import" in run("keys", "list", *index).stdout
    assert run("keys", "revoke", listed["id"], *index).exit_code == 0
    assert run("keys", "revoke", listed["id"], *index).exit_code == 1
    assert KeyFile(tmp_path).find(key) is None


def test_serve_refuses_to_lay_the_archive_open(tmp_path: Path) -> None:
    result = run("serve", "--host", "0.0.0.0", "--index", str(tmp_path))
    assert result.exit_code == 1
    assert "dateline keys add" in " ".join(result.output.replace("│", " ").split())
