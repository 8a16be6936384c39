"""Runs the web server, where it may listen."""

import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from litestar import Litestar

from corpus.errors import RequestError
from index.engines.engine import ServedArchive
from service.api.app import create_app
from service.following.follower import Follower
from service.following.opening import open_follower
from service.following.source import read_list
from service.keys import KeyFile
from service.logs import log_to_stderr
from service.priority import giving_way
from service.settings import Settings, is_loopback
from service.tracing import open_tracing
from service.watching.wiring import open_watcher
from service.wiring import open_answerer
from service.writing import IndexWriter

__all__ = ["check_exposure", "run_server", "serve_app"]

# Whoever stops servers kills them after ten seconds as a rule, and ending takes some of these.
_GRACE_S = 7
_KEEP_ALIVE_S = 75
_log = logging.getLogger(__name__)


def run_server(
    settings: Settings, on_start: Callable[[str], None], followed: Path | None = None
) -> None:
    """Serve until the process is told to end; `on_start` is given the address.

    `followed` is a list of sources that the index is kept in step with meanwhile. An archive that
    is to be filled by them need not be there yet.

    Raises:
        RequestError: anyone could read the archive, and nobody said so.
        IndexStateError: there is no archive to serve.
    """
    check_exposure(settings, KeyFile(settings.index_dir))
    answerer, archive = open_answerer(settings)
    if not followed:
        archive.current()
    log_to_stderr(settings.log_level)
    writer = IndexWriter(settings, archive)
    app = create_app(
        answerer=answerer,
        archive=archive,
        settings=settings.model_copy(update={"allowed_hosts": settings.served_hosts}),
        writer=writer,
        tracing=open_tracing(),
        watcher=open_watcher(settings, answerer, archive),
    )
    with _following(settings, followed, writer, archive):
        serve_app(app, settings, on_start)


@contextmanager
def _following(
    settings: Settings, followed: Path | None, writer: IndexWriter, archive: ServedArchive
) -> Iterator[None]:
    """Follow the sources in a list, in a thread that gives way to questions."""
    if followed is None:
        yield
        return
    with open_follower(
        settings,
        read_list(followed),
        writer,
        archive,
        every_s=settings.follow_every_s,
        tell=_log.info,
    ) as follower:
        # The web server sends itself the signal again that ended it: then this is to end in order.
        signal.signal(signal.SIGTERM, lambda *_: follower.stop.set())
        thread = threading.Thread(target=_follow, args=(follower,), name="follow")
        thread.start()
        try:
            yield
        finally:
            follower.stop.set()
            thread.join()


def _follow(follower: Follower) -> None:
    with giving_way():
        follower.run()


def serve_app(
    app: Litestar, settings: Settings, on_start: Callable[[str], None] = lambda _: None
) -> None:
    """Serve an application until the process is told to end; `on_start` is given the address.

    Then no more calls are taken, those that were accepted are finished, and what is still being
    done after some seconds is broken off.

    Raises:
        RequestError: the address is in use, or none of this machine's.
    """
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        # What is logged, and how, is the business of whoever calls.
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
        # Who was told to come back later finds the connection as it was, and so do proxies.
        timeout_keep_alive=_KEEP_ALIVE_S,
        # Otherwise whoever calls from this machine could say to be anyone.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
    )
    # Here, so that the address is told when somebody can call it, with the port that was free.
    with _listen(settings) as listening:
        on_start(_address(settings.host, listening.getsockname()[1]))
        uvicorn.Server(config).run([listening])


def _listen(settings: Settings) -> socket.socket:
    """Return a socket at the address of the settings.

    Raises:
        RequestError: it is in use, or none of this machine's.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.host or None, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # The protocol is named, or asyncio would take it for none that sends small parts at once.
        listening = socket.socket(family, kind, socket.IPPROTO_TCP)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        raise RequestError(_why_not(settings, error)) from error
    return listening


def _why_not(settings: Settings, error: OSError) -> str:
    """Return why a server cannot listen, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {settings.port} is already in use. Stop the other program, or choose another "
            f"port: --port {settings.port % 65535 + 1}."
        )
    if error.errno == errno.EACCES:
        return f"Port {settings.port} needs more rights. Choose one from 1024 up, with --port."
    return (
        f"{settings.host} is not an address of this machine ({error.strerror}). Choose another "
        "one with --host."
    )


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def check_exposure(settings: Settings, keys: KeyFile) -> None:
    """Refuse to listen where others can reach an archive that nothing guards.

    Raises:
        RequestError: that is so, and it was not asked for.
    """
    if is_loopback(settings.host) or settings.open_reading or keys.all():
        return
    raise RequestError(
        f"{settings.host or 'every address'} can be reached from other machines, and there is no "
        f"key: anyone could read the archive. Make one with `dateline keys add NAME --index "
        f"{settings.index_dir}`, or give --open to let everyone read."
    )
