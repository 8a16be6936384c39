"""A conversation with the sample archive: real browser, real server, real models."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.page_states import ANSWERED, CHANGED, HOLD_ANSWER, REFUSED, RUNOFF, ask
from tests.service.web.conftest import OpenPage

pytestmark = pytest.mark.e2e


def test_passages_are_shown_while_they_are_read(open_page: OpenPage, samples: str) -> None:
    with open_page("about:blank") as page:
        page.add_init_script(HOLD_ANSWER)
        page.goto(samples)
        expect(page.locator("#question")).to_be_focused()
        page.keyboard.type(ANSWERED)
        page.keyboard.press("Enter")
        expect(page.locator(".headlines")).to_contain_text("Calder Foods")
        expect(page.locator("#status")).to_have_text("Reading 10 passages …")
        page.keyboard.press("Escape")
        expect(page.locator(".outcome")).to_contain_text("Stopped.")
        # Nothing that was typed is lost.
        expect(page.locator("#question")).to_have_value(ANSWERED)


def test_an_answer_opens_its_article_at_exactly_the_quote(sample_page: Page) -> None:
    page = sample_page
    ask(page, ANSWERED)
    expect(page.locator(".answer")).to_have_text("Søren Dahlgaard")
    expect(page.locator("figure mark").first).to_have_text("Søren Dahlgaard")
    turn = page.locator("#turns > li")
    for told in ("Meridian Wire", "18 Jun 2024", "1 source in 2 articles"):
        expect(turn).to_contain_text(told)
    expect(turn).to_contain_text(re.compile(r"(?:Almost certainly|Probably) right \(\d+%\)"))
    expect(page.locator("#status")).to_contain_text("Answer: Søren Dahlgaard. From")
    quote = page.locator(".quote").first.text_content()
    link = page.locator("a.opener").first
    link.focus()
    page.keyboard.press("Enter")
    mark = page.locator("#quote")
    expect(mark).to_be_focused()
    assert mark.text_content() == quote
    expect(mark).to_be_in_viewport()
    assert "article=" in page.url
    page.keyboard.press("Escape")
    expect(page.locator("#proof")).to_be_hidden()
    expect(link).to_be_focused()
    assert "article=" not in page.url


def test_the_permalink_works_without_scripts(
    browser: Browser, sample_page: Page, samples: str
) -> None:
    ask(sample_page, ANSWERED)
    quote = sample_page.locator(".quote").first.text_content()
    path = str(sample_page.locator("a.opener").first.get_attribute("href"))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(samples + path)
    assert page.locator("mark").text_content() == quote
    expect(page.locator("mark")).to_be_in_viewport()
    context.close()


def test_a_followup_is_shown_as_it_was_asked(sample_page: Page) -> None:
    ask(sample_page, RUNOFF)
    ask(sample_page, "Who was he running against?")
    asked = sample_page.locator(".asked")
    expect(asked).to_contain_text("Asked as: ")
    expect(asked).to_contain_text("Joaquín Etxeberria")


def test_a_changed_fact_has_its_values_in_an_open_table(sample_page: Page) -> None:
    ask(sample_page, CHANGED)
    rows = sample_page.locator(".time tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("4.75%")
    # Its sentence gives the rate before, too: "to 5% from 4.75%".
    expect(sample_page.locator(".answer")).to_have_text("5%")
    expect(rows.last).to_contain_text("12 Jun 2025")
    expect(rows.last).to_contain_text("5%")
    expect(rows.last).to_be_visible()
    rows.last.locator("a").click()
    expect(sample_page.locator("#quote")).to_contain_text("to 5% from 4.75%")


def test_not_knowing_is_an_answer(sample_page: Page) -> None:
    ask(sample_page, REFUSED)
    expect(sample_page.locator(".refusal")).to_have_text("No answer found")
    nearest = sample_page.locator(".nearest figure")
    expect(nearest).to_have_count(3)
    shown = nearest.first.locator("blockquote").inner_text()
    nearest.first.locator("a.opener").click()
    expect(sample_page.locator("#quote")).to_contain_text(" ".join(shown.split()[:8]))


def test_filters_are_chips_and_stand_in_the_address(sample_page: Page) -> None:
    page = sample_page
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Outlet").select_option("Costa Daily")
    page.get_by_label("From").fill("2024-01-01")
    page.get_by_label("As of").fill("2024-12-31")
    expect(page.locator(".chip")).to_have_count(3)
    assert page.url.endswith("/?source=Costa+Daily&from=2024-01-01&as_of=2024-12-31")
    ask(page, ANSWERED)
    expect(page.locator(".card").first).to_contain_text("Costa Daily")
    assert page.url.endswith("&source=Costa+Daily&from=2024-01-01&as_of=2024-12-31")
    page.get_by_role("button", name="From 2024-01-01: remove this filter").click()
    expect(page.locator(".chip")).to_have_count(2)
    assert page.url.endswith("/?source=Costa+Daily&as_of=2024-12-31")
    page.reload()
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator("#as-of")).to_have_value("2024-12-31")


def test_a_reload_keeps_the_conversation_and_back_goes_back(sample_page: Page) -> None:
    page = sample_page
    ask(page, ANSWERED)
    ask(page, CHANGED)
    page.locator("a.opener").first.click()
    expect(page.locator("#quote")).to_be_visible()
    page.reload()
    expect(page.locator("#turns > li")).to_have_count(2)
    expect(page.locator("#quote")).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#proof")).to_be_hidden()
    expect(page.locator("#turns > li")).to_have_count(2)
    page.go_back()
    expect(page.locator("#turns > li").first).to_be_in_viewport()
    assert "Calder" in page.url
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("#turns > li")).to_have_count(0)
    page.reload()
    expect(page.locator("#turns > li")).to_have_count(0)


def test_the_link_to_a_question_asks_it(open_page: OpenPage, sample_page: Page) -> None:
    ask(sample_page, ANSWERED)
    with open_page(sample_page.url) as other:
        expect(other.locator(".answer")).to_have_text("Søren Dahlgaard")


def test_the_conversation_is_exported_with_its_citations(sample_page: Page, samples: str) -> None:
    ask(sample_page, ANSWERED)
    ask(sample_page, REFUSED)
    with sample_page.expect_download() as downloading:
        sample_page.get_by_role("button", name="Export as Markdown").click()
    assert re.fullmatch(r"dateline-\d{4}-\d\d-\d\d\.md", downloading.value.suggested_filename)
    text = Path(downloading.value.path()).read_text(encoding="utf-8")
    assert f"## {ANSWERED}\n\n**Søren Dahlgaard** (1 source in 2 articles, " in text
    address = rf"{samples}/articles/[^)]+\?q=\d+-\d+&v=\w+"
    assert re.search(rf"\n> “People .*\n>\n> \[.*\]\({address}\)\n", text)
    assert "**No answer found.**" in text


def test_an_answer_is_copied_with_its_citation(open_page: OpenPage, samples: str) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with open_page(samples, permissions=allowed) as page:
        ask(page, ANSWERED)
        page.get_by_role("button", name="Copy", exact=True).click()
        expect(page.locator(".actions")).to_contain_text("Answer copied.")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert re.fullmatch(
            rf"Søren Dahlgaard — “.+” .+, 18 Jun 2024\. {samples}/articles/.+", copied
        )
        page.get_by_role("button", name="Copy link").click()
        expect(page.locator(".actions")).to_contain_text("Link copied.")
        assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_examples_are_questions_that_the_archive_answers(sample_page: Page) -> None:
    expect(sample_page.locator("#archive")).to_contain_text("46 articles · 5 outlets · 5 Mar 2024")
    expect(sample_page.locator(".example")).to_have_count(6)
    sample_page.get_by_role("link", name="Which search dog").click()
    expect(sample_page.locator(".answer")).to_have_text("Biscuit")
