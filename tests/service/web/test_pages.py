"""The pages in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from service.keys import KeyFile
from service.settings import Settings
from tests.service.api.conftest import serving
from tests.service.api.fakes import EVIL, FakeAnswerer

pytestmark = pytest.mark.e2e


def ask(page: Page, question: str) -> None:
    page.get_by_label("Ask the archive").fill(question)
    page.keyboard.press("Enter")


def test_an_answer_leads_to_its_article(page: Page) -> None:
    ask(page, "How many were rescued?")
    expect(page.locator(".answer")).to_have_text("Nine")
    expect(page.locator("figure mark").first).to_have_text("Nine")
    expect(page.get_by_role("status")).to_contain_text("Answer: Nine")
    with page.expect_popup() as opening:
        page.get_by_role("link", name="Ferry sinks off Norhavn").first.click()
    article = opening.value
    mark = article.locator("mark#quote")
    expect(mark).to_have_text("Nine people were rescued.")
    expect(mark).to_be_in_viewport()


def test_the_answer_is_marked_by_code_points(page: Page) -> None:
    ask(page, "How many were rescued?")
    # The ship before "Sula" is one code point and two UTF-16 units.
    page.get_by_text("Other answers found (1)").click()
    expect(page.locator("details mark")).to_have_text("Sula")


def test_passages_are_announced_while_they_are_read(page: Page, answerer: FakeAnswerer) -> None:
    answerer.gate.clear()
    ask(page, "How many were rescued?")
    expect(page.get_by_role("status")).to_contain_text("Reading 1 passage …")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_disabled()
    answerer.gate.set()
    expect(page.locator(".answer")).to_have_text("Nine")
    expect(page.get_by_label("Ask the archive")).to_be_focused()


def test_a_refusal_shows_what_is_no_answer(page: Page) -> None:
    ask(page, "nothing")
    expect(page.locator(".refusal")).to_have_text("No answer")
    expect(page.locator("#turns")).to_contain_text("The archive does not say.")
    expect(page.locator(".nearest")).to_contain_text("not an answer")


def test_options_and_history_are_sent(page: Page, answerer: FakeAnswerer) -> None:
    page.get_by_label("Outlet").select_option("Harbour Post")
    page.get_by_label("As of").fill("2024-04-01")
    ask(page, "How many were rescued?")
    expect(page.locator(".answer")).to_have_count(1)
    ask(page, "And nothing else?")
    expect(page.locator(".refusal")).to_have_count(1)
    last = answerer.asked[-1]
    assert last.filters.sources == ("Harbour Post",)
    assert str(last.as_of) == "2024-04-01"
    assert [(turn.question, turn.answer) for turn in last.history] == [
        ("How many were rescued?", "Nine")
    ]
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#turns li")).to_have_count(0)


def test_a_failure_is_told(page: Page, answerer: FakeAnswerer) -> None:
    answerer.fails = ZeroDivisionError()
    ask(page, "How many were rescued?")
    expect(page.get_by_role("alert")).to_be_visible()
    answerer.fails = None
    ask(page, "How many were rescued?")
    expect(page.locator(".answer")).to_have_text("Nine")


def test_markup_of_an_article_is_inert(page: Page) -> None:
    ask(page, "evil <img src=x onerror=\"document.title='owned'\">")
    expect(page.locator(".answer")).to_contain_text("<img src=x")
    expect(page.locator("#turns img")).to_have_count(0)
    with page.expect_popup() as opening:
        page.get_by_role("link", name="<script>").first.click()
    article = opening.value
    expect(article.locator("h1")).to_have_text(EVIL.title)
    expect(article.locator("main img, main script, main b")).to_have_count(0)
    expect(article.locator("a[href^='javascript']")).to_have_count(0)
    expect(article).not_to_have_title("owned")
    expect(page).not_to_have_title("owned")


def test_the_reference_opens(page: Page) -> None:
    page.get_by_role("link", name="API").click()
    expect(page.get_by_role("heading", name="POST /v1/ask")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    ask(page, "How many were " + "x" * 200 + "?")
    expect(page.locator(".answer")).to_have_count(1)
    for path in ("/", "/articles/evil", "/schema"):
        if path != "/":
            page.goto(re.sub(r"(:\d+)/.*", rf"\1{path}", page.url))
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_browser_asks_for_the_key_once(browser: Browser, tmp_path: Path) -> None:
    key = KeyFile(tmp_path).add("desk", ("read",)).key
    settings = Settings(index_dir=tmp_path, open_reading=False)
    with serving(FakeAnswerer(), settings) as address:
        # What a person types into the browser's own window.
        context = browser.new_context(http_credentials={"username": "desk", "password": key})
        page = context.new_page()
        page.goto(address)
        ask(page, "How many were rescued?")
        expect(page.locator(".answer")).to_have_text("Nine")
        with page.expect_popup() as opening:
            page.get_by_role("link", name="Ferry sinks off Norhavn").first.click()
        expect(opening.value.locator("mark#quote")).to_have_text("Nine people were rescued.")
        context.close()
