"""How much of a question its passages speak of."""

from collections.abc import Sequence

from corpus.splitting import headed_text
from index.hit import Hit
from index.lexical import stems

__all__ = ["coverage"]

# Words that say nothing of what a question is about.
_FUNCTION_WORDS = frozenset(
    stems(
        "a an the of in on at to for from by with and or as into during about than then per over "
        "under out up down is are was were be been being am do does did has have had will would "
        "can could may might must shall should not no yes this that these those it its he his him "
        "she her hers they their them we our us you your i my me there here what which who whom "
        "whose when where why how many much more most some any one all first last new year month "
        "week day after before name called say says said according following recently"
    )
)


def coverage(question: str, hits: Sequence[Hit]) -> list[float]:
    """Return which part in [0, 1] of a question's words each passage, or its title, has.

    Words are alike when their stems are; 1 when the question has none that say what it is about.
    """
    asked = set(stems(question)) - _FUNCTION_WORDS
    return [_covered(asked, hit) if asked else 1.0 for hit in hits]


def _covered(asked: set[str], hit: Hit) -> float:
    held = stems(headed_text(hit.article, hit.passage.start, hit.passage.end))
    return len(asked.intersection(held)) / len(asked)
