"""Reads a page: Markdown in, non-overlapping regions out, or every defect with its place."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

from mseclf.pages.annotation import Annotation, default_name, looks_like_annotation, read_annotation
from mseclf.pages.fences import Fence, split
from mseclf.pages.inline import Comment, scan
from mseclf.pages.page import Page
from mseclf.pages.place import PageError, PageErrors, Place
from mseclf.pages.regions import DisplayEquation, DoctestBlock, Region

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")
_DOLLARS = re.compile(r"\s*\$\$")  # a display of another dialect, which is told once
_SNIPPET = re.compile(r"^[ \t]*-+8<-+", re.MULTILINE)


def read_page(path: str, text: str) -> Page:
    r"""Read the regions of a page.

    Args:
        path: the page's path, relative to the repository, with forward slashes.
        text: the whole file, front matter included, with ``\n`` line ends.

    Raises:
        PageErrors: the page breaks rules of the syntax; every defect is named.
    """
    reader = _Reader(path, text)
    found = [*reader.read(), *reader.unreadable()]
    errors = [item for item in found if isinstance(item, PageError)]
    regions = [item for item in found if isinstance(item, Region)]
    errors += _repeated_ids(regions)
    if errors:
        raise PageErrors(errors)
    return Page(path, text, tuple(regions))


def _repeated_ids(regions: list[Region]) -> Iterator[PageError]:
    first: dict[str, Place] = {}
    for region in regions:
        if isinstance(region, DisplayEquation):
            if region.id in first:
                yield PageError(region.place, f"{region.id} stands already at {first[region.id]}: name one anew")
            first.setdefault(region.id, region.place)


def _swallowed(body: str) -> int | None:
    """The line of a display, from 0, on which another display or its comment begins; None in a sound display."""
    found = re.search(r"^[ \t]*(?:```|~~~|<!--)", body, re.MULTILINE)
    return body.count("\n", 0, found.start()) if found else None


class _Reader:
    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.line_starts = [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]

    def place_of(self, offset: int) -> Place:
        line = bisect_right(self.line_starts, offset)
        return Place(self.path, line, offset - self.line_starts[line - 1] + 1)

    def unreadable(self) -> Iterator[PageError]:
        """Characters that no reader sees: some end a page's text for a browser, some turn round what follows them."""
        for match in _UNREADABLE.finditer(self.text):
            name = unicodedata.name(match[0], "a control character")
            yield PageError(self.place_of(match.start()), f"{name} (U+{ord(match[0]):04X}) is no text: delete it")
        for match in _SNIPPET.finditer(self.text):  # its file would be read after everything was checked
            yield PageError(self.place_of(match.start()), "a page includes no other file: write the text here")

    def read(self) -> Iterator[Region | PageError]:
        pending: Comment | None = None  # the last comment, when nothing but its line end came after it
        try:
            for part in split(self.path, self.text):
                if isinstance(part, Fence):
                    yield from self.fence(part, pending)
                    pending = None
                    continue
                for item in scan(self.text, part.start, part.end, self.place_of):
                    if not isinstance(item, Comment):
                        yield item
                    elif self.text[item.end : part.end].strip(" \t") == "\n" and self.opens_math(part.end):
                        pending = item
                    elif looks_like_annotation(item.inside) and not _DOLLARS.match(self.text, item.end):
                        yield PageError(
                            item.place, "this comment describes an equation, but no ```math block follows directly"
                        )
        except PageError as error:
            yield error

    def opens_math(self, offset: int) -> bool:
        line = self.text[offset:].split("\n", 1)[0]
        return line.strip().strip("`~").strip().split(" ")[0] == "math"

    def fence(self, fence: Fence, comment: Comment | None) -> Iterator[Region | PageError]:
        opening = Place(self.path, fence.line, len(fence.indent) + 1)
        body = Place(self.path, fence.line + 1, len(fence.indent) + 1)
        if fence.language == "math":
            yield from self.equation(fence, comment, opening, body)
        elif fence.language in {"python", "pycon", "py"} and ">>> " in fence.body:
            yield DoctestBlock(fence.start, fence.end, opening, fence.body, body)

    def equation(
        self, fence: Fence, comment: Comment | None, opening: Place, body: Place
    ) -> Iterator[Region | PageError]:
        place = comment.place if comment else opening
        try:
            said = read_annotation(comment.inside) if comment else Annotation()
        except ValueError as error:
            yield PageError(place, str(error))
            return
        if not fence.body.strip():
            yield PageError(opening, "this display is empty")
            return
        if (swallowed := _swallowed(fence.body)) is not None:
            line = fence.line + 1 + swallowed
            yield PageError(
                opening, f"this display is not closed before line {line}, where another begins: add ``` above"
            )
            return
        yield DisplayEquation(
            start=comment.start if comment else fence.start,
            end=fence.end,
            place=place,
            id=f"eq-{said.name or default_name(fence.body)}",
            tex=fence.body.rstrip("\n"),
            tex_place=body,
            is_definition=said.is_definition,
            code=said.code,
            given=said.given,
            is_false=said.is_false,
            skip=said.skip,
            is_named=said.name is not None,
        )
