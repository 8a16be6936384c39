"""What the known makers of news leave in a story or in its place: stubs, cut ends, headlines."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

__all__ = ["headline_story", "joined_story", "reason_stub", "trimmed", "whole_story"]

# A headline that is a story by itself says who does what; "No title" and "Home" do not.
_MIN_HEADLINE_WORDS = 4
_MIN_HEADLINE_SIGNS = 9
_WORD = re.compile(r"[^\W_]+")
_SIGN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_REMOVED = re.compile(
    r"\[?(?:removed|deleted)\]?|\[(?:removed|deleted)\]|content removed|article removed", re.I
)
_REMOVED_URL = re.compile(r"https?://(?:www\.)?removed\.com/?", re.I)
_PAID = re.compile(r"only available in (?:paid|professional|corporate) plans?", re.I)
# "... will carr… [+2314 chars]", as news APIs end what they cut.
_CUT_END = re.compile(
    r"(?:(?P<word>[^\W_]*+)\s*+(?:…|\.\.\.)\s*+)?"
    r"\[\s*+\+?\s*+\d++\s*+(?:chars|characters)\s*+\]$"
)
_CUT_CHARS = 120
# "[…]" and "[...]", as feeds end an excerpt.
_EXCERPT_END = re.compile(r"(?:\[\s*+(?:…|\.\.\.|&hellip;)\s*+\]|…|\.\.\.)$")
_MIN_NEW_WORDS = 5
_KNOWN_SHARE = 0.6
# How much of the body that a page states it shows when it is cut short.
_CUT_SHARE, _SHORT_SHARE = 0.95, 0.7
_MIN_LINE_CHARS = 60
_MIN_KNOWN = 0.5


def reason_stub(fields: Mapping[str, object]) -> str | None:
    """Return why a record only stands where an article was, or None."""
    title, text, url = (str(fields.get(name) or "").strip() for name in ("title", "text", "url"))
    is_removed = _REMOVED.fullmatch(title) and (not text or _REMOVED.fullmatch(text))
    if is_removed or _REMOVED_URL.fullmatch(url):
        return "a stub: the article was removed, says who sent it"
    return None


def trimmed(text: str) -> str:
    """Return a story without the mark of how much a news API cut off, and the word it cut.

    >>> trimmed("The line has 14 stops and will carr… [+2314 chars]")
    'The line has 14 stops and will …'
    """
    if _PAID.fullmatch(text.strip()) or _REMOVED.fullmatch(text.strip()):
        return ""
    if "[" not in text[-40:]:
        return text
    ended = text.rstrip()
    match = _CUT_END.search(ended, max(0, len(ended) - _CUT_CHARS))
    if not match:
        return text
    before = text[: match.start()].rstrip()
    return f"{before} …" if before and match["word"] is not None else before


def headline_story(title: str, fields: Mapping[str, object]) -> str:
    """Return a headline that has to stand for its story, or nothing when it says too little.

    Pages and files whose story was looked for and not found set `is_whole` to False.
    """
    if fields.get("is_whole") is False:
        return ""
    n_words, n_signs = len(_WORD.findall(title)), len(_SIGN.findall(title))
    is_telling = n_words >= _MIN_HEADLINE_WORDS or n_signs >= _MIN_HEADLINE_SIGNS
    return title if is_telling else ""


def joined_story(summary: str, content: str) -> str:
    r"""Return a summary and the content after it where both say something, else the one that does.

    >>> joined_story("The line opens on 6 May after long delays.", "The agency named the driver.")
    'The line opens on 6 May after long delays.\n\nThe agency named the driver.'
    >>> joined_story("The agency named […]", "The agency named the driver of the tram.")
    'The agency named the driver of the tram.'
    """
    summary, content = summary.strip(), content.strip()
    if not summary or not content:
        return content or summary
    said = _WORD.findall(_EXCERPT_END.sub("", summary.rstrip()).casefold())
    if len(said) < _MIN_NEW_WORDS or _PAID.fullmatch(summary) or _REMOVED.fullmatch(summary):
        return content
    words = _WORD.findall(content.casefold())
    if _is_in(said, words):
        return content
    if _is_in(words, said) and len(words) <= len(said):
        return summary
    return f"{summary}\n\n{content}"


def whole_story(shown: str, body: str, *, is_cut: bool) -> str:
    """Return the story of a page: what it shows, or the `body` it states where that is cut short.

    What is shown must then mostly stand in the body: a page may state the story of another. With
    `is_cut` the page says itself that not all of it is shown.
    """
    shown, body = shown.strip(), body.strip()
    if not shown or not body:
        return shown or body
    most = _CUT_SHARE if is_cut else _SHORT_SHARE
    if len(shown) > most * len(body):
        return shown
    said = "".join(_WORD.findall(body.casefold()))
    lines = [line for line in shown.split("\n") if len(line) >= _MIN_LINE_CHARS]
    known = sum("".join(_WORD.findall(line.casefold())) in said for line in lines)
    return body if lines and known >= _MIN_KNOWN * len(lines) else shown


def _is_in(some: list[str], words: list[str]) -> bool:
    """Whether most of some words stand among others in the same order."""
    start = " ".join(some)
    if start in " ".join(words):
        return True
    window = words[: 4 * len(some) + 100]
    blocks = SequenceMatcher(None, some, window, autojunk=False).get_matching_blocks()
    n_known = sum(block.size for block in blocks if block.size > 1)
    return n_known >= _KNOWN_SHARE * len(some)
