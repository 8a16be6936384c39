"""WordPress sites as sources: their REST API, some posts at a time, by when they were changed."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from corpus.errors import FetchError
from corpus.remote import Reply, read_address
from corpus.sources import Reading
from service.following.courtesy import Courtesy, raise_for
from service.following.reading import articles_in, listed, records_in
from service.following.source import Source
from service.following.state import State

__all__ = ["WordPressLooker", "is_wordpress"]

_API = "/wp/v2/posts"
_PER_REQUEST = 100
# A post that is changed meanwhile moves to the end, and all behind it one place to the front.
_STEP = 95
# So many requests a look; the next one goes on.
_MAX_REQUESTS = 50
# The clocks of a site may go back an hour, and it compares whole seconds.
_OVERLAP = timedelta(hours=2)
_FIELDS = "id,date,date_gmt,modified,link,slug,status,title,content,excerpt"


def is_wordpress(url: str) -> bool:
    """Whether an address is that of a WordPress site's REST API."""
    target = read_address(url).target
    return "/wp-json" in target or "rest_route=" in target


@dataclass(frozen=True, slots=True)
class WordPressLooker:
    """Reads the posts of a site that were changed since the last look, the oldest first."""

    state: State
    courtesy: Courtesy
    now: Callable[[], float]
    reading: Reading = field(default_factory=Reading)

    def look(self, source: Source, url: str, cursor: str | None) -> int:
        """Keep what is new, and return how many articles that is.

        Raises:
            FetchError: posts cannot be fetched or read. What came before is kept.
        """
        # Counted from the same moment on: how far it came is for the next look.
        since, n_new = cursor, 0
        for number in range(_MAX_REQUESTS):
            if number:
                self.courtesy.pause(url)
            reply = self.courtesy.get(_page(url, number * _STEP, since))
            raise_for(reply, url)
            posts = _posts(reply)
            if posts:
                articles = articles_in(records_in(reply, self.reading), reply.url)
                cursor = max(filter(None, (cursor, *map(_modified, posts))), default=None)
                n_new += self.state.items.keep(
                    source.key, listed(articles, source), {}, self.now(), cursor=cursor
                )
            if len(posts) < _PER_REQUEST:
                break
        return n_new


def _page(url: str, offset: int, cursor: str | None) -> str:
    """Return the address of some posts, from the `offset`th on."""
    address = read_address(url)
    path, _, query = address.target.partition("?")
    asked = dict(parse_qsl(query))
    if "rest_route" in asked:
        asked["rest_route"] = _API
    elif not path.rstrip("/").endswith(_API):
        path = re.sub(r"/wp-json.*", f"/wp-json{_API}", path)
    asked |= {"per_page": str(_PER_REQUEST), "offset": str(offset), "_fields": _FIELDS}
    asked |= {"orderby": "modified", "order": "asc"}
    if cursor:
        asked["modified_after"] = (datetime.fromisoformat(cursor) - _OVERLAP).isoformat()
    return f"{address.origin}{path}?{urlencode(asked)}"


def _posts(reply: Reply) -> list[object]:
    try:
        value = json.loads(reply.content)
    except (ValueError, RecursionError) as error:
        raise FetchError(f"{reply.url} is not what WordPress replies: {error}.") from error
    if not isinstance(value, list):
        raise FetchError(f"{reply.url} is not what WordPress replies: no list of posts.")
    return value


def _modified(post: object) -> str | None:
    """Return when a post was changed, by the clock of the site."""
    value = post.get("modified") if isinstance(post, dict) else None
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=None).isoformat()
    except ValueError:
        return None
