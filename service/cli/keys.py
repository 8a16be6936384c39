"""`dateline keys`: who may call the server, and for what."""

from pathlib import Path
from typing import get_args

import rich_click as click

from service.cli.console import err, print_json
from service.cli.options import errors_told, index_option
from service.keys import KeyFile, Scope

__all__ = ["keys"]


@click.group()
def keys() -> None:
    """Make, list and revoke the API keys of an index.

    A running server knows of a change at once. Callers send a key as `Authorization: Bearer KEY`.

        dateline keys add "news desk" --index my-archive
    """


@keys.command()
@click.argument("name")
@index_option
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(get_args(Scope)),
    multiple=True,
    default=("read",),
    show_default=True,
    help="Asking and reading, or changing the archive (repeatable).",
)
def add(name: str, index_dir: Path, scopes: tuple[Scope, ...]) -> None:
    """Make a key for NAME and print it. It is shown only once.

    dateline keys add "nightly import" --scope read --scope write
    """
    with errors_told():
        new = KeyFile(index_dir).add(name, scopes)
    err.print(
        f"Key {new.stored.id} may {' and '.join(new.stored.scopes)}. Keep it now: only a hash of "
        "it is stored.",
        soft_wrap=True,
    )
    # Alone on standard output, to be put into a variable or a file.
    click.echo(new.key)


@keys.command("list")
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
def list_command(index_dir: Path, as_json: bool) -> None:
    """List the keys, without the secrets.

    dateline keys list --index my-archive
    """
    with errors_told():
        stored = KeyFile(index_dir).all()
    if as_json:
        print_json([key.model_dump(mode="json", exclude={"salt", "hash"}) for key in stored])
        return
    if not stored:
        err.print("There are no keys yet. `dateline keys add NAME` makes one.", soft_wrap=True)
    for key in stored:
        click.echo(f"{key.id}  {key.created:%Y-%m-%d}  {', '.join(key.scopes):11}  {key.name}")


@keys.command()
@click.argument("key_id", metavar="ID")
@index_option
def revoke(key_id: str, index_dir: Path) -> None:
    """Revoke the key with this ID, as `dateline keys list` names it.

    dateline keys revoke 9ed8bb9b
    """
    with errors_told():
        revoked = KeyFile(index_dir).revoke(key_id)
    click.echo(f"Key {revoked.id} ({revoked.name}) is revoked.")
