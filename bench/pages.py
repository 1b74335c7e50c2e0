"""Pages like real ones, the same on every run: text with marks, lists, tables, code, panels, tasks."""

import random
from uuid import UUID

_WORDS = (  # noqa: SIM905  (words read better as a sentence)
    "sync engine page space macro storage format the a of and to deploy release service team owner latency "
    "budget review incident runbook pipeline staging database cache token upload attachment version draft"
).split()


class PageMaker:
    """Makes one page; equal seeds make equal pages."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def page(self, size: int) -> str:
        """A body of at least `size` characters, and at most a block more."""
        out: list[str] = []
        length = 0
        while length < size:
            block = self.layout() if self.chance.random() < 0.05 else self.block()
            out.append(block)
            length += len(block)
        return "".join(out)

    def block(self) -> str:
        kinds = (self.paragraph, self.heading, self.bullets, self.table, self.code, self.panel, self.tasks,
                 self.image, self.rule)  # fmt: skip
        return self.chance.choices(kinds, (42, 14, 14, 8, 7, 6, 3, 3, 3))[0]()

    def identity(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128)))

    def text(self, least: int, most: int) -> str:
        return " ".join(self.piece() for _ in range(self.chance.randint(least, most)))

    def piece(self) -> str:
        word = self.chance.choice(_WORDS)
        if self.chance.random() > 0.165:
            return word
        page = f'<ri:page ri:content-title="{word} page" />'
        return self.chance.choices(
            (
                f"<strong>{word}</strong>",
                f"<em>{word}</em>",
                f"<code>{word}</code>",
                f'<a href="https://example.com/{word}?a=1&amp;b=2">{word} link</a>',
                f"&ldquo;{word}&rdquo;",
                f"{word}&nbsp;&ndash;",
                "R&amp;D",
                f"<ac:link>{page}<ac:plain-text-link-body><![CDATA[{word}]]></ac:plain-text-link-body></ac:link>",
                f'<ac:link><ri:user ri:account-id="557058:{self.identity()}" /></ac:link>',
                f'<ac:inline-comment-marker ac:ref="{self.identity()}">{word}</ac:inline-comment-marker>',
                self.macro("status", "", title="DONE", colour="Green"),
                '<time datetime="2026-01-02" />',
            ),
            (30, 20, 20, 15, 15, 20, 10, 10, 5, 5, 5, 10),
        )[0]

    def macro(self, name: str, body: str, **parameters: str) -> str:
        said = "".join(f'<ac:parameter ac:name="{k}">{v}</ac:parameter>' for k, v in parameters.items())
        head = f'<ac:structured-macro ac:name="{name}" ac:schema-version="1" ac:macro-id="{self.identity()}">'
        return f"{head}{said}{body}</ac:structured-macro>"

    def paragraph(self) -> str:
        local = f' local-id="{self.identity()}"' if self.chance.random() < 0.5 else ""
        return f"<p{local}>{self.text(10, 60)}</p>"

    def heading(self) -> str:
        level = self.chance.randint(1, 4)
        return f"<h{level}>{self.text(3, 6)}</h{level}>"

    def bullets(self, depth: int = 0) -> str:
        tag = self.chance.choice(("ul", "ol"))
        items = ""
        for _ in range(self.chance.randint(2, 5)):
            nested = self.bullets(depth + 1) if depth < 2 and self.chance.random() < 0.2 else ""
            items += f"<li><p>{self.text(4, 14)}</p>{nested}</li>"
        return f"<{tag}>{items}</{tag}>"

    def table(self) -> str:
        width = self.chance.randint(2, 5)
        cols = '<col style="width: 226.67px;" />' * width
        head = "".join(f"<th><p><strong>{self.text(1, 1)}</strong></p></th>" for _ in range(width))
        rows = "".join(
            "<tr>" + "".join(f"<td><p>{self.text(1, 8)}</p></td>" for _ in range(width)) + "</tr>"
            for _ in range(self.chance.randint(2, 7))
        )
        opened = f'<table data-table-width="760" data-layout="default" ac:local-id="{self.identity()}">'
        return f"{opened}<colgroup>{cols}</colgroup><tbody><tr>{head}</tr>{rows}</tbody></table>"

    def code(self) -> str:
        lines = "\n".join(f"def f{n}(x): return x < {n} and 'a&b'" for n in range(self.chance.randint(3, 12)))
        body = f"<ac:plain-text-body><![CDATA[{lines}]]></ac:plain-text-body>"
        return self.macro("code", body, language="python")

    def panel(self) -> str:
        body = self.paragraph() + (self.bullets() if self.chance.random() < 0.4 else "")
        name = self.chance.choice(("info", "note", "warning", "tip", "expand"))
        return self.macro(name, f"<ac:rich-text-body>{body}</ac:rich-text-body>")

    def tasks(self) -> str:
        tasks = "\n".join(
            f"<ac:task>\n<ac:task-id>{n}</ac:task-id>\n<ac:task-uuid>{self.identity()}</ac:task-uuid>\n"
            f"<ac:task-status>{self.chance.choice(('complete', 'incomplete'))}</ac:task-status>\n"
            f'<ac:task-body><span class="placeholder-inline-tasks">{self.text(4, 8)}</span></ac:task-body>\n'
            "</ac:task>"
            for n in range(3)
        )
        return f"<ac:task-list>\n{tasks}\n</ac:task-list>"

    def image(self) -> str:
        size = 'ac:original-height="400" ac:original-width="600" ac:width="468"'
        name = f"shot {self.chance.randint(1, 99)}.png"
        resource = f'<ri:attachment ri:filename="{name}" ri:version-at-save="1" />'
        return f'<ac:image ac:align="center" ac:layout="center" {size}>{resource}</ac:image>'

    def rule(self) -> str:
        return "<hr />"

    def layout(self) -> str:
        cells = (self.block() + self.paragraph(), self.block())
        inside = "".join(f"<ac:layout-cell>{cell}</ac:layout-cell>" for cell in cells)
        opened = '<ac:layout><ac:layout-section ac:type="two_equal" ac:breakout-mode="default">'
        return f"{opened}{inside}</ac:layout-section></ac:layout>"


def page(size: int, seed: int = 1) -> str:
    """A body of about `size` characters."""
    return PageMaker(seed).page(size)
