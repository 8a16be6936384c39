"""One look at a source: what is new there is kept until it is published."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from corpus.errors import FetchError
from corpus.remote import Reply
from corpus.sources import Reading
from corpus.sources.detection import Format, detect
from corpus.sources.formats.html import Page, page_task
from corpus.sources.workers import in_order
from service.following.courtesy import Courtesy, EndedError, conditions, raise_for
from service.following.folder import FolderLooker
from service.following.reading import articles_in, listed, records_in, validator_of
from service.following.rows import Followed, Listed, Validator
from service.following.sitemap import ListedMap, is_sitemap, read_sitemap
from service.following.source import Source
from service.following.state import State
from service.following.wordpress import WordPressLooker, is_wordpress

__all__ = ["Looked", "Looker"]

_HEAD_BYTES = 65_536
_MAX_MAP_DEPTH = 2
# Where it is noted when an index says that a sitemap was changed; empty: it does not say.
_LISTED = "#listed"


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look: how many articles are new or changed, and where the source has moved."""

    n_new: int
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Looker:
    """Looks at sources of every kind; threads may share it. `now`: seconds since 1970.

    With `takes_pages` a source may also be the page of one article.
    """

    state: State
    courtesy: Courtesy
    reading: Reading = field(default_factory=Reading)
    now: Callable[[], float] = time.time
    takes_pages: bool = False

    def look(self, source: Source, known: Followed) -> Looked:
        """Look at a source, keep what is new, and return what came of it.

        Raises:
            NotNowError: its host asked to be left alone.
            EndedError: it is gone for good.
            DatelineError: it cannot be fetched or read.
        """
        if not source.is_remote:
            return Looked(FolderLooker(self.state, self.reading, self.now).look(source))
        url = known.moved_to or source.key
        if is_wordpress(url):
            looker = WordPressLooker(self.state, self.courtesy, self.now, self.reading)
            return Looked(looker.look(source, url, known.cursor))
        fetched = self._fetch(source, url)
        if fetched is None:
            return Looked(self._read_unlisted(source))
        return Looked(self._read(source, url, fetched), fetched.moved_to)

    def _fetch(self, source: Source, url: str) -> Reply | None:
        """Return what is at an address if it is not what was there at the last look."""
        known = self.state.validator(source.key, url)
        reply = self.courtesy.get(url, conditions(known))
        if reply.status == 304:
            return None
        raise_for(reply, url)
        is_same = known.digest == validator_of(reply).digest and not reply.moved_to
        return None if is_same else reply

    def _read(self, source: Source, url: str, reply: Reply) -> int:
        """Keep what is new in a feed, sitemap or file that was fetched."""
        if is_sitemap(reply):
            return self._read_sitemap(source, url, reply, 0)
        if detect(reply.content[:_HEAD_BYTES], "") is Format.HTML:
            if self.takes_pages:
                page = Page(reply.url, reply.content, url=reply.url, policy=self.reading.policy)
                articles = articles_in(in_order([page_task(page)]), url)
                return self._keep(source, url, reply, listed(articles, source))
            raise FetchError(
                f"{url} is a page: follow its feed, its news sitemap or its /wp-json/ instead, or "
                "read it once with `dateline add`."
            )
        articles = articles_in(records_in(reply, self.reading), url)
        return self._keep(source, url, reply, listed(articles, source))

    def _read_sitemap(self, source: Source, url: str, reply: Reply, depth: int) -> int:
        found = read_sitemap(reply)
        n_new = self._read_maps(source, found.maps if depth < _MAX_MAP_DEPTH else (), depth)
        return n_new + self._keep(source, url, reply, found.pages)

    def _read_unlisted(self, source: Source) -> int:
        """Read the sitemaps of an index that has not changed and does not say when they did."""
        places = self.state.places(source.key).items()
        urls = [place.removesuffix(_LISTED) for place, changed in places if not changed]
        return self._read_maps(source, [ListedMap(url, "") for url in urls], 0)

    def _read_maps(self, source: Source, maps: Sequence[ListedMap], depth: int) -> int:
        n_new, trouble = 0, None
        for one in maps:
            try:
                n_new += self._read_listed_map(source, one, depth)
            except EndedError:
                continue  # one of many
            except FetchError as error:
                trouble = error
        if trouble:
            raise trouble
        return n_new

    def _read_listed_map(self, source: Source, one: ListedMap, depth: int) -> int:
        """Read a sitemap of an index, unless the index says that it has not changed."""
        place = one.url + _LISTED
        if one.changed and self.state.validator(source.key, place).digest == one.changed:
            return 0
        self.courtesy.pause(one.url)
        reply = self._fetch(source, one.url)
        n_new = 0
        if reply and is_sitemap(reply):
            n_new = self._read_sitemap(source, one.url, reply, depth + 1)
        listed_as = {place: Validator(digest=one.changed)}
        self.state.items.keep(source.key, (), listed_as, self.now())
        return n_new

    def _keep(
        self,
        source: Source,
        url: str,
        reply: Reply,
        items: Sequence[Listed],
    ) -> int:
        validators = dict.fromkeys((url, reply.moved_to or url), validator_of(reply))
        return self.state.items.keep(source.key, items, validators, self.now())
