"""What an item says of its own state: whether it is published, and from when on."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

__all__ = ["WITHDRAWN", "embargo_in", "is_switch", "reason_unpublished", "state_word"]

WITHDRAWN = "not published: it is withdrawn"
"""Why an item is not published that its outlet took back."""

_NOT_NAME = re.compile(r"[\W_]+")
# Words that stand in a field for the state, and what they say of an item.
_WORDS = {
    **dict.fromkeys(("draft", "autodraft", "entwurf", "brouillon", "borrador"), "a draft"),
    **dict.fromkeys(("pending", "pendingreview", "inreview", "review", "submitted"), "pending"),
    **dict.fromkeys(("awaitingapproval", "unapproved", "needsreview", "rejected"), "pending"),
    **dict.fromkeys(("private", "internal", "confidential", "hidden"), "private"),
    **dict.fromkeys(("password", "passwordprotected", "protected"), "protected"),
    **dict.fromkeys(("trash", "trashed", "deleted", "removed", "spam"), "in the trash"),
    **dict.fromkeys(("withheld", "hold", "onhold", "held", "embargoed"), "withheld"),
    **dict.fromkeys(("canceled", "cancelled", "killed", "kill", "withdrawn"), "withdrawn"),
    **dict.fromkeys(("retracted", "spiked", "revoked", "recalled"), "withdrawn"),
    **dict.fromkeys(("future", "scheduled", "planned"), "scheduled, not yet published"),
    **dict.fromkeys(("unpublished", "notpublished", "offline", "inactive", "disabled"), ""),
    **dict.fromkeys(("unlisted", "notforpublication", "expired", "inherit"), ""),
}
_PUBLISHED = set(
    "publish published public usable live active online visible approved released final".split()
)
_TRUE = {"true", "yes", "1", "on", "y", "ja", "oui", "si", "t"}
_FALSE = {"false", "no", "0", "off", "n", "nein", "non", "f"}
# Fields that hold such a word; those true of what is published; and those true of the rest.
_STATES = (
    *("status", "state", "poststatus", "pubstatus", "publicationstatus", "publishstatus"),
    *("publishingstatus", "workflowstate", "workflowstatus", "articlestatus", "contentstatus"),
    *("itemstatus", "storystatus", "visibility", "creativeworkstatus", "managementstatus"),
    *("editorialstatus", "moderationstate", "publishstate", "publicationstate"),
)
_SWITCHES_ON = (
    *("published", "ispublished", "public", "ispublic", "publish", "visible"),
    *("isvisible", "isactive", "approved", "isapproved"),
)
_SWITCHES_OFF = {
    **dict.fromkeys(("draft", "isdraft"), "a draft"),
    **dict.fromkeys(("private", "isprivate", "hidden", "ishidden"), "private"),
    **dict.fromkeys(("deleted", "isdeleted", "trashed", "istrashed", "removed"), "in the trash"),
    **dict.fromkeys(("withheld", "killed", "cancelled", "canceled", "retracted"), "withdrawn"),
    **dict.fromkeys(("noindex", "isnoindex"), "marked noindex"),
    **dict.fromkeys(("pending", "ispending"), "pending"),
    **dict.fromkeys(("unpublished", "isunpublished"), "not published"),
    **dict.fromkeys(("ispasswordprotected", "passwordprotected"), "protected"),
}
_NOINDEX = re.compile(r"\bnoindex\b|(?:^|,)\s*none\s*(?:,|$)", re.IGNORECASE)
_ROBOTS = ("robots", "googlebot", "metarobots", "xrobotstag", "bingbot")
_PASSWORDS = ("postpassword", "password")
_KINDS = ("posttype", "contenttype", "type", "objecttype", "itemtype", "documenttype")
_NO_STORIES = {
    **{"page": "a page of the site", "attachment": "an attachment", "revision": "a revision"},
    **{"navmenuitem": "an item of a menu", "customcss": "a style sheet", "oembedcache": "a cache"},
    **{"customizechangeset": "a change of the theme", "wpblock": "a block", "media": "a picture"},
    **{"wptemplate": "a template", "wptemplatepart": "a template", "wpglobalstyles": "styles"},
    **{"wpnavigation": "a menu", "userrequest": "a request", "elementorlibrary": "a template"},
    **{"feedback": "a form's entry", "template": "a template", "menu": "a menu"},
}
_EMBARGOES = (
    *("embargo", "embargoed", "embargountil", "embargoeduntil", "embargodate", "embargotime"),
    *("embargodatetime", "embargoedto", "embargoends", "embargoend", "liftembargo"),
    *("notbefore", "holduntil", "availablefrom", "availabledate", "releaseat", "releasetime"),
    *("visiblefrom", "publishafter", "embargoliftdate"),
)

_DATES = frozenset(
    "date publishedat publisheddate datepublished pubdate publishdate createdat created datetime"
    " timestamp updatedat dategmt postdate".split()
)
_ALL = frozenset((*_STATES, *_SWITCHES_ON, *_SWITCHES_OFF, *_ROBOTS, *_PASSWORDS, *_KINDS))


def state_word(value: object) -> str | None:
    """Return why an item whose state is called `value` is not published, or None when it is.

    >>> state_word("stat:withheld"), state_word("auto-draft"), state_word("usable")
    ('withheld', 'a draft', None)
    """
    if not isinstance(value, str):
        return None
    # IPTC's codes have the name of their list before them.
    word = _NOT_NAME.sub("", value.strip().rpartition(":")[2]).casefold()
    if word in _PUBLISHED or word not in _WORDS:
        return None
    return _WORDS[word] or "not published"


def reason_unpublished(facts: Mapping[str, object]) -> str | None:
    """Return why an item is not news that was published, or None; names as archives write them.

    >>> reason_unpublished({"wp:status": "private"}), reason_unpublished({"is_draft": False})
    ('not published: it is private', None)
    """
    small = {_small(name): value for name, value in facts.items()}
    if small.keys().isdisjoint(_ALL):
        return None
    for name in _KINDS:
        kind = _NOT_NAME.sub("", _text(small.get(name))).casefold()
        if kind in _NO_STORIES:
            return f"not an article: it is {_NO_STORIES[kind]}"
    if found := _of_states(small) or _of_switches(small):
        return f"not published: it is {found}" if found != "not published" else found
    if any(_text(small.get(name)) for name in _PASSWORDS):
        return "not published: it is protected"
    if any(_NOINDEX.search(_text(small.get(name))) for name in _ROBOTS):
        return "not published: it is marked noindex"
    return None


def embargo_in(facts: Mapping[str, object]) -> object | None:
    """Return the date until which an item is embargoed, as it is written, or None.

    An embargo without a date stands for one that does not end: that is returned as an empty string.
    """
    small = {_small(name): value for name, value in facts.items()}
    if small.keys().isdisjoint(_EMBARGOES):
        return None
    for name in _EMBARGOES:
        if name not in small:
            continue
        value = small[name]
        switch = _switch(value)
        if switch is True:
            return ""
        if switch is None and value not in (None, "", [], {}):
            return value
    return None


def is_switch(value: object) -> bool:
    """Whether a value turns something on or off, and is no date.

    >>> is_switch("false"), is_switch(1), is_switch("2024")
    (True, True, False)
    """
    return _switch(value) is not None


def _of_states(small: Mapping[str, object]) -> str | None:
    for name in _STATES:
        value = small.get(name)
        for one in value if isinstance(value, list) else [value]:
            if reason := state_word(one):
                return reason
    return None


def _of_switches(small: Mapping[str, object]) -> str | None:
    for name, reason in _SWITCHES_OFF.items():
        if name in small and _switch(small[name]) is True:
            return reason
    off = [name for name in _SWITCHES_ON if name in small and _switch(small[name]) is False]
    # Where nothing else says when, it may be the first second that computers count.
    is_date = off == ["published"] and str(small["published"]).strip() in ("0", "0.0")
    if off and not (is_date and small.keys().isdisjoint(_DATES)):
        return "not published"
    return None


def _switch(value: object) -> bool | None:
    """Return whether a value turns something on or off, or None when it is no switch."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    word = value.strip().casefold() if isinstance(value, str) else ""
    if word in _TRUE | _FALSE:
        return word in _TRUE
    return None


@lru_cache(maxsize=4096)
def _small(name: str) -> str:
    # "wp:status" and "wp_status": the name is what comes after the name space.
    return _NOT_NAME.sub("", name.rpartition(":")[2].removeprefix("wp_")).casefold()


def _text(value: object) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping):
        return ", ".join(map(str, value))
    return value.strip() if isinstance(value, str) else ""
