"""What training makes small."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from training.features import Features

__all__ = ["TrainingBatch", "collate", "reading_loss"]


@dataclass(frozen=True, slots=True)
class TrainingBatch:
    """Inputs and targets of n windows of `width` tokens.

    `ids`, `attention` and `token_types` are (n, width) int64. `is_passage`, `is_start` and
    `is_end` are (n, width) bool. `group` (n,) numbers the example of each window; `is_distant`
    (n,) bool is that of the example.
    """

    ids: torch.Tensor
    attention: torch.Tensor
    token_types: torch.Tensor
    is_passage: torch.Tensor
    is_start: torch.Tensor
    is_end: torch.Tensor
    group: torch.Tensor
    is_distant: torch.Tensor

    def to(self, device: torch.device) -> "TrainingBatch":
        """Return the batch on a device."""
        return TrainingBatch(*(getattr(self, name).to(device) for name in self.__slots__))


def collate(features: Sequence[Features]) -> TrainingBatch:
    """Pad the windows of several examples to one width."""
    windows = [(g, one, w) for g, one in enumerate(features) for w in one.windows]
    shape = (len(windows), max(len(w.ids) for _, _, w in windows))
    ids, attention, types = (torch.zeros(shape, dtype=torch.int64) for _ in range(3))
    is_passage, is_start, is_end = (torch.zeros(shape, dtype=torch.bool) for _ in range(3))
    for row, (_, _, window) in enumerate(windows):
        n = len(window.ids)
        ids[row, :n] = torch.from_numpy(window.ids)
        attention[row, :n] = 1
        types[row, window.first : n] = 1
        is_passage[row, window.first : n - 1] = True
        is_start[row, list(window.starts)] = True
        is_end[row, list(window.ends)] = True
    return TrainingBatch(
        ids,
        attention,
        types,
        is_passage,
        is_start,
        is_end,
        torch.tensor([group for group, _, _ in windows]),
        torch.tensor([one.is_distant for _, one, _ in windows]),
    )


def reading_loss(
    start: torch.Tensor, end: torch.Tensor, batch: TrainingBatch, across: float
) -> torch.Tensor:
    """Return the mean loss of (n, width) logits: in each window, and `across` those of an example.

    In a window the answer's tokens compete with the others and with the first token, which stands
    for "no answer". Across the windows of one example they compete with the tokens of all its
    passages, so that scores can be compared between passages (shared normalisation: Clark and
    Gardner 2018, section 3.2). Where an answer stands in several places any of them is right; a
    distant place may also be no answer at all.
    """
    halves = (_half(start, batch.is_start, batch), _half(end, batch.is_end, batch))
    inside = torch.stack([half[0] for half in halves]).mean()
    shared = torch.stack([half[1] for half in halves]).mean()
    return inside + across * shared


def _half(
    logits: torch.Tensor, is_gold: torch.Tensor, batch: TrainingBatch
) -> tuple[torch.Tensor, torch.Tensor]:
    is_null = torch.zeros_like(batch.is_passage)
    is_null[:, 0] = True
    has_gold = is_gold.any(dim=1)
    null_is_right = is_null & (~has_gold | batch.is_distant)[:, None]
    # (n,)
    every = _log_sum(logits, batch.is_passage | is_null)
    right = _log_sum(logits, is_gold | null_is_right)
    return (every - right).mean(), _shared(logits, is_gold, has_gold, batch)


def _shared(
    logits: torch.Tensor, is_gold: torch.Tensor, has_gold: torch.Tensor, batch: TrainingBatch
) -> torch.Tensor:
    losses = []
    for group in range(int(batch.group.max()) + 1):
        rows = batch.group == group
        if rows.sum() > 1 and has_gold[rows].any():
            every = _log_sum(logits[rows].flatten(), batch.is_passage[rows].flatten())
            losses.append(every - _log_sum(logits[rows].flatten(), is_gold[rows].flatten()))
    return torch.stack(losses).mean() if losses else logits.new_zeros(())


def _log_sum(logits: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Return log of the sum of exp over the last axis, where the mask is true."""
    return logits.masked_fill(~mask, float("-inf")).logsumexp(dim=-1)
