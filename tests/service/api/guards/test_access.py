import base64
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from service.api.app import create_app
from service.api.guards.rate import RateLimitedError, RateLimiter
from service.keys import KeyFile, Scope
from service.settings import Settings
from tests.service.api.conftest import ask
from tests.service.api.fakes import FakeAnswerer, FakeArchive

Client = TestClient[Litestar]


def client_of(**settings: object) -> TestClient[Litestar]:
    app = create_app(
        answerer=FakeAnswerer(),
        archive=FakeArchive(),
        settings=Settings.model_validate(settings),
    )
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Client]:
    with client_of(index_dir=tmp_path, open_reading=False) as client:
        yield client


def bearer(folder: Path, *scopes: Scope) -> dict[str, str]:
    return {"Authorization": f"Bearer {KeyFile(folder).add('test', scopes).key}"}


def test_reading_is_open_on_this_machine_whatever_key_comes_along(client: Client) -> None:
    assert ask(client, question="x").status_code == 200
    headers = {"Authorization": "Bearer none"}
    assert client.get("/v1/articles/ferry", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/v1/archive", "/v1/articles/ferry", "/articles/ferry", "/schema", "/v1/models"]
)
def test_without_a_key_nothing_is_read(guarded: Client, tmp_path: Path, path: str) -> None:
    refused = guarded.get(path)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert "Nine people" not in refused.text
    assert guarded.get(path, headers=bearer(tmp_path, "read")).status_code == 200


def test_a_refusal_is_a_problem(guarded: Client, tmp_path: Path) -> None:
    problem = guarded.post("/v1/ask", json={"question": "x"})
    assert problem.status_code == 401
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["type"] == "/schema#key-needed"
    wrong = guarded.get("/v1/archive", headers={"Authorization": "Bearer dateline_1_x"})
    assert wrong.status_code == 401 and "invalid_token" in wrong.headers["www-authenticate"]
    other = guarded.get("/v1/archive", headers=bearer(tmp_path, "write"))
    assert other.status_code == 403 and other.json()["type"] == "/schema#not-allowed"


def test_probes_need_no_key(guarded: Client) -> None:
    for path in ("/health/live", "/health/ready", "/static/style.css"):
        assert guarded.get(path).status_code == 200


def test_a_browser_is_asked_for_the_key_as_a_password(guarded: Client, tmp_path: Path) -> None:
    page = {"Accept": "text/html"}
    assert guarded.get("/", headers=page).headers["www-authenticate"].startswith("Basic ")
    key = bearer(tmp_path, "read")["Authorization"].removeprefix("Bearer ")
    login = base64.b64encode(f"anyone:{key}".encode()).decode()
    for path in ("/", "/articles/ferry"):
        headers = page | {"Authorization": f"Basic {login}"}
        assert guarded.get(path, headers=headers).status_code == 200
    for broken in ("Basic", "Basic ?", "Basic /w==", "Digest x", "Bearer"):
        assert guarded.get("/", headers={"Authorization": broken}).status_code == 401


def test_a_damaged_file_of_keys_lets_nobody_in(guarded: Client, tmp_path: Path) -> None:
    headers = bearer(tmp_path, "read")
    (tmp_path / "keys.json").write_text("{")
    assert guarded.get("/v1/archive", headers=headers).status_code == 503


def test_only_probes_and_the_files_of_pages_are_public() -> None:
    app = create_app(answerer=FakeAnswerer(), archive=FakeArchive(), settings=Settings())
    public = {
        route.path
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if handler.opt.get("scope", "read") is None
    }
    assert public == {"/health/live", "/health/ready", "/static/{name:str}"}


def test_too_many_calls_are_refused_and_no_header_helps() -> None:
    with client_of(rate_limit_per_minute=2) as client:
        for _ in range(2):
            assert client.get("/v1/archive").status_code == 200
        refused = client.get("/v1/archive", headers={"X-Forwarded-For": "1.2.3.4"})
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 30
        assert refused.json()["type"] == "/schema#rate-limited"
        assert client.get("/health/ready").status_code == 200


def test_each_key_has_calls_of_its_own(tmp_path: Path) -> None:
    with client_of(index_dir=tmp_path, rate_limit_per_minute=1) as client:
        for headers in (bearer(tmp_path, "read"), bearer(tmp_path, "read"), {}):
            assert client.get("/v1/archive", headers=headers).status_code == 200
            assert client.get("/v1/archive", headers=headers).status_code == 429


def test_calls_come_back_with_time() -> None:
    now_s = [0.0]
    limiter = RateLimiter(60, lambda: now_s[0])
    for _ in range(60):
        limiter.count("a")
    with pytest.raises(RateLimitedError) as refused:
        limiter.count("a")
    assert refused.value.retry_after_s == 1
    limiter.count("b")
    now_s[0] = 2.0
    limiter.count("a")
    limiter.count("a")
    with pytest.raises(RateLimitedError):
        limiter.count("a")


def test_the_addresses_of_one_customer_count_as_one() -> None:
    limiter = RateLimiter(1)
    limiter.count("2001:db8:1:2::1")
    with pytest.raises(RateLimitedError):
        limiter.count("2001:db8:1:2:ffff::9")
    limiter.count("2001:db8:1:3::1")
    limiter.count("::ffff:192.0.2.1")
    limiter.count("::ffff:192.0.2.2")


def test_pages_of_other_sites_call_only_where_a_setting_says_so(client: Client) -> None:
    preflight = {
        "Origin": "https://desk.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-stainless-os",
    }
    assert "access-control-allow-origin" not in client.options("/v1/ask", headers=preflight).headers
    with client_of(cors_origins="https://desk.example, https://b.example") as open_client:
        for origin, allowed in (("https://desk.example", True), ("https://evil.example", False)):
            answer = open_client.get("/v1/archive", headers={"Origin": origin})
            assert (answer.headers.get("access-control-allow-origin") == origin) == allowed
        checked = open_client.options("/v1/ask", headers=preflight)
        assert checked.headers["access-control-allow-origin"] == "https://desk.example"
        assert "authorization" in checked.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in checked.headers
        other = open_client.options(
            "/v1/ask", headers=preflight | {"Origin": "https://desk.example.evil"}
        )
        assert "access-control-allow-origin" not in other.headers


def test_all_guards_run_on_the_event_loop() -> None:
    app = create_app(answerer=FakeAnswerer(), archive=FakeArchive(), settings=Settings())
    assert app.guards and all(inspect.iscoroutinefunction(guard) for guard in app.guards)
