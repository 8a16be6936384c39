"""One system in a process of its own: `python worker.py SYSTEM WORK`, run by `benchmarks.peers`.

Is told what to do by lines of JSON on standard input, and answers each with one. It runs in the
peers' environment and imports nothing of Dateline, except as `dateline`.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

# Neither of them may look for models elsewhere, or tell anyone that it runs.
os.environ |= {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "false"}
os.environ |= {"TOKENIZERS_PARALLELISM": "false", "DATELINE_THREADS": "2"}

_N_READ = 10


class System(Protocol):
    """What is compared; `work` holds the passages, the models and a folder for each index."""

    def build(self) -> dict[str, float]:
        """Make the index; return seconds of stages by their names, where there are several."""
        ...

    def open(self) -> None:
        """Load the index and the models."""
        ...

    def ask(self, question: str, day: str | None) -> tuple[str | None, list[str]]:
        """Return the answer, None for a refusal, and its texts; only Dateline needs a `day`."""
        ...


class Dateline:
    """This project, as `dateline build` and `dateline ask` use it."""

    def __init__(self, work: Path) -> None:
        self.work, self.root = work, work / "dateline"

    def build(self) -> dict[str, float]:
        """Read the articles again: its passages are those that the others are given."""
        from corpus.sources import read_sources
        from service.settings import Settings
        from service.wiring import open_builder

        stages = _Stages()
        builder = open_builder(Settings(index_dir=self.root), self.root, stages)
        stages.clear()
        builder.build(read_sources([self.work / "articles.jsonl"]))
        return stages.seconds()

    def open(self) -> None:
        """Open the published snapshot."""
        from service.settings import Settings
        from service.wiring import open_answerer

        self.answerer, archive = open_answerer(Settings(index_dir=self.root))
        archive.current()

    def ask(self, question: str, day: str | None) -> tuple[str | None, list[str]]:
        """Give what `dateline ask` gives."""
        from service.answering.answer import Question

        # As its clock would tell then: years later "this week" is refused as too new.
        today = date.fromisoformat(day) if day else date.today()
        result = replace(self.answerer, today=lambda: today).ask(Question(question))
        quotes = [citation.quote for citation in result.answer.citations] if result.answer else []
        return (result.answer.text if result.answer else None), quotes


class _Stages(list[tuple[str, float]]):
    def start(self, stage: str, total: int | None) -> None:
        self.append((stage, time.monotonic()))

    def advance(self, n: int) -> None: ...

    def seconds(self) -> dict[str, float]:
        ends = [began for _, began in self[1:]] + [time.monotonic()]
        words = 0.0
        for (stage, began), end in zip(self, ends, strict=True):
            words += end - began
            if stage == "Publishing":
                break
        return {"words": words, "all": ends[-1] - self[0][1]}


class Haystack:
    """Haystack's BM25 in memory and its extractive reader, which is given token types here."""

    def __init__(self, work: Path) -> None:
        self.work, self.path = work, work / "haystack" / "store.json"

    def build(self) -> dict[str, float]:
        """Write the passages into a store and this to the disk."""
        from haystack import Document
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        store = InMemoryDocumentStore()
        store.write_documents(
            [Document(id=one["id"], content=one["text"]) for one in _passages(self.work)]
        )
        self.path.parent.mkdir(exist_ok=True)
        store.save_to_disk(str(self.path))
        return {}

    def open(self) -> None:
        """Load the store and the reader."""
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack.utils import ComponentDevice
        from haystack_integrations.components.readers.transformers import (
            TransformersExtractiveReader,
        )

        store = InMemoryDocumentStore.load_from_disk(str(self.path))
        self.retriever = InMemoryBM25Retriever(store, top_k=_N_READ)
        self.reader = TransformersExtractiveReader(
            model=str(self.work / "checkpoint"), device=ComponentDevice.from_str("cpu"), top_k=1
        )
        self.reader.warm_up()
        self.reader.model = _with_token_types(self.reader.model, self.reader.tokenizer)

    def ask(self, question: str, day: str | None) -> tuple[str | None, list[str]]:
        """Retrieve ten passages and read them."""
        documents = self.retriever.run(query=question)["documents"]
        answers = self.reader.run(query=question, documents=documents)["answers"]
        best = max(answers, key=lambda answer: answer.score, default=None)
        return (best.data if best else None), [document.content for document in documents]


def _with_token_types(model: Any, tokenizer: Any) -> Callable[..., Any]:  # noqa: ANN401
    """Have a model told which tokens are the passage's: BERT was trained with them."""

    def run(input_ids: Any, attention_mask: Any) -> Any:  # noqa: ANN401
        ended = (input_ids == tokenizer.sep_token_id).cumsum(dim=1)
        types = ((ended - (input_ids == tokenizer.sep_token_id).long()) > 0).long()
        return model(input_ids, attention_mask=attention_mask, token_type_ids=types)

    return run


