"""`dateline mcp`: the archive as tools of a language model on this machine."""

import asyncio
from pathlib import Path

import rich_click as click

from service.cli.options import errors_told, index_option
from service.settings import Settings
from service.wiring import open_answerer

__all__ = ["mcp"]


@click.command()
@index_option
def mcp(index_dir: Path) -> None:
    """Serve the tools ask, search and get_article over standard input and output.

    For programs that speak the Model Context Protocol and start this one by themselves; a server
    has the same tools at /mcp.

        dateline mcp --index my-archive
    """
    # Here, not at the top: only this command needs them.
    from service.api.context import Context
    from service.api.mcp.server import serve_stdio
    from service.feedback import FeedbackFile
    from service.logs import log_to_stderr

    with errors_told():
        settings = Settings(index_dir=index_dir)
        answerer, archive = open_answerer(settings)
        archive.current()
    # Standard output belongs to the protocol.
    log_to_stderr("warning")
    feedback = FeedbackFile(settings.index_dir, settings.max_feedback)
    api = Context(answerer, archive, settings, feedback)
    try:
        asyncio.run(serve_stdio(api))
    finally:
        api.close()
