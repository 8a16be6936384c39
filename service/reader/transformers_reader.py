"""The only door to transformers at query time: any Hugging Face extractive QA checkpoint."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from corpus.errors import ModelError
from index.hit import Hit
from service.reader.decoding import Window, cut_window, decode
from service.reader.reader import Span, sentence_starts, to_spans

__all__ = ["TransformersReader"]

_WINDOW = 384
_STRIDE = 64


class TransformersReader:
    """Reads with a checkpoint in a local folder; see `Reader`. Export it to read faster.

    Raises:
        ModelError: the folder holds no extractive QA checkpoint in safetensors.
    """

    def __init__(self, path: Path, threads: int) -> None:
        torch.set_num_threads(threads)
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(path, local_files_only=True)
            model: Any = AutoModelForQuestionAnswering.from_pretrained(
                path, local_files_only=True, trust_remote_code=False, use_safetensors=True
            )
        except Exception as error:  # transformers raises many kinds
            raise ModelError(
                f"{path} cannot be loaded as an extractive QA checkpoint: {error}."
            ) from error
        self._model = model.float().eval()

    def read(self, question: str, hits: Sequence[Hit], max_spans: int = 5) -> list[Span]:
        """See `Reader.read`."""
        spans = []
        for number, hit in enumerate(hits):
            windows = self._windows(question, hit)
            spans += to_spans(number, hit, *decode(hit.text, windows, max_spans))
        return sorted(spans, key=lambda span: span.null_score - span.score)

    def _windows(self, question: str, hit: Hit) -> list[Window]:
        encoded = self._tokenizer(
            question,
            hit.text,
            truncation="only_second",
            max_length=min(_WINDOW, self._tokenizer.model_max_length),
            stride=_STRIDE,
            padding=True,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = encoded.pop("offset_mapping").numpy()
        encoded.pop("overflow_to_sample_mapping")
        with torch.inference_mode():
            output = self._model(**encoded)
        starts, ends = output.start_logits.numpy(), output.end_logits.numpy()
        return [
            cut_window(
                starts[row],
                ends[row],
                offsets[row].astype(np.int64),
                np.array([sequence == 1 for sequence in encoded.sequence_ids(row)]),
                sentence_starts(hit),
            )
            for row in range(len(starts))
        ]
