"""Features, loss and loop, by hand-computed values and with a tiny BERT."""

import math
import random
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from tests.training.conftest import save_checkpoint
from training.example import Context, Example
from training.features import Features, batches, featurise, word_pieces

pytestmark = pytest.mark.e2e  # torch alone takes seconds to import

TEXT = "The ferry Sula sank on Tuesday. Nine people were rescued."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return word_pieces()


def example(answer: str, *others: str, is_distant: bool = False) -> Example:
    start = TEXT.index(answer)
    contexts = (Context(text=TEXT, answers=((start, start + len(answer)),)),)
    return Example(
        source="test",
        question="How many?",
        contexts=contexts + tuple(Context(text=text) for text in others),
        is_distant=is_distant,
    )


def features_of(*examples: Example, max_tokens: int = 64) -> list[Features]:
    return list(featurise(examples, max_tokens, random.Random(1)))


def words(tokenizer: Tokenizer, ids: list[int]) -> str:
    return str(tokenizer.decode(ids, skip_special_tokens=False))


@pytest.mark.parametrize("max_tokens", [64, 14])
@pytest.mark.parametrize("answer", ["Sula", "Nine people", "rescued"])
def test_a_window_holds_its_answer_however_small(
    tokenizer: Tokenizer, max_tokens: int, answer: str
) -> None:
    (one,) = features_of(example(answer), max_tokens=max_tokens)
    (window,) = one.windows
    start, end = window.starts[0], window.ends[0]
    assert len(window.ids) <= max_tokens
    assert words(tokenizer, list(window.ids[start : end + 1])) == answer.lower()
    assert words(tokenizer, list(window.ids[: window.first])) == "[CLS] how many? [SEP]"


def test_batches_hold_everything_once_and_keep_to_their_size() -> None:
    examples = [example("Sula", *["Rates rose. " * n] * (n % 3)) for n in range(1, 40)]
    features = features_of(*examples)
    cut = batches(features, 256, random.Random(1))
    assert sorted(map(id, (one for batch in cut for one in batch))) == sorted(map(id, features))
    for batch in cut:
        width = max(one.n_tokens for one in batch)
        assert len(batch) == 1 or width * sum(len(one.windows) for one in batch) <= 256


def test_the_loss_is_what_the_formula_says() -> None:
    import torch

    from training.loss import Logits, collate, reading_loss

    batch = collate(features_of(example("Sula", "Rates rose.")))
    n_first, n_second = batch.is_passage.sum(dim=1).tolist()
    zeros = torch.zeros(batch.ids.shape)
    # All logits alike: each right place has one part in those of the passage and "no answer".
    inside = (math.log(n_first + 1) + math.log(n_second + 1)) / 2
    shared = math.log(n_first + n_second)
    assert batch.is_start.sum() == 1
    assert reading_loss(Logits(zeros, zeros), batch, 0.0).item() == pytest.approx(inside)
    # "Sula" is two tokens or one: start and end are one place each.
    assert reading_loss(Logits(zeros, zeros), batch, 2.0).item() == pytest.approx(
        inside + 2 * shared
    )


def test_a_distant_place_may_be_no_answer() -> None:
    import torch

    from training.loss import Logits, collate, reading_loss

    batch = collate(features_of(example("Sula", is_distant=True)))
    n = int(batch.is_passage.sum())
    zeros = torch.zeros(batch.ids.shape)
    expected = math.log(n + 1) - math.log(2)
    assert reading_loss(Logits(zeros, zeros), batch, 1.0).item() == pytest.approx(expected)


def test_padding_and_question_do_not_count() -> None:
    import torch

    from training.loss import Logits, collate, reading_loss

    batch = collate(features_of(example("Sula", "Rates rose.")))
    zeros = torch.zeros(batch.ids.shape)
    noisy = zeros.masked_fill(~batch.is_passage, 50.0)
    noisy[:, 0] = 0.0
    same = reading_loss(Logits(zeros, zeros), batch, 1.0).item()
    assert reading_loss(Logits(noisy, noisy), batch, 1.0).item() == pytest.approx(same)


