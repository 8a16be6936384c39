"""An embedder is exported once, and what is kept of it is checked before it is used again."""

from pathlib import Path

import pytest

from index.vectors.embedder_cache import cache_folder, provide_embedder
from index.vectors.onnx_embedder import OnnxEmbedder
from tests.index.tiny_embedder import make_tiny_embedder


@pytest.fixture(autouse=True)
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of what is exported; exporting makes the tiny embedder."""
    names: list[str] = []

    def export(name: str, folder: Path, precision: str) -> None:
        names.append(name)
        make_tiny_embedder(folder)

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("index.vectors.embedder_cache.export_embedder", export)
    return names


@pytest.fixture
def model(tmp_path: Path) -> str:
    """Return the folder of a model."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "weights").write_text("1 2 3")
    return str(folder)


def test_an_export_is_kept_for_the_next_index(
    model: str, exported: list[str], tmp_path: Path
) -> None:
    for index in ("one", "two"):
        provide_embedder(model, tmp_path / index / "embedder", "int8")
        assert OnnxEmbedder(tmp_path / index / "embedder", threads=1).dim > 0
    assert exported == [model]


def test_other_weights_and_another_precision_are_other_exports(
    model: str, exported: list[str], tmp_path: Path
) -> None:
    provide_embedder(model, tmp_path / "one", "int8")
    provide_embedder(model, tmp_path / "two", "fp32")
    (Path(model) / "weights").write_text("1 2 4")
    provide_embedder(model, tmp_path / "three", "fp32")
    assert exported == [model] * 3


def test_a_damaged_one_is_exported_again(model: str, exported: list[str], tmp_path: Path) -> None:
    provide_embedder(model, tmp_path / "one", "int8")
    (kept,) = cache_folder().glob("*/model.onnx")
    kept.write_bytes(kept.read_bytes()[:-1] + b"!")
    provide_embedder(model, tmp_path / "two", "int8")
    provide_embedder(model, tmp_path / "three", "int8")
    assert exported == [model] * 2
    assert [path.name for path in cache_folder().iterdir()] == [kept.parent.name]


def test_a_model_looked_up_by_name_is_exported_each_time(
    exported: list[str], tmp_path: Path
) -> None:
    for index in ("one", "two"):
        provide_embedder("someone/some-model", tmp_path / index, "int8")
    assert exported == ["someone/some-model"] * 2


def test_a_home_that_cannot_be_written_costs_an_export_only(
    model: str, exported: list[str], tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("no folder")
    provide_embedder(model, tmp_path / "one", "int8")
    assert OnnxEmbedder(tmp_path / "one", threads=1).dim > 0
