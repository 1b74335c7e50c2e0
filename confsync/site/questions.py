"""What pages asked of the folder while they were rendered, and whether it would answer the same today."""

from collections.abc import Callable, Iterable, Mapping

from confsync.model.ids import RelPath
from confsync.site.links import file_trouble, page_at
from confsync.site.surroundings import Surroundings

Question = tuple[str, str]
"""A kind (page, file, title), and what is asked about."""


class Answers:
    """Answers, each found once.

    Args:
        around: the site as it is now.
    """

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._known: dict[str, str] = {}
        self._kinds: Mapping[str, Callable[[str], str]] = {
            "page": self._page,
            "file": lambda path: file_trouble(around, RelPath(path)),
            "title": self._title,
        }

    def all(self, questions: Iterable[Question]) -> Mapping[str, str]:
        """Return the answers to some questions, in a fixed order."""
        return {f"{kind} {about}": self._answer(f"{kind} {about}") for kind, about in sorted(questions)}

    def still(self, before: Mapping[str, str]) -> bool:
        """Whether earlier answers still hold."""
        return all(self._answer(question) == answer for question, answer in before.items())

    def _answer(self, question: str) -> str:
        if question not in self._known:
            kind, _, about = question.partition(" ")
            self._known[question] = self._kinds[kind](about)
        return self._known[question]

    def _page(self, path: str) -> str:
        node = page_at(self._around, RelPath(path))
        return node.out if node else ""

    def _title(self, title: str) -> str:
        node = self._around.tree.by_title.get(title)
        return node.out if node else ""
