"""Entries as an Atom feed (RFC 4287). All that comes from articles or people is escaped."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

from service.api.bodies.answers import CitationBody
from service.watching.watch import CHANGES, Entry, Outcome

__all__ = ["atom_feed"]

_FEEDS = UUID("e2d9c1a4-7d0b-4b57-8a3c-94b6f0a3d115")
# What XML 1.0 has no place for, escaped or not.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC).isoformat()


def atom_feed(name: str, title: str, address: str, entries: Sequence[Entry]) -> bytes:
    """Return a feed of entries, newest first.

    `name` is what its id is made of, `address` where it is, `http://host/path`.
    """
    updated = entries[0].at if entries else _NO_DATE
    site = address.split("/v1/", 1)[0]
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<id>urn:uuid:{uuid5(_FEEDS, name)}</id>",
        f"<title>{_text(title)}</title>",
        f"<updated>{_text(updated)}</updated>",
        f'<link rel="self" type="application/atom+xml" href={_attribute(address)}/>',
        "<author><name>Dateline</name></author>",
        *(_entry(entry, site) for entry in entries),
        "</feed>",
    ]
    return "\n".join(parts).encode()


def _entry(entry: Entry, site: str) -> str:
    title = f"{entry.question} {_words(entry.after)}"
    link = _link(entry, site)
    return (
        "<entry>"
        f"<id>urn:uuid:{entry.id}</id>"
        f"<title>{_text(title)}</title>"
        f"<updated>{_text(entry.at)}</updated>"
        + (f"<link href={_attribute(link)}/>" if link else "")
        + f"<category term={_attribute(entry.change)}/>"
        # HTML inside XML: escaped once for each.
        + f'<content type="html">{_text(_html(entry, site))}</content>'
        "</entry>"
    )


def _html(entry: Entry, site: str) -> str:
    return (
        f"<p><b>{_text(CHANGES[entry.change])}.</b> {_text(entry.question)}</p>"
        f"<p>Now: {_answer(entry.after, site)}</p><p>Before: {_answer(entry.before, site)}</p>"
    )


def _answer(outcome: Outcome, site: str) -> str:
    if outcome.answer is None:
        return _text(_words(outcome))
    cited = "".join(f"<li>{_citation(one, site)}</li>" for one in outcome.answer.citations)
    return f"{_text(_words(outcome))}<ul>{cited}</ul>"


def _citation(citation: CitationBody, site: str) -> str:
    if not citation.quote:
        return "An article that was removed since."
    facts = (citation.source, citation.published and citation.published[:10])
    told = ", ".join(fact for fact in facts if fact)
    link = f"<a href={_attribute(site + citation.permalink)}>{_text(citation.title)}</a>"
    return f"<q>{_text(citation.quote)}</q> {link}{_text(f' ({told})' if told else '')}"


def _words(outcome: Outcome) -> str:
    answer = outcome.answer
    if answer is None:
        return f"No answer: {outcome.reason}"
    return "; ".join(item.text for item in answer.items) or answer.text or "(removed)"


def _link(entry: Entry, site: str) -> str | None:
    answer = entry.after.answer or entry.before.answer
    return site + answer.citations[0].permalink if answer else None


def _text(text: str) -> str:
    return escape(_NO_XML.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("\ufffd", text))
