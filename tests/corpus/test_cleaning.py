import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cleaning import RULES, clean_text, clean_title, normalise
from corpus.cleaning.quotations import is_quoted


def test_one_kind_of_line_break_and_space() -> None:
    assert normalise("a\r\nb\u2028c\u00a0 d \t e\n\n\n\nf") == "a\nb\nc d e\n\nf"


def test_invisible_characters_and_surrogates_go() -> None:
    assert normalise("so\u00adft\u200b \ud800\x00text\u202e") == "soft text"


def test_unicode_is_composed_but_not_rewritten() -> None:
    assert normalise("Jose\u0301 ½ m²") == "José ½ m²"


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


# What the rules look for, so that hypothesis puts it together in all orders.
LINES = st.sampled_from(
    (
        *(
            "",
            "It rained.",
            "The pier",
            "The pier",
            "Related Posts",
            "- Ferry fares rise",
            "Read more",
        ),
        *("Photo: Ana Ruiz/AFP", "The pier. Ana Ruiz/AFP", "The pier. A B/AP. C D/Getty Images"),
        *(
            "The pier (Image credit: Ana Ruiz)",
            "“Read more,” he said.",
            "Share",
            "Facebook Twitter",
        ),
        *(
            "Sign up for our newsletter",
            "We use cookies.",
            "Advertisement",
            "More: Ferry fares rise",
        ),
        *("The post It rained appeared first on Post.", "[gallery ids=1]", "Related", "Log in"),
        *("Already a subscriber? Log in", "[caption id=a]The pier[/caption]", "Cat wins too"),
        *("A long paragraph " * 8 + "ends.", "“A long quotation " + "goes on " * 20 + "and ends.”"),
    )
) | st.text(max_size=40)
TEXTS = st.lists(LINES, max_size=24).map("\n".join)


def text_of(raw: str) -> str:
    return clean_text(raw).text


@given(TEXTS)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = text_of(text)
    assert clean_text(once).text == once == normalise(once)
    assert not clean_text(once).dropped


@given(TEXTS)
def test_quotations_are_never_touched(text: str) -> None:
    quoted = [line for line in normalise(text).split("\n") if is_quoted(line)]
    assert [line for line in text_of(text).split("\n") if is_quoted(line)] == quoted


@given(TEXTS)
def test_nothing_is_added_and_what_is_dropped_is_counted(text: str) -> None:
    before, cleaned = normalise(text), clean_text(text)
    left = iter(before)
    assert all(char in left for char in cleaned.text if char != "\n")
    is_same = before == cleaned.text
    assert is_same == (not cleaned.dropped) and all(n > 0 for n in cleaned.dropped.values())


DROPPED = {
    "photo-credits": (
        *("Photo: Ana Ruiz/Harbour Post", "(Image credit: Ana Ruiz/Getty Images)", "Getty Images"),
        *(
            "Ana Ruiz/AFP via Getty Images",
            "© Ana Ruiz 2024",
            "Photo by Ana Ruiz",
            "AP Photo/Ana Ruiz",
        ),
    ),
    "read-more": (
        *(
            "Read more: Ferry fares rise",
            "READ MORE",
            "More:Ferry fares rise again",
            "Read more here.",
        ),
        *("Related: Why the ferry sank", "Continue reading", "Story continues below advertisement"),
    ),
    "newsletter-prompts": (
        *("Sign up for our daily newsletter.", "Get the news in your inbox every morning."),
        *(
            "Like this story? Subscribe to the Harbour Post.",
            "Subscribe now",
            "Enter your email address",
        ),
    ),
    "cookie-banners": (
        *("We use cookies to improve your visit. Read our cookie policy.", "Accept all cookies"),
        *("This site uses cookies.", "By continuing to browse you agree to our use of cookies."),
    ),
    "advertisements": ("Advertisement", "ADVERTISEMENT", "(Sponsored content)"),
    "share-bars": (
        *(
            "Share",
            "Facebook Twitter Email",
            "Share this article",
            "Share on Facebook | X | Copy link",
        ),
        *("Follow us on Facebook", "Print this page"),
    ),
    "shortcodes": (
        '[caption id="a7" align="left" width="600"] The mill in 1910[/caption]',
        '[gallery ids="1,2,3"]',
        "[embed]https://video.example/1[/embed]",
        "[video]",
        "[vc_row][vc_column]",
        "[/et_pb_section]",
        '[my-theme_box color="red" size=2 /]',
    ),
    "paywall-prompts": (
        "This article is for subscribers. Subscribe now for 1 euro a month to continue reading.",
        "Already a subscriber? Log in",
        "Log in to read the full story.",
        "You have 2 free articles left this month.",
        "Subscribe for just €1 a month",
        "Dieser Artikel ist nur für Abonnenten.",
    ),
    "feed-trailers": (
        "The post Dog’s day: ‘best in show’ goes to Biscuit appeared first on Valley News.",
        'The post "A quoted title" first appeared on Valley News.',
        "Der Beitrag Hafen gesperrt erschien zuerst auf Küstenbote.",
        "L’article Le pont est apparu en premier sur Le Val.",
        "La entrada El puente se publicó primero en El Valle.",
        "This article was originally published by Harbour Post.",
    ),
}


