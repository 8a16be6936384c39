"""What programs leave in a story: the trailers of feeds, the codes of editors, prompts to pay."""

import re

from corpus.cleaning.quotations import is_quoted

__all__ = ["drop_paywall_prompts", "drop_shortcodes", "drop_trailers"]

_MAX_CHARS = 400


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


# A title in it may well be a quotation: the words around it are not. That a story "first appeared
# in 1912" is news, so only what programs write is taken.
_TRAILERS = _any(
    r"(?:the )?post .{1,300} (?:first appeared|appeared first) (?:on|in) .+",
    r"(?:the )?(?:article|story) .{1,300} appeared first on .+",
    # One with a year is left: it says when the story is from.
    r"this (?:article|story|post|piece) (?:was )?(?:first|originally) "
    r"(?:appeared|published|posted) (?:on|at|by|in) (?!.*\b(?:19|20)\d\d\b).{2,120}",
    r"continue reading .{1,300} (?:at|on) .{2,80}",
    r"der beitrag .{1,300} erschien zuerst (?:auf|bei) .+",
    r"l['’]article .{1,300} est apparu en premier sur .+",
    r"la entrada .{1,300} (?:se publicó primero|aparece primero) en .+",
    r"l['’]articolo .{1,300} (?:sembra essere il primo su|proviene da) .+",
    r"o post .{1,300} apareceu primeiro em .+",
    r"het bericht .{1,300} verscheen eerst op .+",
    r"(?:via|source|quelle|fuente) ?: https?://\S+",
)
_WHO = r"(?:registered |paying |premium )?(?:subscribers?|members?|users?|readers)"
_PROMPTS = _any(
    r"(?:this|the rest of this) (?:article|story|content|page) is (?:only )?"
    r"(?:for|available (?:only )?to|exclusive to|reserved for|free for) (?:our )?"
    rf"{_WHO}\b.{{0,200}}",
    r"(?:are you )?already (?:a )?(?:subscriber|member|subscribed|registered)\b.{0,80}",
    r"(?:please )?(?:log|sign) ?in(?: or (?:subscribe|register|sign up))? "
    r"to (?:read|continue|view|access)\b.{0,120}",
    r"(?:please )?(?:subscribe|register|sign up|create (?:a free|an) account)\b[^.!?]{0,60}"
    r" to (?:continue|keep) reading\b.{0,120}",
    r"to (?:continue|keep) reading\b[^.!?]{0,60}\b(?:subscribe|register|log ?in|sign)\b.{0,120}",
    r"you(?:['’]ve| have) (?:\d+|no|one|two|three|reached|used|read)\b[^.!?]{0,60}"
    r"\b(?:free )?(?:articles?|stories|limit)\b[^.!?]{0,60}"
    r"\b(?:month|left|limit|remaining)\b.{0,80}",
    r"(?:get|enjoy|start|try) (?:unlimited|full|digital)\b[^.!?]{0,60}\baccess\b.{0,160}",
    r"subscribe (?:now )?(?:for|from) (?:just |only )?[$€£]?\d.{0,120}",
    r"dieser (?:artikel|inhalt) ist (?:nur )?für (?:abonnenten|registrierte)\b.{0,160}",
    r"cet article est réservé aux abonnés\b.{0,160}",
    r"(?:este )?contenido exclusivo para suscriptores\b.{0,160}",
)
_CODES = (
    "caption|gallery|embed|audio|video|playlist|wp_caption|googlemaps|gravityform|contact-form-7"
    "|contact-form|ads?|advert|adsense|newsletter|subscribe|recent_posts|related_posts|youtube"
    "|vimeo|twitter|tweet|instagram|facebook|spotify|soundcloud|iframe|slideshow|dropcap|pullquote"
    "|button|columns?|row|one_half|one_third|divider|spacer|toc|table|poll|quiz|code"
    "|(?:vc|et_pb|fusion|su|av|tdb?|mk|wpv|rev|gem|jnews|elementor|ultimate)_[a-z0-9_]{1,40}"
)
_VALUE = r"(?:\"[^\"\n]{0,400}\"|'[^'\n]{0,400}'|“[^”\n]{0,400}”|”[^”\n]{0,400}”|[^\s\]\"']{1,400})"
_ATTRIBUTES = rf"(?:\s+[\w-]{{1,40}}={_VALUE}){{0,30}}"
_CAPTION = _any(rf"\[(?:wp_)?caption{_ATTRIBUTES}\s*\].{{0,2000}}?\[/(?:wp_)?caption\]")
# With an attribute, an address or a slash: "[video]" alone is an editor's word in a quotation.
_SHORTCODE = _any(
    rf"\[/?(?:{_CODES})(?=\s+(?:[\w-]{{1,40}}=|https?://)){_ATTRIBUTES}"
    r"(?:\s+https?://[^\s\]]{1,300})?\s*/?\]",
    rf"\[[a-z][a-z0-9_-]{{1,40}}(?=\s+[\w-]{{1,40}}=){_ATTRIBUTES}\s*/?\]",
    r"\[/[a-z][a-z0-9_-]{1,40}\]",
)
_PAIR = _any(rf"\[(?P<name>{_CODES})\](?P<inner>.{{0,2000}}?)\[/(?P=name)\]")
_URL = re.compile(r"\s*https?://\S+\s*")
# Or nothing else in the line.
_BARE = _any(rf"\s*(?:\[/?(?:{_CODES})\s*/?\]\s*)+")
# How each of them begins: most lines need no closer look.
_TRAILER_BEGINS = (
    *("the post ", "post ", "the article ", "the story ", "article ", "story ", "this "),
    *("continue ", "der beitrag ", "l'artic", "l’artic", "la entrada ", "o post ", "het bericht "),
    *("via", "source", "quelle", "fuente"),
)
_PROMPT_BEGINS = (
    *("this ", "the rest of ", "are you ", "already ", "please ", "log", "sign", "subscribe "),
    *("register ", "create ", "to continue ", "to keep ", "you've ", "you’ve ", "you have "),
    *("get ", "enjoy ", "start ", "try ", "dieser ", "cet article ", "contenido ", "este "),
)
_MAX_BEGIN_CHARS = 13
_SPACES = re.compile(r"  +")


def drop_trailers(lines: list[str]) -> list[str]:
    """Drop lines in which a program says where the story stood first."""
    return [
        line
        for line in lines
        if not _begins(line, _TRAILER_BEGINS) or not _TRAILERS.fullmatch(line)
    ]


def drop_paywall_prompts(lines: list[str]) -> list[str]:
    """Drop lines that only ask to pay, to register or to log in."""
    return [
        line
        for line in lines
        if not _begins(line, _PROMPT_BEGINS) or not _PROMPTS.fullmatch(line) or is_quoted(line)
    ]


def _begins(line: str, words: tuple[str, ...]) -> bool:
    return len(line) <= _MAX_CHARS and line[:_MAX_BEGIN_CHARS].casefold().startswith(words)


def drop_shortcodes(lines: list[str]) -> list[str]:
    """Drop the codes of editors such as [gallery ids="1"], and captions that stand in them."""
    if not any("[" in line for line in lines):
        return lines
    return [_without_codes(line) if "[" in line else line for line in lines]


def _without_codes(line: str) -> str:
    while True:
        bare = _SHORTCODE.sub("", _PAIR.sub(_inner, _CAPTION.sub("", line)))
        bare = "" if _BARE.fullmatch(bare) else bare
        if bare == line:
            return line
        line = _SPACES.sub(" ", bare).strip()


def _inner(match: re.Match[str]) -> str:
    return "" if _URL.fullmatch(match["inner"]) else match["inner"]
