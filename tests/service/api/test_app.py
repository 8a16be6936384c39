import re
import subprocess
import sys
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from service.api.app import create_app
from service.api.bodies.requests import Body
from service.api.guards.security import HEADERS
from service.settings import Settings
from service.web.pages import static_files
from tests.service.api.fakes import FakeAnswerer, FakeArchive

Client = TestClient[Litestar]
ROOT = Path(__file__).parents[3]
WEB = ROOT / "service" / "web"


@pytest.mark.parametrize(
    "path", ["/", "/articles/ferry", "/schema", "/static/chat.js", "/nope", "/v1/archive"]
)
def test_every_response_has_the_security_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/articles/ferry?q=0-5", "/schema"])
def test_pages_load_only_files_of_ours_and_hold_no_code(client: Client, path: str) -> None:
    page = client.get(path).text
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page)
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert loaded
    assert not re.search(r'(?:src="|<link[^>]*href=")(?!/static/)', page)
    for file in loaded:
        assert client.get(file).status_code == 200


def test_scripts_never_make_markup_of_text() -> None:
    for script in WEB.glob("*.js"):
        text = script.read_text()
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval", text)


def test_the_pages_weigh_little_and_wait_for_their_style_only() -> None:
    files = [file for file in WEB.iterdir() if file.suffix in {".html", ".js", ".css", ".svg"}]
    assert sum(file.stat().st_size for file in files) <= 80_000
    head = (WEB / "layout.html").read_text().replace("$script", "").partition("</head>")[0]
    assert re.findall(r'<script(?! type="module")', head) == []
    assert head.count('rel="stylesheet"') == 1
    assert "@import" not in (WEB / "style.css").read_text()


def test_assets_have_the_types_that_browsers_insist_on(client: Client) -> None:
    assert client.get("/static/chat.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/static/style.css").headers["content-type"].startswith("text/css")
    assert all(not name.endswith((".py", ".html")) for name in static_files())


def test_every_route_stands_in_the_docs(client: Client) -> None:
    docs = (ROOT / "docs" / "http-api.md").read_text()
    paths = client.get("/schema/openapi.json").json()["paths"]
    for path, calls in paths.items():
        plain = re.sub(r"\{\w+_id\}", "{id}", path)
        for method in calls:
            assert f"`{method.upper()} {plain}" in docs, f"{method} {path} is not documented"


def test_the_reference_page_shows_calls_and_fields(client: Client) -> None:
    page = client.get("/schema").text
    assert "POST /v1/ask" in page
    names = page.replace("<wbr>", "")
    assert "filters.published_from" in names
    assert "answer.citations[].quote_start" in names
    # Each entry of the contents leads to a call.
    anchors = re.findall(r'<li><a href="#([^"]+)">', page)
    assert len(anchors) > 15 and all(f'id="{anchor}"' in page for anchor in anchors)


def bodies(kind: type[Body] = Body) -> dict[str, type[Body]]:
    """Return all bodies that were defined, by the names that they have in the document."""
    found = {sub.__name__: sub for sub in kind.__subclasses__()}
    return found | {name: one for sub in found.values() for name, one in bodies(sub).items()}


def test_each_body_has_an_example_that_is_right(client: Client) -> None:
    schema, known = client.get("/schema/openapi.json").json(), bodies()
    seen = set()
    for path, calls in schema["paths"].items():
        for call in calls.values():
            sent = call.get("requestBody", {}).get("content", {}).values()
            replies = [one.get("content", {}) for one in call["responses"].values()]
            returned = [media for one in replies for media in one.values()]
            for media in (*sent, *returned):
                name = media["schema"].get("$ref", "").rsplit("/", 1)[-1]
                if not name:
                    continue
                examples = [one["value"] for one in media.get("examples", {}).values()]
                for example in (*examples, *([media["example"]] if "example" in media else [])):
                    assert known[name].model_validate(example), path
                    seen.add(name)
                assert name in seen, f"{path} has no example of {name}"
    assert {"AskRequest", "AskResponse", "JobBody", "ProblemBody", "ChatProblemBody"} <= seen


