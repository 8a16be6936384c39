"""200 payloads in titles, bodies, outlets, addresses, authors and questions run nothing."""

from collections.abc import Callable, Iterator, Sequence
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from corpus.article import Article
from index.search.browsing import Browse
from index.search.hit import Hit
from service.answering.answer import Answer, AskResult, Question
from service.api.bodies.archive import ArticleListBody, FacetBody, FacetsBody
from service.api.rendering.answers import ask_response
from service.api.rendering.archive import listed_article_body
from service.settings import Settings
from service.web.addresses import PageFilters
from service.web.browsing import BrowseView, browse_page
from service.web.pages import article_page
from service.web.turn import turn
from tests.service.api.conftest import serving
from tests.service.api.fakes import FakeArchive, FakeSnapshot, citation_of, hit_of
from tests.service.web.payloads import payloads

pytestmark = pytest.mark.e2e

PAYLOADS = list(payloads())
ARTICLES = {
    f"x{number}": Article(
        f"x{number}", text, f"Before. {text} After.", text, text, (text,), "2024-03-05"
    )
    for number, text in enumerate(PAYLOADS)
}
# Everything that the pages themselves may hold where they show what an archive says.
OURS = set(
    "a bdi blockquote button details div figcaption figure form h2 h3 input label li mark meter ol "
    "p path section span summary svg time ul".split()
)


class Snapshot(FakeSnapshot):
    def article(self, article_id: str) -> Article | None:
        return ARTICLES.get(article_id)


class Archive(FakeArchive):
    def current(self) -> Snapshot:
        return Snapshot()


class Echo:
    """Answers a payload with the payload, out of the article that is made of it."""

    def ask(
        self,
        question: Question,
        on_hits: Callable[[Sequence[Hit]], None] | None = None,
        raise_if_cancelled: Callable[[], None] | None = None,
    ) -> AskResult:
        article = ARTICLES[f"x{PAYLOADS.index(question.text)}"]
        hits = (hit_of(article),)
        if on_hits:
            on_hits(hits)
        cited = citation_of(article, article.text, question.text)
        answer = Answer(question.text, 0.5, 1, (cited,))
        standalone = f"Once more: {question.text}"
        return AskResult(question.text, standalone, answer, (answer,), hits, 7)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """Open the chat page with its policy switched off, which would stop what gets through."""
    settings = Settings(max_history_turns=0)
    with serving(Echo(), settings, Archive()) as address:
        context = browser.new_context(bypass_csp=True, base_url=address)
        context.expose_function("hit", lambda: HITS.append(1))
        page = context.new_page()
        page.goto("/")
        yield page
        context.close()


HITS: list[int] = []


def test_the_page_would_run_a_payload_if_it_were_markup(page: Page) -> None:
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=hit()>')")
    page.wait_for_function("() => document.querySelector('img[src=x]').complete")
    expect(page.locator("img[src=x]")).to_have_count(1)
    assert HITS == [1]
    HITS.clear()


def test_conversations_run_nothing_and_show_what_was_typed(page: Page) -> None:
    for text in PAYLOADS[::20]:
        page.locator("#question").fill(text)
        page.keyboard.press("Enter")
        expect(page.locator(".answer").last).to_have_text(text)
    # The others as a conversation of this tab, which is shown by the same code after a reload.
    page.evaluate(
        """async (texts) => {
          const { post } = await import("/static/api.js");
          const fields = { history: [], filters: {} };
          const turns = [];
          for (const text of texts) {
            const response = await post("/v1/ask", { question: text });
            turns.push({ result: await response.json(), fields, address: "/?q=x" });
          }
          sessionStorage.setItem("dateline.turns", JSON.stringify(turns));
        }""",
        PAYLOADS,
    )
    page.goto(page.url.split("?")[0])
    expect(page.locator("#turns > li")).to_have_count(200)
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 200
    assert page.locator("#turns h2").all_text_contents() == PAYLOADS
    shown = page.locator("#turns > li > .outcome > figure")
    assert shown.locator("mark").all_text_contents() == PAYLOADS
    assert shown.locator(".quote").all_text_contents() == [
        f"Before. {one} After." for one in PAYLOADS
    ]
    cards = page.locator("#turns > li > .outcome > .sources .card")
    assert cards.locator(".title").all_text_contents() == PAYLOADS
    assert cards.locator(".outlet").all_text_contents() == PAYLOADS
    tags = page.evaluate(
        "[...new Set([...document.querySelectorAll('#turns *')].map(one => one.localName))]"
    )
    assert set(tags) <= OURS
    page.get_by_role("button", name="New conversation").click()
    assert HITS == []


