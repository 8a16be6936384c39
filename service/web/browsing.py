"""The page to look through the archive: a list of articles, narrowed down by links."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from index.search.browsing import UNKNOWN, Browse
from service.api.bodies.archive import ArticleListBody, FacetBody, ListedArticleBody
from service.web.addresses import PageFilters, browse_address
from service.web.markup import Html, element, joined, marked_parts
from service.web.pages import chip, laid_out
from service.words import count, day

__all__ = ["BrowseView", "browse_page"]

# Months and outlets beyond these are behind a fold.
_SHOWN_VALUES = 12


@dataclass(frozen=True, slots=True)
class BrowseView:
    """A page of the list, and what it was asked for with."""

    found: ArticleListBody
    asked: Browse

    def address(self, **changed: str | Sequence[str] | None) -> str:
        """Return the address of the first page of the list with some parameters changed."""
        asked = self.asked
        given: dict[str, str | Sequence[str] | None] = {
            "q": asked.text,
            "source": asked.sources,
            "month": asked.month,
            "language": asked.language,
        }
        return browse_address(**given | changed)


def browse_page(view: BrowseView) -> str:
    """Return the page."""
    asked, found = view.asked, view.found
    heading = f"Articles with “{asked.text}”" if asked.text else "Articles"
    following = view.address(cursor=found.next) if found.next else None
    older = element("a", "Older articles", class_="older", href=following, rel="next")
    return laid_out(
        "browse.html",
        page_title=f"{heading} · Dateline",
        heading=escape(heading),
        here="browse",
        q=escape(asked.text),
        kept=joined(_kept(asked)),
        asking=_asking(asked),
        chips=_chips(view),
        n_total=escape(_total(found)),
        articles=joined(_listed(article) for article in found.articles),
        next=element("p", older) if following else "",
        facets=joined(_facets(view)),
    )


def _kept(asked: Browse) -> Iterator[Html]:
    """Yield the filters as hidden fields, so that new words are looked for among the same."""
    fields = [("source", source) for source in asked.sources]
    fields += [("month", asked.month or ""), ("language", asked.language or "")]
    for name, value in fields:
        if value:
            yield element("input", type="hidden", name=name, value=value)


def _asking(asked: Browse) -> Html:
    if not asked.text:
        return Html()
    link = element(
        "a", f"Ask the archive about “{asked.text}”", href=PageFilters().address(asked.text)
    )
    return element("p", link, class_="facts")


def _total(found: ArticleListBody) -> str:
    if not found.n_total:
        return "No article fits. Use fewer words, or remove a filter."
    rest = (
        "" if found.is_complete else " among those looked through: the newest, or the best matches"
    )
    return count(found.n_total, "article") + rest


def _listed(article: ListedArticleBody) -> Html:
    outlet = element("bdi", article.source, class_="outlet") if article.source else None
    time = element("time", day(article.published), datetime=article.published)
    facts = element("p", outlet, " · " if outlet else None, time, class_="facts")
    title = element("a", article.title or "Untitled", href=article.permalink, dir="auto")
    excerpt = marked_parts(article.excerpt, article.marks)
    return element(
        "li", facts, element("h2", title), element("p", excerpt, dir="auto", class_="excerpt")
    )


def _chips(view: BrowseView) -> Html:
    asked, chips = view.asked, []
    for source in asked.sources:
        rest = tuple(other for other in asked.sources if other != source)
        chips.append(chip(f"Outlet: {source}", view.address(source=rest)))
    if asked.month:
        chips.append(chip(_month(asked.month), view.address(month=None)))
    if asked.language:
        chips.append(chip(f"Language: {asked.language}", view.address(language=None)))
    return element("ul", *chips, class_="chips", aria_label="Filters in use") if chips else Html()


def _facets(view: BrowseView) -> Iterator[Html]:
    facets, asked = view.found.facets, view.asked

    def by_source(value: str) -> str:
        return view.address(source=tuple(dict.fromkeys((*asked.sources, value))))

    outlets = [one for one in facets.sources if one.value not in asked.sources]
    yield _facet("Outlet", [_choice(one, one.value, by_source(one.value)) for one in outlets])
    months = [one for one in facets.months if one.value != asked.month]
    yield _facet(
        "Month",
        [_choice(one, _month(one.value), view.address(month=one.value)) for one in months],
    )
    languages = [one for one in facets.languages if one.value != asked.language]
    if len(facets.languages) > 1:
        choices = [_choice(one, one.value, view.address(language=one.value)) for one in languages]
        yield _facet("Language", choices)


def _facet(title: str, choices: Sequence[Html]) -> Html:
    if not choices:
        return Html()
    first, more = choices[:_SHOWN_VALUES], choices[_SHOWN_VALUES:]
    fold = element("details", element("summary", f"{len(more)} more"), element("ul", *more))
    return element("section", element("h2", title), element("ul", *first), fold if more else None)


def _choice(one: FacetBody, label: str, address: str) -> Html:
    link = element("a", element("bdi", label), href=address)
    return element("li", link, " ", element("span", f"{one.n:,}", class_="facts"))


def _month(value: str) -> str:
    return "undated" if value == UNKNOWN else day(value)
