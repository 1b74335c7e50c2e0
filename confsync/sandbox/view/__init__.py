"""Pages as HTML, in the shape that Confluence gives its `view` and that exporters read.

Only harmless elements and attributes come through, whatever a body says.
"""

from confsync.sandbox.view.html import rendered, styled
from confsync.sandbox.view.scene import NOWHERE, Linked, Scene

__all__ = ["NOWHERE", "Linked", "Scene", "rendered", "styled"]
