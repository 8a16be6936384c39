"""Titles without what sites put around them."""

import re
from collections.abc import Sequence

__all__ = ["without_headline", "without_site"]

_NOT_NAME = re.compile(r"[\W_]+")
_LAST_PART = re.compile(r"(.+\S)\s*[-|–—·:]\s+(\S.*)")


def without_site(title: str, sites: Sequence[str]) -> str:
    """Return a title without the name of the site, which many put after it.

    >>> without_site("Ferry sinks - HarbourPost", ["Harbour Post"])
    'Ferry sinks'
    """
    parted = _LAST_PART.fullmatch(title)
    names = {_NOT_NAME.sub("", site).casefold() for site in sites}
    is_site = parted and _NOT_NAME.sub("", parted[2]).casefold() in names
    return parted[1] if parted and is_site else title


def without_headline(story: str, title: str) -> str:
    r"""Return a story without its title, where that is its first line.

    >>> without_headline("Ferry sinks!\nIt sank on Tuesday.", "Ferry sinks")
    'It sank on Tuesday.'
    """
    first, _, rest = story.strip().partition("\n")
    is_title = _NOT_NAME.sub("", first).casefold() == _NOT_NAME.sub("", title).casefold()
    return rest.strip() if is_title and rest.strip() else story