@pytest.mark.parametrize(
    ("rule", "line"), [(rule, line) for rule, lines in DROPPED.items() for line in lines]
)
def test_lines_that_are_not_the_story_go(rule: str, line: str) -> None:
    cleaned = clean_text(f"It rained.\n\n{line}\n\nIt stopped.")
    assert cleaned.text == "It rained.\n\nIt stopped." and cleaned.dropped == {rule: 1}


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Photo finish: Ana Ruiz won by a hand.",
            "More than 40 people signed up.",
            "More is known:",
        ),
        *("He will read more of his poems on Friday.", "Share prices fell by a tenth."),
        *(
            "The site uses cookies that follow readers, the court found.",
            "Print is dying, he wrote.",
        ),
        *(
            "Subscribers pay 3 crowns a month.",
            "Cookies and tea were served.",
            "Facebook, X and Meta",
        ),
        *("Twitter sued.", "“Sign up for our newsletter,” she said.", "Read: 'I was there.'"),
        "The ferry first appeared on the route in 1912.",
        "The article about the mayor first appeared in the Harbour Post in May.",
        "“The post I wrote appeared first on Monday,” he said.",
        "“It [the ferry] sank,” she said [sic].",
        "“[Twitter] has a [video] of the [gallery],” she said.",
        "This article was originally published on May 5, 2013.",
        "Subscribers of the theatre are already members of the club, he said.",
        "You have two choices, the mayor said.",
        *(
            "Credit Suisse sank.",
            "The photos by Ana Ruiz hang in Oslo.",
            "Advertisements fell by 3%.",
        ),
    ],
)
def test_lines_that_are_the_story_stay(line: str) -> None:
    assert text_of(f"It rained.\n\n{line}\n\nIt stopped.") == f"It rained.\n\n{line}\n\nIt stopped."


@pytest.mark.parametrize(
    "credit",
    [
        "Ana Ruiz/AFP/Getty Images",
        "(Image credit: Ana Ruiz)",
        "A. B. Ruiz/AP",
        "(AP Photo/Ana Ruiz)",
    ],
)
def test_a_caption_stays_without_its_credit_and_once(credit: str) -> None:
    caption = "The pier of Norhavn on Tuesday."
    cleaned = clean_text(f"{caption} {credit}\n\n{caption}\n\nIt rained.")
    assert cleaned.text == f"{caption}\n\nIt rained."
    assert cleaned.dropped == {"photo-credits": 1, "repeated-captions": 1}


def test_related_posts_go_with_their_headlines() -> None:
    story = "It rained.\n\nRelated Posts\n\nFerry sinks off Norhavn\n\nBank raises rates"
    assert text_of(story) == "It rained." and clean_text(story).dropped == {"related-posts": 3}
    story = "It rained.\n\nRelated articles:\n\n- Ferry sinks\n\n- Bank raises rates\n\nIt stopped."
    assert text_of(story) == "It rained.\n\nIt stopped."


def test_what_goes_on_as_a_story_under_such_a_heading_stays() -> None:
    story = "It rained.\n\nRelated stories\n\nThe rain then stopped, and they left."
    assert text_of(story) == "It rained.\n\nThe rain then stopped, and they left."


def test_a_caption_around_a_picture_is_kept_once() -> None:
    story = "The pier.\n\nPhoto: Ana Ruiz\n\nThe pier.\n\nIt rained."
    assert text_of(story) == "The pier.\n\nIt rained."


def test_a_long_paragraph_that_comes_again_is_kept_once() -> None:
    long = (
        "The ferry Sula, which was built in 1987, sank "
        + "off Norhavn, in heavy seas, " * 4
        + "at 8."
    )
    story = f"{long}\n\nIt rained.\n\nYes.\n\n{long}\n\nThey left.\n\nYes."
    assert text_of(story) == f"{long}\n\nIt rained.\n\nYes.\n\nThey left.\n\nYes."
    row = (
        "• Ferries a year: 1,200; passengers a year: 98,000; "
        + "not counted: none; " * 6
        + "3rd lowest"
    )
    assert text_of(f"Oslo\n\n{row}\n\nBergen\n\n{row}").count(row) == 2, "each place has its row"


def test_a_title_is_one_line() -> None:
    assert clean_title(" Ferry\nsinks ") == "Ferry sinks"


def test_rules_have_names_of_their_own() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names) and all(rule.drops for rule in RULES)


def test_what_a_shortcode_is_put_around_stays() -> None:
    assert text_of("[dropcap]I[/dropcap]t rained all day.") == "It rained all day."
    assert text_of('It rained [su_note color="red"]all day[/su_note].') == "It rained all day."


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("The pier at dawn. Photo: Ana Ruiz/Harbour Post", "The pier at dawn."),
        ("Is it open? Image: Ana Ruiz/Harbour Post", "Is it open?"),
        ("The court saw one exhibit. Photo: a red van.", None),
        ("He sent the photo: Ana and Ruiz, at sea", None),
    ],
)
def test_a_credit_behind_a_caption_goes_and_the_caption_stays(line: str, kept: str | None) -> None:
    story = f"It rained.\n\n{line}\n\nIt was cold."
    assert clean_text(story).text == story.replace(line, kept or line)
