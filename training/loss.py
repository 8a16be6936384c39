"""What training minimises."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch.nn.functional import log_softmax

from training.features import Features

__all__ = ["Logits", "TrainingBatch", "collate", "distillation_loss", "reading_loss"]

# Stands for minus infinity, which would turn gradients into NaN.
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Logits:
    """A reader's output for n windows: `start` and `end`, both (n, width) float32."""

    start: torch.Tensor
    end: torch.Tensor


@dataclass(frozen=True, slots=True)
class TrainingBatch:
    """Inputs and targets of n windows of `width` tokens.

    `ids`, `attention` and `token_types` are (n, width) int64. `is_passage`, `is_start` and
    `is_end` are (n, width) bool. `group` (n,) is the number of each window's example in the batch,
    `number` (n,) that of the window in the whole run; `is_distant` and `is_labelled`, both (n,)
    bool, are the example's.
    """

    ids: torch.Tensor
    attention: torch.Tensor
    token_types: torch.Tensor
    is_passage: torch.Tensor
    is_start: torch.Tensor
    is_end: torch.Tensor
    group: torch.Tensor
    number: torch.Tensor
    is_distant: torch.Tensor
    is_labelled: torch.Tensor

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
        torch.tensor([window.number for _, _, window in windows]),
        torch.tensor([one.is_distant for _, one, _ in windows]),
        torch.tensor([one.is_labelled for _, one, _ in windows]),
    )


def reading_loss(logits: Logits, batch: TrainingBatch, across: float) -> torch.Tensor:
    """Return the mean loss on labels: in each window, and `across` those of an example.

    In a window the answer's tokens compete with the others and with the first token, which stands
    for "no answer". Across the windows of one example they compete with the tokens of all its
    passages, so that scores can be compared between passages (shared normalisation: Clark and
    Gardner 2018, section 3.2). Where an answer stands in several places any of them is right; a
    distant place may also be no answer at all. Windows without labels do not count.
    """
    start = _on_labels(logits.start, batch.is_start, batch, across)
    return (start + _on_labels(logits.end, batch.is_end, batch, across)) / 2


def distillation_loss(
    logits: Logits, teacher: Logits, batch: TrainingBatch, across: float
) -> torch.Tensor:
    """Return the mean KL divergence from a teacher: in each window, and `across` those of a group.

    The same two distributions that `reading_loss` looks at (Hinton et al. 2015, temperature 1).
    """
    start = _on_teacher(logits.start, teacher.start, batch, across)
    return (start + _on_teacher(logits.end, teacher.end, batch, across)) / 2


def _on_labels(
    logits: torch.Tensor, is_gold: torch.Tensor, batch: TrainingBatch, across: float
) -> torch.Tensor:
    is_null = _is_null(batch)
    has_gold = is_gold.any(dim=1)
    null_is_right = is_null & (~has_gold | batch.is_distant)[:, None]
    # (n,)
    every = _log_sum(logits, batch.is_passage | is_null)
    right = _log_sum(logits, is_gold | null_is_right)
    inside = _mean(every - right, batch.is_labelled)
    # (n_groups,)
    n_groups = _n_groups(batch)
    shared = _group_log_sum(_log_sum(logits, batch.is_passage), batch) - _group_log_sum(
        _log_sum(logits, is_gold), batch
    )
    n_gold = torch.zeros(n_groups, device=logits.device).index_add(0, batch.group, has_gold.float())
    return inside + across * _mean(shared, _has_several(batch) & (n_gold > 0))


def _on_teacher(
    logits: torch.Tensor, teacher: torch.Tensor, batch: TrainingBatch, across: float
) -> torch.Tensor:
    is_read = batch.is_passage | _is_null(batch)
    # (n, width)
    learnt = log_softmax(logits.masked_fill(~is_read, _NEVER), dim=-1)
    taught = log_softmax(teacher.masked_fill(~is_read, _NEVER), dim=-1)
    inside = _divergence(taught, learnt, is_read).sum(dim=-1).mean()
    learnt = logits - _group_log_sum(_log_sum(logits, batch.is_passage), batch)[batch.group, None]
    taught = teacher - _group_log_sum(_log_sum(teacher, batch.is_passage), batch)[batch.group, None]
    # (n,), then (n_groups,)
    of_window = _divergence(taught, learnt, batch.is_passage).sum(dim=-1)
    shared = torch.zeros(_n_groups(batch), device=logits.device)
    shared = shared.index_add(0, batch.group, of_window)
    return inside + across * _mean(shared, _has_several(batch))


def _divergence(taught: torch.Tensor, learnt: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    # Masked before the product, too: exp of a masked logit may be infinite.
    taught = taught.masked_fill(~mask, _NEVER)
    return (taught.exp() * (taught - learnt)).masked_fill(~mask, 0.0)


def _is_null(batch: TrainingBatch) -> torch.Tensor:
    is_null = torch.zeros_like(batch.is_passage)
    is_null[:, 0] = True
    return is_null


def _n_groups(batch: TrainingBatch) -> int:
    return int(batch.group[-1]) + 1


def _has_several(batch: TrainingBatch) -> torch.Tensor:
    """Return (n_groups,) bool: only where there are several passages can they be compared."""
    return torch.bincount(batch.group, minlength=_n_groups(batch)) > 1


def _mean(values: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return values.masked_fill(~mask, 0.0).sum() / mask.sum().clamp(min=1)


def _log_sum(logits: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Return log of the sum of exp over the last axis, where the mask is true."""
    return logits.masked_fill(~mask, _NEVER).logsumexp(dim=-1).clamp(min=_NEVER)


def _group_log_sum(values: torch.Tensor, batch: TrainingBatch) -> torch.Tensor:
    """Return (n_groups,): log of the sum of exp of (n,) values over the windows of each group."""
    n_groups = _n_groups(batch)
    largest = torch.full((n_groups,), _NEVER, device=values.device)
    largest = largest.scatter_reduce(0, batch.group, values.detach(), "amax")
    rest = torch.zeros(n_groups, device=values.device)
    rest = rest.index_add(0, batch.group, (values - largest[batch.group]).exp())
    return largest + rest.clamp(min=1e-30).log()
