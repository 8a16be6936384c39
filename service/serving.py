"""Runs the web server, where it may listen."""

from collections.abc import Callable

import uvicorn
from litestar import Litestar

from corpus.errors import RequestError
from service.api.app import create_app
from service.keys import KeyFile
from service.logs import log_to_stderr
from service.settings import Settings, is_loopback
from service.wiring import open_answerer
from service.writing import IndexWriter

__all__ = ["check_exposure", "run_server", "serve_app"]

# Whoever stops servers kills them after ten seconds as a rule, and ending takes some of these.
_GRACE_S = 7


def run_server(settings: Settings, on_start: Callable[[str], None]) -> None:
    """Serve until the process is told to end; `on_start` is given the address.

    Raises:
        RequestError: anyone could read the archive, and nobody said so.
        IndexStateError: there is no archive to serve.
    """
    check_exposure(settings, KeyFile(settings.index_dir))
    answerer, archive = open_answerer(settings)
    archive.current()
    log_to_stderr(settings.log_level)
    on_start(f"http://{settings.host}:{settings.port}/")
    app = create_app(
        answerer=answerer, archive=archive, settings=settings, writer=IndexWriter(settings, archive)
    )
    serve_app(app, settings)


def serve_app(app: Litestar, settings: Settings) -> None:
    """Serve an application until the process is told to end.

    Then no more calls are taken, those that were accepted are finished, and what is still being
    done after some seconds is broken off.
    """
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        # What is logged, and how, is the business of whoever calls.
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
        # Otherwise whoever calls from this machine could say to be anyone.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
    )


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
