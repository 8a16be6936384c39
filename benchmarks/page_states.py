"""The states that the page can be in, and how to bring it there."""

import json
from collections.abc import Callable
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from service.web.home import empty_page

__all__ = [
    "ANSWERED",
    "CHANGED",
    "HOLD_ANSWER",
    "REFUSED",
    "RUNOFF",
    "STATES",
    "TOPIC",
    "ask",
    "show",
]

ANSWERED = "Who is the chief executive of Calder Foods?"
CHANGED = "What is Castellan's key interest rate?"
RUNOFF = "Who won the Puerto Alba mayoral runoff?"
TOPIC = "Calder Foods"
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
    # A server that has just started checks them first.
    expect(page.locator(".example").first).to_be_visible(timeout=60_000)


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
    folded = page.locator("#turns details:not([open]) > summary")
    while folded.count():
        folded.first.click()


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
    expect(page.get_by_label("the correct answer")).to_be_visible()


def _error(page: Page, address: str) -> None:
    problem = {"type": "/schema#too-long", "detail": "It took longer than 30 seconds."}
    body = json.dumps(problem)
    page.route("**/v1/ask", lambda route: route.fulfill(status=504, body=body))
    _answer(page, address)


def _outage(page: Page, address: str) -> None:
    page.route("**/v1/ask", lambda route: route.abort())
    _answer(page, address)


def _empty(page: Page, address: str) -> None:
    # What the server makes of an archive without articles.
    body = empty_page("This archive has no articles yet.")
    page.route(f"{address}/", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(address)
    expect(page.get_by_text("dateline build")).to_be_visible()


def _not_found(page: Page, address: str) -> None:
    page.goto(f"{address}/articles/nope")


def _topic(page: Page, address: str) -> None:
    _open(page, address)
    ask(page, TOPIC)


def _plain(page: Page, address: str) -> None:
    # Looks the same with and without scripts, which the tests compare.
    page.goto(f"{address}/?{urlencode({'q': ANSWERED})}")


def _crossed(page: Page, address: str) -> None:
    page.goto(f"{address}/?from=2024-05-01&to=2024-02-01")
    expect(page.locator("#crossed")).to_be_visible()


def _past(page: Page, address: str) -> None:
    _answer(page, address)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#past")).to_be_visible()


def _browse(page: Page, address: str) -> None:
    page.goto(f"{address}/articles")


def _found(page: Page, address: str) -> None:
    page.goto(f"{address}/articles?q=Calder&month=2024-06")


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
    "topic": _topic,
    "plain": _plain,
    "crossed": _crossed,
    "past": _past,
    "browse": _browse,
    "found": _found,
    "wrong": _wrong,
    "error": _error,
    "outage": _outage,
    "empty": _empty,
    "not-found": _not_found,
    "reference": _reference,
}
