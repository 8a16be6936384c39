import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from corpus.article import Article
from corpus.errors import IndexBusyError
from corpus.sources import Record
from index.building.builder import Builder, BuildReport, OnConflict, Progress
from index.engines.local.archive import LocalArchive
from index.files import write_lock
from service.api.app import create_app
from service.keys import KeyFile
from service.links import article_path
from service.settings import Settings
from tests.conftest import HashEmbedder
from tests.service.api.conftest import ask
from tests.service.api.fakes import FakeAnswerer, FakeArchive
from tests.service.api.guards.test_limits import wait_until

Client = TestClient[Litestar]
NEW = {"id": "storm", "title": "Storm", "text": "A storm tore the roof off the school in Vellin."}


@dataclass
class BuilderWriter:
    """Writes with a builder of the tests, and waits at a gate after each stage has begun."""

    make_builder: Callable[[], Builder]
    root: Path
    archive: LocalArchive
    gate: threading.Event = field(default_factory=threading.Event)
    looks: bool = True

    def check_free(self) -> None:
        if self.looks:
            with write_lock(self.root):
                pass

    def add(
        self, records: Iterable[Record], progress: Progress, on_conflict: OnConflict = "replace"
    ) -> BuildReport:
        gated = Gated(progress, self.gate)
        return replace(self.make_builder(), progress=gated, on_conflict=on_conflict).add(records)

    def remove(self, ids: Sequence[str], progress: Progress) -> BuildReport:
        report = replace(self.make_builder(), progress=Gated(progress, self.gate)).remove(ids)
        self.archive.forget_removed(lambda: progress.advance(0))
        return report

    def hold(self, ids: Sequence[str], why: str, by: str, progress: Progress) -> BuildReport:
        return replace(self.make_builder(), progress=progress).hold(ids, why, by)

    def release(self, ids: Sequence[str], by: str, progress: Progress) -> BuildReport:
        return replace(self.make_builder(), progress=progress).release(ids, by)


@dataclass
class Gated:
    inner: Progress
    gate: threading.Event

    def start(self, stage: str, total: int | None) -> None:
        self.inner.start(stage, total)
        while not self.gate.wait(0.01):
            self.inner.advance(0)

    def advance(self, n: int) -> None:
        self.inner.advance(n)


@pytest.fixture
def writer(
    make_builder: Callable[[], Builder],
    tmp_path: Path,
    articles: list[Article],
    embedder: HashEmbedder,
) -> BuilderWriter:
    make_builder().build(articles)
    archive = LocalArchive(tmp_path / "index", 1, embedder=embedder)
    writer = BuilderWriter(make_builder, tmp_path / "index", archive)
    writer.gate.set()
    return writer


@pytest.fixture
def client(writer: BuilderWriter) -> Iterator[Client]:
    app = create_app(
        answerer=FakeAnswerer(),
        archive=writer.archive,
        settings=Settings(index_dir=writer.root, max_upload_bytes=1_000_000),
        writer=writer,
    )
    key = KeyFile(writer.root).add("import", ("write",)).key
    with TestClient(app, raise_server_exceptions=False) as opened:
        opened.headers["Authorization"] = f"Bearer {key}"
        yield opened


def send(client: Client, *articles: object) -> Response:
    body = "\n".join(json.dumps(one) if isinstance(one, dict) else str(one) for one in articles)
    headers = {"Content-Type": "application/x-ndjson"}
    return client.post("/v1/articles", content=body, headers=headers)


def finished(client: Client, response: Response) -> dict[str, Any]:
    assert response.status_code == 202, response.text
    address = response.headers["location"]
    assert address == f"/v1/jobs/{response.json()['id']}"
    wait_until(lambda: client.get(address).json()["state"] != "running")
    job: dict[str, Any] = client.get(address).json()
    return job


def test_an_article_is_added_and_found(client: Client) -> None:
    job = finished(client, client.post("/v1/articles", json=NEW))
    assert job["state"] == "done" and job["problem"] is None
    result = job["result"]
    assert (result["added"], result["embedded"], result["skipped"]) == (1, 1, [])
    assert client.get("/v1/articles/storm").json()["text"] == NEW["text"]
    found = client.post("/v1/search", json={"query": "roof of the school"}).json()
    assert found["hits"][0]["article_id"] == "storm"
    assert found["snapshot"] == result["snapshot"]


