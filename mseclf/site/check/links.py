"""Links and anchors between pages, and the menu; addresses elsewhere are looked at by a scheduled workflow."""

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from mseclf.site.defect import Defect, Place, Rule, nearest
from mseclf.site.page import Page
from mseclf.site.page.source import Source
from mseclf.site.page.tokens import Token
from mseclf.site.publish.cite_page import page_address
from mseclf.site.publish.generated import MADE
from mseclf.site.publish.harmless import SCHEMES
from mseclf.site.publish.literature import LITERATURE_PAGE
from mseclf.site.publish.site import Site

_ADDRESS = re.compile(
    r"""(?<![\w-])(?P<name>href|src|srcset|poster)\s*=\s*(?:["'](?P<quoted>[^"'\n]*)["']|(?P<bare>[^\s"'>]+))"""
)
_HERE: Final = {"127.0.0.1", "localhost"}
_MENU_ENTRY = re.compile(r"^\s+-\s+(?:[^:#\n]+:\s+)?(?P<page>[\w./-]+\.md)\s*$", re.MULTILINE)
# Files that the build makes from examples and pages.
_MADE = re.compile(r"docs/(?:assets/figures/[\w-]+\.svg|examples/\w+\.(?:py|ipynb))")


@dataclass(frozen=True)
class Targets:
    """What links may lead to.

    Attributes:
        site: whose pages have anchors.
        pages: their paths, and those of the pages that the build makes.
        files: other files below docs/.
        made: other files that the build makes.
    """

    site: Site
    pages: Collection[str]
    files: Collection[str]
    made: Collection[str]
    _anchors: dict[str, frozenset[str]] = field(default_factory=dict)

    def anchors(self, path: str) -> frozenset[str]:
        """What on a page can be linked to: headings, equations, figures, works, entries of the API."""
        if path not in self._anchors:
            self._anchors[path] = frozenset(self._find(path))
        return self._anchors[path]

    def has(self, path: str, anchor: str) -> bool:
        """Whether a page has an anchor, or is such that it cannot be told before the site is built."""
        unknown = path in self.site.broken_pages or path.startswith(MADE)
        return unknown or anchor in self.anchors(path)

    def _find(self, path: str) -> set[str]:
        page = self.site.pages[path]
        html = LexborHTMLParser(self.site.project.converter.html(page.without(())))
        ids = {element.attributes["id"] or "" for element in html.css("[id]")}
        figures = {f"fig-{image.name}{f'-{image.figure}' if image.figure else ''}" for image in page.images}
        entries = set(self.site.literature) if path == LITERATURE_PAGE else set()
        api = {page.text[token.start + 3 : token.end].strip() for token in page.tokens if token.kind == "api"}
        return ids | {equation.id for equation in page.equations} | figures | entries | api


def links(page: Page, targets: Targets) -> Iterator[Defect]:
    """Yield the links of a page that lead nowhere, or that MkDocs does not follow."""
    names = {_label(token.body) for token in page.tokens if token.kind == "reference"}
    for token in page.tokens:
        if token.kind == "reference" and (message := _trouble(page.path, token.target, targets)):
            yield page.defect(token.end - len(token.target), Rule.LINK, message)
        if token.kind == "tag":
            yield from _of_tag(page, token, targets)
        if token.kind != "link":
            continue
        words = page.text[token.opened + 1 : token.start]
        if token.target.startswith("["):
            name = _label(token.target[1:-1] or words)
            message = "" if name in names else f"no address has the name [{name}]: add a line `[{name}]: page.md`"
        else:
            message = _trouble(page.path, token.target, targets) or ""
        if not words.strip():
            yield page.defect(
                token.opened, Rule.LINK, "this link has no words", "say between the brackets where it leads"
            )
        if message:
            yield page.defect(token.opened, Rule.LINK, message)


