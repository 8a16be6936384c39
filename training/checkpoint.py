"""Training that can be interrupted: its whole state in one file, without pickle."""

import os
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from corpus.errors import ModelError

__all__ = ["load_state", "save_state"]

_MOMENTS = ("exp_avg", "exp_avg_sq")


def save_state(
    path: Path, model: torch.nn.Module, optimizer: torch.optim.AdamW, step: int, what: str
) -> None:
    """Write all that is needed to go on after `step` steps of the run that `what` describes.

    The file is wholly the old one or wholly the new one, whenever the process ends.
    """
    tensors = {f"model.{name}": value for name, value in _weights(model).items()}
    for name, parameter in model.named_parameters():
        for moment in _MOMENTS:
            if parameter in optimizer.state:
                tensors[f"{moment}.{name}"] = optimizer.state[parameter][moment]
    fresh = path.with_suffix(".new")
    save_file(
        {name: value.contiguous() for name, value in tensors.items()},
        fresh,
        {"step": str(step), "what": what},
    )
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(path)


def load_state(path: Path, model: torch.nn.Module, optimizer: torch.optim.AdamW, what: str) -> int:
    """Put a saved state into model and optimizer and return the steps done; 0 without a file.

    Raises:
        ModelError: the file is of another run, or cannot be read.
    """
    if not path.exists():
        return 0
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except Exception as error:  # safetensors raises its own kind
        raise ModelError(f"{path} cannot be read: {error}. Delete it to begin again.") from error
    if metadata["what"] != what:
        raise ModelError(
            f"{path} is of another run ({metadata['what']}, now {what}): give the same arguments "
            "and examples, or another output folder."
        )
    for name, value in _weights(model).items():
        value.copy_(tensors[f"model.{name}"])
    step = int(metadata["step"])
    for name, parameter in model.named_parameters():
        if f"exp_avg.{name}" in tensors:
            moments = {moment: tensors[f"{moment}.{name}"].to(parameter) for moment in _MOMENTS}
            done = torch.tensor(float(step), device=parameter.device)
            optimizer.state[parameter] = {"step": done, **moments}
    return step


def _weights(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Return the model's own tensors by name, those that two of its parts share only once."""
    state = model.state_dict()
    by_place = {value.data_ptr(): name for name, value in state.items()}
    return {name: state[name] for name in by_place.values()}
