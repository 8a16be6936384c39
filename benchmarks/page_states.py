"""The states that the page can be in, and how to bring it there."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

__all__ = ["ANSWERED", "CHANGED", "HOLD_ANSWER", "REFUSED", "RUNOFF", "STATES", "ask", "show"]

ANSWERED = "Who is the chief executive of Calder Foods?"
CHANGED = "Who is the mayor of Sandhaven?"
RUNOFF = "Who won the Puerto Alba mayoral runoff?"
REFUSED = "What is the minimum wage in Ireland?"

# Lets the passages through and keeps the answer back.
HOLD_ANSWER = """
const send = window.fetch;
window.fetch = async (path, options) => {
  const response = await send(path, options);
  if (path !== "/v1/ask") return response;
  const hold = new TransformStream({
    transform: (chunk, to) =>
      new TextDecoder().decode(chunk).includes("event: answer") ? new Promise(() => {})
      : to.enqueue(chunk),
  });
  return new Response(response.body.pipeThrough(hold), response);
};
"""


def ask(page: Page, question: str) -> None:
    """Ask and wait for what becomes of it."""
    before = page.locator(".actions").count()
    page.locator("#question").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".actions")).to_have_count(before + 1, timeout=60_000)


def show(state: str, page: Page, address: str) -> None:
    """Bring a fresh page of the server at `address` into a state."""
    STATES[state](page, address)


def _open(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#archive")).to_contain_text("articles")


def _welcome(page: Page, address: str) -> None:
    _open(page, address)
    expect(page.locator(".example").first).to_be_visible()


def _reading(page: Page, address: str) -> None:
    page.add_init_script(HOLD_ANSWER)
    _open(page, address)
    page.locator("#question").fill(ANSWERED)
    page.keyboard.press("Enter")
    expect(page.locator(".headlines")).to_be_visible(timeout=60_000)


def _answer(page: Page, address: str) -> None:
    _open(page, address)
    ask(page, ANSWERED)


def _unfolded(page: Page, address: str) -> None:
    _open(page, address)
    ask(page, CHANGED)
    for summary in page.locator("#turns summary").all():
        summary.click()


def _refusal(page: Page, address: str) -> None:
    _open(page, address)
    ask(page, REFUSED)


def _followup(page: Page, address: str) -> None:
    _open(page, address)
    ask(page, RUNOFF)
    ask(page, "Who was he running against?")


def _filters(page: Page, address: str) -> None:
    page.goto(f"{address}/?source=Harbour+Post&source=Costa+Daily&from=2024-01-01&as_of=2025-03-01")
    page.locator("#filters summary").click()
    expect(page.locator("#archive")).to_contain_text("articles")


def _article(page: Page, address: str) -> None:
    _answer(page, address)
    page.locator("a.opener").first.click()
    expect(page.locator("#quote")).to_be_visible()


def _article_page(page: Page, address: str) -> None:
    _answer(page, address)
    page.goto(address + str(page.locator("a.opener").first.get_attribute("href")))


def _wrong(page: Page, address: str) -> None:
    _answer(page, address)
    page.get_by_role("button", name="Wrong").click()
    expect(page.get_by_label("What is right")).to_be_visible()


def _error(page: Page, address: str) -> None:
    problem = {"type": "/schema#too-long", "detail": "It took longer than 30 seconds."}
    body = json.dumps(problem)
    page.route("**/v1/ask", lambda route: route.fulfill(status=504, body=body))
    _answer(page, address)


def _outage(page: Page, address: str) -> None:
    page.route("**/v1/ask", lambda route: route.abort())
    _answer(page, address)


def _empty(page: Page, address: str) -> None:
    def fulfil(route: Route) -> None:
        facts = {"n_articles": 0, "n_passages": 0, "n_embedded": 0, "sources": []}
        route.fulfill(body=json.dumps(facts))

    page.route("**/v1/archive", fulfil)
    page.goto(address)
    expect(page.get_by_text("dateline build")).to_be_visible()


def _not_found(page: Page, address: str) -> None:
    page.goto(f"{address}/articles/nope")


def _reference(page: Page, address: str) -> None:
    page.goto(f"{address}/schema")


STATES: dict[str, Callable[[Page, str], None]] = {
    "welcome": _welcome,
    "reading": _reading,
    "answer": _answer,
    "unfolded": _unfolded,
    "refusal": _refusal,
    "followup": _followup,
    "filters": _filters,
    "article": _article,
    "article-page": _article_page,
    "wrong": _wrong,
    "error": _error,
    "outage": _outage,
    "empty": _empty,
    "not-found": _not_found,
    "reference": _reference,
}
