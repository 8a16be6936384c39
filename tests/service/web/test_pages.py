"""What the pages do with whatever a server says, in a real browser."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from service.feedback import FeedbackFile
from service.keys import KeyFile
from service.settings import Settings
from tests.service.api.conftest import serving
from tests.service.api.fakes import FakeAnswerer
from tests.service.web.conftest import OpenPage

pytestmark = pytest.mark.e2e


def ask(page: Page, question: str) -> None:
    page.get_by_label("Ask the archive").fill(question)
    page.keyboard.press("Enter")


def test_the_answer_is_marked_by_code_points(page: Page) -> None:
    ask(page, "How many were rescued?")
    # The ship before "Sula" is one code point and two UTF-16 units.
    page.get_by_text("Possible answers (1)").click()
    expect(page.locator("details mark")).to_have_text("Sula")


def test_several_things_asked_for_are_each_shown_with_their_place(page: Page) -> None:
    def fulfil(route: Route) -> None:
        response = route.fetch(headers={"Content-Type": "application/json"})
        outcome = response.json()
        cited = outcome["answer"]["citations"][0]
        outcome["answer"]["items"] = [
            {"text": text, "value": None, "citation": cited} for text in ("Nine", "Ten")
        ]
        body = f"event: answer\r\ndata: {json.dumps(outcome)}\r\n\r\n"
        route.fulfill(headers={"Content-Type": "text/event-stream"}, body=body)

    page.route("**/v1/ask", fulfil)
    ask(page, "Which numbers were rescued?")
    items = page.locator(".items a.opener")
    expect(items).to_have_text(["Nine", "Ten"])
    items.first.click()
    expect(page.locator("#quote")).to_have_text("Nine people were rescued.")


def test_keys_ask_break_lines_and_stop(page: Page, answerer: FakeAnswerer) -> None:
    answerer.gate.clear()
    page.keyboard.type("How many")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("were rescued?")
    assert not answerer.asked
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.locator("#question")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.get_by_text("Stopped.").first).to_be_visible()
    answerer.gate.set()
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".answer")).to_have_text("Nine")
    assert answerer.asked[-1].text == "How many\nwere rescued?"
    expect(page.locator("#question")).to_have_value("")


def test_options_and_history_are_sent(page: Page, answerer: FakeAnswerer) -> None:
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Outlet").select_option("Harbour Post")
    page.get_by_label("Until").fill("2024-05-01")
    page.get_by_label("As of").fill("2024-04-01")
    ask(page, "How many were rescued?")
    expect(page.locator(".answer")).to_have_count(1)
    ask(page, "And nothing else?")
    expect(page.locator(".refusal")).to_have_count(1)
    last = answerer.asked[-1]
    assert last.filters.sources == ("Harbour Post",)
    assert str(last.filters.published_to) == "2024-05-01"
    assert str(last.as_of) == "2024-04-01"
    assert [(turn.question, turn.answer) for turn in last.history] == [
        ("How many were rescued?", "Nine")
    ]


def test_a_failure_is_told_with_what_to_do(
    open_page: OpenPage, address: str, answerer: FakeAnswerer
) -> None:
    answerer.fails = ZeroDivisionError()
    with open_page(address) as page:
        ask(page, "How many were rescued?")
        expect(page.locator(".outcome .error")).to_contain_text("tell whoever runs this server")
        answerer.fails = None
        page.get_by_role("button", name="Ask again").click()
        expect(page.locator(".answer")).to_have_text("Nine")


def test_a_server_out_of_reach_is_told_and_tried_again(open_page: OpenPage, address: str) -> None:
    with open_page(address, complains=True) as page:
        expect(page.locator("#archive")).to_contain_text("articles")
        page.context.set_offline(True)
        expect(page.get_by_text("The server cannot be reached.")).to_be_visible()
        ask(page, "How many were rescued?")
        expect(page.locator(".outcome .error")).to_be_visible()
        page.get_by_role("button", name="Try again").click()
        expect(page.locator("#outage")).to_be_visible()
        page.context.set_offline(False)
        # The browser says that it is online again, and what was asked is asked.
        expect(page.locator(".answer")).to_have_text("Nine")
        expect(page.locator("#outage")).to_be_hidden()


def test_readers_say_whether_it_was_right(page: Page, tmp_path: Path) -> None:
    ask(page, "How many were rescued?")
    page.get_by_role("button", name="Wrong").click()
    expect(page.get_by_role("button", name="Wrong")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("the correct answer").fill("Ten")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".actions")).to_contain_text("Thanks, saved on this server")
    page.reload()
    expect(page.get_by_role("button", name="Wrong")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Right").click()
    expect(page.get_by_label("the correct answer")).to_be_hidden()
    said = [json.loads(one.body) for one in FeedbackFile(tmp_path, 10).all()]
    assert [(one["right"], one.get("right_answers")) for one in said] == [
        (False, None),
        (False, ["Ten"]),
        (True, None),
    ]
    assert all(one["answer"] == "Nine" for one in said)


def test_feedback_that_is_not_kept_is_told(open_page: OpenPage, address: str) -> None:
    with open_page(address, complains=True) as page:
        ask(page, "How many were rescued?")
        page.route("**/v1/feedback", lambda route: route.abort())
        page.get_by_role("button", name="Right").click()
        expect(page.locator(".actions")).to_contain_text("That was not saved.")
        expect(page.get_by_role("button", name="Right")).to_have_attribute("aria-pressed", "false")


def test_the_reference_has_contents_commands_to_copy_and_calls_to_try(
    open_page: OpenPage, address: str
) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with open_page(address, permissions=allowed) as page:
        page.get_by_role("link", name="API", exact=True).click()
        page.get_by_role("navigation", name="Contents").get_by_text("POST /v1/ask").click()
        expect(page.get_by_role("heading", name="POST /v1/ask")).to_be_in_viewport()
        section = page.locator("section:has(#post-v1-ask)")
        section.get_by_role("button", name="Copy").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(f"curl -s '{address}/v1/ask' -H 'Content-Type: application/json'")
        section.get_by_role("button", name="Try it").click()
        section.get_by_label("Body").fill('{"question": "How many were rescued?"}')
        section.get_by_role("button", name="Send").click()
        expect(section.get_by_label("Response")).to_contain_text('"text": "Nine"')
        # What changes something is not tried with a click.
        writes = page.locator("section:has(#delete-v1-articles-article-id)")
        expect(writes.get_by_role("button", name="Try it")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1280, 3840])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    ask(page, "How many were " + "x" * 200 + "?")
    expect(page.locator(".answer")).to_have_count(1)
    for path in ("/", "/?article=evil&at=8-53", "/articles", "/articles/evil", "/schema"):
        page.goto(re.sub(r"(:\d+)/.*", rf"\1{path}", page.url))
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_browser_asks_for_the_key_once(open_page: OpenPage, tmp_path: Path) -> None:
    key = KeyFile(tmp_path).add("desk", ("read",)).key
    settings = Settings(index_dir=tmp_path, open_reading=False)
    # What a person types into the browser's own window.
    typed = {"username": "desk", "password": key}
    with (
        serving(FakeAnswerer(), settings) as address,
        open_page(address, http_credentials=typed) as page,
    ):
        ask(page, "How many were rescued?")
        expect(page.locator(".answer")).to_have_text("Nine")
        page.locator("a.card").first.click()
        expect(page.locator("#quote")).to_have_text("Nine people were rescued.")
