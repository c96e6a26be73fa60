"""What GitHub or Material understand in a page and this site's converter does not: refused, with what to write."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import yaml

from mseclf.site.defect import Defect, Place, Rule
from mseclf.site.page import Fold, FoldEnd, Page
from mseclf.site.page.fences import front_matter

_PARTED: Final = re.compile(r"(?<=[^\s\[\]])\][ \t]+\((?:https?:|[\w./#-]+\.md)")
_HEAD_RULE = re.compile(r"^[> ]*\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)+\|?[ ]*$|^[> ]*\|[ ]*:?-+:?[ ]*\|[ ]*$")


def layout(page: Page) -> Iterator[Defect]:
    """Yield what would be shown raw, joined or cut off."""
    for found in _PARTED.finditer(page.visible):
        yield page.defect(found.start(), Rule.MARKUP, "this link is in two parts", "take the blank before ( away")
    for fence in page.fences:
        if fence.language == "mermaid":
            remedy = "draw it with a script in examples/, as ![what it shows](../examples/NAME.py)"
            yield page.defect(fence.start, Rule.MARKUP, "diagrams are not drawn here", remedy)
    for image in page.images:
        if page.text.startswith("{", image.end):
            yield page.defect(image.end, Rule.MARKUP, "a figure takes no attributes", "set its size in its script")
    for part in (_front, _tables, _bold, _folds, _levels, _notes):
        yield from part(page)


def _front(page: Page) -> Iterator[Defect]:
    written = page.text[: front_matter(page.text)].split("\n")[1:-2]
    try:
        keys = yaml.safe_load("\n".join(written))
    except yaml.MarkedYAMLError as error:
        place = Place(page.path, 2 + (error.problem_mark.line if error.problem_mark else 0))
        yield Defect(place, Rule.MARKUP, f"the front matter is not YAML: {error.problem}", "quote the value")
        return
    if not isinstance(keys, dict | None):
        yield page.defect(0, Rule.MARKUP, "the front matter has no keys", "write `title: ...` between the lines ---")


def _running_lines(page: Page) -> Iterator[tuple[int, str]]:
    """The lines of running text with their offsets; an empty one between two parts."""
    for part in page.prose:
        offset = part.start
        for row in page.visible[part.start : part.end].split("\n"):
            yield offset, row
            offset += len(row) + 1
        yield part.end, ""


def _tables(page: Page) -> Iterator[Defect]:
    rows = [(0, ""), *_running_lines(page)]
    columns = 0
    for (header, above), (offset, row) in pairwise(rows):
        if _HEAD_RULE.match(row) and "|" in above:
            columns = _cells(row)
            if _cells(above) != columns:
                yield _ragged(page, header, _cells(above), columns)
        elif not row.strip("> "):
            columns = 0
        elif columns and _cells(row) != columns:
            yield _ragged(page, offset, _cells(row), columns)


def _cells(row: str) -> int:
    return row.strip("> ").removeprefix("|").removesuffix("|").count("|") + 1


def _ragged(page: Page, offset: int, cells: int, columns: int) -> Defect:
    message = f"this row has {cells} cells, and the table {columns} columns"
    return page.defect(offset, Rule.MARKUP, message, r"write | between them, and \| for a bar inside one")


def _bold(page: Page) -> Iterator[Defect]:
    for part in page.prose:
        for found in re.finditer(r"(?:[^\n]*[^\s>][^\n]*(?:\n|\Z))+", page.visible[part.start : part.end]):
            marks = [*re.finditer(r"(?<!\*)\*\*(?!\*|\s*$)", found[0])]
            stars = [*re.finditer(r"\*\*", found[0])]
            if len(stars) % 2 and marks:
                offset = part.start + found.start() + marks[-1].start()
                yield page.defect(offset, Rule.MARKUP, "these ** have no others", r"close them, or write \*\*")


def _folds(page: Page) -> Iterator[Defect]:
    opened: list[Fold] = []
    for region in page.regions:
        if isinstance(region, Fold):
            opened.append(region)
        elif isinstance(region, FoldEnd):
            if not opened:
                yield Defect(region.place, Rule.MARKUP, "this </details> closes nothing", "take it away")
            else:
                opened.pop()
    for fold in opened:
        yield Defect(fold.place, Rule.MARKUP, "this <details> is never closed", "add </details>")


def _levels(page: Page) -> Iterator[Defect]:
    for above, heading in pairwise(page.headings):
        if heading.level > above.level + 1:
            message = f"this heading leaves out a level: it has {heading.level} marks and the one above {above.level}"
            yield Defect(heading.place, Rule.MARKUP, message, f"write {'#' * (above.level + 1)}")


def _notes(page: Page) -> Iterator[Defect]:
    called = {token.body: token for token in reversed(page.tokens) if token.kind == "mark"}
    written: set[str] = set()
    for token in page.tokens:
        if token.kind != "footnote":
            continue
        key = token.body
        if key not in called:
            remedy = f"write [^{key}] where it belongs, or delete it"
            yield page.defect(token.start, Rule.MARKUP, f"nothing calls the note {key!r}", remedy)
        elif key in written:
            yield page.defect(token.start, Rule.MARKUP, f"the note {key!r} stands twice", "name one anew")
        written.add(key)
    for key, token in called.items():
        if key not in written:
            remedy = f"add a line [^{key}]: ... for it"
            yield page.defect(token.start, Rule.MARKUP, f"there is no note {key!r}", remedy)
