"""The chat page and the files that pages load."""

import hashlib
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.api.access import PUBLIC
from service.api.context import Api
from service.api.responses import problems
from service.web.pages import chat_page, static_files

__all__ = ["show_chat", "static_file"]

# Few and small: they are read once, and no path of a request ever meets the file system.
_FILES = static_files()
_TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}


@get(
    "/",
    media_type=MediaType.HTML,
    summary="The chat page",
    responses=problems(),
    sync_to_thread=False,
)
def show_chat(api: Api) -> str:
    """Show the page to ask on."""
    return chat_page(api.settings.max_question_chars, api.settings.max_history_turns)


@get(
    "/static/{name:str}",
    summary="Files that pages load",
    responses=problems(400, 404, guarded=False),
    # The page that asks for a key looks like the others.
    opt=PUBLIC,
    sync_to_thread=False,
)
def static_file(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return a script, a style sheet or an image of the pages."""
    content = _FILES.get(name)
    if content is None:
        raise NotFoundException(f"There is no file {name[:100]!r}.")
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers={"ETag": etag})
    media_type = f"{_TYPES[name.rpartition('.')[2]]}; charset=utf-8"
    return Response(content, media_type=media_type, headers={"ETag": etag})
