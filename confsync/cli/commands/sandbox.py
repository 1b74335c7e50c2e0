"""`confsync sandbox`."""

import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from confsync.cli.app import new_app
from confsync.cli.options import JsonFlag
from confsync.errors import UsageError
from confsync.sandbox import Downloads, Fault, Flavour, Options, Removed, run
from confsync.shipped import sample_space

app = new_app()

_SITE, _SERVER, _PEOPLE, _TROUBLE = "What is served", "Where", "Who may come in", "Trouble"

Seed = Annotated[
    Path | None,
    typer.Option(
        "--seed",
        metavar="DIR",
        help="A working copy to fill the first space from; by default the sample space.",
        exists=True,
        file_okay=False,
        rich_help_panel=_SITE,
    ),
]
Generate = Annotated[
    int,
    typer.Option(
        "--generate",
        metavar="N",
        min=0,
        help="Add a space GEN of N generated pages.",
        rich_help_panel=_SITE,
    ),
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="FILE", help="Keep the site in this SQLite file.", rich_help_panel=_SITE),
]
FlavourOption = Annotated[
    Flavour, typer.Option("--flavour", help="Which Confluence to be.", rich_help_panel=_SITE)
]
OrphansOption = Annotated[
    Literal["reparent", "archive"],
    typer.Option(
        "--orphans",
        metavar="reparent|archive",
        help="What becomes of the pages below a trashed page.",
        rich_help_panel=_SITE,
    ),
]
RewriteLinks = Annotated[
    bool,
    typer.Option(
        "--rewrite-links",
        help="A renamed page changes the links of other pages, silently.",
        rich_help_panel=_SITE,
    ),
]
RemovedOption = Annotated[
    Removed,
    typer.Option(
        "--removed",
        help="What becomes of the routes Cloud took out of REST v1: served, gone (410) for OAuth and "
        "Connect apps, or gone for everybody.",
        rich_help_panel=_SITE,
    ),
]
DownloadsOption = Annotated[
    Downloads,
    typer.Option(
        "--downloads",
        help="Give attachments out at once, or by a redirect to another host as Cloud does.",
        rich_help_panel=_SITE,
    ),
]

Port = Annotated[
    int,
    typer.Option("--port", min=0, max=65535, help="0 picks a free one.", rich_help_panel=_SERVER),
]
Context = Annotated[
    str | None,
    typer.Option(
        "--context",
        metavar="PATH",
        help="The context path: by default /wiki, on Data Center none. /wiki and none are served as well.",
        rich_help_panel=_SERVER,
    ),
]
Listen = Annotated[
    str,
    typer.Option("--listen", metavar="ADDRESS", help="The address to listen on.", rich_help_panel=_SERVER),
]
Hosts = Annotated[
    list[str] | None,
    typer.Option(
        "--host",
        metavar="NAME",
        help="Answer to this name, too; without, to those of loopback alone. May be repeated.",
        rich_help_panel=_SERVER,
    ),
]
TlsCert = Annotated[
    Path | None,
    typer.Option(
        "--tls-cert", metavar="FILE", help="Serve HTTPS with this PEM certificate.", rich_help_panel=_SERVER
    ),
]
TlsKey = Annotated[
    Path | None,
    typer.Option(
        "--tls-key",
        metavar="FILE",
        help="Its private key, where it is in another file.",
        rich_help_panel=_SERVER,
    ),
]
ReadyFile = Annotated[
    Path | None,
    typer.Option(
        "--ready-file",
        metavar="FILE",
        help="Write what --json prints into this file when requests are answered; it is removed at the end.",
        rich_help_panel=_SERVER,
    ),
]

Username = Annotated[str, typer.Option("--username", help="The login's user name.", rich_help_panel=_PEOPLE)]
Token = Annotated[
    str,
    typer.Option(
        "--token",
        envvar="CONFSYNC_SANDBOX_TOKEN",
        help="The login's token; by default a new one.",
        rich_help_panel=_PEOPLE,
    ),
]
Users = Annotated[
    list[str] | None,
    typer.Option(
        "--user",
        metavar="NAME[=TOKEN]",
        help="Somebody else who may log in. May be repeated.",
        rich_help_panel=_PEOPLE,
    ),
]
Anonymous = Annotated[bool, typer.Option("--anonymous", help="Strangers may read.", rich_help_panel=_PEOPLE)]

