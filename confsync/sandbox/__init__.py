"""The sandbox: a Confluence-compatible server on loopback, for trying, testing and rehearsing.

`SandboxServer` runs one inside a test or demo, `run` serves in the foreground, `create_app` gives the ASGI
application, `Store` is the site without a network.
"""

from confsync.sandbox.app import create_app
from confsync.sandbox.colleague import Colleague
from confsync.sandbox.faults import Fault
from confsync.sandbox.flavour import Flavour
from confsync.sandbox.options import Options
from confsync.sandbox.server import SandboxServer, run
from confsync.sandbox.store import Store

__all__ = ["Colleague", "Fault", "Flavour", "Options", "SandboxServer", "Store", "create_app", "run"]
