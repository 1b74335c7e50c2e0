"""`confsync sandbox`."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from confsync.cli.app import new_app
from confsync.cli.options import JsonFlag
from confsync.errors import UsageError
from confsync.sandbox import Fault, Flavour, Options, run
from confsync.shipped import sample_space

app = new_app()


@app.command()
def sandbox(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 picks a free one.")] = 8090,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="FILE", help="Keep the site in this SQLite file.")
    ] = None,
    seed: Annotated[
        Path | None,
        typer.Option(
            "--seed",
            metavar="DIR",
            help="A working copy to fill the first space from; by default the sample space.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    generate: Annotated[
        int, typer.Option("--generate", metavar="N", min=0, help="Add a space GEN of N generated pages.")
    ] = 0,
    flavour: Annotated[Flavour, typer.Option("--flavour", help="Which Confluence to be.")] = Flavour.CLOUD,
    latency: Annotated[
        float, typer.Option("--latency", metavar="MS", min=0, help="Wait before every answer.")
    ] = 0,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            "--fault",
            metavar="RULE",
            help="Trouble on demand, e.g. 429,times=3,path=/pages or drop,every=10,times=*. May be repeated.",
        ),
    ] = None,
    username: Annotated[str, typer.Option("--username", help="The login's user name.")] = "you@example.com",
    token: Annotated[
        str,
        typer.Option(
            "--token", envvar="CONFSYNC_SANDBOX_TOKEN", help="The login's token; by default a new one."
        ),
    ] = "",
    as_json: JsonFlag = False,
) -> None:
    """Serve a Confluence of your own on this machine, until Ctrl-C.

    Prints its address and a login to paste first; with --json as one line of JSON. Everything is in memory
    unless --data names a file. For trying, testing and rehearsing: it speaks the API of Confluence Cloud, or
    that of Data Center.
    """
    options = Options(
        seed=seed or sample_space(),
        port=port,
        data=data,
        generate=generate,
        flavour=flavour,
        latency_ms=latency,
        username=username,
        token=token,
        faults=tuple(_fault(rule) for rule in fault or ()),
    )
    with suppress(KeyboardInterrupt):  # the ordinary end of a server in the foreground
        run(options, say=_say, as_json=as_json)


def _say(line: str) -> None:
    """Print at once, whatever reads it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _fault(rule: str) -> Fault:
    try:
        return Fault.parse(rule)
    except ValueError as error:
        raise UsageError(f"--fault {rule}: {error}") from error
