"""Readers as training sees them: transformers' models behind one function."""

from pathlib import Path
from typing import Any, cast

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, AutoModelForQuestionAnswering, AutoTokenizer
from transformers.utils import logging

from corpus.errors import ModelError
from training.loss import Logits, TrainingBatch

__all__ = [
    "device",
    "has_bf16",
    "hide_progress_bars",
    "load_checkpoint",
    "load_generator",
    "load_tokenizer",
    "logits_of",
]

# MPNet took over BERT's vocabulary behind four symbols of its own; two of those replace BERT's.
_MPNET_SHIFT = 4
_MPNET_FIRST, _MPNET_PADDING, _MPNET_END = 0, 1, 2
_BERT_FIRST, _BERT_END = 101, 102


def device() -> torch.device:
    """Return the GPU, or the CPU where there is none."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def has_bf16() -> bool:
    """Tell whether products in bfloat16 are faster here than in float32."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    able = torch.cpu.get_capabilities()
    return any(able.get(name) for name in ("avx512_bf16", "amx_bf16"))


def hide_progress_bars() -> None:
    """Keep transformers from drawing one for each file it loads or writes."""
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]


def load_checkpoint(folder: Path, dropout: float = 0.0, seed: int = 0) -> Any:  # noqa: ANN401
    """Return a checkpoint's model in float32; what it lacks is filled at random from `seed`.

    Raises:
        ModelError: the folder holds none, or it is not in safetensors.
    """
    torch.manual_seed(seed)
    try:
        return AutoModelForQuestionAnswering.from_pretrained(
            folder,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float32,
            hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=dropout,
        )
    except Exception as error:  # transformers raises many kinds
        raise ModelError(f"{folder} cannot be loaded as a checkpoint: {error}.") from error


def load_generator(folder: Path) -> tuple[Any, Tokenizer]:
    """Return a causal language model in float32, and its tokenizer, of a local folder.

    Raises:
        ModelError: the folder holds none, or it is not in safetensors.
    """
    try:
        model = AutoModelForCausalLM.from_pretrained(
            folder,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float32,
        )
        return model, Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # transformers and tokenizers raise many kinds
        raise ModelError(f"{folder} cannot be loaded as a language model: {error}.") from error


def load_tokenizer(folder: Path) -> Any:  # noqa: ANN401 - transformers is not typed
    """Return a checkpoint's tokenizer.

    Raises:
        ModelError: the folder holds none.
    """
    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:
        raise ModelError(f"{folder} holds no tokenizer: {error}.") from error


def logits_of(model: Any, batch: TrainingBatch) -> Logits:  # noqa: ANN401
    """Return the start and end logits, both (n, width) float32, of a batch in BERT's vocabulary."""
    if model.config.model_type == "mpnet":
        output = model(input_ids=_for_mpnet(batch), attention_mask=batch.attention)
    else:
        output = model(
            input_ids=batch.ids,
            attention_mask=batch.attention,
            token_type_ids=batch.token_types,
        )
    return Logits(
        cast(torch.Tensor, output.start_logits).float(),
        cast(torch.Tensor, output.end_logits).float(),
    )


def _for_mpnet(batch: TrainingBatch) -> torch.Tensor:
    ids = batch.ids + _MPNET_SHIFT
    ids = ids.masked_fill(batch.ids == _BERT_FIRST, _MPNET_FIRST)
    ids = ids.masked_fill(batch.ids == _BERT_END, _MPNET_END)
    return ids.masked_fill(batch.attention == 0, _MPNET_PADDING)
