"""The rules by which what is not the story is dropped, each by its name.

A rule gets the lines of a normalised text, one a paragraph, and returns those that stay. All
together they are idempotent: lines are looked at one by one first, then beside each other, and
what a rule drops leaves nothing new for those before it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from corpus.cleaning.leftovers import drop_paywall_prompts, drop_shortcodes, drop_trailers
from corpus.cleaning.quotations import is_quoted
from corpus.cleaning.repeats import drop_distant_repeats, drop_repeats_in_a_row
from corpus.cleaning.tails import drop_related

__all__ = ["RULES", "Rule"]

Apply = Callable[[list[str]], list[str]]

# No prompt or credit is longer; a paragraph of a story mostly is.
_MAX_CHARS = 320


@dataclass(frozen=True, slots=True)
class Rule:
    """What is dropped and why; `apply` maps the lines of a text to those that stay."""

    name: str
    drops: str
    apply: Apply


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


def _drop(pattern: re.Pattern[str], lines: list[str]) -> list[str]:
    return [
        line
        for line in lines
        if not line or len(line) > _MAX_CHARS or not pattern.fullmatch(line) or is_quoted(line)
    ]


_AGENCY = r"(?:AFP|AP|EPA|PA|Reuters|Bloomberg|Getty|Shutterstock|Alamy|Anadolu|Zuma)"
_MADE_BY = rf"(?:[^.!?/:]|\b\w\.){{2,60}}/\s?(?:[^.!?/:]{{2,30}}/){{0,2}}{_AGENCY}\b[^.!?:]{{0,40}}"
_PHOTO_CREDIT = _pattern(
    r"\(?(?:photo(?:graph)?s?|images?|pictures?)(?: (?:credit|by|courtesy(?: of)?)s?)?\s*"
    r"[:/|]\s*(?:[^.!?]|\b\w\.){2,100}",
    r"\(?(?:photo(?:graph)?s?|images?|pictures?) (?:by|courtesy of) [^.!?]{2,80}\)?",
    r"credits?\s*[:/|]\s*[^.!?]{2,100}",
    r"\(?(?:AP|AFP|Reuters|Getty)(?: photos?| images?)?/[^.!?]{2,60}\)?",
    r"\(?(?:AP|AFP|Reuters|Getty) (?:photos?|images?)\)?",
    r"(?:©|\(c\)) ?[^.!?]{2,80}",
    rf"\(?{_MADE_BY}\)?",
    r"\(?(?:[^.!?:]{2,40} (?:via|for) )?Getty Images\)?",
)
_CREDIT_BEGINS = ("photo", "image", "pictur", "credit", "ap", "afp", "reuters", "getty", "©", "c)")
# "The pier at dawn. Ana Ruiz/Getty Images", "The pier at dawn. Photo: Ana Ruiz/Harbour Post", "The
# pier at dawn (Image credit: Ana Ruiz)": the caption stays.
_CREDIT_AFTER = re.compile(
    rf"(?<=[.!?]) {_MADE_BY}$"
    r"|(?<=[.!?]) (?:photo(?:graph)?|image|picture)s?: [^.!?:/]{2,40}/[^.!?:/]{2,40}$"
    r"|(?<=[^\s(]) \((?:(?:image|photo|picture) credit|photo|photograph|image)s?(?::| by) ?"
    r"[^()]{2,80}\)$"
    rf"|(?<=[^\s(]) \({_AGENCY} photos?/[^()]{{2,60}}\)$",
    re.IGNORECASE,
)
_READ_MORE = _pattern(
    r"(?:read|see|hear|learn|find out|view|click(?: here)? (?:for|to (?:read|see))) more"
    r"(?: (?:here|about (?:it|this)(?: here)?))?\s*[.:…»>]*",
    r"(?:read|see|watch|learn|listen)(?: more| also| next| this)?\s*:\s*\S.{0,160}",
    r"(?:more(?: (?:coverage|news|on|from) ?[^.!?:]{0,40})?|also|related(?: (?:story|stories))?"
    r"|also read|must read|recommended(?: for you)?)\s?:\s?[^.!?:\s].{10,160}(?<![.,;:])",
    r"(?:continue|keep) reading(?: below)?(?: the main story)?\s*[.:…»>]*",
    r"(?:read|see) the (?:full|whole|original) (?:story|article|report)(?: here)?\s*[.:…»>]*",
    r"\(?(?:article|story) continues (?:below|after)(?: (?:this )?ad(?:vertisement)?)?\)?\.?",
)
_NEWSLETTER = _pattern(
    r"(?:please )?(?:sign[ -]?up|subscribe|register)\b[^!?]{0,60}"
    r"\b(?:newsletters?|inbox|e-?mails?|alerts)\b.{0,200}",
    r"(?:please )?(?:sign[ -]?up|subscribe)(?: (?:now|today|here|for free))+\s*[.!»>]*",
    r"get\b[^!?]{0,100}\b(?:newsletters?|in your inbox|to your inbox)\b.{0,200}",
    r"(?:want|like|enjoy|need)\b[^.!]{0,80}\?\s*(?:sign[ -]?up|subscribe)\b.{0,160}",
    r"[^.!?]{0,80}[:?]\s?(?:sign[ -]?up|subscribe)\b[^.!?]{0,60}\bnewsletters?\b.{0,80}",
    r"(?:please )?(?:support|thank you for supporting)\b[^.!?]{0,40}\bjournalism\b.{0,200}"
    r"\bsubscri.{0,100}",
    r"if your day doesn['’]t start until.{0,240}\bnewsletter\.?",
    r"enter your e-?mail(?: address)?\b.{0,100}",
)
_COOKIES = _pattern(
    r"(?:we|this (?:web)?site|our (?:web)?site|this page|[\w.-]{2,30}\.(?:com|org|net|co\.uk))"
    r"(?: and our partners)? uses? cookies\b.*",
    r"by (?:continuing|using|clicking|browsing)\b[^.!?]{0,120}\bcookies?\b.*",
    r"(?:accept|reject|allow|manage|decline)(?: all)? cookies?(?: (?:settings|preferences))?[.!]?",
    r"(?:cookie|privacy)s? (?:policy|settings|preferences|notice|consent)"
    r"(?: (?:and|&|\|) .{0,60})?\.?",
)
_ADVERTISEMENT = _pattern(
    r"\(?(?:advertisements?|sponsored(?: content| links?)?|advertorial)\)?[.:]?",
    r"(?:scroll|skip) (?:down )?(?:to|past) (?:continue|content|advertisement)[^.!?]{0,40}",
)
_PLACE = (
    r"(?:facebook|twitter|x|linkedin|e-?mail|whatsapp|reddit|pinterest|telegram|messenger|print"
    r"|pocket|flipboard|tumblr|instagram|threads|bluesky|sms|copy(?: the)? link|link copied!?"
    r"|save|more|tweet|share|pin(?: it)?|comments?)"
)
_SHARE = _pattern(
    r"share (?:this|the)(?: (?:article|story|page|post|video))?"
    r"(?: (?:on|via|with|to)\b.{0,60})?[:.!]?",
    rf"share (?:on|via|to) {_PLACE}(?:[\s,|/•·]+(?:share )?(?:on |via )?{_PLACE})*",
    rf"(?:share|tweet|print|copy link)\b[:\s]*(?:[\s,|/•·]+{_PLACE})*",
    rf"{_PLACE}(?:[\s,|/•·]+{_PLACE})+",
    r"(?:print|e-?mail) this (?:article|story|page)",
    r"(?:please )?(?:follow|like|join) us on [^.!?]{3,80}[.!]?",
)


def _drop_credits(lines: list[str]) -> list[str]:
    kept = [_without_credit(line) for line in _drop_credit_lines(lines)]
    return kept if kept == lines else _drop_credit_lines(kept)


def _drop_credit_lines(lines: list[str]) -> list[str]:
    return [
        line
        for line in lines
        if len(line) > _MAX_CHARS
        or not _may_be_credit(line)
        or not _PHOTO_CREDIT.fullmatch(line)
        or is_quoted(line)
    ]


def _may_be_credit(line: str) -> bool:
    # Tells most lines quickly from what the pattern takes long to refuse.
    return (
        "/" in line
        or line.lstrip("( ")[:9].casefold().startswith(_CREDIT_BEGINS)
        or "getty" in line.casefold()
    )


def _without_credit(line: str) -> str:
    if len(line) > _MAX_CHARS or ("/" not in line and "(" not in line) or is_quoted(line):
        return line
    while (cut := _CREDIT_AFTER.sub("", line)) != line:
        line = cut
    return line


RULES = (
    Rule(
        "shortcodes",
        'codes of editors such as [gallery ids="1"], and captions in them',
        drop_shortcodes,
    ),
    Rule(
        "photo-credits",
        "lines that only say who took a picture, and such credits at the end of a caption",
        _drop_credits,
    ),
    Rule(
        "read-more",
        'lines that only lead to another story: "Read more: ...", "More: ..."',
        partial(_drop, _READ_MORE),
    ),
    Rule(
        "newsletter-prompts",
        "lines that ask to subscribe or to sign up for a newsletter",
        partial(_drop, _NEWSLETTER),
    ),
    Rule(
        "cookie-banners",
        "what a site says of its cookies",
        partial(_drop, _COOKIES),
    ),
    Rule(
        "advertisements",
        "the marks around advertisements",
        partial(_drop, _ADVERTISEMENT),
    ),
    Rule(
        "share-bars",
        'rows of names of social networks, "Share this article"',
        partial(_drop, _SHARE),
    ),
    Rule(
        "paywall-prompts",
        'lines that ask to pay or log in: "This article is for subscribers"',
        drop_paywall_prompts,
    ),
    Rule(
        "feed-trailers",
        'what feeds end with: "The post ... appeared first on ...", whatever the title quotes',
        drop_trailers,
    ),
    Rule(
        "related-posts",
        '"Related Posts" and the like, and the list of headlines under it',
        drop_related,
    ),
    Rule(
        "repeated-captions",
        "a line that stands twice in a row, as captions around a picture do: one stays",
        drop_repeats_in_a_row,
    ),
    Rule(
        "repeated-paragraphs",
        "a paragraph that stood in the story before",
        drop_distant_repeats,
    ),
)
"""In the order in which they are applied."""
