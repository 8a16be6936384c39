"""The only door to transformers at query time: any Hugging Face extractive QA checkpoint."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from corpus.errors import ModelError
from index.vectors.onnx_model import Batch
from service.reader.decoding import Logits
from service.reader.span_reader import SpanReader

__all__ = ["Checkpoint", "TransformersReader", "load_checkpoint"]

_MAX_WINDOW = 384


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A model in float32 and evaluation mode, its tokenizer, and the inputs it takes.

    `window` is how many tokens are read at once, `stride` how many two windows share.
    """

    model: Any
    tokenizer: Tokenizer
    inputs: tuple[str, ...]
    window: int

    @property
    def stride(self) -> int:
        """64 in the usual window of 384."""
        return self.window // 6

    def run(self, batch: Batch) -> list[Logits]:
        """Return the start and the end logits of a batch, both (n, width)."""
        feed = {name: torch.from_numpy(getattr(batch, name)) for name in self.inputs}
        with torch.inference_mode():
            output = self.model(**feed)
        return [output.start_logits.numpy(), output.end_logits.numpy()]


class TransformersReader(SpanReader):
    """Reads with a checkpoint in a local folder; see `Reader`. Export it to read faster.

    Raises:
        ModelError: the folder holds no extractive QA checkpoint in safetensors.
    """

    def __init__(self, path: Path, threads: int) -> None:
        torch.set_num_threads(threads)
        checkpoint = load_checkpoint(path)
        super().__init__(checkpoint, checkpoint.window, checkpoint.stride)


def load_checkpoint(path: Path) -> Checkpoint:
    """Load an extractive QA checkpoint from a local folder; no code of its own is run.

    Raises:
        ModelError: it is none, is not in safetensors, or does not read question and passage in
            the way all readers here do.
    """
    try:
        tokenizer: Any = AutoTokenizer.from_pretrained(
            path, local_files_only=True, trust_remote_code=False
        )
        # Plain attention is the form whose operators can be fused after an export.
        model, report = AutoModelForQuestionAnswering.from_pretrained(
            path,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            attn_implementation="eager",
            output_loading_info=True,
        )
        backend: Tokenizer = tokenizer.backend_tokenizer
        window = _window(model, tokenizer)
    except Exception as error:  # transformers raises many kinds
        raise ModelError(
            f"{path} cannot be loaded as an extractive QA checkpoint: {error}."
        ) from error
    _check_weights(path, report["missing_keys"])
    _check_order(path, backend, tokenizer.cls_token_id)
    names = tuple(name for name in tokenizer.model_input_names if name in Batch.__slots__)
    return Checkpoint(model.float().eval(), backend, names, window)


def _window(model: Any, tokenizer: Any) -> int:  # noqa: ANN401 - transformers is not typed
    limits = (tokenizer.model_max_length, getattr(model.config, "max_position_embeddings", None))
    return int(min(limit for limit in (_MAX_WINDOW, *limits) if limit))


def _check_weights(path: Path, missing: list[str]) -> None:
    # transformers fills these with random numbers and only prints a warning.
    if missing:
        raise ModelError(
            f"{path} holds no weights for {', '.join(sorted(missing))}: it was not trained for "
            "extractive question answering. Name a checkpoint that was."
        )


def _check_order(path: Path, tokenizer: Tokenizer, null_id: int | None) -> None:
    encoding = tokenizer.encode("question", "passage")
    sequences = [sequence for sequence in encoding.sequence_ids if sequence is not None]
    if encoding.ids[0] != null_id or sequences != sorted(sequences):
        raise ModelError(
            f"{path} does not put its class token first, then the question, then the passage: "
            "readers of this kind are not supported."
        )
