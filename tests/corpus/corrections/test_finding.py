"""Notices are told from the story by named rules, with their kind, day and place."""

import pytest

from corpus.article import Article
from corpus.corrections.finding import find_corrections, outside
from corpus.corrections.notice import Correction
from corpus.corrections.rules import RULES
from corpus.splitting import Splitter

STORY = "The ferry Sula sank off Norhavn on Tuesday. Nine people died."

NOTICES = [
    ("correction", "Correction: An earlier version of this article said 11 people died."),
    ("correction", "Corrections and clarifications: • A report gave the toll as 11; it was nine."),
    ("correction", "CORRECTION\nThe toll was nine, not 11."),
    ("correction", "For the record: The toll was nine, not 11."),
    ("correction", "[Correction: The bridge is 400 metres long, not 4,000.]"),
    ("correction", "(An earlier version of this article misstated the toll. It was nine, not 11.)"),
    ("correction", "A previous version of this story misspelled the captain's name."),
    ("correction", "This story originally said the vote was on Tuesday. It was on Wednesday."),
    ("correction", "A photo caption with this article incorrectly named the ship."),
    ("correction", "(Corrects toll in second paragraph to nine, not 11)"),
    ("amendment", "This article was amended on 27 November 2026 because of an error."),
    ("amendment", "This story has been corrected to show that the minister is Ana Reyes."),
    ("amendment", "This Nov. 5 story was updated to correct the spelling of a name."),
    ("amendment", "The headline was changed to reflect that nine people died."),
    ("clarification", "Clarification: The fee applies to adults only."),
    ("editors-note", "Editor's note: The toll in this article has been changed; it was wrong."),
    ("editors-note", "Editors’ Note: A quotation was removed because it was misattributed."),
    ("retraction", "This article has been retracted. We could not verify its sources."),
    ("retraction", "Retraction: The Post cannot stand by this report."),
    ("retraction", "The Harbour Post has retracted this article."),
    ("retraction", "Editor's note: This article has been withdrawn after a complaint."),
    ("retraction", "We have withdrawn this story."),
]
STORIES = [
    "Correction officers went on strike on Monday.",
    "A correction in the market is due, analysts said.",
    "For the record, he said, it never rained.",
    "Editor's note: This is the first of three parts.",
    "The Constitution's article 5 was amended on 3 March.",
    "The article was amended to protect water, the court said.",
    "This article was updated with new figures on Tuesday.",
    "An earlier version of the bill set the rate at 20 percent.",
    "“An earlier version of this article of the law said so,” he said.",
    "This report corrects a myth about tides.",
    "The minister retracted the statement on Friday.",
    "The company withdrew the product after complaints.",
]


@pytest.mark.parametrize("where", ["end", "top"])
@pytest.mark.parametrize(("kind", "notice"), NOTICES)
def test_a_notice_is_found_at_the_top_and_at_the_end(kind: str, notice: str, where: str) -> None:
    text = f"{STORY}\n\n{notice}" if where == "end" else f"{notice}\n\n{STORY}"
    (found,) = find_corrections(text, "2026-11-05")
    assert (found.kind, found.text) == (kind, notice)
    assert found.start is not None and text[found.start : found.end] == notice


@pytest.mark.parametrize("text", STORIES)
def test_what_only_sounds_like_a_notice_is_the_story(text: str) -> None:
    assert find_corrections(f"{STORY}\n\n{text}", "2026-11-05") == ()


def test_a_notice_inside_a_paragraph_goes_to_its_end_and_one_in_brackets_to_the_bracket() -> None:
    inside = f"{STORY} An earlier version of this story said 11. We regret the error."
    (found,) = find_corrections(inside)
    assert found.text == "An earlier version of this story said 11. We regret the error."
    bracketed = f"{STORY} (An earlier version of this story said 11.) It was cold."
    (found,) = find_corrections(bracketed)
    assert found.text == "(An earlier version of this story said 11.)"


@pytest.mark.parametrize(
    ("notice", "day"),
    [
        ("This article was amended on 27 November 2026. The toll was wrong.", "2026-11-27"),
        ("This article was amended on Friday, November 27, 2026.", "2026-11-27"),
        ("Correction, Nov. 27: The toll was nine.", "2026-11-27"),
        ("Correction (3 January): The toll was nine.", "2027-01-03"),
        ("Clarification, 2026-12-01: The fee is for adults.", "2026-12-01"),
        # That is the day which was wrong, not the day of the notice.
        ("An earlier version of this article gave the day as 9 November 2026.", None),
        ("This article was amended on 31 November 2026.", None),
    ],
)
def test_a_notice_has_the_day_that_it_states(notice: str, day: str | None) -> None:
    (found,) = find_corrections(f"{STORY}\n\n{notice}", "2026-11-20")
    assert found.day == day


def test_every_rule_has_a_name_of_its_own_and_says_what_it_finds() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.what for rule in RULES)


def test_no_passage_holds_words_of_a_notice() -> None:
    notice = "(An earlier version of this article said 11 people died.)"
    text = f"{STORY} {notice} It was cold.\n\nCorrection: The captain is Ole Brant."
    article = Article("a", "Ferry sinks", text, corrections=find_corrections(text))
    passages = Splitter(200).split(article)
    assert [text[one.start : one.end] for one in passages] == [STORY, "It was cold."]
    assert [one.id for one in passages] == ["a#0", "a#1"]
    assert all(text[a:b] not in notice for one in passages for a, b in one.sentences)


def test_the_parts_outside_of_notices_leave_nothing_else_out() -> None:
    notices = [Correction("correction", "x", None, 10, 20), Correction("correction", "stated")]
    assert outside(0, 30, notices) == [(0, 10), (20, 30)]
    assert outside(12, 18, notices) == []
    assert outside(20, 30, notices) == [(20, 30)]
    assert outside(15, 25, notices) == [(20, 25)]


def test_an_article_knows_whether_it_was_retracted_and_what_names_its_wording() -> None:
    article = Article("a", "Ferry sinks", STORY)
    assert not article.is_retracted
    retracted = Article("a", "Ferry sinks", STORY, corrections=(Correction("retraction", "Out."),))
    assert retracted.is_retracted
    assert article.version == retracted.version and len(article.version) == 12
    assert Article("b", "Ferry sinks", f"{STORY}!").version != article.version
