"""The bodies that tell of the archive and of its articles."""

from service.api.bodies.corrections import CorrectionBody
from service.api.bodies.freshness import FollowedBody, FreshnessBody
from service.api.bodies.requests import Body

__all__ = [
    "ArchiveBody",
    "ArchiveQuestionsBody",
    "ArticleBody",
    "ArticleListBody",
    "FacetBody",
    "FacetsBody",
    "ListedArticleBody",
]


class ArticleBody(Body):
    """An article as the archive holds it; every offset counts code points of `text`."""

    id: str
    title: str
    text: str
    url: str | None
    source: str | None
    authors: tuple[str, ...]
    published: str | None
    language: str | None
    section: str | None
    n_code_points: int
    """Length of `text`, to check that both sides count alike."""
    embargo: str | None = None
    """The article is hidden until then; null without an embargo."""
    version: str | None = None
    """Names this wording of the article: the `v` of its page."""
    corrections: tuple[CorrectionBody, ...] = ()
    """What its outlet said of it afterwards, the notices in the text in their order."""
    retracted: bool = False
    """Whether its outlet took it back: then no answer is made of it."""


class ArchiveBody(Body):
    """Facts about the archive that is served."""

    snapshot: int
    n_articles: int
    n_passages: int
    n_embedded: int
    """Passages that are found by meaning too; fewer than all during a build."""
    embedder: str
    sources: tuple[str, ...]
    """The outlets, as `filters.sources` takes them."""
    first_day: str | None
    last_day: str | None
    published_at: str | None
    """When the snapshot was published, in UTC."""
    languages: dict[str, int] = {}
    """Articles in each language, the most common first; "" stands for an unknown language."""
    freshness: FreshnessBody | None = None
    """How fresh the archive is."""
    followed: tuple[FollowedBody, ...] = ()
    """The sources that it is kept in step with."""


class ArchiveQuestionsBody(Body):
    """Questions to begin with."""

    questions: tuple[str, ...]
    """At most six; none if the archive has no articles in English."""


class ListedArticleBody(Body):
    """An article in a list: what is needed to tell it from others."""

    id: str
    title: str
    source: str | None
    published: str | None
    language: str | None
    section: str | None
    url: str | None
    excerpt: str
    """Its first sentences, or those that have most of the words searched for."""
    marks: tuple[tuple[int, int], ...]
    """Where these words are in `excerpt`, `[start, end)` in code points."""
    permalink: str
    """Path of the article's page on this server, opened at the excerpt where one was searched."""


class FacetBody(Body):
    """One value to choose, and how many articles of the list have it."""

    value: str
    """As the parameter takes it; `unknown` stands for articles that state none."""
    n: int


class FacetsBody(Body):
    """Values to choose from, counted with all other filters applied."""

    sources: tuple[FacetBody, ...]
    """Outlets, the commonest first; at most 200."""
    months: tuple[FacetBody, ...]
    """Months of publication, the newest first; at most 600."""
    languages: tuple[FacetBody, ...]
    """Languages, the commonest first; at most 200."""


class ArticleListBody(Body):
    """One page of the articles that fit, the newest first."""

    articles: tuple[ListedArticleBody, ...]
    n_total: int
    """How many articles fit, on all pages."""
    is_complete: bool
    """False where only a part of the archive was looked through: in Milvus `q` lists what a search
    for the words finds, and what an earlier Dateline published there is its hundred newest."""
    facets: FacetsBody
    next: str | None
    """The `cursor` of the next page; null on the last one."""
    snapshot: int
    """Number of the snapshot of the archive."""
