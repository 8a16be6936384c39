"""Puts the parts together, as the settings say."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import IndexStateError
from index.building.progress import Progress
from index.engines.engine import Engine, ServedArchive
from index.engines.local.engine import LocalEngine
from index.engines.local.folder import IndexFolder
from index.vectors.embedder import EmbedderManifest, EmbeddingPool
from index.vectors.onnx_embedder import OnnxEmbedder
from service.answering.extractive import ExtractiveAnswerer
from service.answering.scoring import Scorer
from service.reader.onnx_reader import calibration_of, load_reader
from service.settings import Settings

if TYPE_CHECKING:
    from index.building.builder import Builder
    from index.engines.milvus.tables import ArchiveTables

__all__ = [
    "OpenPool",
    "open_answerer",
    "open_archive",
    "open_builder",
    "open_engine",
    "open_embedder",
    "open_tables",
    "verify_archive",
]

OpenPool = Callable[[Path], EmbeddingPool | None]


def open_archive(settings: Settings) -> ServedArchive:
    """Return the archive that the settings name; nothing is read before it is used.

    Raises:
        IndexStateError: a package that the engine needs is not installed.
    """
    return open_engine(settings, settings.index_dir).open(settings.threads)


def open_engine(settings: Settings, root: Path) -> Engine:
    """Return the engine that the settings name, for the index directory `root`.

    Raises:
        IndexStateError: a package that the engine needs is not installed.
    """
    if settings.engine == "local":
        return LocalEngine(root)
    # Here, not at the top: the embedded engine does without.
    from index.engines.milvus.engine import MilvusEngine

    return MilvusEngine(root, open_tables(settings))


def open_tables(settings: Settings) -> "ArchiveTables":
    """Return the tables in the Milvus that the settings name.

    Raises:
        IndexStateError: a package that it needs is not installed.
    """
    from index.engines.milvus.client import Milvus, MilvusAddress
    from index.engines.milvus.tables import ArchiveTables

    token = settings.milvus_token.get_secret_value()
    return ArchiveTables(Milvus(MilvusAddress(settings.milvus_uri, token, settings.milvus_ca)))


def open_answerer(settings: Settings) -> tuple[ExtractiveAnswerer, ServedArchive]:
    """Return the answerer of an archive, and the archive. Imports no torch.

    Raises:
        ModelError: the reader cannot be loaded.
    """
    archive = open_archive(settings)
    answerer = ExtractiveAnswerer(
        archive=archive,
        reader=load_reader(settings.reader, settings.threads),
        scorer=Scorer.read(calibration_of(settings.reader)),
        n_read=settings.n_read,
        abstain_below=settings.abstain_below,
    )
    return answerer, archive


def open_builder(
    settings: Settings, root: Path, progress: Progress, open_pool: OpenPool | None = None
) -> "Builder":
    """Return the builder of an index directory; the first one exports the embedder into it.

    `open_pool` is given the folder of the embedder, for a pool that embeds elsewhere.

    Raises:
        WorkerError: the pool cannot be used.
        ModelError: the embedder cannot be exported or loaded.
        IndexStateError: the settings name another embedder than the index has.
    """
    # Here, not at the top: who only asks need not wait for what builds.
    from corpus.splitting import Splitter
    from index.building.builder import Builder
    from index.building.split_pool import SplitPool

    embedder = open_embedder(settings, root, progress)
    splitter = Splitter(settings.max_tokens, embedder.limit)
    folder = IndexFolder(root).embedder
    pool = open_pool(folder) if open_pool else None
    split_pool = SplitPool(splitter, embedder.id, folder / "tokenizer.json")
    return Builder(
        root,
        embedder,
        splitter,
        progress,
        settings.dense_index,
        pool,
        publisher=open_engine(settings, root).publisher(progress),
        split_pool=split_pool,
        keep_versions=settings.keep_versions,
    )


def open_embedder(settings: Settings, root: Path, progress: Progress) -> OnnxEmbedder:
    """Return the embedder of an index directory; the first time, it is exported into it.

    Raises:
        ModelError: it cannot be exported or loaded.
        IndexStateError: the settings name another embedder than the index has.
    """
    folder = IndexFolder(root).embedder
    if not folder.exists():
        # Here, not at the top: only the first build of an index needs it.
        from index.vectors.embedder_cache import provide_embedder

        progress.start("Preparing the embedder", None)
        provide_embedder(settings.embedder, folder, settings.embedder_precision)
    _refuse_another_embedder(settings, folder)
    return OnnxEmbedder(folder, settings.threads)


def verify_archive(settings: Settings, progress: Progress) -> str:
    """Check all that an archive holds; return one line that says what was checked.

    Raises:
        IndexStateError: something is missing, damaged, or does not fit the rest.
        ModelError: the embedder's manifest is missing or damaged.
    """
    return open_engine(settings, settings.index_dir).verify(progress)


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