def test_an_interrupted_run_ends_as_one_that_was_not(checkpoint: Path, tmp_path: Path) -> None:
    import torch

    from training.loop import Settings, load_model, run

    settings = Settings(epochs=2, rate=1e-3, batch_tokens=128, threads=1)
    features = features_of(*(example(word) for word in TEXT.split()[:8]))
    whole, _ = load_model(checkpoint, settings)
    run(whole, features, tmp_path / "whole.safetensors", settings)

    steps = iter(range(3))

    def stop_in_the_fourth_step(*_: object) -> None:
        if next(steps, None) is None:
            raise KeyboardInterrupt

    stopped, _ = load_model(checkpoint, settings)
    stopped.register_forward_pre_hook(stop_in_the_fourth_step)
    with pytest.raises(KeyboardInterrupt):
        run(stopped, features, tmp_path / "state.safetensors", settings, save_every_s=-1)
    resumed, _ = load_model(checkpoint, settings)
    run(resumed, features, tmp_path / "state.safetensors", settings)
    for name, weight in whole.state_dict().items():
        assert torch.equal(weight, resumed.state_dict()[name]), name


def test_windows_without_labels_count_only_for_their_teachers() -> None:
    import torch

    from training.loss import Logits, collate, distillation_loss, reading_loss

    unlabelled = example("Nine", "Rates rose.").model_copy(update={"is_labelled": False})
    labelled = example("Sula", "Rates rose.")
    both, alone = (collate(features_of(*some)) for some in ((labelled, unlabelled), (labelled,)))
    generator = torch.Generator().manual_seed(1)
    start, end = (torch.randn(both.ids.shape, generator=generator) for _ in range(2))
    teacher = Logits(torch.zeros_like(start), torch.zeros_like(end))
    own = Logits(start[:2], end[:2])
    assert reading_loss(Logits(start, end), both, 0.0).item() == pytest.approx(
        reading_loss(own, alone, 0.0).item()
    )
    before = distillation_loss(Logits(start, end), teacher, both, 0.0).item()
    start[2:] += 3 * torch.randn(start[2:].shape, generator=generator)
    assert distillation_loss(Logits(start, end), teacher, both, 0.0).item() != pytest.approx(before)


def test_without_a_teacher_examples_without_labels_are_left_out(tmp_path: Path) -> None:
    from training.example import write_examples
    from training.loop import Settings
    from training.train import features_of as read

    unlabelled = example("Nine").model_copy(update={"is_labelled": False})
    write_examples(tmp_path / "some.gz", [example("Sula"), unlabelled])
    assert [one.is_labelled for one in read([tmp_path / "some.gz"], Settings())] == [True, False]
    (one,) = read([tmp_path / "some.gz"], Settings(), only_labelled=True)
    assert one.is_labelled


def test_teachers_are_mixed_by_their_shares(checkpoint: Path, tmp_path: Path) -> None:
    import torch

    from corpus.errors import ModelError
    from training.loop import Settings
    from training.train import teach

    other = tmp_path / "other"
    save_checkpoint(other, "BertForQuestionAnswering", seed=8)
    features = features_of(example("Sula", "Rates rose."), example("Nine"))
    settings = Settings(precision="fp32", threads=1)
    one, two, both = (
        teach(teachers, features, tmp_path / f"{number}", settings).logits.float()
        for number, teachers in enumerate(
            ({checkpoint: 1.0}, {other: 1.0}, {checkpoint: 0.7, other: 0.3})
        )
    )
    assert not torch.allclose(one, two, atol=0.1)
    torch.testing.assert_close(both, 0.7 * one + 0.3 * two, rtol=1e-2, atol=1e-2)
    with pytest.raises(ModelError, match="labels of other examples"):
        teach({checkpoint: 0.5, other: 0.5}, features, tmp_path / "2", settings)


