import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from index.engines.archive import BrowsableArchive
from service.answering.answerer import Answerer
from service.api.app import create_app
from service.settings import Settings
from service.writing import Writer
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


@contextmanager
def serving(
    answerer: Answerer,
    settings: Settings | None = None,
    archive: BrowsableArchive | None = None,
    writer: Writer | None = None,
) -> Iterator[str]:
    """Serve on a free port of this machine and give the address."""
    app = create_app(
        answerer=answerer,
        archive=archive or FakeArchive(),
        settings=settings or Settings(),
        writer=writer,
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
