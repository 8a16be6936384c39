"""Gradient steps: determined by their settings and batches, saved at intervals."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import torch
from pydantic import BaseModel, ConfigDict

from training.checkpoint import load_state, save_state
from training.models import device

__all__ = ["Schedule", "optimise", "repeated"]

_REPORT_EVERY = 50
_WARM_UP = 0.06
_MAX_NORM = 1.0
_WEIGHT_DECAY = 0.01

Batch = TypeVar("Batch")


class Schedule(BaseModel):
    """How long and how fast a model learns.

    `rate` is the peak learning rate. With `precision` "bf16" products are taken in bfloat16;
    weights stay in float32.
    """

    model_config = ConfigDict(frozen=True)

    epochs: float = 1.0
    rate: float = 5e-5
    precision: Literal["fp32", "bf16"] = "bf16"
    seed: int = 1
    threads: int = 2


def repeated(epochs: float, epoch: Callable[[], list[Batch]]) -> list[Batch]:
    """Return the batches of all epochs, the last of which may be a part of one."""
    plan: list[Batch] = []
    left = epochs
    while left > 0:
        batches = epoch()
        plan += batches[: max(1, round(min(1.0, left) * len(batches)))]
        left -= 1
    return plan


def optimise(
    model: Any,  # noqa: ANN401 - transformers is not typed
    plan: Sequence[Batch],
    loss_of: Callable[[Batch], torch.Tensor],
    schedule: Schedule,
    state_path: Path,
    what: str,
    save_every_s: float = 300.0,
) -> None:
    """Take one step for each batch of `plan`, resuming from `state_path` where it exists.

    `what` describes the batches. The model ends on the CPU and in evaluation mode.

    Raises:
        ModelError: the state is of another run.
    """
    model.to(device()).train()
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=schedule.rate, weight_decay=_WEIGHT_DECAY, fused=True)
    what = f"{schedule.model_dump_json()} on {what}"
    done = load_state(state_path, model, optimizer, what)
    progress = _Progress(len(plan), done)
    saved_at = time.monotonic()
    for step in range(done, len(plan)):
        # So that dropout is the same in a run that was interrupted.
        torch.manual_seed(schedule.seed + step)
        for group in optimizer.param_groups:
            group["lr"] = schedule.rate * share_of_rate(step, len(plan))
        loss = loss_of(plan[step])
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(trained, _MAX_NORM)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        progress.report(step + 1, loss)
        if time.monotonic() - saved_at > save_every_s:
            save_state(state_path, model, optimizer, step + 1, what)
            saved_at = time.monotonic()
    model.cpu().eval()


def share_of_rate(step: int, n_steps: int) -> float:
    """Return the share of the peak rate in (0, 1]: linear warm-up, then linear decay to zero."""
    warm = max(1, round(_WARM_UP * n_steps))
    return min((step + 1) / warm, (n_steps - step) / max(1, n_steps - warm))


class _Progress:
    """Prints the mean loss and the time left at intervals."""

    def __init__(self, n_steps: int, done: int) -> None:
        self._n_steps, self._done = n_steps, done
        self._began = time.monotonic()
        self._losses: list[torch.Tensor] = []
        print(f"{n_steps} steps, {done} done")

    def report(self, step: int, loss: torch.Tensor) -> None:
        # Read only when printed: reading waits for the GPU.
        self._losses.append(loss.detach())
        if step % _REPORT_EVERY == 0 or step == self._n_steps:
            mean = torch.stack(self._losses).mean().item()
            per_step = (time.monotonic() - self._began) / (step - self._done)
            minutes = per_step * (self._n_steps - step) / 60
            print(f"step {step}/{self._n_steps} loss {mean:.3f}, {minutes:.0f} min left")
            self._losses.clear()
