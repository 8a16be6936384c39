"""WCAG 2.2 AA in every state, as far as axe-core can tell, and what it cannot."""

import pytest
from playwright.sync_api import Page, expect

from benchmarks.page_states import ANSWERED, REFUSED, STATES, ask, show
from tests.service.web.axe import violations
from tests.service.web.conftest import OpenPage

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(open_page: OpenPage, samples: str, state: str) -> None:
    with open_page("about:blank", complains=True, bypass_csp=True) as page:
        show(state, page, samples)
        assert list(violations(page)) == []


def test_everything_is_reached_and_seen_with_the_keyboard(sample_page: Page) -> None:
    page = sample_page
    page.set_viewport_size({"width": 1280, "height": 700})
    ask(page, ANSWERED)
    page.locator("a.skip").focus()
    seen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """() => {
              const at = document.activeElement;
              const { left, top, width, height } = at.getBoundingClientRect();
              const over = document.elementFromPoint(left + width / 2, top + height / 2);
              // Not hidden under what stays in place (2.4.11).
              const free = at.contains(over) || over?.contains(at);
              return { name: at.innerText || at.id || at.localName, free };
            }"""
        )
        seen.append(at["name"])
        assert at["free"] or at["name"] == "body", at
    for name in ("Copy", "Copy link", "Right", "Wrong", "question", "Ask", "Filters"):
        assert name in seen, seen


def test_motion_stops_where_it_is_not_wanted(open_page: OpenPage, samples: str) -> None:
    with open_page("about:blank", reduced_motion="reduce") as page:
        show("reading", page, samples)
        assert page.evaluate("document.getAnimations().length") == 0


def test_one_answer_is_printed_unfolded_with_whole_links(sample_page: Page, samples: str) -> None:
    ask(sample_page, REFUSED)
    ask(sample_page, ANSWERED)
    sample_page.emulate_media(media="print")
    expect(sample_page.locator("#ask")).to_be_hidden()
    expect(sample_page.locator("#turns > li").first).to_be_hidden()
    expect(sample_page.locator("#turns > li").last).to_be_visible()
    expect(sample_page.locator(".actions").last).to_be_hidden()
    expect(sample_page.locator("details blockquote").last).to_be_visible()
    after = "getComputedStyle(document.querySelector('.card'), '::after').content"
    assert f"({samples}/articles/" in sample_page.evaluate(after)
