"""What on a page can be linked to: headings by the rule of the table of contents, equations, figures, API entries."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Final

from markdown import Markdown

from mseclf.checking.prose import fences
from mseclf.pages import Page
from mseclf.publish.literature import LITERATURE_PAGE, Entry

# Those extensions of mkdocs.yml that give or move ids.
_EXTENSIONS: Final = ["attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"]
_API_ENTRY = re.compile(r"^::: (?P<name>[\w.]+)", re.MULTILINE)
# Ids that only the finished page has: lines of source, cards.
_MADE: Final = re.compile(r"docs/(?:gallery|source)/")


class _Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name == "id" and value}


class Anchors:
    """Finds the anchors of pages, each page once.

    Args:
        pages: all pages of the site, by path.
        literature: the works on the Literature page.
        broken: paths of pages that could not be read, whose equations are therefore not known.
    """

    def __init__(self, pages: Mapping[str, Page], literature: Mapping[str, Entry], broken: frozenset[str]) -> None:
        self._pages = pages
        self._literature = literature
        self._broken = broken
        self._known: dict[str, frozenset[str]] = {}

    def of(self, path: str) -> frozenset[str]:
        """The anchors of the page at `path`."""
        if path not in self._known:
            self._known[path] = frozenset(self._find(path))
        return self._known[path]

    def has(self, path: str, anchor: str) -> bool:
        """Whether a page has an anchor, or is such that it cannot be told before the site is built."""
        return path in self._broken or bool(_MADE.match(path)) or anchor in self.of(path)

    def _find(self, path: str) -> set[str]:
        page = self._pages[path]
        parser = _Ids()
        parser.feed(Markdown(extensions=_EXTENSIONS).convert(_without_blocks(page)))
        figures = {f"fig-{image.name}{f'-{image.figure}' if image.figure else ''}" for image in page.images}
        entries = set(self._literature) if path == LITERATURE_PAGE else set()
        api = set(_API_ENTRY.findall(page.text))
        return parser.found | {equation.id for equation in page.equations} | figures | entries | api


def _without_blocks(page: Page) -> str:
    """The page without its fenced blocks, in which a ``#`` is no heading."""
    kept, position = [], 0
    for block in fences(page.path, page.text):
        kept.append(page.text[position : block.start])
        position = block.end
    return "\n".join([*kept, page.text[position:]])
