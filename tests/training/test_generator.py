"""A tiny language model learns to ask, asks, and a tiny reader reads again."""

from pathlib import Path

import pytest

from tests.training.conftest import SENTENCES
from training.asked import AskedExample
from training.example import Context, Example

pytestmark = pytest.mark.e2e  # torch alone takes seconds to import

TEXT = SENTENCES[0]


def lessons(n: int = 6) -> list[Example]:
    marked = Context(text=TEXT, answers=((10, 14),))
    plain = Context(text=TEXT)
    return [
        Example(source="test", question="What sank there?", contexts=(marked if i % 2 else plain,))
        for i in range(n)
    ]


def test_the_generator_learns_the_questions_and_asks_them(generator: Path, tmp_path: Path) -> None:
    from training.generator import AskingSettings, ask, learn_to_ask
    from training.models import load_generator
    from training.prompts import PromptEncoder

    settings = AskingSettings(
        epochs=100, rate=1e-2, batch_size=2, n_at_once=2, precision="fp32", threads=1
    )
    model, tokenizer = load_generator(generator)
    encoder = PromptEncoder(tokenizer)
    learn_to_ask(model, encoder, lessons(), settings, tmp_path / "state.safetensors")
    # Three prompts of unlike length, so that padding on the left counts, too.
    contexts = [lessons()[i].contexts[0] for i in (0, 1)]
    asked = ask(model, encoder, [*contexts, Context(text=TEXT[:30])], settings)
    assert asked[:2] == ["What sank there?"] * 2


def test_learning_that_was_interrupted_ends_the_same(generator: Path, tmp_path: Path) -> None:
    import torch

    from training.generator import AskingSettings, learn_to_ask
    from training.models import load_generator
    from training.prompts import PromptEncoder

    settings = AskingSettings(epochs=2, batch_size=1, precision="fp32", threads=1)
    models = []
    for name in ("whole", "stopped"):
        model, tokenizer = load_generator(generator)
        encoder = PromptEncoder(tokenizer)
        state = tmp_path / f"{name}.safetensors"
        if name == "stopped":
            steps = iter(range(3))

            def stop(*_: object) -> None:
                if next(steps, None) is None:  # noqa: B023 - used in this turn only
                    raise KeyboardInterrupt

            handle = model.model.register_forward_pre_hook(stop)
            with pytest.raises(KeyboardInterrupt):
                learn_to_ask(model, encoder, lessons(), settings, state, save_every_s=-1)
            handle.remove()
            model, _ = load_generator(generator)
        learn_to_ask(model, encoder, lessons(), settings, state)
        models.append(model.state_dict())
    for name, weight in models[0].items():
        assert torch.equal(weight, models[1][name]), name


def test_long_questions_are_not_learnt(
    generator: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from training.generator import AskingSettings, learn_to_ask
    from training.models import load_generator
    from training.prompts import PromptEncoder

    model, tokenizer = load_generator(generator)
    long = lessons(1)[0].model_copy(update={"question": "Who " * 20 + "?"})
    settings = AskingSettings(batch_size=1, precision="fp32", threads=1)
    learn_to_ask(model, PromptEncoder(tokenizer), [*lessons(2), long], settings, tmp_path / "s")
    assert "2 questions" in capsys.readouterr().out


def test_what_is_read_again_lies_in_the_passage(checkpoint: Path) -> None:
    from service.reader.transformers_reader import TransformersReader
    from tests.service.answering.conftest import hit_for
    from training.loop import Settings
    from training.rereading import read_again

    texts = [f"{one} 🏃 Élodie saw it." for one in SENTENCES]
    questions = [
        AskedExample(source="asked", question="Who?", contexts=(Context(text=text),))
        for text in texts
    ]
    settings = Settings(max_tokens=64, precision="fp32", threads=1)
    found = list(read_again(checkpoint, questions, settings))
    reader = TransformersReader(checkpoint, 1)
    for text, reading in zip(texts, found, strict=True):
        assert reading
        hit = hit_for("a", text, 0)
        hit = type(hit)(type(hit.article)("a", "", text), hit.passage, 0, 0.0)
        # As the service reads the same passage.
        (span, *_) = reader.read("Who?", [hit])
        assert (reading.start, reading.end) == (span.start, span.end)
        assert reading.margin == pytest.approx(span.score - span.null_score, abs=0.05)


def test_without_a_model_the_folder_is_named(tmp_path: Path) -> None:
    from corpus.errors import ModelError
    from training.models import load_generator

    with pytest.raises(ModelError, match="cannot be loaded as a language model"):
        load_generator(tmp_path)


@pytest.mark.usefixtures("data")
def test_where_there_is_nothing_to_ask_of_no_question_is_kept(
    checkpoint: Path, generator: Path, tmp_path: Path
) -> None:
    from training.ask import main
    from training.example import read_examples

    options = {"--base": generator, "--reader": checkpoint, "--out": tmp_path, "--epochs": 0.1}
    options |= {"--batch-size": 2, "--n-learnt": 8, "--threads": 1, "--precision": "fp32"}
    main([str(part) for option in options.items() for part in option], standalone_mode=False)
    assert not list(read_examples(tmp_path / "asked.jsonl.gz"))
    # The state is needed no more.
    assert not list(tmp_path.rglob("state.*"))
