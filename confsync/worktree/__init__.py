"""The worktree room: the files of a working copy, read and written so that no crash and no race loses a byte.

`FolderTree` is the `WorkTree` port on a real folder.
"""

from confsync.worktree.tree import FolderTree

__all__ = ["FolderTree"]
