from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from corpus.errors import ModelError
from training.average import average


def checkpoint(folder: Path, **weights: list[float]) -> Path:
    folder.mkdir()
    save_file(
        {name: torch.tensor(row) for name, row in weights.items()}, folder / "model.safetensors"
    )
    (folder / "tokenizer.json").write_text("{}")
    return folder


def test_the_mean_is_half_way_between_two_readers(tmp_path: Path) -> None:
    one = checkpoint(tmp_path / "one", head=[0.0, 2.0])
    other = checkpoint(tmp_path / "other", head=[1.0, -2.0])
    average(one, other, tmp_path / "mean")
    assert load_file(tmp_path / "mean" / "model.safetensors")["head"].tolist() == [0.5, 0.0]
    assert (tmp_path / "mean" / "tokenizer.json").exists()


def test_readers_of_different_shapes_are_refused(tmp_path: Path) -> None:
    one = checkpoint(tmp_path / "one", head=[0.0, 2.0])
    other = checkpoint(tmp_path / "other", head=[1.0])
    with pytest.raises(ModelError, match="different shapes"):
        average(one, other, tmp_path / "mean")
    assert not (tmp_path / "mean").exists()