class Txtai:
    """txtai's hybrid index and its pipeline for questions."""

    def __init__(self, work: Path) -> None:
        self.work, self.path = work, work / "txtai"

    def build(self) -> dict[str, float]:
        """Index the passages by words and vectors."""
        from txtai import Embeddings

        embeddings = Embeddings(path=_embedder(self.work), content=True, hybrid=True, gpu=False)
        embeddings.index((one["id"], one["text"], None) for one in _passages(self.work))
        embeddings.save(str(self.path))
        return {}

    def open(self) -> None:
        """Load the index and the reader."""
        from txtai import Embeddings
        from txtai.pipeline import Questions

        self.embeddings = Embeddings(gpu=False)
        self.embeddings.load(str(self.path))
        self.questions = Questions(str(self.work / "checkpoint"), gpu=False)

    def ask(self, question: str, day: str | None) -> tuple[str | None, list[str]]:
        """Read ten passages, and give the first answer: the pipeline has no scores."""
        texts = [row["text"] for row in self.embeddings.search(question, _N_READ)]
        answers = [self._read(question, text) for text in texts]
        return next((answer for answer in answers if answer), None), texts

    def _read(self, question: str, text: str) -> str:
        # It raises where its best span is "no answer here".
        with suppress(TypeError):
            return str(self.questions([question], [text])[0] or "")
        return ""


class Script:
    """What one writes first: sentence-transformers, FAISS and a loop over passages."""

    def __init__(self, work: Path) -> None:
        self.work, self.path = work, work / "script"

    def build(self) -> dict[str, float]:
        """Embed the passages into a flat index."""
        import faiss
        from sentence_transformers import SentenceTransformer

        texts = [one["text"] for one in _passages(self.work)]
        model = SentenceTransformer(_embedder(self.work), device="cpu")
        vectors = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        self.path.mkdir(exist_ok=True)
        faiss.write_index(index, str(self.path / "vectors.faiss"))
        (self.path / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
        return {}

    def open(self) -> None:
        """Load all of it."""
        import faiss
        from sentence_transformers import SentenceTransformer
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        self.texts = json.loads((self.path / "texts.json").read_text(encoding="utf-8"))
        self.index = faiss.read_index(str(self.path / "vectors.faiss"))
        self.embedder = SentenceTransformer(_embedder(self.work), device="cpu")
        checkpoint = str(self.work / "checkpoint")
        self.tokenizer = AutoTokenizer.from_pretrained(checkpoint)
        self.reader = AutoModelForQuestionAnswering.from_pretrained(checkpoint).eval()

    def ask(self, question: str, day: str | None) -> tuple[str | None, list[str]]:
        """Give the best span of ten passages, or none where no span beats [CLS]."""
        vector = self.embedder.encode([question], normalize_embeddings=True)
        _, places = self.index.search(vector, _N_READ)
        texts = [self.texts[place] for place in places[0] if place >= 0]
        # Beside this file, which runs where the benchmarks are not installed.
        best = import_module("spans").best_span
        spans = [best(self.reader, self.tokenizer, question, text) for text in texts]
        score, answer = max(spans, key=lambda span: span[0], default=(0.0, ""))
        return (answer if score > 0 else None), texts


SYSTEMS: dict[str, Callable[[Path], System]] = {
    "dateline": Dateline,
    "haystack": Haystack,
    "txtai": Txtai,
    "script": Script,
}


def _passages(work: Path) -> Iterator[dict[str, str]]:
    with (work / "passages.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _embedder(work: Path) -> str:
    return (work / "embedder.txt").read_text(encoding="utf-8").strip()


def _usage() -> dict[str, float]:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak_kib = status.partition("VmHWM:")[2].split()[0]
    return {
        "cpu_s": sum(one.ru_utime + one.ru_stime for one in used),
        "peak_mib": int(peak_kib) / 1024,
    }


def _do(system: System, request: dict[str, Any]) -> dict[str, Any]:
    began_s, before = time.perf_counter(), _usage()["cpu_s"]
    told: dict[str, Any] = {}
    try:
        if request["do"] == "build":
            told["stages"] = system.build()
        elif request["do"] == "open":
            system.open()
        else:
            told["answer"], told["texts"] = system.ask(request["question"], request.get("day"))
    except Exception as error:  # a system that raises is what is counted  # noqa: BLE001
        told["error"] = f"{type(error).__name__}: {error}"
    usage = _usage()
    return {
        **told,
        "wall_s": time.perf_counter() - began_s,
        "cpu_s": usage["cpu_s"] - before,
        "peak_mib": usage["peak_mib"],
    }


def main() -> None:
    """Do what is asked for until standard input ends."""
    name, work = sys.argv[1:]
    # Libraries print what they like; the answers are for whoever started this.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    system = SYSTEMS[name](Path(work))
    for line in sys.stdin:
        print(json.dumps(_do(system, json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
