"""Links and anchors between pages, and the menu; addresses elsewhere are looked at by a scheduled workflow."""

import difflib
import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from mseclf.checking.anchors import Anchors
from mseclf.checking.defect import Defect
from mseclf.checking.prose import outside_code, place_of
from mseclf.pages import Page, Place

_LINK = re.compile(
    r"""
      (?P<image>!)?\[(?P<words>[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]
      \(\s*(?:<(?P<angled>[^>\n]*)>|(?P<bare>[^\s()"]*(?:\([^\s()]*\)[^\s()"]*)*))\s*(?:"[^"]*")?\s*\)
    | ^[ ]{0,3}\[(?!\^)[^\]\n]+\]:[ ]*(?P<reference>\S+)
    """,
    re.VERBOSE | re.MULTILINE,
)
_HERE: Final = {"127.0.0.1", "localhost"}
_ELSEWHERE: Final = {"http", "https", "mailto"}
_MENU_ENTRY = re.compile(r"^\s+-\s+(?:[^:#\n]+:\s+)?(?P<page>[\w./-]+\.md)\s*$", re.MULTILINE)
# Files that the build makes from examples and pages.
_MADE = re.compile(r"docs/(?:assets/figures/[\w-]+\.svg|examples/\w+\.(?:py|ipynb))")


@dataclass(frozen=True)
class Targets:
    """What links may lead to: pages with their anchors, other files below docs/, files that the build makes."""

    pages: Collection[str]
    files: Collection[str]
    made: Collection[str]
    anchors: Anchors


def links(page: Page, targets: Targets) -> Iterator[Defect]:
    """Yield the links of a page that lead nowhere, or that MkDocs does not follow."""
    visible = outside_code(page.path, page.text)
    for match in _LINK.finditer(visible):
        # The words are read from the page itself: a link may consist of a formula or of code.
        address = next((match[name] for name in ("angled", "bare", "reference") if match[name] is not None), "")
        start = match.start()
        if match["words"] is not None and not match["image"]:
            written = page.text[match.start("words") : match.end("words")]
            if not written.strip():
                yield _defect(page, start, "this link has no words: say between the brackets where it leads")
        message = _trouble(page.path, address, targets)
        if message and not match["image"]:  # of images the reader of pages tells
            yield _defect(page, start, message)


def _defect(page: Page, offset: int, message: str) -> Defect:
    return Defect(place_of(page.path, page.text, offset), message, "link")


def _trouble(path: str, address: str, targets: Targets) -> str | None:
    if not address:
        return "this link is empty: put the page it leads to between the parentheses"
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        if parts.hostname in _HERE:
            return f"{address!r} is on your machine only: write it relative to this page, such as ../practice.md"
        if parts.scheme in _ELSEWHERE:
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
    if anchor and not targets.anchors.has(target, anchor):
        return f"{target} has nothing with the address '#{anchor}'{_nearest(anchor, targets.anchors.of(target), '#')}"
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
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    return f": did you mean '{prefix}{near[0]}'?" if near else ""


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
            place = place_of("mkdocs.yml", settings, match.start("page"))
            yield Defect(place, f"the menu names {match['page']}, and there is no file {target}", "link")
    for page in sorted(set(written) - entries.keys()):
        yield Defect(Place(page, 1), "no entry of the menu leads here: add one under `nav:` in mkdocs.yml", "link")
