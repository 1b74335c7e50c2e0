"""Files that tools leave lying about, and that are nobody's page and nobody's attachment."""

import re

_LITTER = re.compile(
    r"""
      .*~                                          # emacs, gedit, nano
    | ~\$.*  | \.~lock\..*                         # office suites
    | \#.*\#  | \.\#.*                             # emacs
    | .*\.(?:sw[a-px]|swpx|tmp|temp|bak|orig|rej|part|crdownload)
    | 4913                                         # vim tries whether it may write here
    | \.goutputstream-.*  | .*___jb_(?:tmp|old)___ # GNOME, JetBrains
    | \.DS_Store  | \._.*  | Thumbs\.db  | desktop\.ini
    | \.confsync-tmp-.*
    | .*\.sync-conflict-.*                         # Syncthing
    | .*_(?:BASE|LOCAL|REMOTE|BACKUP)_\d+(?:\.[^.]*)?   # git mergetool, with the page's own id inside
    """,
    re.VERBOSE | re.DOTALL,
)


def is_litter(name: str) -> bool:
    """Whether a file of this name (no folders) is editor or mergetool litter."""
    return _LITTER.fullmatch(name) is not None
