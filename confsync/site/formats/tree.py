"""A source tree for another generator: pages with front matter, attachments, navigation, settings."""

import json
from collections.abc import Iterator, Mapping

import yaml

from confsync.convert.markdown import front_matter
from confsync.site.formats.convert import Converter
from confsync.site.formats.dialects import DIALECTS, Dialect
from confsync.site.formats.hugo import LAYOUTS
from confsync.site.links import Linker, url_between
from confsync.site.memory import Facts
from confsync.site.model import Kind, Node
from confsync.site.output import Output
from confsync.site.render import PageRenderer
from confsync.site.report import BrokenLink, Problem, SiteReport
from confsync.site.request import Request
from confsync.site.served import served
from confsync.site.source import read_text
from confsync.site.view import View
from confsync.site.world import World, gather

_PLACES = {"mkdocs": ("docs", "docs"), "docusaurus": ("docs", "docs"), "hugo": ("content", "static")}
"""Where pages and where attachments lie."""


def write_tree(request: Request, form: str) -> SiteReport:
    """Write the source tree of a site for another generator.

    Args:
        request: what is wanted; templates and hooks play no part.
        form: the name of a dialect.

    Raises:
        UsageError: the folders cannot be used.
        ConfigError: confsync.toml cannot be read.
        WriteFailed: the disk is full or refuses.
    """
    request.check()
    return _Tree(request, gather(request, Facts()), DIALECTS[form]).write()


class _Tree:
    def __init__(self, request: Request, world: World, dialect: Dialect) -> None:
        self._request = request
        self._world = world
        self._dialect = dialect
        self._pages, self._files = _PLACES[dialect.name]
        self._renderer = PageRenderer(world.around)
        self._broken: list[BrokenLink] = []
        self._problems: list[Problem] = [*world.folder.problems, *world.audience.problems]
        self._used: set[str] = set()

    def write(self) -> SiteReport:
        nodes = list(self._world.tree.nodes.values())
        texts = {f"{self._pages}/{self._source(node)}": self._page(node) for node in nodes}
        texts |= dict(self._settings())
        files = {path: served(path) for path in self._world.attachments.files}
        files |= {path: served(path) for path in self._used}  # type: ignore[misc, arg-type]
        placed = {f"{self._files}/{out}": path for path, out in files.items()}
        output = Output(self._request.out, [*texts, *placed])
        for path, text in texts.items():
            output.text(path, text)
        for path, file in placed.items():
            output.copy(path, self._world.folder.top / file)
        return SiteReport(
            home=str(self._request.out),
            pages=sum(node.kind is Kind.PAGE for node in nodes),
            posts=len(self._world.tree.posts),
            attachments=len(placed),
            removed=output.finish(),
            written=output.written,
            unchanged=output.unchanged,
            broken=tuple(self._broken),
            problems=tuple(self._problems),
            left_out=tuple(Problem(*row) for row in sorted(self._world.audience.left_out.items())),
            restricted_shown=self._world.audience.restricted_shown,
        )

    def _source(self, node: Node) -> str:
        """The file of a page. Hugo tells the page of a folder from pages in it by an underscore."""
        path = _file(node)
        folder, _, name = path.rpartition("/")
        if self._dialect.name != "hugo" or name != "index.md":
            return path
        return f"{folder}/_index.md" if folder else "_index.md"

    def _page(self, node: Node) -> str:
        meta: dict[str, object] = {"title": node.title}
        if self._dialect.name == "hugo":
            meta["url"] = f"/{node.out}"
        if node.meta.labels:
            meta["tags"] = list(node.meta.labels)
        if node.date:
            meta["date"] = node.date
        known = self._world.around.updated.get(node.out)
        if known and self._dialect.name == "hugo":
            meta["lastmod"] = known.when
        if node.meta.id:
            meta["confluence_id"] = node.meta.id
        if self._dialect.name == "docusaurus":
            meta["format"] = "md"
        head = yaml.safe_dump(meta, allow_unicode=True, sort_keys=False)
        return f"---\n{head}---\n\n{self._heading(node)}{self._body(node)}"

    def _heading(self, node: Node) -> str:
        return f"# {node.title}\n\n" if self._dialect.name == "mkdocs" else ""

    def _body(self, node: Node) -> str:
        if node.source is None:
            below = (
                self._world.tree.posts
                if node.kind is Kind.BLOG
                else self._world.tree.children.get(node.out, ())
            )
            rows = (f"- [{one.title}]({self._to(url_between(node.out, one.out))})\n" for one in below)
            return "".join(rows)
        linker = Linker(self._world.around, node, node.source)
        text = front_matter.split(read_text(self._world.folder.top / node.source)).body

        def show(block: str) -> str:
            view = View(self._renderer, node, node, self._renderer.parse(block))
            done = view.rendered()
            self._used.update(done.files)
            return done.html

        def resolve(target: str, *, picture: bool) -> str | None:
            found = linker.picture(target) if picture else linker.link(target)
            return self._to(found) if found else None

        made = Converter(self._dialect, show, resolve, self._to).convert(_without_title(text, node.title))
        self._used.update(linker.files)
        self._broken += linker.broken
        return made

    def _to(self, address: str) -> str:
        """An address of the site as the generator wants it."""
        bare, hash_, fragment = address.partition("#")
        if ":" in bare or not bare.endswith(".html"):
            return address
        return f"{bare.removesuffix('.html')}{self._dialect.suffix}{hash_}{fragment}"

    def _settings(self) -> Iterator[tuple[str, str]]:
        options, home = self._world.options, self._world.tree.home
        title, url = options.title or home.title, options.base_url or "https://example.com/"
        match self._dialect.name:
            case "mkdocs":
                settings = {
                    "site_name": title,
                    "site_url": url,
                    "use_directory_urls": False,
                    "markdown_extensions": [
                        # No attr_list: it would let pages set attributes that act.
                        "admonition", "md_in_html", "fenced_code", "tables", {"toc": {"permalink": True}},
                    ],
                    "nav": [{title: "index.md"}, *self._nav(home)],
                }  # fmt: skip
                yield "mkdocs.yml", yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
            case "docusaurus":
                items = [{"type": "doc", "id": "index", "label": title}, *self._sidebar(home)]
                yield (
                    "sidebars.js",
                    f"module.exports = {{ docs: {json.dumps(items, ensure_ascii=False, indent=2)} }};\n",
                )
                yield "docusaurus.config.js", _docusaurus(title, url)
                yield "package.json", _PACKAGE
            case _:
                yield "hugo.toml", _hugo(title, url, list(self._menu(home, "")))
                yield from LAYOUTS.items()

    def _nav(self, node: Node) -> list[object]:
        rows: list[object] = []
        for one in self._below(node):
            inside = self._nav(one)
            rows.append({one.title: [_file(one), *inside]} if inside else {one.title: _file(one)})
        return rows

    def _sidebar(self, node: Node) -> list[object]:
        rows: list[object] = []
        for one in self._below(node):
            identity = _file(one).removesuffix(".md")
            if items := self._sidebar(one):
                link = {"type": "doc", "id": identity}
                rows.append({"type": "category", "label": one.title, "link": link, "items": items})
            else:
                rows.append({"type": "doc", "id": identity, "label": one.title})
        return rows

    def _menu(self, node: Node, parent: str) -> Iterator[Mapping[str, object]]:
        for weight, one in enumerate(self._below(node), 1):
            yield {"name": one.title, "identifier": one.out, "url": f"/{one.out}",
                   "parent": parent, "weight": weight}  # fmt: skip
            yield from self._menu(one, one.out)

    def _below(self, node: Node) -> list[Node]:
        if node.kind is Kind.BLOG:
            return list(self._world.tree.posts)
        extra = self._world.tree.beside if node.out == self._world.tree.home.out else ()
        return [*self._world.tree.children.get(node.out, ()), *extra]


