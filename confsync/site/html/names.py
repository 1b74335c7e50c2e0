"""What to call a macro that cannot be shown."""

from confsync.convert.markdown.directive import Directive


def humane(found: Directive) -> str:
    """Return the name of a macro as people say it, with its title."""
    if found.name == "macro":
        return found.label or "Macro"
    name = found.name.replace("-", " ").replace("_", " ").capitalize()
    return f"{name}: {found.label}" if found.label else name
