"""Atlassian Document Format: what Cloud's own editor speaks. Pages are kept as storage; this is the way over.

`to_adf` shows storage as a document, `from_adf` takes a document as storage. What storage has no element for
is kept as `ac:adf-extension`, as the real service does.
"""

from confsync.sandbox.adf.places import Places
from confsync.sandbox.adf.reading import from_adf
from confsync.sandbox.adf.writing import to_adf

__all__ = ["Places", "from_adf", "to_adf"]