def test_articles_run_nothing_and_show_what_was_typed(page: Page) -> None:
    outcomes = page.evaluate(
        """async (articles) => {
          const { openProof } = await import("/static/proof.js");
          const wrong = [];
          const check = (root, what, { id, title, text }) => {
            const mark = root.querySelector("#quote").textContent;
            const whole = root.querySelector(".text").textContent;
            const heading = root.querySelector("h1, h2").textContent;
            const links = [...root.querySelectorAll("a")].map((one) => one.protocol);
            if (mark !== title || whole !== text || heading !== title) wrong.push([what, id]);
            if (links.some((one) => !["http:", "https:"].includes(one))) wrong.push(["link", id]);
            const alien = "img, script, svg, iframe, style, input";
            if (root.querySelector(alien)) wrong.push(["tag", id]);
          };
          for (const article of articles) {
            const place = { article: article.id, start: 8, end: 8 + article.title.length };
            await openProof(place);
            check(document.getElementById("proof"), "panel", article);
            const parsed = new DOMParser().parseFromString(article.page, "text/html");
            check(parsed.querySelector("main"), "page", article);
          }
          return wrong;
        }""",
        [
            {
                "id": one.id,
                "title": one.title,
                "text": one.text,
                "page": article_page(one, 8, 8 + len(one.title)),
            }
            for one in ARTICLES.values()
        ],
    )
    assert outcomes == []
    assert HITS == []


def test_pages_of_articles_run_nothing(page: Page) -> None:
    for number in range(0, 200, 20):
        page.goto(f"/articles/x{number}?q=0-7")
        assert page.locator("h1").text_content() == PAYLOADS[number]
        assert page.locator("main :is(script, img, svg, iframe, style, form)").count() == 0
    assert HITS == []


def test_pages_of_questions_and_lists_run_nothing(page: Page) -> None:
    for text in PAYLOADS[::20]:
        page.goto(f"/?{urlencode({'q': text, 'source': text, 'from': '2024-01-01'})}")
        expect(page.locator(".answer").last).to_have_text(text)
        page.goto(f"/articles?{urlencode({'q': text, 'source': text, 'language': text[:300]})}")
        expect(page.locator("#q")).to_have_value(text)
        page.goto(f"/{quote(text, safe='')}")
        expect(page.locator("h1")).to_have_text("There is nothing at this address")
    assert HITS == []


def test_the_server_writes_every_payload_as_text() -> None:
    for number, text in enumerate(PAYLOADS):
        result = Echo().ask(Question(text))
        shown = turn(ask_response(result), PageFilters((text,)))
        listed = listed_article_body(ARTICLES[f"x{number}"], "")
        found = ArticleListBody(
            articles=(listed,),
            n_total=1,
            is_complete=True,
            facets=FacetsBody(sources=(FacetBody(value=text, n=1),), months=(), languages=()),
            next=None,
            snapshot=7,
        )
        page = browse_page(BrowseView(found, Browse(text, (text,), None, text)))
        for markup in (shown, page.partition("<main")[2].partition("</main>")[0]):
            read = Read()
            read.feed(markup)
            assert read.tags <= OURS | {"form", "h1", "nav", "table", "tbody", "tr", "td"}, text
            assert not any(name.startswith("on") or name == "style" for name in read.names), text
            assert all(address.startswith("/") for address in read.addresses), text


class Read(HTMLParser):
    """Notes the tags, the names of attributes and the addresses of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        wanted = ("href", "src", "action")
        self.addresses |= {value or "" for name, value in attrs if name in wanted}
