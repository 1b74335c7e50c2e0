"""Files that tools leave lying about, and that are nobody's page and nobody's attachment."""

import re

_LITTER = re.compile(
    r"""
      .*~  | \#.*\#  | \.\#.*                              # emacs, gedit, nano
    | \..*\.sw[a-z]  | \.sw[a-z]  | 4913                 # vim
    | ~\$.*  | \.~lock\..*                               # office suites
    | \.goutputstream-.*  | .*___jb_(?:tmp|old|bak)___   # GNOME, JetBrains
    | .*\.md\.(?:orig|rej)  | .*\.crdownload
    | \.DS_Store  | \._.*  | (?:eh)?thumbs\.db  | desktop\.ini  | Icon\r
    | \.confsync-.*  | \.fuse_hidden.*  | \.nfs[0-9a-f]+
    | .*\.sync-conflict-.*                              # Syncthing
    | .*_(?:BASE|LOCAL|REMOTE|BACKUP)_\d+\.md           # git mergetool, with the page's own id inside
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


def is_litter(name: str) -> bool:
    """Whether a file of this name (no folders) is editor or mergetool litter."""
    return _LITTER.fullmatch(name) is not None
