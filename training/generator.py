"""A small language model that learns to ask questions of passages, and asks."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from training.example import Context, Example
from training.models import device
from training.optimise import Schedule, optimise, repeated
from training.prompts import PromptEncoder

__all__ = ["AskingSettings", "MAX_PROMPT_TOKENS", "ask", "learn_to_ask"]

# Of passages that are asked of; those of people's questions without an answer may be longer.
MAX_PROMPT_TOKENS = 330
_MAX_UNANSWERABLE_TOKENS = 380
_MAX_QUESTION_TOKENS = 48
_MAX_NEW_TOKENS = 32
# Questions differ more than the likeliest would, and few are nonsense.
_TEMPERATURE, _TOP_P, _TOP_K = 0.7, 0.95, 50
# Batches are cut from this many at once, sorted by length, so that little is padding.
_BATCHES_SORTED_TOGETHER = 20


class AskingSettings(Schedule):
    """How the generator learns and what it asks of.

    It learns from `n_learnt` of people's questions (all if None), `batch_size` at once, and asks of
    `n_marked` passages with an answer marked and, for questions without an answer, of `n_news`
    passages of news and `n_wikipedia` of Wikipedia, `n_at_once` at once.
    """

    epochs: float = 0.5
    rate: float = 1.5e-4
    batch_size: int = 96
    n_learnt: int | None = None
    n_marked: int = 30_500
    n_news: int = 14_500
    n_wikipedia: int = 14_500
    n_at_once: int = 1024


@dataclass(frozen=True, slots=True)
class _Lesson:
    """Token ids of a prompt, and of the question that is to be written behind it."""

    prompt: list[int]
    question: list[int]

    @property
    def n_tokens(self) -> int:
        return len(self.prompt) + len(self.question)


def learn_to_ask(
    model: Any,  # noqa: ANN401 - transformers is not typed
    encoder: PromptEncoder,
    examples: Sequence[Example],
    settings: AskingSettings,
    state_path: Path,
    save_every_s: float = 300.0,
) -> None:
    """Train a causal language model in place on questions with their passages.

    Minimises the cross-entropy of the question's tokens. Resumes from `state_path` if it exists.

    Raises:
        ModelError: the state is of another run.
    """
    lessons = _lessons(examples, encoder)
    rng = random.Random(settings.seed)
    plan = repeated(settings.epochs, lambda: _epoch(lessons, settings.batch_size, rng))
    in_bf16 = settings.precision == "bf16"

    def loss_of(batch: Sequence[_Lesson]) -> torch.Tensor:
        return _loss(model, batch, encoder.end, in_bf16=in_bf16)

    what = f"{len(lessons)} questions"
    print(what)
    optimise(model, plan, loss_of, settings, state_path, what, save_every_s)


def _lessons(examples: Sequence[Example], encoder: PromptEncoder) -> list[_Lesson]:
    lessons = []
    for example in examples:
        context = example.contexts[0]
        most = MAX_PROMPT_TOKENS if context.answers else _MAX_UNANSWERABLE_TOKENS
        one = _Lesson(encoder.prompt(context), encoder.question(example.question))
        if len(one.prompt) < most and len(one.question) < _MAX_QUESTION_TOKENS:
            lessons.append(one)
    return lessons


def _epoch(lessons: Sequence[_Lesson], size: int, rng: random.Random) -> list[list[_Lesson]]:
    order = list(lessons)
    rng.shuffle(order)
    per_chunk = size * _BATCHES_SORTED_TOGETHER
    batches = []
    for first in range(0, len(order), per_chunk):
        chunk = sorted(order[first : first + per_chunk], key=lambda one: one.n_tokens)
        batches += [chunk[i : i + size] for i in range(0, len(chunk), size)]
    rng.shuffle(batches)
    return batches


def _loss(
    model: Any,  # noqa: ANN401
    batch: Sequence[_Lesson],
    padding: int,
    *,
    in_bf16: bool,
) -> torch.Tensor:
    # (n, width)
    ids = torch.full((len(batch), max(one.n_tokens for one in batch)), padding)
    attention = torch.zeros_like(ids)
    is_question = torch.zeros_like(ids, dtype=torch.bool)
    for row, one in enumerate(batch):
        ids[row, : one.n_tokens] = torch.tensor([*one.prompt, *one.question])
        attention[row, : one.n_tokens] = 1
        is_question[row, len(one.prompt) : one.n_tokens] = True
    where = device()
    ids, is_question = ids.to(where), is_question.to(where)
    with torch.autocast(where.type, torch.bfloat16, enabled=in_bf16):
        hidden = model.model(input_ids=ids, attention_mask=attention.to(where)).last_hidden_state
        # Each token is foretold from the one before. Logits only where a question stands: the
        # vocabulary is large.
        logits = model.lm_head(hidden[:, :-1][is_question[:, 1:]])
    return cross_entropy(logits.float(), ids[:, 1:][is_question[:, 1:]])


@torch.inference_mode()
def ask(
    model: Any,  # noqa: ANN401
    encoder: PromptEncoder,
    contexts: Sequence[Context],
    settings: AskingSettings,
) -> list[str]:
    """Return a question for each context, drawn at random."""
    where = device()
    in_bf16 = settings.precision == "bf16"
    model.to(where, torch.bfloat16 if in_bf16 else torch.float32).eval()
    torch.manual_seed(settings.seed)
    prompts = [encoder.prompt(context) for context in contexts]
    asked = [""] * len(prompts)
    order = sorted(range(len(prompts)), key=lambda number: len(prompts[number]))
    for first in range(0, len(order), settings.n_at_once):
        numbers = order[first : first + settings.n_at_once]
        width = len(prompts[numbers[-1]])
        # Padded on the left, so that each question goes on where its prompt ends.
        ids = torch.full((len(numbers), width), encoder.end)
        attention = torch.zeros_like(ids)
        for row, number in enumerate(numbers):
            ids[row, width - len(prompts[number]) :] = torch.tensor(prompts[number])
            attention[row, width - len(prompts[number]) :] = 1
        written = model.generate(
            input_ids=ids.to(where),
            attention_mask=attention.to(where),
            max_new_tokens=_MAX_NEW_TOKENS,
            do_sample=True,
            temperature=_TEMPERATURE,
            top_p=_TOP_P,
            top_k=_TOP_K,
            eos_token_id=encoder.end,
            pad_token_id=encoder.end,
        )
        print(f"asked of {first + len(numbers)} of {len(order)} passages")
        for number, row in zip(numbers, written[:, width:].tolist(), strict=True):
            asked[number] = encoder.decoded(row)
    return asked