def _file(node: Node) -> str:
    return node.out.removesuffix(".html") + ".md"


def _without_title(text: str, title: str) -> str:
    first, _, rest = text.lstrip("\n").partition("\n")
    return rest if first.strip() == f"# {title}" else text


def _docusaurus(title: str, url: str) -> str:
    config = {
        "title": title,
        "url": url.rstrip("/"),
        "baseUrl": "/",
        "onBrokenLinks": "warn",
        "markdown": {"format": "detect", "mermaid": False},
        "presets": [["classic", {
            "docs": {"routeBasePath": "/", "sidebarPath": "./sidebars.js"}, "blog": False,
        }]],
        "themeConfig": {"navbar": {"title": title}},
    }  # fmt: skip
    return f"module.exports = {json.dumps(config, ensure_ascii=False, indent=2)};\n"


_PACKAGE = json.dumps({
    "name": "site", "private": True, "scripts": {"start": "docusaurus start", "build": "docusaurus build"},
    "dependencies": dict.fromkeys(("@docusaurus/core", "@docusaurus/preset-classic"), "^3.6.0")
    | dict.fromkeys(("react", "react-dom"), "^18.3.0"),
}, indent=2) + "\n"  # fmt: skip


def _hugo(title: str, url: str, menu: list[Mapping[str, object]]) -> str:
    def said(value: object) -> str:
        return json.dumps(value, ensure_ascii=False)

    rows = [
        f"title = {said(title)}",
        f"baseURL = {said(url)}",
        "uglyURLs = true",
        'disableKinds = ["RSS"]',
        "",
    ]
    rows += ["[markup.goldmark.renderer]", "unsafe = true  # the pages went through a sanitiser", ""]
    rows += ["[markup.goldmark.parser.attribute]", "block = false", "title = false", ""]
    for one in menu:
        rows.append("[[menus.main]]")
        rows += [f"{key} = {said(value)}" for key, value in one.items() if value != ""]
        rows.append("")
    return "\n".join(rows)
