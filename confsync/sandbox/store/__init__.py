"""What the sandbox remembers: one SQLite database and the operations a Confluence allows on it.

Nothing here knows HTTP, JSON or who is allowed to ask; the wire dialects are views on this one model.
"""

from confsync.sandbox.store.store import Store

__all__ = ["Store"]