def test_the_same_again_changes_nothing(client: Client) -> None:
    first = finished(client, send(client, NEW))["result"]
    again = finished(client, send(client, NEW))["result"]
    assert (again["added"], again["unchanged"]) == (0, 1)
    assert again["snapshot"] == first["snapshot"]
    changed = finished(client, send(client, NEW | {"text": "The roof held."}))["result"]
    assert (changed["replaced"], changed["unchanged"]) == (1, 0)


def test_lines_that_hold_no_article_are_told(client: Client) -> None:
    job = finished(client, send(client, NEW, "", "not json", {"title": "no text"}))
    assert job["result"]["added"] == 1
    assert [one["line"] for one in job["result"]["skipped"]] == [3, 4]
    assert "'text'" in job["result"]["skipped"][1]["reason"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "application/json"),
        ("[]", "application/json"),
        ('{"title": "no text"}', "application/json"),
        ('{"text": "x", "status": "draft"}', "application/json"),
        ('{"text": "x"}\n{"text": "y"}', "application/json"),
        ("", "application/x-ndjson"),
        ("x\ny", "application/x-ndjson"),
    ],
)
def test_a_body_without_an_article_is_refused(client: Client, body: str, kind: str) -> None:
    response = client.post("/v1/articles", content=body, headers={"Content-Type": kind})
    assert response.status_code == 400
    assert response.json()["errors"]


def test_an_article_is_removed(client: Client, writer: BuilderWriter) -> None:
    job = finished(client, client.delete("/v1/articles/ferry"))
    assert job["kind"] == "remove" and job["result"]["removed"] == 1
    assert client.get("/v1/articles/ferry").status_code == 404
    assert client.delete("/v1/articles/ferry").status_code == 404


def test_what_was_removed_is_in_no_file_though_it_is_served(
    client: Client, writer: BuilderWriter
) -> None:
    # A question that is being answered still needs the old snapshot for a while.
    held = [writer.archive.current()]
    assert held[0].article("ferry")
    threading.Timer(0.3, held.clear).start()
    finished(client, client.delete("/v1/articles/ferry"))
    files = [path.read_bytes() for path in writer.root.rglob("*") if path.is_file()]
    assert not any(b"Marta" in content for content in files)


def test_one_writes_while_others_ask(client: Client, writer: BuilderWriter) -> None:
    writer.gate.clear()
    running = client.post("/v1/articles", json=NEW)
    job = client.get(running.headers["location"]).json()
    assert job["state"] == "running" and job["result"] is None
    for second in (client.post("/v1/articles", json=NEW), client.delete("/v1/articles/ferry")):
        assert second.status_code == 409
        assert second.json()["type"] == "/schema#archive-busy"
    assert ask(client, question="How many?").status_code == 200
    assert client.get("/v1/articles/storm").status_code == 404
    writer.gate.set()
    assert finished(client, running)["state"] == "done"
    assert finished(client, client.delete("/v1/articles/storm"))["result"]["removed"] == 1


def test_another_process_that_writes_is_not_disturbed(
    client: Client, writer: BuilderWriter
) -> None:
    with write_lock(writer.root):
        assert client.post("/v1/articles", json=NEW).status_code == 409
    assert finished(client, client.post("/v1/articles", json=NEW))["state"] == "done"


def test_a_job_that_fails_says_why(client: Client, writer: BuilderWriter) -> None:
    # As if the other process had begun between the look at the lock and the job.
    writer.looks = False
    with write_lock(writer.root):
        job = finished(client, client.post("/v1/articles", json=NEW))
    assert job["state"] == "failed" and job["problem"]["status"] == 409


def test_a_server_that_ends_breaks_a_job_off(
    writer: BuilderWriter, make_builder: Callable[[], Builder], embedder: HashEmbedder
) -> None:
    app = create_app(
        answerer=FakeAnswerer(),
        archive=writer.archive,
        settings=Settings(index_dir=writer.root),
        writer=writer,
    )
    key = KeyFile(writer.root).add("import", ("write",)).key
    writer.gate.clear()
    with TestClient(app) as client:
        headers = {"Authorization": f"Bearer {key}"}
        assert client.post("/v1/articles", json=NEW, headers=headers).status_code == 202
    archive = LocalArchive(writer.root, 1, embedder=embedder)
    assert archive.current().article("storm") is None
    assert make_builder().add([]).snapshot == archive.current().status.snapshot


