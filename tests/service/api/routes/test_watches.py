import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from service.api.app import create_app
from service.keys import KeyFile, Scope
from service.settings import Settings
from tests.service.api.fakes import FakeAnswerer, FakeArchive
from tests.service.watching.conftest import CAPTAIN, Desk

Client = TestClient[Litestar]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    settings = Settings(index_dir=tmp_path, max_watches=3, webhook_private=("http://cms:8080",))
    app = create_app(answerer=FakeAnswerer(), archive=FakeArchive(), settings=settings)
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def bearer(folder: Path, *scopes: Scope) -> dict[str, str]:
    return {"Authorization": f"Bearer {KeyFile(folder).add('test', scopes or ('watch',)).key}"}


@pytest.fixture
def key(tmp_path: Path) -> dict[str, str]:
    return bearer(tmp_path)


def add(client: Client, key: dict[str, str], **more: Any) -> Response:  # noqa: ANN401 - any body
    return client.post("/v1/watches", json={"question": CAPTAIN, **more}, headers=key)


def change(folder: Path) -> None:
    """Have what is watched answered, and then answered otherwise."""
    desk = Desk(folder, owners=[stored.id for stored in KeyFile(folder).all()])
    for name in ("Marta Holt", "Jon Lund"):
        desk.publish(captain=name)
        desk.runner.run()


def test_a_question_is_watched_listed_and_removed(client: Client, key: dict[str, str]) -> None:
    filters = {"sources": ["Post"], "published_from": "2024-01-01", "published_to": None}
    made = add(client, key, name="Ada", filters=filters)
    assert made.status_code == 201
    watch = made.json()
    assert watch.pop("webhook_secret") is None
    assert (watch["question"], watch["name"], watch["filters"]) == (CAPTAIN, "Ada", filters)
    assert (watch["checked"], watch["is_due"], watch["outcome"]) == (None, True, None)
    listed = client.get("/v1/watches", headers=key).json()
    assert listed == {"watches": [watch], "next": None}
    assert client.delete(f"/v1/watches/{watch['id']}", headers=key).status_code == 204
    assert client.get("/v1/watches", headers=key).json()["watches"] == []
    gone = client.delete(f"/v1/watches/{watch['id']}", headers=key)
    assert (gone.status_code, gone.json()["errors"][0]["field"]) == (404, "watch_id")


def test_lists_go_on_by_cursor(client: Client, key: dict[str, str]) -> None:
    ids = [add(client, key).json()["id"] for _ in range(3)]
    first = client.get("/v1/watches?limit=2", headers=key).json()
    assert [one["id"] for one in first["watches"]] == ids[:2]
    rest = client.get(f"/v1/watches?limit=2&cursor={first['next']}", headers=key).json()
    assert ([one["id"] for one in rest["watches"]], rest["next"]) == (ids[2:], None)
    assert add(client, key).status_code == 400


def test_changes_come_as_lines_and_as_feeds(
    client: Client, key: dict[str, str], tmp_path: Path
) -> None:
    watch = add(client, key).json()["id"]
    change(tmp_path)
    reply = client.get("/v1/watches/entries", headers=key)
    assert reply.headers["content-type"].startswith("application/x-ndjson")
    (entry,) = map(json.loads, reply.text.splitlines())
    assert (entry["watch"], entry["change"]) == (watch, "new-value")
    assert entry["before"]["answer"]["text"] == "Marta Holt"
    after = client.get(f"/v1/watches/entries?cursor={entry['number']}", headers=key)
    assert (after.status_code, after.text) == (200, "")
    for path in ("/v1/watches/feed", f"/v1/watches/{watch}/feed"):
        reply = client.get(path, headers=key)
        assert reply.headers["content-type"].startswith("application/atom+xml")
        feed = feedparser.parse(reply.content)
        assert [one.id for one in feed.entries] == [f"urn:uuid:{entry['id']}"]
        assert feed.feed.links[0].href.endswith(path)


def test_each_key_has_its_own(client: Client, key: dict[str, str], tmp_path: Path) -> None:
    watch = add(client, key).json()["id"]
    change(tmp_path)
    other = bearer(tmp_path)
    assert client.get("/v1/watches", headers=other).json()["watches"] == []
    assert client.get("/v1/watches/entries", headers=other).text == ""
    assert feedparser.parse(client.get("/v1/watches/feed", headers=other).content).entries == []
    for path in (f"/v1/watches/{watch}/feed", f"/v1/watches/entries?watch={watch}"):
        assert client.get(path, headers=other).status_code == 404
    assert client.delete(f"/v1/watches/{watch}", headers=other).status_code == 404
    assert len(client.get("/v1/watches", headers=key).json()["watches"]) == 1


@pytest.mark.parametrize("scope", ["read", "write"])
def test_it_needs_a_key_that_may_watch(client: Client, tmp_path: Path, scope: Scope) -> None:
    assert add(client, {}).status_code == 401
    assert add(client, bearer(tmp_path, scope)).status_code == 403
    assert client.get("/v1/watches").status_code == 401


def test_a_key_as_a_password_reads_feeds_and_changes_nothing(
    client: Client, tmp_path: Path
) -> None:
    made = KeyFile(tmp_path).add("feed reader", ("watch",)).key
    assert client.get("/v1/watches/feed", auth=("any", made)).status_code == 200
    reply = client.post("/v1/watches", json={"question": CAPTAIN}, auth=("any", made))
    assert reply.status_code == 401


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("question", {"question": " "}),
        ("question", {"question": "Who is the captain? Who is the mayor?"}),
        ("question", {"question": "x" * 1001}),
        ("webhook", {"webhook": "ftp://desk.example/"}),
        ("webhook", {"webhook": "no address"}),
        ("webhook", {"webhook": "http://127.0.0.1/"}),
        ("webhook", {"webhook": "http://[::ffff:10.0.0.1]/"}),
        ("webhook", {"webhook": "http://2130706433/"}),
        ("webhook", {"webhook": "http://cms:8081/hook"}),
        ("webhook", {"webhook": "https://user:secret@desk.example/"}),
        ("webhooks", {"webhooks": "https://desk.example/"}),
    ],
)
def test_what_cannot_be_watched_is_refused_by_its_field(
    client: Client, key: dict[str, str], field: str, body: dict[str, str]
) -> None:
    reply = add(client, key, **body)
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (400, field)


@pytest.mark.parametrize("url", ["https://desk.example/hook", "http://cms:8080/hook"])
def test_the_secret_of_a_webhook_is_shown_once(
    client: Client, key: dict[str, str], url: str
) -> None:
    made = add(client, key, webhook=url).json()
    assert made["webhook_secret"].startswith("whsec_")
    (listed,) = client.get("/v1/watches", headers=key).json()["watches"]
    assert listed["webhook"] == url and "webhook_secret" not in listed


@pytest.mark.parametrize("path", ["/v1/watches", "/v1/watches/entries"])
@pytest.mark.parametrize("limit", ["0", "1001", "x"])
def test_limits_are_checked(client: Client, key: dict[str, str], path: str, limit: str) -> None:
    assert client.get(f"{path}?limit={limit}", headers=key).status_code == 400
