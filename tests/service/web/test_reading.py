"""What helps to read on: the article panel, remedies, suggestions and earlier conversations."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from benchmarks.page_states import ANSWERED, CHANGED, RUNOFF, ask
from tests.service.web.conftest import OpenPage

pytestmark = pytest.mark.e2e

# Its answer is said several times in the article.
REPEATED = "Who is the mayor of Sandhaven?"


def test_the_sentences_beside_the_quote_are_shown_around_it(sample_page: Page) -> None:
    ask(sample_page, ANSWERED)
    block = sample_page.locator("figure blockquote").first
    around = block.locator(".around").all_text_contents()
    assert len(around) == 2
    quote = block.locator(".quote").text_content()
    assert block.text_content() == f"{around[0]}{quote}{around[1]}"
    expect(block.locator(".quote mark")).to_have_text("Søren Dahlgaard")


def test_mentions_are_stepped_through_and_the_head_stays_in_sight(sample_page: Page) -> None:
    page = sample_page
    ask(page, REPEATED)
    page.locator(".card").first.click()
    expect(page.locator("#mention")).to_contain_text("1 of ")
    n = page.locator("#proof .mention").count()
    assert n > 2
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#mention")).to_have_text(f"2 of {n}")
    expect(page.locator(".mention.now")).to_be_in_viewport()
    page.get_by_role("button", name="Previous").click()
    page.get_by_role("button", name="Previous").click()
    expect(page.locator("#mention")).to_have_text(f"{n} of {n}")
    expect(page.locator(".mention.now")).to_be_in_viewport()
    for told in ("Northfield Chronicle · 12 May 2025", "Ølsen ousts Zieliński"):
        expect(page.locator("#proof-title")).to_contain_text(told)
    expect(page.locator("#proof-title")).to_be_in_viewport()


def test_on_a_small_screen_the_article_is_a_sheet_below_the_question(sample_page: Page) -> None:
    page = sample_page
    page.set_viewport_size({"width": 390, "height": 844})
    ask(page, CHANGED)
    ask(page, ANSWERED)
    page.locator(".card").last.click()
    expect(page.locator("#quote")).to_be_in_viewport()
    question = page.locator("#turns > li").last.locator("h2")
    expect(question).to_be_in_viewport()
    sheet, asked = page.locator("#proof").bounding_box(), question.bounding_box()
    assert sheet and asked and asked["y"] + asked["height"] <= sheet["y"]
    page.keyboard.press("Escape")
    expect(page.locator("#proof")).to_be_hidden()


def test_days_that_cross_are_caught_before_asking(sample_page: Page) -> None:
    page = sample_page
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("From", exact=True).fill("2024-05-01")
    page.get_by_label("Until", exact=True).fill("2024-02-01")
    expect(page.locator("#crossed")).to_have_text(
        "“Until” (1 Feb 2024) is before “From” (1 May 2024): no day is in between. Change one of "
        "them."
    )
    page.locator("#question").fill(ANSWERED)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Until", exact=True)).to_be_focused()
    expect(page.locator("#turns > li")).to_have_count(0)
    expect(page.locator("#question")).to_have_value(ANSWERED)
    page.get_by_label("Until", exact=True).fill("2024-12-01")
    expect(page.locator("#crossed")).to_be_hidden()
    ask(page, ANSWERED)
    expect(page.locator(".answer")).to_have_text("Søren Dahlgaard")


def test_an_empty_filter_is_named_and_taken_away(open_page: OpenPage, samples: str) -> None:
    with open_page(f"{samples}/?from=2030-01-01&source=Costa+Daily") as page:
        ask(page, "Who is the mayor of Sandhaven?")
        expect(page.locator(".outcome")).to_contain_text("from 2030-01-01")
        page.get_by_role("link", name="Ask without “From 2030-01-01”").click()
        expect(page.locator("#turns > li")).to_have_count(2)
        expect(page.locator(".chip")).to_have_count(1)
        assert "from=" not in page.url


def test_a_bare_name_leads_to_its_articles(sample_page: Page) -> None:
    ask(sample_page, "Calder Foods")
    expect(sample_page.locator(".refusal")).to_have_text("Articles on “Calder Foods”")
    sample_page.get_by_role("link", name="Browse all articles with “Calder Foods”").click()
    expect(sample_page.locator("h1")).to_have_text("Articles with “Calder Foods”")
    sample_page.get_by_role("link", name="Ask the archive about").click()
    expect(sample_page.locator(".refusal").last).to_have_text("Articles on “Calder Foods”")


def test_words_of_the_question_are_marked_in_the_closest_passages(sample_page: Page) -> None:
    ask(sample_page, "What is the minimum wage in Valmora?")
    marks = sample_page.locator(".nearest mark").all_text_contents()
    assert marks and {mark.casefold() for mark in marks} <= {
        "minimum", "wage", "wages", "valmora", "valmoran",
    }  # fmt: skip


def test_a_question_can_be_asked_on_its_own(sample_page: Page) -> None:
    page = sample_page
    ask(page, RUNOFF)
    ask(page, "Who was he running against?")
    expect(page.locator(".asked bdi")).to_contain_text("Joaquín Etxeberria")
    sent: list[dict[str, object]] = []
    page.on(
        "request",
        lambda one: (
            sent.append(json.loads(one.post_data or "{}")) if one.url.endswith("/v1/ask") else None
        ),
    )
    page.get_by_role("link", name="Ask on its own").click()
    expect(page.locator(".actions")).to_have_count(3)
    assert sent[0]["question"] == "Who was he running against?" and sent[0]["history"] == []


def test_the_title_of_the_tab_is_the_question(sample_page: Page) -> None:
    expect(sample_page).to_have_title("Dateline: ask the archive")
    ask(sample_page, ANSWERED)
    expect(sample_page).to_have_title(f"{ANSWERED} · Dateline")
    sample_page.get_by_role("button", name="New conversation").click()
    expect(sample_page).to_have_title("Dateline: ask the archive")


def test_suggested_questions_are_answered(sample_page: Page) -> None:
    page = sample_page
    ask(page, "How much is Halden paying for Brightwater?")
    suggested = page.locator(".followups a")
    expect(suggested.first).to_be_visible()
    assert suggested.count() <= 3
    suggested.first.click()
    expect(page.locator(".actions")).to_have_count(2)
    expect(
        page.locator("#turns > li").last.locator(".answer:not(.possible, .refusal)")
    ).to_be_visible()


def test_no_suggestion_is_shown_where_the_server_has_none(sample_page: Page) -> None:
    def none(route: Route) -> None:
        route.fulfill(body='{"questions": []}')

    sample_page.route("**/v1/followups", none)
    ask(sample_page, ANSWERED)
    expect(sample_page.locator(".followups")).to_have_count(0)


def test_earlier_conversations_are_opened_and_deleted(sample_page: Page, samples: str) -> None:
    page = sample_page
    expect(page.locator("#past")).to_be_hidden()
    ask(page, ANSWERED)
    page.get_by_role("button", name="New conversation").click()
    ask(page, CHANGED)
    ask(page, "Calder Foods")
    page.get_by_role("button", name="New conversation").click()
    kept = page.locator("#conversations li")
    expect(kept).to_have_count(2)
    expect(kept.first).to_contain_text(CHANGED)
    expect(kept.first).to_contain_text("2 questions")
    page.get_by_role("button", name=CHANGED, exact=True).click()
    expect(page.locator("#turns > li")).to_have_count(2)
    expect(page.locator(".time").first).to_be_visible()
    # What is asked now belongs to the same conversation.
    ask(page, ANSWERED)
    page.get_by_role("button", name="New conversation").click()
    expect(kept).to_have_count(2)
    expect(kept.first).to_contain_text("3 questions")
    # Another tab of this browser has them as well.
    other = page.context.new_page()
    other.goto(samples)
    expect(other.locator("#conversations li")).to_have_count(2)
    page.get_by_role("button", name=f"Delete “{ANSWERED}”").click()
    expect(kept).to_have_count(1)
    page.get_by_role("button", name="Delete all").click()
    expect(page.locator("#past")).to_be_hidden()
    page.reload()
    expect(page.locator("#past")).to_be_hidden()


def test_possible_answers_are_three_at_most_and_none_is_unlikely(page: Page) -> None:
    def fulfil(route: Route) -> None:
        outcome = route.fetch(headers={"Content-Type": "application/json"}).json()
        other = outcome["alternatives"][0]
        outcome["alternatives"] = [
            other | {"text": f"Ship {n}", "confidence": confidence}
            for n, confidence in enumerate((0.4, 0.35, 0.3, 0.25, 0.19))
        ]
        body = f"event: answer\r\ndata: {json.dumps(outcome)}\r\n\r\n"
        route.fulfill(headers={"Content-Type": "text/event-stream"}, body=body)

    page.route("**/v1/ask", fulfil)
    page.locator("#question").fill("How many were rescued?")
    page.keyboard.press("Enter")
    page.get_by_text("Possible answers (3)").click()
    expect(page.locator(".alternative")).to_have_text(["Ship 0", "Ship 1", "Ship 2"])
    sizes = "one => parseFloat(getComputedStyle(one).fontSize)"
    shown = [page.locator(one).first.evaluate(sizes) for one in (".answer", ".alternative")]
    assert shown[0] > 1.5 * shown[1]
