"""How much of a question its passages speak of."""

from collections.abc import Sequence

from corpus.splitting import headed_text
from index.hit import Hit
from index.lexical import content_stems, stems

__all__ = ["coverage"]

# Words of so many questions and articles that sharing them tells nothing.
_COMMON = frozenset(
    stems(
        "over under out up down may might must shall yes more most some any one all first last new "
        "year month week day after before name called say says said according following recently"
    )
)


def coverage(question: str, hits: Sequence[Hit]) -> list[float]:
    """Return which part in [0, 1] of a question's words each passage, or its title, has.

    Words are alike when their stems are; 1 when the question has none that say what it is about.
    """
    asked = set(content_stems(question)) - _COMMON
    return [_covered(asked, hit) if asked else 1.0 for hit in hits]


def _covered(asked: set[str], hit: Hit) -> float:
    held = stems(headed_text(hit.article, hit.passage.start, hit.passage.end))
    return len(asked.intersection(held)) / len(asked)
