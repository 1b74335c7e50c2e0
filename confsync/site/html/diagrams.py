"""Diagrams drawn by the reader's browser; without scripts their source stays readable."""

from html import escape


def diagram(code: str, title: str = "") -> str:
    """Return a Mermaid diagram: its source, which a script of the page gives to a frame that draws it."""
    name = escape(title or "Diagram")
    caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    source = f'<pre tabindex="0"><code>{escape(code)}</code></pre>'
    return f'<figure class="mermaid-frame" role="group" aria-label="{name}">{source}{caption}</figure>\n'
