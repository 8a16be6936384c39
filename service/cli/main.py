"""The `dateline` command: build an archive's index, ask it, serve it, check it."""

import dataclasses
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import rich_click as click

from index.search.query import Filters
from service.answering.answer import Question
from service.api.bodies.answers import AskResponse
from service.api.bodies.requests import FiltersBody
from service.api.rendering.answers import ask_response
from service.cli.answer import print_result
from service.cli.building import building
from service.cli.completion import completion
from service.cli.console import (
    BuildProgress,
    err,
    out,
    print_facts,
    print_json,
    print_report,
    print_rules,
)
from service.cli.copying import copy
from service.cli.evaluating import evaluate_command
from service.cli.feedback import feedback
from service.cli.following import follow, freshness_facts
from service.cli.holding import hold, release
from service.cli.ingesting import Ingest, ingest_options
from service.cli.keys import keys
from service.cli.mcp import mcp
from service.cli.options import Day, Number, ServerUrl
from service.cli.options import errors_told as _errors_told
from service.cli.options import index_option as _index
from service.cli.pools import PoolChoice, pool_options
from service.cli.watch import watch
from service.first_questions import FirstQuestions
from service.following.freshness import FreshnessReader
from service.settings import Settings
from service.wiring import open_answerer, open_archive, verify_archive

__all__ = ["main"]


@click.group()
@click.version_option(package_name="dateline")
def main() -> None:
    """Ask a news archive a question and get the answer in the archive's own words.

    Begin with `dateline build articles.jsonl`, then `dateline ask "Who …?"` or `dateline serve`.
    """


main.add_command(completion)
main.add_command(copy)
main.add_command(evaluate_command)
main.add_command(feedback)
main.add_command(hold)
main.add_command(follow)
main.add_command(keys)
main.add_command(mcp)
main.add_command(watch)
main.add_command(release)


@main.command()
@ingest_options
@pool_options
@_index
def build(ingest: Ingest, pool: PoolChoice, index_dir: Path) -> None:
    """Make the index hold exactly the articles of SOURCES.

    SOURCES are files, folders, patterns in quotes, or - for standard input. Formats are detected
    from content: JSON and JSON lines, CSV, plain text, Markdown, HTML, RSS and Atom, WARC, ninjs,
    NewsML-G2, NITF, PDF, Reuters SGML, compressed or in a ZIP or TAR too. Records that cannot be
    read are listed and skipped. Unchanged articles are not embedded again: run it again after an
    interruption, or to bring an index up to date.

        dateline build news.jsonl.gz stories/ 'feeds/*.xml' --index my-archive
    """
    with building(index_dir, ingest, pool) as (builder, records):
        report = builder.build(records)
    print_report(report)
    # Whoever stops this has an index all the same: its server checks them.
    with suppress(KeyboardInterrupt), _errors_told(), err.status("Checking examples …"):
        settings = Settings(index_dir=index_dir)
        FirstQuestions.open(settings, *open_answerer(settings)).find()


@main.command()
@ingest_options
@pool_options
@_index
def add(ingest: Ingest, pool: PoolChoice, index_dir: Path) -> None:
    """Add the articles of SOURCES to the index; those with a known id are replaced.

    SOURCES are as for build, or addresses: of a feed, a news sitemap, a WordPress site's /wp-json/
    or an article's page, each read once. A different article under a known id is reported
    (--on-conflict).

        dateline add today.jsonl --index my-archive
    """
    with building(index_dir, ingest, pool) as (builder, records):
        report = builder.add(records)
    print_report(report)


@main.command()
@click.argument("ids", nargs=-1, required=True)
@_index
def remove(ids: tuple[str, ...], index_dir: Path) -> None:
    """Remove the articles with these IDS. Their text is deleted from every file of the index.

    dateline remove 9ed8bb9b "2024/03/05/ferry sinks" "Harbour Post/17" --index my-archive
    """
    with building(index_dir) as (builder, _):
        report = builder.remove(ids)
    print_report(report)


