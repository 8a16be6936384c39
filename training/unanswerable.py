"""Questions without an answer, made from questions that have one.

Two ways, both by rule: the sentence with the answer is taken out of the passage; or the question
is changed so that the passage no longer answers it, in the ways in which the writers of SQuAD 2.0
did most often (Rajpurkar et al. 2018, table 2): another name or number, an opposite, a negation.
"""

import random
import re
from collections.abc import Sequence

from corpus.sentences import sentence_spans
from service.evaluation.metrics import contains_answer
from training.example import Context, Example
from training.names import names_in
from training.negatives import answer_texts

__all__ = ["changed_question", "without_answer"]

_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_OPPOSITES = {
    one: other
    for pair in (
        "first last", "largest smallest", "biggest smallest", "most least", "more less",
        "highest lowest", "high low", "before after", "increase decrease", "increased decreased",
        "north south", "northern southern", "east west", "eastern western", "win lose", "won lost",
        "start end", "started ended", "begin end", "began ended", "oldest newest", "best worst",
        "longest shortest", "male female", "men women", "early late", "earliest latest",
        "above below", "internal external", "inside outside", "major minor", "always never",
        "open close", "opened closed", "buy sell", "bought sold", "allowed forbidden",
        "support oppose", "supported opposed", "accept reject", "accepted rejected",
        "maximum minimum", "positive negative", "upper lower", "strong weak", "rich poor",
        "gain lose", "gained lost", "enter leave", "entered left", "arrived departed", "rise fall",
        "rose fell", "same different", "old new", "younger older", "public private",
    )
    for one, other in (pair.split(), pair.split()[::-1])
}  # fmt: skip
_NEGATABLE = re.compile(r"\b(is|are|was|were|did|does|do|can|could|would|has|have)\b")


def without_answer(example: Example) -> Example | None:
    """Return the example with every sentence that holds its answer taken out of the passage.

    None when too little would be left, or the answer stands elsewhere too.
    """
    text = example.contexts[0].text
    golds = answer_texts(example)
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    left = [sentence for sentence in sentences if not contains_answer(sentence, golds)]
    rest = " ".join(left)
    if len(left) < 2 or len(left) == len(sentences) or contains_answer(rest, golds):
        return None
    return Example(
        source=f"{example.source}/removed",
        question=example.question,
        contexts=(Context(text=rest),),
    )


def changed_question(example: Example, rng: random.Random) -> Example | None:
    """Return the example with a question that its passage does not answer, if one is found."""
    context = example.contexts[0].text
    ways = [_other_name, _other_number, _opposite, _opposite, _negated]
    rng.shuffle(ways)
    for way in ways:
        question = way(example.question, context, rng)
        if question:
            return Example(
                source=f"{example.source}/changed",
                question=question,
                contexts=(Context(text=context),),
            )
    return None


def _other_name(question: str, context: str, rng: random.Random) -> str | None:
    names = names_in(question)
    others = _others([match[0] for match in names_in(context)], question)
    if not names or not others:
        return None
    name = rng.choice(names)
    n_words = len(name[0].split())
    alike = [other for other in others if len(other.split()) == n_words] or others
    return _replaced(question, name, rng.choice(alike))


def _other_number(question: str, context: str, rng: random.Random) -> str | None:
    numbers = list(_NUMBER.finditer(question))
    if not numbers:
        return None
    number = rng.choice(numbers)
    alike = [
        other
        for other in _others(_NUMBER.findall(context), question)
        if len(other) == len(number[0])
    ]
    if not alike and number[0].isdigit():
        alike = [str(int(number[0]) + rng.choice((-7, -3, -2, -1, 1, 2, 3, 11)))]
    return _replaced(question, number, rng.choice(alike)) if alike else None


def _opposite(question: str, context: str, rng: random.Random) -> str | None:
    words = [match for match in re.finditer(r"\w+", question) if match[0].lower() in _OPPOSITES]
    # Where the passage speaks of both, it may answer the opposite too.
    fitting = [word for word in words if _OPPOSITES[word[0].lower()] not in context.lower()]
    if not fitting:
        return None
    word = rng.choice(fitting)
    return _replaced(question, word, _OPPOSITES[word[0].lower()])


def _negated(question: str, context: str, rng: random.Random) -> str | None:
    verb = _NEGATABLE.search(question)
    # As a rule for all, "not" alone would give the answer away.
    if verb is None or rng.random() < 0.6 or "not" in context.lower().split():
        return None
    short = {"can": "can't"}.get(verb[0], f"{verb[0]}n't")
    return _replaced(question, verb, short)


def _others(found: Sequence[str], question: str) -> list[str]:
    return sorted({one for one in found if one.lower() not in question.lower()})


def _replaced(question: str, match: re.Match[str], other: str) -> str:
    return question[: match.start()] + other + question[match.end() :]
