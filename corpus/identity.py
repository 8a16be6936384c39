"""What an article is called: the one rule for ids, and the names that an article is found by.

An id is what the caller, feed or file calls the article, whatever its characters. Only two things
are changed. An id that can only be unique within its outlet (a number such as `17`, or the `b-1`
of a feed) is put after the outlet's name: `Harbour Post/17`. And what only tracks readers is
taken out of addresses.
"""

import hashlib
import re
import unicodedata
from urllib.parse import urlsplit, urlunsplit

from corpus.article import Article

__all__ = [
    "MAX_ID_CHARS",
    "article_id",
    "legacy_id",
    "looks_like_another",
    "names_of",
    "plain_id",
    "without_tracking",
]

MAX_ID_CHARS = 300

_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\u2060\ufeff\ud800-\udfff]")
# Digits and what parts them: "17", "0017", "2024-03-05", "?p=17". Words tell more than a counter.
_RUNNING = re.compile(r"(?:\?[a-z_]{1,12}=)?[\W_]{0,2}(?:\d+[\W_]{0,2}){1,4}")
_MAX_RUNNING_DIGITS = 12
_EVERYWHERE = re.compile(
    r"[a-z][a-z0-9+.-]*://.*|(?:urn|tag|doi|info|hdl|ark):.*"
    r"|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{24,}",
    re.IGNORECASE | re.DOTALL,
)
_WEB = re.compile(r"https?://", re.IGNORECASE)
# What analytics and newsletters put behind addresses; whole names, or their beginnings.
_TRACKING = re.compile(
    r"(?:utm_|pk_|mtm_|hsa_|at_|ns_)\w*"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|li_fat_id"
    r"|mc_[ce]id|mkt_tok|_hsenc|_hsmi|_ga|_gl|vero_id|wickedid|oly_(?:anon|enc)_id|rb_clickid"
    r"|s_cid|cmpid|cmp|icid|ncid|ocid|smid|ito|xtor|wt\.mc_id|ref_src|ref_url|trk|trkcampaign"
    r"|sr_share|ftag|sc_cid|campaign_id|emc|ex_cid|spm|share_id|__twitter_impression",
    re.IGNORECASE,
)
# Ids of the first schema were kept as they are when they needed no escaping, and else hashed.
_LEGACY_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~:@-]{0,199}")
_WORD = re.compile(r"\w+")
_MAX_COMPARED_CHARS = 4000
_MOSTLY_ALIKE, _BARELY_ALIKE = 0.5, 0.2


def article_id(own: str, outlet: str | None, *, of_feed: bool = False) -> str:
    """Return the id of an article that is called `own` by the outlet or feed it comes from.

    With `of_feed` any name that is not unique everywhere is unique only there.

    >>> article_id("17", "Harbour Post"), article_id("2024/ferry sinks", "Harbour Post")
    ('Harbour Post/17', '2024/ferry sinks')
    """
    own = plain_id(own)
    scope = plain_id(outlet or "")
    is_local = _is_running(own) or (of_feed and not _EVERYWHERE.fullmatch(own))
    if not scope or not is_local or own.casefold().startswith(scope.casefold()):
        return own
    return plain_id(f"{scope}/{own}")


def _is_running(own: str) -> bool:
    return bool(_RUNNING.fullmatch(own)) and sum(map(str.isdigit, own)) <= _MAX_RUNNING_DIGITS


def plain_id(text: str) -> str:
    """Return an id as it is stored and looked up: NFC, on one line, of bounded length.

    A longer one keeps its beginning, and a hash of all of it stands for the rest.
    """
    text = " ".join(_ODD.sub(" ", unicodedata.normalize("NFC", text)).split())
    if _WEB.match(text):
        text = without_tracking(text)
    if len(text) <= MAX_ID_CHARS:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{text[: MAX_ID_CHARS - 17]}~{digest}"


def without_tracking(url: str) -> str:
    """Return an address without what only tracks who follows it; all else stays as it is.

    >>> without_tracking("https://Post.example/a?id=7&utm_source=rss#xtor=RSS-1")
    'https://post.example/a?id=7'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    kept = [
        pair
        for pair in parts.query.split("&")
        if pair and not _TRACKING.fullmatch(pair.partition("=")[0])
    ]
    fragment = parts.fragment
    if fragment.startswith(":~:") or _TRACKING.fullmatch(fragment.partition("=")[0]):
        fragment = ""
    host = parts.netloc if "@" in parts.netloc else parts.netloc.lower()
    return urlunsplit((parts.scheme, host, parts.path, "&".join(kept), fragment))


def legacy_id(own: str) -> str:
    """Return the id that an index of the first schema has for what is called `own`."""
    if _LEGACY_PLAIN.fullmatch(own):
        return own
    return hashlib.sha256(own.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def names_of(article: Article) -> set[str]:
    """Return what else than its id an article is found by.

    That is its own name without the outlet, its address, and the ids that the first schema made of
    these, which stand in links that people kept.
    """
    own = article.id
    for scope in filter(None, (article.source, _host(article.url))):
        own = own.removeprefix(f"{plain_id(scope)}/")
    names = {own, legacy_id(own)}
    if article.url:
        names |= {plain_id(article.url), legacy_id(article.url)}
    if "/" in article.id and not _EVERYWHERE.fullmatch(article.id):
        # A file below the folder that was named.
        names.add(legacy_id(article.id.partition("/")[2] or article.id))
    return names - {article.id}


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url or "").hostname
    except ValueError:
        return None


def looks_like_another(one: Article, other: Article) -> bool:
    """Whether two articles of one id seem to be two: by outlet, title, day and words.

    A correction changes words, a headline or a date, and seldom all of them.
    """
    differing = [
        bool(one.source and other.source and _folded(one.source) != _folded(other.source)),
        _folded(one.title) != _folded(other.title),
        bool(one.day and other.day and one.day != other.day),
    ]
    if not any(differing):
        return False
    alike = _likeness(one.text, other.text)
    return alike < (_MOSTLY_ALIKE if sum(differing) > 1 else _BARELY_ALIKE)


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _likeness(one: str, other: str) -> float:
    words, others = (
        set(_WORD.findall(text[:_MAX_COMPARED_CHARS].casefold())) for text in (one, other)
    )
    return len(words & others) / max(min(len(words), len(others)), 1)
