"""`dateline completion`: what makes a shell complete commands and options."""

from typing import Literal

import rich_click as click
from click.shell_completion import get_completion_class

__all__ = ["completion"]

_PROGRAM = "dateline"


@click.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion(ctx: click.Context, shell: Literal["bash", "zsh", "fish"]) -> None:
    """Print the completion script for SHELL: bash, zsh or fish.

    Put its output where the shell looks for it, once:

        dateline completion bash > ~/.local/share/bash-completion/completions/dateline

    For zsh write it to a folder of `fpath` as `_dateline`, for fish to
    `~/.config/fish/completions/dateline.fish`.
    """
    found = get_completion_class(shell)
    if found is None:
        raise click.ClickException(f"there is no completion for {shell}.")
    root = ctx.find_root().command
    click.echo(found(root, {}, _PROGRAM, f"_{_PROGRAM.upper()}_COMPLETE").source())
