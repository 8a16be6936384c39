"""The page of an article: what it says, what became of it, and how two wordings of it differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from corpus.article import Article
from index.search.history import ArticleHistory, KeptVersion
from service.changes import changes, quote_now
from service.links import article_address, comparison_address
from service.web.markup import Html, element, joined
from service.web.notices import notice_list
from service.web.pages import article_facts, article_page, laid_out
from service.words import count, day

__all__ = ["ArticleView", "comparison_page"]


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article that is opened by a link: now, and as the link means it.

    The link quotes `[start, end)` of the wording that `version` names, of the current one where it
    names none; without a quote both are 0.
    """

    article: Article
    history: ArticleHistory
    version: str | None = None
    start: int = 0
    end: int = 0

    @property
    def shown(self) -> Article:
        """The wording that the link names if it is kept, and else the current one."""
        kept = self._kept
        return kept.article if kept else self.article

    @property
    def fits(self) -> bool:
        """Whether the quote lies in what is shown."""
        return self.start <= self.end <= len(self.shown.text)

    @property
    def is_changed(self) -> bool:
        """Whether it had another wording, or the link names one that is not the current."""
        return bool(self.history.versions) or self._is_of_another

    def page(self) -> str:
        """Return the page."""
        # Offsets of a wording that is gone mean nothing in another.
        is_lost = self._is_of_another and not self._kept
        start, end = (0, 0) if is_lost or not self.fits else (self.start, self.end)
        notes = joined([*self._banners(is_lost=is_lost), notice_list(self.shown.corrections)])
        return article_page(self.shown, start, end, notes, self._versions())

    @property
    def _kept(self) -> KeptVersion | None:
        if self.version is None or self.version == self.article.version:
            return None
        return self.history.version(self.version)

    @property
    def _is_of_another(self) -> bool:
        return self.version is not None and self.version != self.article.version

    def _banners(self, *, is_lost: bool) -> Iterator[Html]:
        if self.history.hold:
            since = day(self.history.hold.held_at)
            yield _banner(f"On hold since {since}: no answer is made of this article.")
        if self.article.is_retracted:
            yield _banner("Retracted by its publisher: no answer is made of this article.")
        if self._kept:
            yield self._changed(self._kept)
        elif is_lost:
            when = self._when()
            yield _banner(
                f"The version that this link quotes is no longer kept. {when} "
                "This is the article as it is now."
            )
        elif self.history.versions and self.end and self.version is None:
            gone = "" if self.fits else " The passage that it points to is no longer there."
            yield _banner(
                f"{self._when()} This link may be older than that: it names no version.{gone}"
            )

    def _changed(self, kept: KeptVersion) -> Html:
        """Return what is to be known of an earlier wording."""
        parts: list[str | None] = [
            element("strong", "An earlier version."),
            f" The article was changed on {day(kept.until.isoformat())}",
        ]
        now = None
        if self.end and self.fits:
            now = quote_now(kept.article.text, self.article.text, self.start, self.end)
        if now:
            parts += [". In place of the quote it now says: ", element("q", element("em", now))]
        elif now == "":
            parts.append(": what is quoted here is no longer in it.")
        else:
            parts.append(", but not in what is quoted here." if self.end else ".")
        links = [
            element("a", "The article as it is now", href=article_address(self.article.id)),
            " · ",
            element(
                "a",
                "Compare the two",
                href=comparison_address(self.article.id, kept.article.version),
            ),
        ]
        return _banner(joined(parts), element("p", *links))

    def _when(self) -> str:
        last = next(iter(self.history.versions), None)
        return f"The article was changed on {day(last.until.isoformat())}." if last else ""

    def _versions(self) -> Html:
        """Return the links to all wordings that are kept."""
        if not self.history.versions:
            return Html()
        rows = [
            element(
                "li",
                element(
                    "a",
                    f"Until {day(kept.until.isoformat())}",
                    href=article_address(self.article.id, kept.article.version),
                ),
                " · ",
                element(
                    "a",
                    "compare with the current one",
                    href=comparison_address(self.article.id, kept.article.version),
                ),
            )
            for kept in self.history.versions
        ]
        title = element("summary", count(len(rows), "earlier version"))
        return element("details", title, element("ul", *rows), class_="versions")


def comparison_page(old: KeptVersion, new: Article, until: str | None = None) -> str:
    """Return two wordings side by side, the sentences that were changed marked.

    `new` stood until the day `until`, or still stands.
    """
    rows = [
        element("p", change.old, class_="same", dir="auto")
        if change.is_same
        else element(
            "div",
            element("del", change.old, dir="auto") if change.old else element("span"),
            element("ins", change.new, dir="auto") if change.new else element("span"),
            class_="pair",
        )
        for change in changes(old.article.text, new.text)
    ]
    n_changed = sum('class="pair"' in row for row in rows)
    title = _title_change(old.article, new)
    heads = element(
        "div",
        element("h2", f"Until {day(old.until.isoformat())}"),
        element("h2", f"Until {day(until)}" if until else "Now"),
        class_="pair heads",
    )
    said = count(n_changed, "change") if n_changed else "No sentence was changed"
    back = element("a", "Read the article", href=article_address(new.id))
    return laid_out(
        "compare.html",
        page_title=f"Two versions of {new.title or 'Untitled'} · Dateline",
        title=escape(new.title or "Untitled"),
        facts=joined([article_facts(new), " · ", said, " · ", back]),
        language=escape(new.language or "und"),
        rows=joined([heads, title, *rows]),
    )


def _title_change(old: Article, new: Article) -> Html | None:
    if old.title == new.title:
        return None
    return element(
        "div",
        element("del", old.title, dir="auto"),
        element("ins", new.title, dir="auto"),
        class_="pair title-change",
    )


def _banner(*parts: str) -> Html:
    return element("div", *parts, class_="banner", role="note")
