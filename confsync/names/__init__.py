"""Title to path and back: pure functions about names, without a file system."""

from confsync.names.attachments import (
    ASSETS,
    assets_folder,
    attachment_name,
    attachment_path,
    file_names,
    safe_name,
)
from confsync.names.exclude import glob_of, is_excluded, page_files
from confsync.names.layout import lay_out
from confsync.names.links import decode, encode, relative, resolve
from confsync.names.litter import is_litter
from confsync.names.paths import page_path, rename
from confsync.names.slug import fold, slug
from confsync.names.tree import children_folder, home_path, parent_path

__all__ = [
    "ASSETS",
    "assets_folder",
    "attachment_name",
    "attachment_path",
    "children_folder",
    "decode",
    "encode",
    "file_names",
    "fold",
    "glob_of",
    "home_path",
    "is_excluded",
    "is_litter",
    "lay_out",
    "page_files",
    "page_path",
    "parent_path",
    "relative",
    "rename",
    "resolve",
    "safe_name",
    "slug",
]
