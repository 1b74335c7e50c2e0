"""The folders that travel with the package: templates/ and sample-space/.

In a wheel they lie beside this file; in a checkout they lie at its top, where people look for them.
"""

from pathlib import Path

_HERE = Path(__file__).parent
_CHECKOUT = _HERE.parent.parent


def _folder(name: str) -> Path:
    shipped = _HERE / name
    return shipped if shipped.is_dir() else _CHECKOUT / name


def templates() -> Path:
    """The folder of the site's templates, styles and scripts."""
    return _folder("templates")


def sample_space() -> Path:
    """The folder of the sample space, a working copy."""
    return _folder("sample-space")