def _of_tag(page: Page, token: Token, targets: Targets) -> Iterator[Defect]:
    """The addresses in HTML are those of the finished site, and MkDocs follows none of them."""
    written = page.text[token.start : token.end]
    if re.match(r"<img\b(?![^>]*\balt\s*=\s*[\"'][^\"'])", written):
        message = "this image has no alternative text"
        yield page.defect(token.start, Rule.LINK, message, 'say what it shows, as alt="..."')
    for found in _ADDRESS.finditer(written):
        address = found["quoted"] if found["quoted"] is not None else found["bare"]
        for one in re.split(r"[ ][^,]*,?[ ]*", address) if found["name"] == "srcset" else [address]:
            if trouble := _no_address(page.path, one, targets):
                yield page.defect(token.start, Rule.LINK, *trouble)


def _no_address(path: str, address: str, targets: Targets) -> tuple[str, str] | None:
    """What is wrong with an address in HTML, and what to write."""
    parts = urlsplit(address)
    written = unquote(parts.path)
    if parts.scheme or parts.netloc or not written:
        return None
    if written.endswith(".md"):
        return f"{address!r} is not followed in HTML", "write a link in Markdown, [words](page.md)"
    target = posixpath.normpath(posixpath.join("docs", page_address(path), written))
    pages = {posixpath.normpath(f"docs/{page_address(page)}") for page in targets.pages}
    if target in pages or target in targets.files or target in targets.made or _MADE.fullmatch(target):
        return None
    return f"there is no {target} on the site", "write where it is, as seen from the finished page"


def _label(words: str) -> str:
    return " ".join(words.split()).casefold()


def _trouble(path: str, address: str, targets: Targets) -> str | None:
    if not address:
        return "this link is empty: put the page it leads to between the parentheses"
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        if parts.hostname in _HERE:
            return f"{address!r} is on your machine only: write it relative to this page, such as ../practice.md"
        if parts.scheme in SCHEMES:
            return None
        return f"{address!r} begins like an address elsewhere: write https://..., or a path such as practice.md"
    if parts.path.startswith("/"):
        return f"{address!r} is absolute and breaks in forks: write it relative to this page, such as ../practice.md"
    written = unquote(parts.path)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), written)) if written else path
    if target not in targets.pages:
        if target in targets.files or target in targets.made or _MADE.fullmatch(target):
            return None
        return _no_file(path, written, target, targets)
    anchor = unquote(parts.fragment)
    if anchor and not targets.has(target, anchor):
        return f"{target} has nothing with the address '#{anchor}'{_nearest(anchor, targets.anchors(target), '#')}"
    return None


def _no_file(path: str, written: str, target: str, targets: Targets) -> str:
    if not target.startswith("docs/"):
        return f"{written!r} is outside docs/, and the site has only what is inside: link a page, or https://..."
    for candidate in (f"{target}.md", f"{target}/index.md"):
        if candidate in targets.pages:
            return f"{written!r} is no file: write {posixpath.relpath(candidate, posixpath.dirname(path))!r}"
    relative = [posixpath.relpath(page, posixpath.dirname(path)) for page in (*targets.pages, *targets.files)]
    return f"there is no file {target}{_nearest(written, relative)}"


def _nearest(word: str, words: Collection[str], prefix: str = "") -> str:
    near = nearest(word, words, cutoff=0.5)
    return f": did you mean '{prefix}{near}'?" if near else ""


def menu_order(settings: str, pages: Collection[str]) -> list[str]:
    """The pages in the order of the menu."""
    entries = (f"docs/{match['page']}" for match in _MENU_ENTRY.finditer(settings))
    return [path for path in entries if path in pages]


def menu(settings: str, pages: Collection[str], written: Collection[str]) -> Iterator[Defect]:
    """Yield the menu's entries without a page, and the pages without an entry.

    Args:
        settings: the text of mkdocs.yml.
        pages: all pages of the site.
        written: those that somebody wrote, and that must therefore be in the menu.
    """
    entries = {f"docs/{match['page']}": match for match in _MENU_ENTRY.finditer(settings)}
    for target, match in entries.items():
        if target not in pages:
            place = Source("mkdocs.yml", settings).place_of(match.start("page"))
            yield Defect(place, Rule.LINK, f"the menu names {match['page']}, and there is no file {target}")
    for page in sorted(set(written) - entries.keys()):
        yield Defect(Place(page, 1), Rule.LINK, "no entry of the menu leads here: add one under `nav:` in mkdocs.yml")
