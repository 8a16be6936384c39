"""A reader reads each asked question again, from the passage that it was asked of."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from corpus.sentences import sentence_spans
from service.reader.decoding import cut_window, decode
from training.asked import AskedExample
from training.features import featurise, word_pieces
from training.labels import label
from training.loop import Settings
from training.models import load_checkpoint
from training.roundtrip import Reading

__all__ = ["read_again"]


def read_again(
    reader: Path, questions: Sequence[AskedExample], settings: Settings
) -> Iterator[Reading | None]:
    """Yield what the checkpoint `reader` answers to each question, None where it finds no word.

    Spans are decoded as the service decodes them.

    Raises:
        ModelError: `reader` is no checkpoint.
    """
    # Answers do not matter here; passages too long for a window are rare.
    features = list(featurise(questions, settings.max_tokens, random.Random(settings.seed)))
    in_bf16 = settings.precision == "bf16"
    labels = label(load_checkpoint(reader), features, 2 * settings.batch_tokens, in_bf16=in_bf16)
    tokenizer = word_pieces()
    for question, one in zip(questions, features, strict=True):
        text = question.contexts[0].text
        (window,) = one.windows
        begin, end = labels.first[window.number : window.number + 2].tolist()
        start_logits, end_logits = labels.logits[begin:end].float().numpy().T
        n = len(window.ids)
        is_passage = np.zeros(n, np.bool_)
        is_passage[window.first : n - 1] = True
        bounds = tokenizer.encode(text, add_special_tokens=False).offsets[window.skipped :]
        offsets = np.zeros((n, 2), np.int64)
        offsets[is_passage] = np.array(bounds[: is_passage.sum()], np.int64).reshape(-1, 2)
        sentences = [first for first, _ in sentence_spans(text)]
        cut = cut_window(start_logits, end_logits, offsets, is_passage, sentences)
        spans, null_score = decode(text, [cut], 1)
        best = spans[0] if spans else None
        yield Reading(best.start, best.end, best.score - null_score) if best else None
