"""Questions asked by a language model: `python -m training.ask --base DIR --reader DIR --out DIR`.

It learns from people's questions and asks of passages; a reader reads each question again. Run
again with the same arguments, it resumes. Uses a GPU where there is one.
"""

import random
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import get_args

import rich_click as click
import torch

from corpus.errors import DatelineError
from index.engines.archive import ArchiveSnapshot
from index.engines.local.archive import LocalArchive
from training.asked import (
    AskedExample,
    human_questions,
    news_passages,
    to_ask,
    wikipedia_passages,
)
from training.example import read_lines, write_examples
from training.generator import MAX_PROMPT_TOKENS, AskingSettings, ask, learn_to_ask
from training.loop import Settings
from training.models import hide_progress_bars, load_generator
from training.prepare import write
from training.prompts import PromptEncoder
from training.rereading import read_again
from training.roundtrip import asked_examples, is_well_formed

__all__ = ["ask_questions"]

_LEARN_SEED, _PASSAGE_SEED, _KEEP_SEED = 31, 32, 23
_DEFAULTS = AskingSettings()


@click.command()
@click.option(
    "--base",
    type=click.Path(exists=True, path_type=Path),
    required=True,
    help="The generator's checkpoint before it has learnt to ask.",
)
@click.option(
    "--reader",
    type=click.Path(exists=True, path_type=Path),
    required=True,
    help="The checkpoint that reads the questions again.",
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option(
    "--index",
    "index_dir",
    type=click.Path(exists=True, path_type=Path),
    help="An index of the news archive: asks of news, too.",
)
@click.option("--epochs", default=_DEFAULTS.epochs, show_default=True)
@click.option("--rate", default=_DEFAULTS.rate, show_default=True, help="Peak learning rate.")
@click.option(
    "--batch-size", default=_DEFAULTS.batch_size, show_default=True, help="Questions of a step."
)
@click.option("--n-learnt", type=int, help="Learn from only so many questions.")
@click.option(
    "--n-marked",
    default=_DEFAULTS.n_marked,
    show_default=True,
    help="Passages asked of with an answer marked: of news, without --index of Wikipedia.",
)
@click.option(
    "--n-news", default=_DEFAULTS.n_news, show_default=True, help="Passages of news without a mark."
)
@click.option(
    "--n-wikipedia", default=_DEFAULTS.n_wikipedia, show_default=True, help="Those of Wikipedia."
)
@click.option(
    "--n-at-once", default=_DEFAULTS.n_at_once, show_default=True, help="Passages asked of at once."
)
@click.option(
    "--precision",
    type=click.Choice(get_args(AskingSettings.model_fields["precision"].annotation)),
    default="bf16",
    show_default=True,
)
@click.option("--seed", default=1, show_default=True)
@click.option("--threads", default=2, show_default=True)
def main(
    base: Path, reader: Path, out: Path, index_dir: Path | None, **settings: float | str | None
) -> None:
    """Write the questions that are kept as examples into OUT/asked.jsonl.gz."""
    hide_progress_bars()
    try:
        snapshot = LocalArchive(index_dir, threads=1).current() if index_dir else None
        ask_questions(out, base, reader, snapshot, AskingSettings.model_validate(settings))
    except DatelineError as error:
        raise click.ClickException(str(error)) from error


def ask_questions(
    out: Path,
    base: Path,
    reader: Path,
    snapshot: ArchiveSnapshot | None,
    settings: AskingSettings,
) -> Path:
    """Write the generator, all its questions, and those kept as examples; return the last file.

    Each is written at once, and not again where it is there. Without a `snapshot` of the news
    archive it asks only of Wikipedia.

    Raises:
        SourceError: the data is not there.
        ModelError: a checkpoint cannot be loaded, or `out` holds a run with other settings.
    """
    out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(settings.threads)
    generator, questions, kept = (
        out / "generator",
        out / "questions.jsonl.gz",
        out / "asked.jsonl.gz",
    )
    if not (generator / "tokenizer.json").exists():
        _learn(generator, base, settings)
    if not questions.exists():
        asked = _asked(generator, settings, has_news=snapshot is not None)
        write_examples(questions, asked)
    if not kept.exists():
        every = list(read_lines(questions, AskedExample))
        reading = Settings(precision=settings.precision, threads=settings.threads)
        found = read_again(reader, every, reading)
        write(kept, asked_examples(every, found, snapshot, random.Random(_KEEP_SEED)))
    return kept


def _learn(out: Path, base: Path, settings: AskingSettings) -> None:
    out.mkdir(parents=True, exist_ok=True)
    model, tokenizer = load_generator(base)
    examples = human_questions(random.Random(_LEARN_SEED), settings.n_learnt)
    state_path = out / "state.safetensors"
    learn_to_ask(model, PromptEncoder(tokenizer), examples, settings, state_path)
    model.save_pretrained(out)
    # Last: where there is a tokenizer, the checkpoint is whole.
    tokenizer.save(str(out / "tokenizer.json"))
    state_path.unlink(missing_ok=True)


def _asked(generator: Path, settings: AskingSettings, *, has_news: bool) -> Iterator[AskedExample]:
    model, tokenizer = load_generator(generator)
    encoder = PromptEncoder(tokenizer)
    passages = list(_passages(encoder, settings, has_news=has_news))
    questions = ask(model, encoder, [one.contexts[0] for one in passages], settings)
    for passage, question in zip(passages, questions, strict=True):
        if is_well_formed(question):
            yield passage.model_copy(update={"question": question})


def _passages(
    encoder: PromptEncoder, settings: AskingSettings, *, has_news: bool
) -> Iterator[AskedExample]:
    rng = random.Random(_PASSAGE_SEED)
    # Twice, since it has fewer: another question is asked the second time.
    wikipedia = iter(wikipedia_passages(rng) * 2)
    news = iter(news_passages(rng)) if has_news else iter(())
    # Each call goes on behind the last one's passages.
    marked = to_ask(
        news if has_news else wikipedia,
        settings.n_marked,
        encoder,
        MAX_PROMPT_TOKENS,
        rng,
        marked=True,
    )
    plain = (
        to_ask(passages, n, encoder, MAX_PROMPT_TOKENS, rng, marked=False)
        for passages, n in ((news, settings.n_news), (wikipedia, settings.n_wikipedia))
    )
    yield from chain(marked, *plain)


if __name__ == "__main__":
    main()
