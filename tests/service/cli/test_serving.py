import socket

import pytest
from litestar import Litestar

from corpus.errors import RequestError
from service.cli.serving import serve_app
from service.settings import Settings


class Started(Exception):
    """The server would run now."""


def address_of(settings: Settings) -> str:
    told: list[str] = []

    def on_start(address: str) -> None:
        told.append(address)
        raise Started

    with pytest.raises(Started):
        serve_app(Litestar(), settings, on_start)
    return told[0]


def test_a_free_port_is_told() -> None:
    address = address_of(Settings(port=0))
    assert address.startswith("http://127.0.0.1:") and not address.endswith(":0/")


def test_a_name_can_be_listened_on() -> None:
    assert address_of(Settings(host="localhost", port=0)).startswith("http://localhost:")


def test_an_address_in_use_is_told_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RequestError, match=f"Port {port} is already in use"):
            serve_app(Litestar(), Settings(port=port))