Latency = Annotated[
    float,
    typer.Option(
        "--latency", metavar="MS", min=0, help="Wait before every answer.", rich_help_panel=_TROUBLE
    ),
]
SearchLag = Annotated[
    float,
    typer.Option(
        "--search-lag",
        metavar="MS",
        min=0,
        help="Searches answer as before until so long nothing was written.",
        rich_help_panel=_TROUBLE,
    ),
]
Faults = Annotated[
    list[str] | None,
    typer.Option(
        "--fault",
        metavar="RULE",
        help="Trouble on demand, e.g. 429,times=3,path=/pages or drop,every=10,times=*. May be repeated; "
        "docs/sandbox.md lists the kinds.",
        rich_help_panel=_TROUBLE,
    ),
]
FaultSeed = Annotated[
    int,
    typer.Option(
        "--fault-seed",
        metavar="N",
        help="What faults that strike by chance are drawn from: the same N, the same trouble.",
        rich_help_panel=_TROUBLE,
    ),
]
Burst = Annotated[
    int,
    typer.Option(
        "--burst",
        metavar="N",
        min=0,
        help="Refuse with 429 what a caller asks beyond N requests a second; 0: never.",
        rich_help_panel=_TROUBLE,
    ),
]
Points = Annotated[
    int,
    typer.Option(
        "--points",
        metavar="N",
        min=1,
        help="What OAuth and Connect apps may spend in an hour.",
        rich_help_panel=_TROUBLE,
    ),
]
WebhookHosts = Annotated[
    list[str] | None,
    typer.Option(
        "--webhook-host",
        metavar="NAME",
        help="Webhooks may be sent to this machine, too; without, to this one alone. May be repeated.",
        rich_help_panel=_SERVER,
    ),
]


_HELP = """Serve a Confluence of your own on this machine, until Ctrl-C.

Prints its address and a login to paste first; with --json as one line of JSON. Everything is in memory
unless --data names a file. For trying, testing and rehearsing: it speaks the API of Confluence Cloud, or
that of Data Center, and can be told to misbehave.
"""


@app.command(help=_HELP)
def sandbox(
    seed: Seed = None,
    generate: Generate = 0,
    data: Data = None,
    flavour: FlavourOption = Flavour.CLOUD,
    orphans: OrphansOption = "reparent",
    rewrite_links: RewriteLinks = False,
    removed: RemovedOption = Removed.APPS,
    downloads: DownloadsOption = Downloads.DIRECT,
    port: Port = 8090,
    context: Context = None,
    listen: Listen = "127.0.0.1",
    host: Hosts = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    webhook_host: WebhookHosts = None,
    ready_file: ReadyFile = None,
    username: Username = "you@example.com",
    token: Token = "",
    user: Users = None,
    anonymous: Anonymous = False,
    latency: Latency = 0,
    search_lag: SearchLag = 0,
    fault: Faults = None,
    fault_seed: FaultSeed = 0,
    burst: Burst = 0,
    points: Points = 65_000,
    as_json: JsonFlag = False,
) -> None:
    """See `_HELP`."""
    site = Options(seed=seed or sample_space(), generate=generate, data=data, flavour=flavour)
    site = replace(site, orphans=orphans, rewrite_links=rewrite_links, removed=removed, downloads=downloads)
    site = replace(site, port=port, context=_path(context), listen=listen, hosts=tuple(host or ()))
    site = replace(site, tls=_tls(tls_cert, tls_key), webhook_hosts=tuple(webhook_host or ()))
    site = replace(site, username=username, token=token, users=tuple(user or ()), anonymous=anonymous)
    site = replace(site, faults=tuple(_fault(rule) for rule in fault or ()), chance_seed=fault_seed)
    site = replace(site, latency_ms=latency, search_lag_ms=search_lag, burst=burst, points=points)
    with suppress(KeyboardInterrupt):  # the ordinary end of a server in the foreground
        run(site, say=_say, as_json=as_json, ready_file=ready_file)


def _path(context: str | None) -> str | None:
    """A context path as it is written: `/confluence`, and empty for none."""
    if context is None:
        return None
    plain = context.strip("/")
    return f"/{plain}" if plain else ""


def _tls(certificate: Path | None, key: Path | None) -> tuple[Path, Path] | None:
    if certificate is None and key is None:
        return None
    if certificate is None:
        raise UsageError("--tls-key is the key of a certificate", hint="Name it with --tls-cert.")
    return certificate, key or certificate


def _say(line: str) -> None:
    """Print at once, whatever reads it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _fault(rule: str) -> Fault:
    try:
        return Fault.parse(rule)
    except ValueError as error:
        raise UsageError(f"--fault {rule}: {error}") from error
