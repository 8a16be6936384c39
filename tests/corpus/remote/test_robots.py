import pytest

from corpus.remote.robots import read_robots

RULES = """\
# for everybody
User-agent: *
Disallow: /private
Allow: /private/press   # but this
Disallow: /*.pdf$
Disallow: /*/print
Disallow:

User-agent: dateline
User-agent: OtherBot/2.0
Crawl-delay: 7
Disallow: /drafts/*old
Sitemap: https://post.example/sitemap.xml
"""


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("/", True),
        ("/news/1", True),
        ("/private", False),
        ("/privately", False),
        ("/private/press/1", True),
        ("/a.pdf", False),
        ("/a.pdf?x=1", True),
        ("/news/1/print", False),
        ("/news/1/print?x", False),
        ("/Private", True),
    ],
)
def test_the_longest_rule_decides(target: str, allowed: bool) -> None:
    assert read_robots(RULES, "somebody").allows(target) is allowed


def test_a_group_of_its_own_counts_alone() -> None:
    rules = read_robots(RULES, "Dateline")

    assert rules.allows("/private")
    assert not rules.allows("/drafts/very/old")
    assert rules.delay_s == 7
    assert not read_robots(RULES, "otherbot").allows("/drafts/old")


def test_groups_of_one_name_are_taken_together() -> None:
    rules = read_robots("user-agent:*\ndisallow:/a\n\nuser-agent: *\ndisallow: /b", "x")

    assert not rules.allows("/a")
    assert not rules.allows("/b")


def test_what_is_encoded_in_two_ways_is_one_path() -> None:
    rules = read_robots("User-agent: *\nDisallow: /über", "x")

    assert not rules.allows("/%C3%BCber/uns")


@pytest.mark.parametrize(
    "text", ["", "<html>Not found</html>", "\ufeff", "Disallow: /\n", ":" * 99]
)
def test_without_a_group_all_is_allowed(text: str) -> None:
    assert read_robots(text, "x").allows("/a")


def test_rules_that_search_long_end() -> None:
    rules = read_robots("User-agent: *\nDisallow: /" + "*a" * 2000 + "$", "x")

    assert rules.allows("/" + "a" * 1999)
    assert not rules.allows("/" + "a" * 2000)
