"""The pages with JavaScript switched off: real browser, real server, real models."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from benchmarks.page_states import ANSWERED, CHANGED, REFUSED
from tests.service.web.conftest import OpenPage

pytestmark = pytest.mark.e2e


@pytest.fixture
def plain(open_page: OpenPage, samples: str) -> Iterator[Page]:
    with open_page(samples, java_script_enabled=False) as page:
        yield page


def ask(page: Page, question: str) -> None:
    page.get_by_label("Ask the archive").fill(question)
    page.get_by_role("button", name="Ask").click()


def test_the_form_asks_and_the_answer_leads_to_its_article(plain: Page) -> None:
    ask(plain, ANSWERED)
    expect(plain.locator(".answer")).to_have_text("Søren Dahlgaard")
    expect(plain).to_have_title(f"{ANSWERED} · Dateline")
    expect(plain.locator(".card").first).to_contain_text("18 Jun 2024")
    quote = plain.locator(".quote").first.text_content()
    plain.locator(".card").first.click()
    assert plain.locator("mark#quote").text_content() == quote
    expect(plain.locator("mark#quote")).to_be_in_viewport()


def test_a_changed_fact_and_a_refusal_are_told(plain: Page) -> None:
    ask(plain, CHANGED)
    expect(plain.locator(".time tbody tr")).to_have_count(3)
    ask(plain, REFUSED)
    expect(plain.locator(".refusal")).to_have_text("No answer found")
    expect(plain.locator(".nearest mark").first).to_be_visible()


def test_filters_are_sent_kept_and_taken_away(plain: Page) -> None:
    plain.get_by_text("Filters", exact=True).click()
    plain.locator("#outlet").select_option("Costa Daily")
    plain.get_by_label("As of", exact=True).fill("2024-12-31")
    ask(plain, ANSWERED)
    expect(plain.locator(".card")).to_contain_text("Costa Daily")
    assert "source=Costa+Daily" in plain.url and "as_of=2024-12-31" in plain.url
    plain.get_by_role("link", name="Outlet: Costa Daily: remove this filter").click()
    assert "source" not in plain.url
    expect(plain.get_by_label("As of", exact=True)).to_have_value("2024-12-31")


def test_days_that_cross_are_told_in_the_form(open_page: OpenPage, samples: str) -> None:
    with open_page(samples, java_script_enabled=False, complains=True) as page:
        page.get_by_text("Filters", exact=True).click()
        page.get_by_label("From").fill("2024-05-01")
        page.get_by_label("Until").fill("2024-02-01")
        ask(page, ANSWERED)
        expect(page.locator("#crossed")).to_contain_text("is before “From”")
        expect(page.locator("#question")).to_have_value(ANSWERED)


def test_an_empty_filter_is_named_and_left_out_by_a_link(plain: Page, samples: str) -> None:
    plain.goto(f"{samples}/?q=Who+is+the+mayor+of+Sandhaven%3F&from=2030-01-01")
    expect(plain.locator(".outcome")).to_contain_text("from 2030-01-01")
    plain.get_by_role("link", name="Ask without “From 2030-01-01”").click()
    expect(plain.locator(".answer")).to_contain_text("Marta Ølsen")


def test_the_archive_is_looked_through(plain: Page) -> None:
    plain.get_by_role("link", name="Browse").click()
    expect(plain.locator(".listed li")).to_have_count(25)
    plain.get_by_role("link", name="Older articles").click()
    expect(plain.locator(".listed li")).to_have_count(21)
    plain.get_by_label("Words to find").fill('"Calder Foods"')
    plain.get_by_role("button", name="Find").click()
    expect(plain.locator(".listed li")).to_have_count(2)
    expect(plain.locator(".excerpt mark").first).to_have_text("Calder")
    plain.get_by_role("link", name="Costa Daily").click()
    expect(plain.locator(".listed li")).to_have_count(1)
    plain.locator(".listed h2 a").click()
    expect(plain.locator("mark#quote")).to_contain_text("Calder Foods")


def test_a_bare_name_leads_to_its_articles(plain: Page) -> None:
    ask(plain, "Calder Foods")
    expect(plain.locator(".refusal")).to_have_text("Articles on “Calder Foods”")
    expect(plain.locator(".nearest figure")).to_have_count(2)
    plain.get_by_role("link", name="Browse all articles").click()
    expect(plain.locator(".listed li")).to_have_count(2)


def test_examples_are_links(plain: Page, samples: str) -> None:
    # They are there once the server has checked them.
    plain.request.get(f"{samples}/v1/archive/questions")
    plain.goto(samples)
    plain.get_by_role("link", name="Which search dog").click()
    expect(plain.locator(".answer")).to_have_text("Biscuit")


def test_an_unknown_address_is_a_page_that_helps(open_page: OpenPage, samples: str) -> None:
    with open_page(f"{samples}/nope", java_script_enabled=False, complains=True) as page:
        expect(page.locator("h1")).to_have_text("There is nothing at this address")
        page.get_by_label("Words to find").fill("Calder")
        page.get_by_role("button", name="Find").click()
        expect(page.locator(".listed li").first).to_be_visible()


def test_scripts_show_what_the_server_shows(open_page: OpenPage, samples: str, plain: Page) -> None:
    for question in (ANSWERED, CHANGED, REFUSED, "Calder Foods"):
        ask(plain, question)
        with open_page(plain.url) as other:
            expect(other.locator(".actions")).to_be_visible()
            shown = "one => one.textContent.replace(/\\s+/g, '')"
            parts = ".outcome > :not(.actions, .followups)"
            scripted = other.locator(parts).evaluate_all(f"all => all.map({shown})")
        assert plain.locator(parts).evaluate_all(f"all => all.map({shown})") == scripted