def test_every_status_stands_in_the_docs_and_no_other(client: Client) -> None:
    docs = (ROOT / "docs" / "http-api.md").read_text()
    paths = client.get("/schema/openapi.json").json()["paths"]
    statuses = {s for calls in paths.values() for call in calls.values() for s in call["responses"]}
    wrong = {status for status in statuses if status >= "400"}
    # The server's own failure can end any call, so that the document names it for none.
    assert set(re.findall(r"^\| (\d{3}) \|", docs, re.MULTILINE)) == wrong | {"500"}
    right = {status for status in statuses if status < "300"} - {"200"}
    assert all(status in docs for status in right)


def test_the_docs_name_no_call_that_is_not_there(client: Client) -> None:
    docs = (ROOT / "docs" / "http-api.md").read_text()
    paths = client.get("/schema/openapi.json").json()["paths"]
    calls = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, calls in paths.items()
        for method in calls
    }
    named = re.findall(r"`(GET|POST|DELETE|PUT|PATCH|HEAD) (/[^`?\s]*)", docs)
    assert {(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in named} - calls == {
        # Not in the document: a protocol of its own.
        ("POST", "/mcp")
    }


def test_only_what_needs_a_key_says_so(client: Client) -> None:
    paths = client.get("/schema/openapi.json").json()["paths"]
    for path, calls in paths.items():
        is_public = path.startswith(("/health", "/static"))
        assert all(("401" in call["responses"]) != is_public for call in calls.values()), path


def test_problems_stand_in_the_openapi_document(client: Client) -> None:
    paths = client.get("/schema/openapi.json").json()["paths"]
    assert {"200", "400", "413", "503"} <= set(paths["/v1/ask"]["post"]["responses"])
    assert {"200", "503"} <= set(paths["/health/ready"]["get"]["responses"])
    for path, calls in paths.items():
        is_page = path == "/" or path.startswith("/articles")
        media_type = "text/html" if is_page else "application/problem+json"
        for call in calls.values():
            for status, response in call["responses"].items():
                assert status.startswith("2") or list(response["content"]) == [media_type], path


def test_no_parameter_is_ever_null(client: Client) -> None:
    paths = client.get("/schema/openapi.json").json()["paths"]
    found = [
        one["schema"]
        for calls in paths.values()
        for call in calls.values()
        for one in call.get("parameters", ())
    ]
    assert {"type": "array", "items": {"type": "string"}} in found
    assert not any("null" in str(one) for one in found)


def test_the_openapi_document_describes_lists_of_texts(client: Client) -> None:
    schemas = client.get("/schema/openapi.json").json()["components"]["schemas"]
    assert schemas["FiltersBody"]["properties"]["sources"]["items"] == {"type": "string"}


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("news.example", 200),
        ("NEWS.example:8000", 200),
        ("a.wide.example", 200),
        ("wide.example", 400),
        ("evil.example", 400),
        ("news.example.evil", 400),
        ("[::1]:8000", 200),
    ],
)
def test_only_allowed_hosts_are_served(host: str, status: int) -> None:
    settings = Settings(allowed_hosts=("news.example", "*.wide.example", "[::1]"))
    app = create_app(answerer=FakeAnswerer(), archive=FakeArchive(), settings=settings)
    with TestClient(app) as client:
        response = client.get("/v1/archive", headers={"Host": host})
    assert response.status_code == status
    assert status == 200 or response.json()["errors"][0]["field"] == "Host"


@pytest.mark.parametrize(
    ("settings", "served"),
    [
        ({}, ("localhost", "127.0.0.1", "[::1]", "127.0.0.1")),
        ({"host": "0.0.0.0"}, ("*",)),
        ({"host": "0.0.0.0", "allowed_hosts": "a.example"}, ("a.example",)),
        ({"allowed_hosts": ""}, ("localhost", "127.0.0.1", "[::1]", "127.0.0.1")),
        ({"allowed_hosts": "*"}, ("*",)),
    ],
)
def test_a_server_of_this_machine_answers_to_its_names(
    settings: dict[str, str], served: tuple[str, ...]
) -> None:
    assert Settings.model_validate(settings).served_hosts == served


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_ALLOWED_HOSTS", "a.example, *.b.example")
    monkeypatch.setenv("DATELINE_PORT", "9000")
    settings = Settings()
    assert settings.allowed_hosts == ("a.example", "*.b.example")
    assert settings.port == 9000
    assert all(field.description for field in Settings.model_fields.values())


def test_the_service_needs_no_torch() -> None:
    code = "import sys, service.api.app; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
