"""What the question generator reads and writes, in the tokens of SmolLM2.

A passage, then "Question:" and a question that it answers with the words between two marks; or a
passage without marks, then "Unanswerable question:" and one that only seems to belong to it. Marked
answers are the prompts of Chan and Fan (2019, "A recurrent BERT-based model for question
generation"); questions without an answer are learnt from people's, as in SQuAD 2.0.
"""

from collections.abc import Sequence

from tokenizers import Tokenizer

from corpus.errors import ModelError
from corpus.sentences import sentence_spans
from training.example import Context

__all__ = ["PromptEncoder", "shortened"]

# The chat's special tokens: the model knows them, and no passage holds them.
_OPEN, _CLOSE, _END = "<|im_start|>", "<|endoftext|>", "<|im_end|>"
_ANSWERED, _UNANSWERABLE = "\nQuestion:", "\nUnanswerable question:"
_MAX_CHARS = 850


class PromptEncoder:
    """Turns passages and questions into token ids, and token ids into questions.

    Raises:
        ModelError: the tokenizer lacks a special token of SmolLM2.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._open, self._close, self.end = (self._special(name) for name in (_OPEN, _CLOSE, _END))

    def prompt(self, context: Context) -> list[int]:
        """Return the ids of a passage with its first answer marked, or of one that has none."""
        text = context.text
        if not context.answers:
            return self._ids(text) + self._ids(_UNANSWERABLE)
        start, end = context.answers[0]
        # Words follow on the space before them, which here is the mark's.
        before, answer, after = text[:start].rstrip(), text[start:end], text[end:]
        marked = [*self._ids(before), self._open, *self._ids(answer), self._close]
        return [*marked, *self._ids(after), *self._ids(_ANSWERED)]

    def question(self, text: str) -> list[int]:
        """Return the ids of a question as the generator is to write it, with the end."""
        return [*self._ids(f" {text.strip()}"), self.end]

    def decoded(self, ids: Sequence[int]) -> str:
        """Return the question that was written, up to its end."""
        written = list(ids)
        if self.end in written:
            written = written[: written.index(self.end)]
        return str(self._tokenizer.decode(written)).strip()

    def _special(self, name: str) -> int:
        number = self._tokenizer.token_to_id(name)
        if number is None:
            raise ModelError(f"the generator's tokenizer has no {name}: take SmolLM2's.")
        return int(number)

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)


def shortened(context: Context, max_chars: int = _MAX_CHARS) -> Context:
    """Return the sentences around the first answer, or the first ones, with the answer moved.

    They have at most `max_chars` code points, unless the answer's own sentences have more.
    """
    text = context.text
    if len(text) <= max_chars:
        return context
    start, end = context.answers[0] if context.answers else (0, 1)
    spans = sentence_spans(text)
    low = next((i for i, span in enumerate(spans) if span[1] > start), len(spans) - 1)
    high = max([low, *(i for i, span in enumerate(spans) if span[0] < end)])
    while True:
        left = low > 0 and spans[high][1] - spans[low - 1][0] <= max_chars
        right = high + 1 < len(spans) and spans[high + 1][1] - spans[low][0] <= max_chars
        if not (left or right):
            break
        # So that about as much stands before the answer as behind it.
        if left and (not right or start - spans[low][0] < spans[high][1] - end):
            low -= 1
        else:
            high += 1
    first, last = min(spans[low][0], start), max(spans[high][1], end)
    answers = ((start - first, end - first),) if context.answers else ()
    return Context(text=text[first:last], answers=answers)
