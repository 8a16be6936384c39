"""How many sources say something independently of each other."""

from collections.abc import Sequence

from index.hit import Hit

__all__ = ["n_independent"]


def n_independent(hits: Sequence[Hit]) -> int:
    """Return how many independent sources there are among the articles of these hits.

    Articles of one story (near-duplicates: copies of a wire report, updates) are one source, and
    so are articles of one outlet. An outlet that is not named counts by itself.
    """
    groups: list[set[str]] = []
    for hit in hits:
        marks = {f"article {hit.article.id}"}
        if hit.story is not None:
            marks.add(f"story {hit.story}")
        if hit.article.source:
            marks.add(f"outlet {hit.article.source}")
        touched = [group for group in groups if group & marks]
        groups = [group for group in groups if not group & marks]
        groups.append(marks.union(*touched))
    return len(groups)
