"""Teachers' logits for every window of a run, computed once."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from corpus.errors import ModelError
from training.features import Features
from training.loss import Logits, TrainingBatch, collate
from training.models import device, logits_of

__all__ = ["TeacherLabels", "fingerprint", "label", "mixed"]

# What a teacher says of tokens that a window does not have.
_NEVER = -1e9


class TeacherLabels:
    """Logits of all tokens of all windows of a run, in float16.

    `logits` is (n_tokens, 2), start and end; those of window i are `[first[i], first[i + 1])`.
    """

    def __init__(self, logits: torch.Tensor, first: torch.Tensor) -> None:
        self.logits, self.first = logits, first

    def of(self, batch: TrainingBatch) -> Logits:
        """Return the logits of a batch's windows."""
        device = self.logits.device
        number = batch.number.to(device)
        begin, end = self.first[number, None], self.first[number + 1, None]
        # (n, width)
        position = begin + torch.arange(batch.ids.shape[1], device=device)
        found = self.logits[position.clamp(max=len(self.logits) - 1)].float()
        found = found.masked_fill((position >= end)[..., None], _NEVER).to(batch.ids.device)
        return Logits(found[..., 0], found[..., 1])

    def to(self, device: torch.device) -> "TeacherLabels":
        """Return the labels on a device."""
        return TeacherLabels(self.logits.to(device), self.first.to(device))

    def save(self, path: Path, what: str) -> None:
        """Write the labels of the run that `what` describes."""
        fresh = path.with_suffix(".new")
        save_file({"logits": self.logits, "first": self.first}, fresh, {"what": what})
        fresh.replace(path)

    @classmethod
    def load(cls, path: Path, what: str) -> "TeacherLabels":
        """Read the labels of the run that `what` describes.

        Raises:
            ModelError: the file cannot be read, or its labels are those of other windows.
        """
        try:
            with safe_open(path, "pt") as file:
                found = file.metadata()["what"]
                logits, first = file.get_tensor("logits"), file.get_tensor("first")
        except Exception as error:  # safetensors raises its own kind
            raise ModelError(
                f"{path} cannot be read: {error}. Delete it to begin again."
            ) from error
        if found != what:
            raise ModelError(
                f"{path} holds labels of other examples: delete it, or give the same examples and "
                "settings."
            )
        return cls(logits, first)


def fingerprint(features: Sequence[Features]) -> str:
    """Return a hash of all windows in their order."""
    digest = hashlib.sha256()
    for one in features:
        for window in one.windows:
            digest.update(window.ids.tobytes())
    return digest.hexdigest()


@torch.inference_mode()
def label(
    model: Any,  # noqa: ANN401 - transformers is not typed
    features: Sequence[Features],
    batch_tokens: int,
    *,
    in_bf16: bool,
) -> TeacherLabels:
    """Return the logits that `model` gives the windows of `features`."""
    where = device()
    model.to(where).eval()
    lengths = torch.zeros(sum(len(one.windows) for one in features), dtype=torch.int64)
    for one in features:
        for window in one.windows:
            lengths[window.number] = len(window.ids)
    first = torch.cat([torch.zeros(1, dtype=torch.int64), lengths.cumsum(0)])
    logits = torch.zeros((int(first[-1]), 2), dtype=torch.float16)
    for batch in _of_like_length(features, batch_tokens):
        inputs = collate(batch).to(where)
        with torch.autocast(where.type, torch.bfloat16, enabled=in_bf16):
            found = logits_of(model, inputs)
        both = torch.stack([found.start, found.end], dim=-1)[inputs.attention == 1].half().cpu()
        done = 0
        for number in inputs.number.tolist():
            n = int(lengths[number])
            logits[first[number] : first[number + 1]] = both[done : done + n]
            done += n
    return TeacherLabels(logits, first)


def mixed(opinions: Iterable[tuple[TeacherLabels, float]]) -> TeacherLabels:
    """Return the sum of several teachers' logits of the same windows, each times its share.

    Shares that add up to 1 give the weighted geometric mean of their distributions (Hinton et al.
    2015, section 1).
    """
    (labels, share), *others = opinions
    logits = labels.logits * share
    for other, its_share in others:
        logits.add_(other.logits, alpha=its_share)
    return TeacherLabels(logits, labels.first)


def _of_like_length(features: Sequence[Features], batch_tokens: int) -> list[list[Features]]:
    batches: list[list[Features]] = [[]]
    n_windows = 0
    for one in sorted(features, key=lambda one: one.n_tokens):
        n_windows += len(one.windows)
        if batches[-1] and n_windows * one.n_tokens > batch_tokens:
            batches.append([])
            n_windows = len(one.windows)
        batches[-1].append(one)
    return batches if features else []