@main.command()
@click.argument("words", metavar="QUESTION", nargs=-1, required=True)
@_index
@click.option("--as-of", type=Day(), help="The archive as it stood on that day.")
@click.option("--source", "sources", multiple=True, help="Only this outlet (repeatable).")
@click.option("--from", "published_from", type=Day(), help="Published on or after this day.")
@click.option("--to", "published_to", type=Day(), help="Published on or before this day.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as /v1/ask returns it.")
@click.option("--url", type=ServerUrl(), help="Ask the server at this address instead of an index.")
@click.option("--key", envvar="DATELINE_KEY", help="Key for that server, if it needs one.")
def ask(
    words: tuple[str, ...],
    index_dir: Path,
    as_of: date | None,
    sources: tuple[str, ...],
    published_from: date | None,
    published_to: date | None,
    as_json: bool,
    url: str | None,
    key: str | None,
) -> None:
    """Answer QUESTION from the archive, quoted word for word, with its sentence and source.

    dateline ask "How many people died in the flood?" --as-of 2024-03-09
    """
    question = " ".join(words)
    if published_from and published_to and published_from > published_to:
        raise click.UsageError(f"--to {published_to} is before --from {published_from}.")
    filters = Filters(sources, published_from, published_to)
    with _errors_told():
        if url:
            response = _ask_server(url, key, question, filters, as_of)
        else:
            answerer, archive = open_answerer(Settings(index_dir=index_dir))
            result = answerer.ask(Question(question, filters=filters, as_of=as_of))
            freshness = FreshnessReader(index_dir).read(archive.current())
            response = ask_response(result, freshness)
    if as_json:
        print_json(response.model_dump(mode="json"))
    else:
        print_result(response, out)


def _ask_server(
    url: str, key: str | None, question: str, filters: Filters, as_of: date | None
) -> AskResponse:
    # Here, not at the top: only this way of asking needs it.
    from service.client import Client

    with Client(url, key) as client:
        return client.ask(question, filters=FiltersBody.of(filters), as_of=as_of)


@main.command()
@_index
@click.option("--host", help="Address to listen on; by default DATELINE_HOST or 127.0.0.1.")
@click.option("--port", type=Number(0, 65535), help="By default DATELINE_PORT or 8000.")
@click.option("--open", "is_open", is_flag=True, help="Let anyone read without a key.")
@click.option(
    "--follow",
    "followed",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the index in step with the sources in this file; see `dateline follow`.",
)
def serve(
    index_dir: Path, host: str | None, port: int | None, is_open: bool, followed: Path | None
) -> None:
    """Serve the chat page, the API and the article pages.

    If other machines can reach it, callers need a key (`dateline keys add`), except with --open.

        dateline serve --index my-archive
    """
    # Here, not at the top: only this command needs the web server.
    from service.cli.serving import run_server

    given: dict[str, Any] = {"host": host, "port": port, "open_reading": is_open or None}
    with _errors_told():
        settings = Settings(
            index_dir=index_dir,
            **{name: value for name, value in given.items() if value is not None},
        )
        run_server(
            settings,
            lambda address: err.print(f"Dateline answers on {address} (Ctrl-C stops it)"),
            followed,
        )


@main.command()
@_index
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--cleaning", is_flag=True, help="List the cleaning rules.")
def info(index_dir: Path, as_json: bool, cleaning: bool) -> None:
    """Show what the index holds and what it was made with.

    --cleaning needs no index.

        dateline info --index my-archive
    """
    if cleaning:
        print_rules(as_json)
        return
    with _errors_told():
        snapshot = open_archive(Settings(index_dir=index_dir)).current()
        freshness = FreshnessReader(index_dir).read(snapshot)
    facts = dataclasses.asdict(snapshot.status)
    print_facts(facts | freshness_facts(freshness, as_json=as_json), as_json)


@main.command()
@_index
@click.option("--rebuild", is_flag=True, help="Make the snapshot again, without embedding.")
def verify(index_dir: Path, rebuild: bool) -> None:
    """Check every file of the index; --rebuild repairs a damaged snapshot.

    Exits with 1 if something is wrong, and says what.

        dateline verify --index my-archive
    """
    with _errors_told():
        if rebuild:
            with building(index_dir) as (builder, _):
                builder.rebuild()
        with BuildProgress() as bars:
            checked = verify_archive(Settings(index_dir=index_dir), bars)
    click.echo(checked)
