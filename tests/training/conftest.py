"""A tiny BERT, MPNet and Llama of random weights."""

import gzip
import json
import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from service.reader.onnx_reader import BUNDLED_READER
from training.datasets import FURTHER_SETS, MAIN_SETS

SENTENCES = (
    "The ferry Sula sank off Norhavn on Tuesday.",
    "Nine people were rescued from the ferry by a trawler.",
    "The bank of Rovia raised its rate to four percent.",
    "Storm Berta cut power to homes on the coast of Rovia.",
)


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a BERT of two layers and the vocabulary of the bundled reader."""
    folder = tmp_path_factory.mktemp("checkpoint")
    save_checkpoint(folder, "BertForQuestionAnswering")
    return folder


@pytest.fixture(scope="session")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an MPNet of one layer."""
    import transformers

    folder = tmp_path_factory.mktemp("teacher")
    save_checkpoint(folder, "BertModel")
    config = transformers.MPNetConfig(
        vocab_size=30527,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=130,
    )
    transformers.MPNetForQuestionAnswering(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a Llama of one layer that reads and writes single bytes."""
    import torch
    import transformers

    folder = tmp_path_factory.mktemp("generator")
    tokenizer = byte_tokenizer()
    torch.manual_seed(7)
    config = transformers.LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        intermediate_size=64,
        max_position_embeddings=512,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
        tie_word_embeddings=True,
    )
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture
def ranker(tmp_path: Path) -> Path:
    """Return a ranker that adds up the even places of the last state of a checkpoint beside it."""
    import torch

    from training.models import load_checkpoint

    folder = tmp_path / "ranker"
    save_checkpoint(folder / "checkpoint", "BertForQuestionAnswering", n_positions=130)

    class Ranker(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model: Any = load_checkpoint(folder / "checkpoint").eval()

        def forward(self, ids: Any, mask: Any, types: Any) -> Any:  # noqa: ANN401
            output = self.model(
                input_ids=ids, attention_mask=mask, token_type_ids=types, output_hidden_states=True
            )
            state = output.hidden_states[-1][:, 0]
            return state[:, ::2].sum(dim=1, keepdim=True) - 3.0

    shutil.copy(BUNDLED_READER / "tokenizer.json", folder)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    ids = torch.ones((2, 8), dtype=torch.int64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Ranker().eval(),
            (ids, ids, ids),
            str(folder / "model.onnx"),
            dynamo=False,
            opset_version=17,
            input_names=names,
            dynamic_axes={name: {0: "batch", 1: "width"} for name in names},
        )
    return folder


def byte_tokenizer() -> Tokenizer:
    """Return a tokenizer of single bytes with SmolLM2's special tokens."""
    special = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
    symbols = [*special, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    vocabulary = {symbol: number for number, symbol in enumerate(symbols)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([*special])
    return tokenizer


def save_checkpoint(folder: Path, kind: str, n_positions: int = 64, seed: int = 7) -> None:
    import torch
    import transformers

    torch.manual_seed(seed)
    tokenizer: Any = transformers.PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(BUNDLED_READER / "tokenizer.json"),
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        model_max_length=n_positions,
    )
    config = transformers.BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=n_positions,
        # Large enough for logits that tell tokens apart.
        initializer_range=0.5,
    )
    model: Any = getattr(transformers, kind)(config)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a data folder with a few questions in each set."""
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path / "data"))
    (tmp_path / "data/reader/more").mkdir(parents=True)
    for number, name in enumerate((*MAIN_SETS, *FURTHER_SETS)):
        folder = "reader/more" if name in FURTHER_SETS else "reader"
        with gzip.open(tmp_path / f"data/{folder}/train-{name}.jsonl.gz", "wt") as file:
            for text in SENTENCES:
                answer = text.split()[1]
                line = {
                    "source": name,
                    "question": "What happened on that day?",
                    "context": f"{text} It was day {number}.",
                    "answer": answer,
                    "start": text.index(answer),
                    "impossible": False,
                }
                file.write(json.dumps(line) + "\n")
    return tmp_path / "data"
