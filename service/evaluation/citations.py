"""Checks citations against the archive that they cite."""

from collections.abc import Sequence

from index.engines.archive import ArchiveSnapshot
from service.answering.answer import Answer, Citation

__all__ = ["n_valid_citations"]


def n_valid_citations(answers: Sequence[Answer], snapshot: ArchiveSnapshot) -> int:
    """Return how many citations of all the answers are true to the stored articles."""
    return sum(_is_valid(citation, one, snapshot) for one in answers for citation in one.citations)


def _is_valid(citation: Citation, answer: Answer, snapshot: ArchiveSnapshot) -> bool:
    """Whether the quote and the answer stand in the stored article where the citation says.

    The first citation must hold the answer to the letter; others may write it differently.
    """
    article = snapshot.article(citation.article_id)
    if article is None:
        return False
    start, end = citation.answer_start, citation.answer_end
    text = article.title if citation.field == "title" else article.text
    # From 0 to the length: a slice forgives offsets outside the text, a link to them opens nothing.
    return (
        text[citation.quote_start : citation.quote_end] == citation.quote
        and 0 <= citation.quote_start <= start < end <= citation.quote_end <= len(text)
        and (citation != answer.citations[0] or text[start:end] == answer.text)
    )
