"""Names for the strings that must not be mixed up."""

from typing import NewType

PageId = NewType("PageId", str)
"""A content id, decimal digits; pages, blog posts, folders and the like share one number space."""

AttachmentId = NewType("AttachmentId", str)
"""An attachment's id without the `att` prefix that some routes put before it."""

SpaceId = NewType("SpaceId", str)
"""The numeric id of a space: the only name of a space that never changes."""

SpaceKey = NewType("SpaceKey", str)
"""A space's key, as people see it in URLs."""

AccountId = NewType("AccountId", str)
"""Cloud's account id, or a Data Center user key; empty where the server did not say."""

RelPath = NewType("RelPath", str)
"""A path with `/` between its parts, relative to the folder that holds confsync.toml."""

CommitId = NewType("CommitId", str)
"""A full git object name."""
