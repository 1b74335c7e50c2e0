"""Names that editors, merge tools and operating systems leave beside the files of people."""

import re

from confsync.ports import TEMP_PREFIX

# Narrow on purpose: an attachment that is really called `save.bak` must not look deleted.
_JUNK = re.compile(
    r"""(?:
        .*~                                             # Emacs, gedit, nano
      | \#.*\# | \.\#.*                                 # Emacs: auto-save, lock
      | \..*\.sw[a-z] | \.sw[a-z] | 4913                # vim: swap, write probe
      | .*\.md\.(?:orig|rej)                            # git mergetool, patch
      | ~\$.*                                           # Office: lock
      | .*\.crdownload
      | .*_(?:BASE|LOCAL|REMOTE|BACKUP)_[0-9]+\.md      # git mergetool
      | \.goutputstream-.* | \.fuse_hidden.* | \.nfs[0-9a-f]+
      | .*___jb_(?:tmp|old|bak)___                      # JetBrains safe write
      | \.~lock\..*\#                                   # LibreOffice
      | \.DS_Store | \._.* | Thumbs\.db | ehthumbs\.db | desktop\.ini | Icon\r
    )""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def is_litter(name: str) -> bool:
    """Say whether a name is one of our own temporary files, left by a crash."""
    return name.startswith(TEMP_PREFIX)


def is_junk(name: str) -> bool:
    """Say whether a file of this name is nobody's work: temporary, backup, or a system's own."""
    return is_litter(name) or _JUNK.fullmatch(name) is not None
