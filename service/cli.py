"""The `dateline` command: build an archive's index, ask it, serve it, check it."""

import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import rich_click as click

from corpus.sources import Record
from index.builder import Builder
from index.query import Filters
from service.answering.answer import Question
from service.api.requests import FiltersBody
from service.api.schemas import AskResponse, ask_response
from service.console import (
    BuildProgress,
    err,
    print_facts,
    print_json,
    print_report,
    print_result,
    print_rules,
)
from service.copy_cli import copy
from service.feedback_cli import feedback
from service.ingesting import Ingest, ingest_options
from service.keys_cli import keys
from service.mcp_cli import mcp
from service.options import Day
from service.options import errors_told as _errors_told
from service.options import index_option as _index
from service.pools import PoolChoice, pool_options
from service.priority import giving_way
from service.settings import Settings
from service.wiring import open_answerer, open_builder, verify_archive

__all__ = ["main"]

_EXISTING = click.Path(path_type=Path)


@click.group()
@click.version_option(package_name="dateline")
def main() -> None:
    """Ask a news archive a question and get the answer in the archive's own words.

    First `dateline build articles.jsonl`, then `dateline ask "Who …?"` or `dateline serve`.
    """


main.add_command(copy)
main.add_command(feedback)
main.add_command(keys)
main.add_command(mcp)


@main.command()
@ingest_options
@pool_options
@_index
def build(ingest: Ingest, pool: PoolChoice, index_dir: Path) -> None:
    """Make the index hold exactly the articles of SOURCES.

    SOURCES are files, folders, patterns in quotes, or - for standard input, mixed as they come.
    What each file is, is told by its content: JSON and JSON lines, CSV, plain text, Markdown,
    HTML, RSS and Atom, WARC, ninjs, NewsML-G2, NITF, PDF, Reuters SGML, any of them compressed or
    in a ZIP or TAR. What cannot be read is told and skipped. Articles that did not change are not
    embedded again, so run it again after an interruption or to bring an index up to date.

        dateline build news.jsonl.gz stories/ 'feeds/*.xml' --index my-archive
    """
    with _building(index_dir, ingest, pool) as (builder, records):
        report = builder.build(records)
    print_report(report)


@main.command()
@ingest_options
@pool_options
@_index
def add(ingest: Ingest, pool: PoolChoice, index_dir: Path) -> None:
    """Add the articles of SOURCES to the index, in place of those with the same id.

    SOURCES are what build takes. Another article under a known id is told (--on-conflict).

        dateline add today.jsonl --index my-archive
    """
    with _building(index_dir, ingest, pool) as (builder, records):
        report = builder.add(records)
    print_report(report)


@main.command()
@click.argument("ids", nargs=-1, required=True)
@_index
def remove(ids: tuple[str, ...], index_dir: Path) -> None:
    """Remove the articles with these IDS; their text is gone from the index afterwards.

    dateline remove 9ed8bb9b "2024/03/05/ferry sinks" "Harbour Post/17" --index my-archive
    """
    with _building(index_dir) as (builder, _):
        report = builder.remove(ids)
    print_report(report)


@main.command()
@click.argument("question")
@_index
@click.option("--as-of", type=Day(), help="See the archive as it stood on that day.")
@click.option("--source", "sources", multiple=True, help="Only this outlet (repeatable).")
@click.option("--from", "published_from", type=Day(), help="Only what was published from then.")
@click.option("--to", "published_to", type=Day(), help="Only what was published until then.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as /v1/ask returns it.")
@click.option("--url", help="Ask the server at this address instead of an index.")
@click.option("--key", envvar="DATELINE_KEY", help="Key for that server, if it needs one.")
def ask(
    question: str,
    index_dir: Path,
    as_of: date | None,
    sources: tuple[str, ...],
    published_from: date | None,
    published_to: date | None,
    as_json: bool,
    url: str | None,
    key: str | None,
) -> None:
    """Answer QUESTION from the archive, with the sentence that says so.

    dateline ask "How many people died in the flood?" --as-of 2024-03-09
    """
    filters = Filters(sources, published_from, published_to)
    with _errors_told():
        if url:
            response = _ask_server(url, key, question, filters, as_of)
        else:
            answerer, _ = open_answerer(Settings(index_dir=index_dir))
            result = answerer.ask(Question(question, filters=filters, as_of=as_of))
            response = ask_response(result)
    if as_json:
        print_json(response.model_dump(mode="json"))
    else:
        print_result(response)


def _ask_server(
    url: str, key: str | None, question: str, filters: Filters, as_of: date | None
) -> AskResponse:
    # Here, not at the top: only this way of asking needs it.
    from service.client import Client

    with Client(url, key) as client:
        return client.ask(question, filters=FiltersBody.of(filters), as_of=as_of)


