"""A web server on loopback that replies as a test tells it to, and notes what was asked."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["Asked", "MockReply", "MockWeb", "mock_web"]


@dataclass(frozen=True)
class Asked:
    """A request: `at_s` by the monotonic clock."""

    method: str
    path: str
    headers: dict[str, str]
    content: bytes
    at_s: float
    connection: int


@dataclass(frozen=True)
class MockReply:
    """A reply; with `pieces` these are sent raw instead, with `pause_s` between."""

    status: int = 200
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    pieces: tuple[bytes, ...] = ()
    pause_s: float = 0.0


Handle = Callable[[Asked], MockReply]


@dataclass
class MockWeb:
    """The server: `pages` replies by path (with its query first), `handle` to all else."""

    port: int = 0
    pages: dict[str, MockReply] = field(default_factory=dict)
    handle: Handle | None = None
    asked: list[Asked] = field(default_factory=list)

    def url(self, path: str = "/") -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def reply(self, asked: Asked) -> MockReply:
        """Return the reply to a request, which is noted."""
        self.asked.append(asked)
        found = self.pages.get(asked.path) or self.pages.get(asked.path.partition("?")[0])
        if found:
            return found
        return self.handle(asked) if self.handle else MockReply(404)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A client that went away is nothing to tell."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    web: MockWeb

    def do_GET(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        connection = self.client_address[1]
        asked = Asked(self.command, self.path, headers, content, time.monotonic(), connection)
        reply = self.web.reply(asked)
        if reply.pieces:
            self._send_pieces(reply)
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(reply.content)))
        self.end_headers()
        self.wfile.write(reply.content)

    do_POST = do_GET

    def _send_pieces(self, reply: MockReply) -> None:
        self.close_connection = True
        for piece in reply.pieces:
            self.wfile.write(piece)
            self.wfile.flush()
            if reply.pause_s:
                time.sleep(reply.pause_s)
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def mock_web(web: MockWeb | None = None) -> Iterator[MockWeb]:
    """Serve until the end of the block."""
    web = web or MockWeb()
    handler = type("Handler", (_Handler,), {"web": web})
    server = _Server(("127.0.0.1", 0), handler)
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
