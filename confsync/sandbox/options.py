"""What a sandbox can be told when it starts."""

from dataclasses import dataclass, field
from pathlib import Path

from confsync.sandbox.faults import Fault
from confsync.sandbox.flavour import Downloads, Flavour, Limits, Removed


@dataclass(frozen=True, slots=True)
class Options:
    """How a sandbox runs. The defaults are what tests and the demo want."""

    seed: Path | None = None
    """A working copy whose records become the site's first space."""
    port: int = 0
    """0 picks a free port."""
    data: Path | None = None
    """The SQLite file; None keeps everything in memory."""
    generate: int = 0
    """How many pages the generated space `GEN` has; 0: no such space."""
    flavour: Flavour = Flavour.CLOUD
    """Cloud has REST v1 and v2, Data Center v1 only, with other users, errors and routes."""
    context: str | None = None
    """The context path, like `/confluence`; None: `/wiki` on Cloud, none on Data Center."""
    latency_ms: float = 0
    """Waited before every answer."""
    username: str = "you@example.com"
    token: str = ""
    """The login's API token; empty makes a new one at every start."""
    users: tuple[str, ...] = ()
    """Further people who may log in, each `USERNAME` or `USERNAME=TOKEN`."""
    faults: tuple[Fault, ...] = ()
    named_entities: bool = True
    """Whether saved text gets HTML names for its characters, as on Cloud."""
    orphans: str = "reparent"
    """What happens to pages below a trashed page: `reparent` or `archive`."""
    rewrite_links: bool = False
    """Whether a renamed page changes the links of other pages, silently and without a version of theirs."""
    limits: Limits = field(default_factory=Limits)
    removed: Removed = Removed.APPS
    """Whether the removed routes of REST v1 answer 410, as on Cloud."""
    captcha_after: int = 0
    """After how many wrong passwords Data Center wants a person to log in; 0: never."""
    anonymous: bool = False
    """Whether somebody without credentials may read."""
    search_lag_ms: float = 0
    """How long after a change searches still answer as before."""
    points: int = 65_000
    """How many points an OAuth or Connect app may spend in an hour, on Cloud."""
    burst: int = 0
    """How many requests a caller may make in a second; 0: any number."""
    webhook_hosts: tuple[str, ...] = ()
    """Other machines that webhooks may be sent to; without, only this one."""
    downloads: Downloads = Downloads.DIRECT
    """How attachments are given out."""
    listen: str = "127.0.0.1"
    """The address to listen on. On any but loopback the control endpoints ask for the login."""
    hosts: tuple[str, ...] = ()
    """Names that the server answers to besides those of loopback."""
    tls: tuple[Path, Path] | None = None
    """Certificate chain and private key, as PEM files; None: plain HTTP."""
    chance_seed: int = 0
    """What faults that strike by chance, and trace ids, are drawn from: the same seed, the same trouble."""

    @property
    def home(self) -> str:
        """The context path that the site's own URL has, without a trailing slash."""
        if self.context is not None:
            return self.context.rstrip("/")
        return "/wiki" if self.flavour is Flavour.CLOUD else ""
