"""What the generator learns to ask from, and the passages that it asks of."""

import random
from collections.abc import Iterable, Iterator
from datetime import date

from corpus.splitting import Splitter
from training.askable import askable_span
from training.datasets import older_news, reading_set
from training.example import Context, Example
from training.prompts import PromptEncoder, shortened
from training.reading import drawn

__all__ = ["AskedExample", "human_questions", "news_passages", "to_ask", "wikipedia_passages"]

_WIKIPEDIA = ("squad", "squadshifts", "nq_open_oracle", "tydiqa_en")
_ANSWERED = (*_WIKIPEDIA, "newsqa")
_UNANSWERABLE, _UNANSWERABLE_TIMES = ("squad", "squad_pieces", "timeqa_human"), 3
_UNLIKE = ("squadshifts_reddit", "squadshifts_amazon_reviews")
_MIN_QUESTION_CHARS, _MAX_ANSWER_CHARS = 15, 120
# Longer passages are shortened for people's questions without an answer.
_MAX_PASSAGE_CHARS = 1400
_MIN_CHARS, _MAX_CHARS, _MAX_MARKED_CHARS = 250, 1400, 1600
# Passages of more lines are lists and menus.
_MAX_LINES = 12
# As an index splits articles by default.
_SPLITTER = Splitter(max_tokens=200)


class AskedExample(Example):
    """A question that the generator asked of one passage, which may be marked as its answer.

    `title` and `day` are the article's; empty and None where the passage is of no news article.
    """

    title: str = ""
    day: date | None = None


def human_questions(rng: random.Random, limit: int | None = None) -> list[Example]:
    """Return people's questions with their passage: each with one answer, or with none.

    Those with none thrice. With `limit`, only so many, drawn from all sets.

    Raises:
        SourceError: the data is not there.
    """
    answered = [
        (name, example)
        for name in _ANSWERED
        for example in reading_set(name)
        if example.contexts[0].answers and example.source not in _UNLIKE and _is_short(example)
    ]
    others = [
        (name, example)
        for name in _UNANSWERABLE
        for example in reading_set(name)
        if not example.contexts[0].answers
    ]
    chosen = drawn([*answered, *others * _UNANSWERABLE_TIMES], limit, rng)
    return [_shortened(example, rng) for _, example in chosen]


def _is_short(example: Example) -> bool:
    start, end = example.contexts[0].answers[0]
    return len(example.question) >= _MIN_QUESTION_CHARS and end - start <= _MAX_ANSWER_CHARS


def _shortened(example: Example, rng: random.Random) -> Example:
    context = example.contexts[0]
    if not context.answers and len(context.text) > _MAX_PASSAGE_CHARS:
        place = rng.randrange(len(context.text))
        around = Context(text=context.text, answers=((place, place + 1),))
        short = Context(text=shortened(around).text)
    else:
        short = shortened(context) if context.answers else context
    return example.model_copy(update={"contexts": (short,)})


def news_passages(rng: random.Random) -> list[AskedExample]:
    """Return the passages of the news archive's articles of 2017 to April 2022, shuffled.

    Each with its article's title and day, and no question yet.

    Raises:
        SourceError: the data is not there.
    """
    found = {
        text: AskedExample(
            source="asked",
            question="",
            contexts=(Context(text=text),),
            title=article.title,
            day=article.day,
        )
        for article in older_news()
        for passage in _SPLITTER.split(article)
        if _MIN_CHARS < len(text := article.text[passage.start : passage.end]) < _MAX_MARKED_CHARS
        and text.count("\n") <= _MAX_LINES
    }
    passages = list(found.values())
    rng.shuffle(passages)
    return passages


def wikipedia_passages(rng: random.Random) -> list[AskedExample]:
    """Return the passages of the sets that ask about Wikipedia, shuffled, with no question yet.

    Raises:
        SourceError: the data is not there.
    """
    texts = {
        example.contexts[0].text
        for name in _WIKIPEDIA
        for example in reading_set(name)
        if example.source not in _UNLIKE
    }
    passages = [
        AskedExample(source="asked", question="", contexts=(Context(text=text),))
        for text in sorted(texts)
        if _MIN_CHARS < len(text) < _MAX_CHARS
    ]
    rng.shuffle(passages)
    return passages


def to_ask(
    passages: Iterable[AskedExample],
    n: int,
    encoder: PromptEncoder,
    max_tokens: int,
    rng: random.Random,
    *,
    marked: bool,
) -> Iterator[AskedExample]:
    """Yield at most `n` of the passages whose prompt is short enough, each as it is or marked.

    `passages` goes on behind the last of them, when it is an iterator.
    """
    if n == 0:
        return
    for passage in passages:
        context: Context | None = passage.contexts[0]
        if marked:
            context = _marked(passage.contexts[0], rng)
        elif len(passage.contexts[0].text) >= _MAX_CHARS:
            context = None
        if context and len(encoder.prompt(context)) < max_tokens:
            yield passage.model_copy(update={"contexts": (context,)})
            n -= 1
            if n == 0:
                return


def _marked(context: Context, rng: random.Random) -> Context | None:
    span = askable_span(context.text, rng)
    return shortened(Context(text=context.text, answers=(span,))) if span else None
