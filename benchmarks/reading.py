"""How much faster int8 reads than torch: `python -m benchmarks.reading`.

Reads ten passages of about 180 word pieces for one question, with the two in turn in one process:
the float32 model in torch, in one batch (the plain way), and its int8 export as the service runs
it. Speed does not depend on what the weights have learnt: without CHECKPOINT the base model gets a
head of random numbers.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rich_click as click
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from corpus.article import Article, Passage
from corpus.sentences import sentence_spans
from corpus.sources import read_sources
from index.search.hit import Hit
from service.reader.onnx_reader import load_reader
from training.export import export_reader
from training.loop import Settings, bundled_base, load_model

_SAMPLES = Path(__file__).parent.parent / "corpus/samples/articles.jsonl"
_QUESTION = "How many people were rescued from the ferry before it sank?"
_N_PASSAGES = 10
_TOKENS = 180


@click.command()
@click.argument("checkpoint", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--rounds", default=15, show_default=True)
@click.option("--threads", default=2, show_default=True)
def main(checkpoint: Path | None, rounds: int, threads: int) -> None:
    """Print the medians in milliseconds and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if checkpoint is None:
            checkpoint = work / "checkpoint"
            for part in load_model(bundled_base(), Settings(threads=threads)):
                part.save_pretrained(checkpoint)
        export_reader(checkpoint, work / "int8", "int8", "int8")
        hits = _hits(AutoTokenizer.from_pretrained(checkpoint, local_files_only=True))
        ours = load_reader(work / "int8", threads)
        plain = _plain_torch(checkpoint, hits, threads)
        ways: dict[str, Callable[[], object]] = {
            "torch, float32, one batch": plain,
            "int8, as served": lambda: ours.read(_QUESTION, hits),
        }
        times = _times(ways, rounds)
    for name, some in times.items():
        print(f"{name:26} {1000 * statistics.median(some):7.1f} ms")
    torch_s, int8_s = (statistics.median(some) for some in times.values())
    print(f"int8 is {torch_s / int8_s:.2f} times as fast")


def _times(ways: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Return seconds by way; in turn, so that a slow moment of the machine slows all."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            times[name].append(time.perf_counter() - start)
    return {name: some[1:] for name, some in times.items()}  # without the first, cold one


def _hits(tokenizer: Any) -> list[Hit]:  # noqa: ANN401 - transformers is not typed
    texts = [one.text for one in read_sources([_SAMPLES]) if isinstance(one, Article)]
    whole = "\n".join(texts)
    offsets = tokenizer(whole, add_special_tokens=False, return_offsets_mapping=True)
    bounds = offsets["offset_mapping"]
    hits = []
    for rank in range(_N_PASSAGES):
        first, last = bounds[rank * _TOKENS][0], bounds[(rank + 1) * _TOKENS - 1][1]
        text = whole[first:last]
        passage = Passage(f"p{rank}", f"a{rank}", 0, len(text), tuple(sentence_spans(text)))
        hits.append(Hit(Article(f"a{rank}", "", text), passage, rank, 0.0))
    return hits


def _plain_torch(checkpoint: Path, hits: list[Hit], threads: int) -> Callable[[], object]:
    torch.set_num_threads(threads)
    tokenizer: Any = AutoTokenizer.from_pretrained(checkpoint, local_files_only=True)
    model = AutoModelForQuestionAnswering.from_pretrained(
        checkpoint, local_files_only=True, dtype=torch.float32
    ).eval()
    texts = [hit.text for hit in hits]

    def read() -> object:
        inputs = tokenizer([_QUESTION] * len(texts), texts, padding=True, return_tensors="pt")
        with torch.inference_mode():
            return model(**inputs)

    return read


if __name__ == "__main__":
    main()
