"""Puts the parts together, as the settings say."""

from collections.abc import Callable
from pathlib import Path

from corpus.errors import IndexStateError
from corpus.splitting import Splitter
from index.builder import Builder, Progress
from index.embedder import EmbedderManifest, EmbeddingPool, OnnxEmbedder
from index.local import LocalArchive
from index.snapshot import IndexFolder
from service.answering.extractive import ExtractiveAnswerer
from service.reader.calibration import Calibration
from service.reader.onnx_reader import BUNDLED_READER, load_reader
from service.settings import Settings

__all__ = ["OpenPool", "open_answerer", "open_builder"]

OpenPool = Callable[[Path], EmbeddingPool | None]


def open_answerer(settings: Settings) -> tuple[ExtractiveAnswerer, LocalArchive]:
    """Return the answerer of an index directory, and its archive. Imports no torch.

    Raises:
        ModelError: the reader cannot be loaded.
    """
    archive = LocalArchive(settings.index_dir, settings.threads)
    answerer = ExtractiveAnswerer(
        archive=archive,
        reader=load_reader(settings.reader, settings.threads),
        calibration=Calibration.read((settings.reader or BUNDLED_READER) / "calibration.json"),
        n_read=settings.n_read,
        abstain_below=settings.abstain_below,
    )
    return answerer, archive


def open_builder(
    settings: Settings, root: Path, progress: Progress, open_pool: OpenPool | None = None
) -> Builder:
    """Return the builder of an index directory; the first one exports the embedder into it.

    `open_pool` is given the folder of the embedder, for a pool that embeds elsewhere.

    Raises:
        WorkerError: the pool cannot be used.
        ModelError: the embedder cannot be exported or loaded.
        IndexStateError: the settings name another embedder than the index has.
    """
    folder = IndexFolder(root).embedder
    if not folder.exists():
        # Here, not at the top: this way in brings torch.
        from index.export import export_embedder

        progress.start("Exporting the embedder", None)
        export_embedder(settings.embedder, folder, settings.embedder_precision)
    _refuse_another_embedder(settings, folder)
    embedder = OnnxEmbedder(folder, settings.threads)
    splitter = Splitter(settings.max_tokens, settings.overlap_sentences, embedder.limit)
    pool = open_pool(folder) if open_pool else None
    return Builder(root, embedder, splitter, progress, settings.dense_index, pool=pool)


def _refuse_another_embedder(settings: Settings, folder: Path) -> None:
    """An index keeps its embedder; what was set on purpose must not be passed over in silence."""
    manifest = EmbedderManifest.read(folder)
    made_with = {"embedder": manifest.name, "embedder_precision": manifest.precision}
    for name, value in made_with.items():
        wanted = getattr(settings, name)
        if name in settings.model_fields_set and wanted != value:
            raise IndexStateError(
                f"{folder.parent} was made with {name} {value}, DATELINE_{name.upper()} asks for "
                f"{wanted}: unset it, or build in an empty folder."
            )
