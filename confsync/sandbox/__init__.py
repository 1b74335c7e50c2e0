"""The sandbox: a Confluence-compatible server on loopback, for trying, testing and rehearsing.

`SandboxServer` runs one inside a test or demo, `run` serves in the foreground, `create_app` gives the ASGI
application, `Store` is the site without a network.
"""

from confsync.sandbox.app import create_app
from confsync.sandbox.colleague import Colleague
from confsync.sandbox.faults import Fault
from confsync.sandbox.flavour import Downloads, Flavour, Removed
from confsync.sandbox.foreground import run
from confsync.sandbox.options import Options
from confsync.sandbox.server import SandboxServer
from confsync.sandbox.store import Store

__all__ = [
    "Colleague",
    "Downloads",
    "Fault",
    "Flavour",
    "Options",
    "Removed",
    "SandboxServer",
    "Store",
    "create_app",
    "run",
]