def test_writing_needs_a_key_that_may_write(client: Client, writer: BuilderWriter) -> None:
    reader = {"Authorization": f"Bearer {KeyFile(writer.root).add('desk', ('read',)).key}"}
    nobody = {"Authorization": ""}
    for headers, status in ((reader, 403), (nobody, 401)):
        for method, path in (
            ("POST", "/v1/articles"),
            ("DELETE", "/v1/articles/ferry"),
            ("GET", "/v1/jobs/x"),
        ):
            assert client.request(method, path, json=NEW, headers=headers).status_code == status


def test_articles_may_be_larger_than_questions(client: Client) -> None:
    assert finished(client, send(client, NEW | {"x": "x" * 300_000}))["state"] == "done"
    assert send(client, NEW | {"x": "x" * 1_000_000}).status_code == 413


def test_a_job_that_is_not_known(client: Client) -> None:
    assert client.get("/v1/jobs/nope").status_code == 404


def test_an_archive_without_a_writer_stays_as_it_is(tmp_path: Path) -> None:
    key = KeyFile(tmp_path).add("import", ("write",)).key
    app = create_app(
        answerer=FakeAnswerer(), archive=FakeArchive(), settings=Settings(index_dir=tmp_path)
    )
    with TestClient(app) as client:
        headers = {"Authorization": f"Bearer {key}"}
        assert client.post("/v1/articles", json=NEW, headers=headers).status_code == 503


def test_the_lock_is_told_by_a_class_of_its_own(tmp_path: Path) -> None:
    with write_lock(tmp_path), pytest.raises(IndexBusyError), write_lock(tmp_path):
        pass


ODD_IDS = [
    "2024/03/05/ferry sinks",
    "https://hp.example/q?a=1&b=2#c",
    "https://hp.example/2024/03/05/mill/",
    "Überfall-in-Köln",
    "a%2Fb",
    "..",
    "x//y/",
    "?q=1-2",
]


@pytest.mark.parametrize("own", ODD_IDS)
def test_any_id_is_read_shown_and_removed_as_it_is(client: Client, own: str) -> None:
    job = finished(client, client.post("/v1/articles", json=NEW | {"id": own}))
    assert job["ids"] == [own]
    hit = client.post("/v1/search", json={"query": "roof of the school"}).json()["hits"][0]
    assert hit["article_id"] == own
    assert client.get(hit["permalink"]).status_code == 200
    path = f"/v1/articles/{article_path(own)}"
    assert client.get(path).json()["id"] == own
    removed = finished(client, client.delete(path))
    assert removed["ids"] == [own] and removed["result"]["removed"] == 1
    assert client.get(path).status_code == 404


def test_numbers_of_two_outlets_are_two_articles(client: Client) -> None:
    texts = {"Harbour Post": "Tram line 4 opened.", "Lake Gazette": "The lake froze over."}
    sent = [{"id": 1, "source": source, "text": text} for source, text in texts.items()]
    job = finished(client, send(client, *sent))
    assert job["ids"] == ["Harbour Post/1", "Lake Gazette/1"] and job["result"]["added"] == 2
    both = client.get("/v1/articles/1")
    assert both.status_code == 400 and "'Lake Gazette/1'" in both.text
    finished(client, client.delete(f"/v1/articles/{article_path('Lake Gazette/1')}"))
    assert client.get("/v1/articles/1").json()["text"] == "Tram line 4 opened."


def test_a_field_that_cannot_be_read_is_told_and_costs_itself_only(client: Client) -> None:
    bad = NEW | {"published": "03/04/2024", "language": "mostly English", "authors": [7, "Ana"]}
    result = finished(client, send(client, "", bad))["result"]
    assert result["added"] == 1
    assert {(one["line"], one["field"]) for one in result["unread"]} == {
        (2, "published"), (2, "language"), (2, "authors"),
    }  # fmt: skip
    assert result["unread"][1]["value"] == "03/04/2024"
    body = client.get("/v1/articles/storm").json()
    assert body["published"] is None and body["authors"] == ["Ana"]