def test_an_epoch_may_be_a_part_of_one(
    checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from training.loop import Settings, load_model, run

    settings = Settings(epochs=1.5, batch_tokens=24, threads=1)
    model, _ = load_model(checkpoint, settings)
    features = features_of(*(example(word) for word in TEXT.split()[:8]))
    run(model, features, tmp_path / "state.safetensors", settings)
    assert "step 12/12 " in capsys.readouterr().out


def test_a_student_that_agrees_with_its_teacher_has_nothing_to_learn() -> None:
    import torch

    from training.loss import Logits, collate, distillation_loss

    batch = collate(features_of(example("Sula", "Rates rose."), example("Nine")))
    generator = torch.Generator().manual_seed(1)
    start, end = (3 * torch.randn(batch.ids.shape, generator=generator) for _ in range(2))
    teacher = Logits(start, end)
    assert distillation_loss(teacher, teacher, batch, 1.0).item() == pytest.approx(0, abs=1e-5)
    # Only differences count: adding the same to all of a teacher's logits says nothing new.
    assert distillation_loss(Logits(start + 2, end - 1), teacher, batch, 1.0).item() == (
        pytest.approx(0, abs=1e-5)
    )


def test_the_distillation_loss_is_what_the_formula_says() -> None:
    import torch

    from training.loss import Logits, collate, distillation_loss

    batch = collate(features_of(example("Sula", "Rates rose.")))
    n_first, n_second = batch.is_passage.sum(dim=1).tolist()
    zeros = torch.zeros(batch.ids.shape)
    # A teacher who is sure of one token of each passage, against a student who knows nothing.
    sure = torch.full(batch.ids.shape, -30.0)
    sure[:, -3] = 30.0
    sure[1, :] = -30.0
    sure[1, 0] = 30.0
    inside = (math.log(n_first + 1) + math.log(n_second + 1)) / 2
    shared = math.log(n_first + n_second)
    for across in (0.0, 2.0):
        found = distillation_loss(Logits(zeros, zeros), Logits(sure, sure), batch, across).item()
        assert found == pytest.approx(inside + across * shared, rel=1e-4)


def test_labels_are_those_of_their_windows(checkpoint: Path, tmp_path: Path) -> None:
    import torch

    from corpus.errors import ModelError
    from training.labels import TeacherLabels, fingerprint, label
    from training.loss import collate
    from training.models import load_checkpoint, logits_of

    features = features_of(
        example("Sula", "Rates rose."), example("Nine"), example("Tuesday", "No")
    )
    model = load_checkpoint(checkpoint)
    label(model, features, 40, in_bf16=False).save(tmp_path / "labels", fingerprint(features))
    labels = TeacherLabels.load(tmp_path / "labels", fingerprint(features))
    batch = collate([features[2], features[0]])
    with torch.inference_mode():
        expected, found = logits_of(model, batch), labels.of(batch)
    own = batch.attention == 1
    torch.testing.assert_close(found.start[own], expected.start[own], rtol=1e-2, atol=1e-2)
    torch.testing.assert_close(found.end[own], expected.end[own], rtol=1e-2, atol=1e-2)
    assert (found.start[~own] < -1e8).all()
    with pytest.raises(ModelError, match="labels of other examples"):
        TeacherLabels.load(tmp_path / "labels", fingerprint(features[:2]))


def test_the_state_of_another_run_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    from corpus.errors import ModelError
    from training.loop import Settings, load_model, run

    features = features_of(example("Sula"))
    model, _ = load_model(checkpoint, Settings(threads=1))
    state = tmp_path / "state.safetensors"
    run(model, features, state, Settings(rate=1e-3, threads=1), save_every_s=-1)
    with pytest.raises(ModelError, match="of another run"):
        run(model, features, state, Settings(rate=1e-4, threads=1))


def test_a_frozen_position_bias_stays(teacher: Path, tmp_path: Path) -> None:
    import torch

    from training.loop import Settings, load_model, run

    for frozen in (True, False):
        settings = Settings(rate=1e-2, frozen_bias=frozen, threads=1)
        before, _ = load_model(teacher, settings)
        after, _ = load_model(teacher, settings)
        run(after, features_of(example("Sula")), tmp_path / f"{frozen}.safetensors", settings)
        old = before.state_dict()
        same = {
            name for name, weight in after.state_dict().items() if torch.equal(weight, old[name])
        }
        assert frozen == any("relative_attention_bias" in name for name in same)


def test_training_writes_a_checkpoint_that_reads(checkpoint: Path, tmp_path: Path) -> None:
    from service.reader.transformers_reader import load_checkpoint
    from training.example import write_examples
    from training.loop import Settings
    from training.train import train

    write_examples(tmp_path / "examples.gz", [example("Sula", "Rates rose."), example("Nine")])
    train([tmp_path / "examples.gz"], checkpoint, tmp_path / "out", Settings(threads=1))
    load_checkpoint(tmp_path / "out")
    assert not list((tmp_path / "out").glob("state.*"))


def test_a_folder_without_a_checkpoint_is_named(tmp_path: Path) -> None:
    from corpus.errors import ModelError
    from training.loop import Settings, load_model

    with pytest.raises(ModelError, match="cannot be loaded as a checkpoint"):
        load_model(tmp_path, Settings())