@main.command("eval")
@click.argument("questions", type=_EXISTING, required=False)
@_index
@click.option("--gold", is_flag=True, help="Score the gold sets, on an index of the samples.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with all rows.")
@click.option("--report", type=_EXISTING, help="Write an HTML report to this file.")
@click.option("--limit", type=click.IntRange(1), help="Ask only the first so many questions.")
def evaluate_command(
    questions: Path | None,
    index_dir: Path,
    gold: bool,
    as_json: bool,
    report: Path | None,
    limit: int | None,
) -> None:
    """Ask every question of QUESTIONS (JSON lines) and score the answers.

    A question is {"id", "question", "answers": [...], "as_of"?, "filters"?, "history"?};
    no answers means that the archive does not say, and refusing is right.

        dateline eval questions.jsonl --report report.html

    With --gold the hand-written sets for dates, numbers, support, timelines, follow-ups, lists,
    reasons, refusals, proofs and questions as people type them are scored, each by name.
    """
    if questions and not gold:
        _evaluate(questions, index_dir, as_json, report, limit)
    elif gold and not questions:
        _evaluate_gold(index_dir, as_json)
    else:
        raise click.UsageError("name a file of QUESTIONS, or give --gold.")


def _evaluate(
    questions: Path, index_dir: Path, as_json: bool, report: Path | None, limit: int | None
) -> None:
    # Here, not at the top: only this command needs it.
    from service.evaluation.questions import read_questions
    from service.evaluation.report import write_report
    from service.evaluation.runner import evaluate

    with _errors_told(), BuildProgress() as bars:
        answerer, archive = open_answerer(Settings(index_dir=index_dir))
        asked = read_questions(questions)[:limit]
        bars.start("Asking questions", len(asked))
        result = evaluate(asked, answerer, archive, on_progress=lambda: bars.advance(1))
    if report:
        write_report(result, report)
    if as_json:
        print_json(result.as_dict())
    else:
        click.echo(result.summary())


def _evaluate_gold(index_dir: Path, as_json: bool) -> None:
    from service.evaluation.gold.sets import evaluate_gold

    with _errors_told():
        answerer, _ = open_answerer(Settings(index_dir=index_dir))
        scores = list(evaluate_gold(answerer))
    if as_json:
        print_json({"gold": [dataclasses.asdict(score) for score in scores]})
    else:
        for score in scores:
            click.echo(f"{score.name:48} {score.score:.3f} of {score.n}")


@main.command()
@_index
@click.option("--host", help="Address to listen on; by default DATELINE_HOST or 127.0.0.1.")
@click.option("--port", type=click.IntRange(0, 65535), help="By default DATELINE_PORT or 8000.")
@click.option("--open", "is_open", is_flag=True, help="Let everyone who can reach it read.")
def serve(index_dir: Path, host: str | None, port: int | None, is_open: bool) -> None:
    """Serve the chat page, the API and the article pages.

    Where other machines can reach it, callers need a key (`dateline keys add`), unless --open.

        dateline serve --index my-archive
    """
    # Here, not at the top: only this command needs the web server.
    from service.serving import run_server

    given: dict[str, Any] = {"host": host, "port": port, "open_reading": is_open or None}
    with _errors_told():
        settings = Settings(
            index_dir=index_dir,
            **{name: value for name, value in given.items() if value is not None},
        )
        run_server(settings, lambda address: err.print(f"Dateline answers on {address}"))


@main.command()
@_index
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--cleaning", is_flag=True, help="Tell by which rules texts are cleaned.")
def info(index_dir: Path, as_json: bool, cleaning: bool) -> None:
    """Tell what the index holds and what it was made with.

    With --cleaning no index is needed.
    """
    if cleaning:
        print_rules(as_json)
        return
    with _errors_told():
        _, archive = open_answerer(Settings(index_dir=index_dir))
        snapshot = archive.current()
    facts = dataclasses.asdict(snapshot.status)
    facts["max_tokens"] = snapshot.manifest.max_tokens
    facts["overlap_sentences"] = snapshot.manifest.overlap_sentences
    print_facts(facts, as_json)


@main.command()
@_index
@click.option("--rebuild", is_flag=True, help="Derive the snapshot again, embedding nothing.")
def verify(index_dir: Path, rebuild: bool) -> None:
    """Check every file of the index; with --rebuild make a damaged snapshot again.

    Exits with 1 and says what is wrong when something is.
    """
    with _errors_told():
        if rebuild:
            with _building(index_dir) as (builder, _):
                builder.rebuild()
        with BuildProgress() as bars:
            checked = verify_archive(Settings(index_dir=index_dir), bars)
    click.echo(checked)


@contextmanager
def _building(
    index_dir: Path, ingest: Ingest | None = None, pool: PoolChoice | None = None
) -> Iterator[tuple[Builder, Iterator[Record]]]:
    """Give the builder of an index, and the records to ingest, whose paths are checked first."""
    with _errors_told(), giving_way(), BuildProgress() as bars, ExitStack() as opened:
        records = opened.enter_context(ingest.records()) if ingest else iter(())
        open_pool = pool.open if pool else None
        builder = open_builder(Settings(index_dir=index_dir), index_dir, bars, open_pool)
        yield (ingest.wants(builder) if ingest else builder), records


if __name__ == "__main__":
    main()
