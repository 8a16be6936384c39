from collections.abc import Iterator

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from service.api.app import create_app
from service.settings import Settings
from tests.service.api.fakes import FakeAnswerer, FakeArchive


@pytest.fixture
def answerer() -> FakeAnswerer:
    return FakeAnswerer()


@pytest.fixture
def archive() -> FakeArchive:
    return FakeArchive()


@pytest.fixture
def client(answerer: FakeAnswerer, archive: FakeArchive) -> Iterator[TestClient[Litestar]]:
    app = create_app(answerer=answerer, archive=archive, settings=Settings())
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def ask(client: TestClient[Litestar], **body: object) -> Response:
    return client.post("/v1/ask", json=body)
