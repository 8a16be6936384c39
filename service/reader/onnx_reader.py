"""The default reader: an exported span model, run without torch."""

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpus.errors import ModelError
from index.vectors.onnx_model import OnnxModel
from service.reader.reader import Reader
from service.reader.span_reader import SpanReader

__all__ = [
    "BUNDLED_READER",
    "OnnxReader",
    "Precision",
    "ReaderManifest",
    "calibration_of",
    "load_reader",
]

BUNDLED_READER = Path(__file__).parent / "model"

Precision = Literal["fp32", "int8", "int8-weights"]


class ReaderManifest(BaseModel):
    """`reader.json`: what an exported reader is and was made of.

    `precision` is that of the weights in the file and of the products: `int8-weights` stores
    int8 and multiplies in float32. `window` and `stride` are in tokens. `sha256` gives the
    checksum of each other file by name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    precision: Precision
    window: int = Field(ge=16)
    stride: int = Field(ge=0)
    base: str = ""
    data: tuple[str, ...] = ()
    sha256: dict[str, str]

    @model_validator(mode="after")
    def _stride_fits(self) -> Self:
        # Beside a question of a quarter of the window, each step must go forward.
        if 3 * self.stride > self.window:
            raise ValueError("the stride is more than a third of the window")
        return self

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the manifest of a reader's folder.

        Raises:
            ModelError: it is missing or not a manifest.
        """
        path = folder / "reader.json"
        try:
            return cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise ModelError(
                f"{path} cannot be read: {error}. Name a folder that `python -m training.export` "
                "made, or leave the setting out for the bundled reader."
            ) from error


class OnnxReader(SpanReader):
    """Reads with the model in `folder`; see `Reader`.

    Raises:
        ModelError: a file is missing or damaged.
    """

    def __init__(self, folder: Path, threads: int) -> None:
        manifest = ReaderManifest.read(folder)
        model = OnnxModel(folder, manifest.sha256, threads)
        super().__init__(model, manifest.window, manifest.stride)


def load_reader(path: Path | None, threads: int) -> Reader:
    """Return the bundled reader, or the one at `path`.

    `path` is a folder made by `training.export`, or a Hugging Face extractive QA checkpoint (run
    by torch, slower).

    Raises:
        ModelError: it cannot be loaded.
    """
    folder = path or BUNDLED_READER
    if path and not (path / "reader.json").exists() and (path / "config.json").exists():
        # Here, not at the top: this way in brings torch.
        from service.reader.transformers_reader import TransformersReader

        return TransformersReader(path, threads)
    return OnnxReader(folder, threads)


def calibration_of(path: Path | None) -> Path:
    """Return the file of the scorer that was fitted to the bundled reader, or to that at `path`."""
    return (path or BUNDLED_READER) / "calibration.json"