def test_another_article_under_a_known_id_is_told(client: Client) -> None:
    first = NEW | {"source": "Harbour Post", "published": "2024-03-05"}
    other = {"id": "storm", "source": "Lake Gazette", "published": "2024-05-06"}
    other |= {"title": "Bake-off", "text": "Chef Mina Okoro won the bake-off with a rye tart."}
    finished(client, send(client, first))
    kept = client.post("/v1/articles?on_conflict=keep", json=other)
    assert finished(client, kept)["result"]["kept"] == 1
    assert client.get("/v1/articles/storm").json()["title"] == "Storm"
    failed = finished(client, client.post("/v1/articles?on_conflict=fail", json=other))
    assert failed["state"] == "failed" and "two articles" in failed["problem"]["detail"]
    assert client.get("/v1/articles/storm").json()["title"] == "Storm"
    result = finished(client, client.post("/v1/articles", json=other))["result"]
    assert result["replaced"] == 1 and result["conflicts"][0]["old"].startswith("'Storm' (Harbour")
    assert client.get("/v1/articles/storm").json()["title"] == "Bake-off"


def test_what_is_embargoed_is_not_shown_and_can_be_removed(client: Client) -> None:
    finished(client, send(client, NEW | {"embargo": "2199-01-01T00:00:00Z"}))
    assert client.get("/v1/articles/storm").status_code == 404
    assert client.get("/articles/storm").status_code == 404
    found = client.post("/v1/search", json={"query": "roof of the school in Vellin"}).json()["hits"]
    assert "storm" not in {hit["article_id"] for hit in found}
    assert finished(client, client.delete("/v1/articles/storm"))["result"]["removed"] == 1


def test_what_is_not_published_is_refused_unless_it_is_asked_for(client: Client) -> None:
    draft = NEW | {"status": "draft", "published": "03/04/2024"}
    refused = client.post("/v1/articles", json=draft)
    assert refused.status_code == 400 and "it is a draft" in refused.text
    path = "/v1/articles?include_unpublished=true&dates=dmy"
    assert finished(client, client.post(path, json=draft))["result"]["added"] == 1
    assert client.get("/v1/articles/storm").json()["published"] == "2024-04-03"


def test_an_article_is_held_and_released_with_a_key_that_may_write(client: Client) -> None:
    job = finished(client, client.post("/v1/holds", json={"ids": ["rates"], "why": "A complaint."}))
    assert (job["kind"], job["state"]) == ("hold", "done")
    found = client.post("/v1/search", json={"query": "central bank"}).json()["hits"]
    assert "rates" not in {hit["article_id"] for hit in found}
    assert "On hold since" in client.get("/articles/rates").text
    (held,) = client.get("/v1/holds").json()["holds"]
    assert (held["id"], held["why"], held["released_at"]) == ("rates", "A complaint.", None)
    assert held["held_by"].startswith("key ")
    assert client.get("/v1/articles/rates/versions").json()["held_at"] == held["held_at"]
    again = client.post("/v1/holds", json={"ids": ["rates"], "why": "Again."})
    assert finished(client, again)["state"] == "failed"
    released = client.post("/v1/holds/release", json={"ids": ["rates"]})
    assert finished(client, released)["state"] == "done"
    found = client.post("/v1/search", json={"query": "central bank"}).json()["hits"]
    assert "rates" in {hit["article_id"] for hit in found}
    assert client.get("/v1/holds").json()["holds"][0]["released_by"] == held["held_by"]
    assert client.post("/v1/holds", json={"ids": ["nope"], "why": "W"}).status_code == 404
    assert client.post("/v1/holds", json={"ids": [], "why": "W"}).status_code == 400


def test_what_was_removed_is_said_to_be(client: Client) -> None:
    finished(client, client.delete("/v1/articles/rates"))
    for path in ("/articles/rates?q=0-5&v=0123456789ab", "/v1/articles/rates"):
        response = client.get(path)
        assert response.status_code == 404
        assert "was removed from the archive on" in response.text
        assert "bank" not in response.text
