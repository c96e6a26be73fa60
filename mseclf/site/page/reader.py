"""Reads a page: Markdown in, non-overlapping regions out, or every defect with its place."""

import re
import unicodedata
from collections.abc import Iterator, Mapping

from mseclf.site.defect import Defect, Defects, Place, Rule, Trouble
from mseclf.site.page.annotation import Annotation, default_name, looks_like_annotation, read_annotation
from mseclf.site.page.fences import Fence, Prose
from mseclf.site.page.inline import Comment, region_of
from mseclf.site.page.markdown import HIDING, Markdown, read_markdown
from mseclf.site.page.page import Page
from mseclf.site.page.regions import (
    Citation,
    DisplayEquation,
    DoctestBlock,
    Dollar,
    Heading,
    InlineFormula,
    Region,
    ValueSlot,
)

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffd-\uffff\ud800-\udfff]")
_DOLLARS = re.compile(r"\s*\$\$")  # a display of another dialect, which is told once
_CALLED = re.compile(r"\\(?:eqref|ref|label|tag)\b")
_SNIPPET = re.compile(r"^[ \t]*-+8<-+", re.MULTILINE)
_UNDERLINED = re.compile(r"^(?P<title>[> ]*(?![|<>\s])[^\n]*)\n[> \t]*(?P<line>=+|-+)[ \t]*$", re.MULTILINE)
_EMPTY_LINE = re.compile(r"(?:\A|\n)[> \t]*\n\Z")
# Formulas as other converters write them, or as a browser would show them: nobody would have checked them.
_FOREIGN = (
    (re.compile(r"\\\(.+?\\\)"), r"\( \) is another program's syntax", "write the formula between dollars, $...$"),
    (re.compile(r"\\\[.+?\\\]", re.DOTALL), r"\[ \] is another program's syntax", "write a fenced block ```math"),
    (re.compile(r"\\begin\{\w+\*?\}"), "TeX outside a formula", "write a fenced block ```math"),
    (
        re.compile(r"""<math\b|\bclass=["'][^"']*\b(?:arithmatex|equation)\b"""),
        "a formula in HTML, which nothing would check",
        "write a fenced block ```math",
    ),
)
_NAMES: Mapping[type[Region], str] = {InlineFormula: "a formula", ValueSlot: "a value", Citation: "a citation"}
_PROMPTED = frozenset({"python", "pycon", "py"})


def read_page(path: str, text: str) -> Page:
    r"""Read the regions of a page.

    Args:
        path: the page's path, relative to the repository, with forward slashes.
        text: the whole file, front matter included, with ``\n`` line ends.

    Raises:
        Defects: the page breaks rules of the syntax; every defect is named.
    """
    return page_of(read_markdown(path, text))


def page_of(markdown: Markdown) -> Page:
    """The page that a text is; see `read_page`."""
    reader = _Reader(markdown)
    found = [*markdown.troubles, *reader.read(), *_unreadable(markdown)]
    defects = [item for item in found if isinstance(item, Defect)]
    regions = sorted((item for item in found if isinstance(item, Region)), key=lambda region: region.start)
    regions, misplaced = _outside_headings(regions)
    defects += [*misplaced, *_repeated_ids(regions), *_numbered(regions)]
    if defects:
        raise Defects(*defects)
    return unread(markdown, tuple(regions))


def unread(markdown: Markdown, regions: tuple[Region, ...] = ()) -> Page:
    """A page with these regions; without them what is known of one that breaks a rule."""
    return Page(markdown.path, markdown.text, markdown.blocks, markdown.tokens, markdown.troubles, regions)


def _unreadable(markdown: Markdown) -> Iterator[Defect]:
    """Characters that no reader sees: some end a page's text for a browser, some turn round what follows them."""
    for match in _UNREADABLE.finditer(markdown.text):
        name = unicodedata.name(match[0], "a control character")
        yield markdown.defect(match.start(), Rule.PAGE, f"{name} (U+{ord(match[0]):04X}) is no text", "delete it")
    for match in _SNIPPET.finditer(markdown.text):  # its file would be read after everything was checked
        yield markdown.defect(match.start(), Rule.PAGE, "a page includes no other file", "write the text here")
    shown = markdown.without(HIDING - {"escape"})
    for pattern, message, remedy in _FOREIGN:
        for match in pattern.finditer(shown):
            yield markdown.defect(match.start(), Rule.MARKUP, message, remedy)


def _outside_headings(regions: list[Region]) -> tuple[list[Region], list[Defect]]:
    """The regions without those in headings, and a defect for each heading that holds one."""
    kept: list[Region] = []
    defects: dict[Place, Defect] = {}
    heading: Heading | None = None
    for region in regions:
        if heading is None or region.start >= heading.end:
            kept.append(region)
            heading = region if isinstance(region, Heading) else heading
        elif not isinstance(region, Dollar):
            what = _NAMES.get(type(region), "a block")
            message = f"a heading cannot hold {what}: it is also a menu entry and an address"
            defects.setdefault(heading.place, Defect(heading.place, Rule.PAGE, message, "say it in words"))
    return kept, list(defects.values())


def _repeated_ids(regions: list[Region]) -> Iterator[Defect]:
    first: dict[str, Place] = {}
    for region in regions:
        if isinstance(region, DisplayEquation):
            if region.id in first:
                yield already(region, first[region.id])
            first.setdefault(region.id, region.place)


def _numbered(regions: list[Region]) -> Iterator[Defect]:
    for region in regions:
        if isinstance(region, DisplayEquation | InlineFormula) and (called := _CALLED.search(region.tex)):
            place = region.place_in(called.start()) if isinstance(region, DisplayEquation) else region.place
            remedy = "give an equation a name with `eq:`, and link to it: [words](page.md#eq-name)"
            yield Defect(place, Rule.MARKUP, f"{called[0]} numbers nothing here", remedy)


def already(equation: DisplayEquation, first: Place) -> Defect:
    """An id that was given before."""
    return Defect(equation.place, Rule.PAGE, f"{equation.id} stands already at {first}", "name one anew")


def _swallowed(body: str) -> int | None:
    """The line of a display, from 0, on which another display or its comment begins; None in a sound display."""
    found = re.search(r"^[ \t]*(?:```|~~~|<!--)", body, re.MULTILINE)
    return body.count("\n", 0, found.start()) if found else None


class _Reader:
    def __init__(self, markdown: Markdown) -> None:
        self.markdown = markdown
        self.text = markdown.text

    def read(self) -> Iterator[Region | Defect]:
        pending: Comment | None = None  # the last comment, when nothing but its line end came after it
        following = [*self.markdown.blocks[1:], None]
        tokens = iter(self.markdown.tokens)
        token = next(tokens, None)
        for block, after in zip(self.markdown.blocks, following, strict=False):
            if isinstance(block, Fence):
                yield from self.fence(block, pending)
                pending = None
            if not isinstance(block, Prose):
                continue
            yield from self.underlined(block)
            while token is not None and token.start < block.end:
                try:
                    region = region_of(token, self.markdown)
                except Trouble as trouble:
                    yield trouble.at(self.markdown.place_of(token.start), Rule.PAGE)
                else:
                    if not isinstance(region, Comment):
                        yield from [region] if region else []
                    elif self.is_above(region, block, after):
                        pending = region
                    else:
                        yield from self.dangling(region)
                token = next(tokens, None)

    def is_above(self, comment: Comment, block: Prose, after: object) -> bool:
        """Whether a comment stands on the lines directly above a display."""
        if not isinstance(after, Fence) or after.language != "math":
            return False
        line = self.text.rfind("\n", 0, comment.start) + 1
        before, behind = self.text[line : comment.start], self.text[comment.end : block.end]
        return not before.strip("> \t") and behind.strip(" \t") == "\n"

    def dangling(self, comment: Comment) -> Iterator[Defect]:
        if looks_like_annotation(comment.inside) and not _DOLLARS.match(self.text, comment.end):
            message = "this comment describes an equation, but no ```math block follows directly"
            yield Defect(comment.place, Rule.PAGE, message, "put the comment on the line above its ```math")

    def underlined(self, block: Prose) -> Iterator[Heading]:
        for found in _UNDERLINED.finditer(self.markdown.visible, block.start, block.end):
            above = self.text[block.start : found.start()]
            if not above or _EMPTY_LINE.search(above):
                start, end = found.start("title"), found.end("title")
                level = 1 if found["line"][0] == "=" else 2
                yield Heading(start, end, self.markdown.place_of(start), level, self.text[start:end].strip("> \t"))

    def fence(self, fence: Fence, comment: Comment | None) -> Iterator[Region | Defect]:
        opening = Place(self.markdown.path, fence.line, len(fence.prefix) + 1)
        body = Place(self.markdown.path, fence.line + 1, len(fence.prefix) + 1)
        if fence.language == "math":
            yield from self.equation(fence, comment, opening, body)
        elif fence.language in _PROMPTED and ">>> " in fence.body:
            yield DoctestBlock(fence.start, fence.end, opening, fence.body, body)

    def equation(self, fence: Fence, comment: Comment | None, opening: Place, body: Place) -> Iterator[Region | Defect]:
        place = comment.place if comment else opening
        try:
            said = read_annotation(comment.inside) if comment else Annotation()
        except Trouble as trouble:
            yield trouble.at(place, Rule.PAGE)
            return
        if not fence.body.strip():
            yield Defect(opening, Rule.PAGE, "this display is empty", "write its formula, or delete the fence")
            return
        if (swallowed := _swallowed(fence.body)) is not None:
            line = fence.line + 1 + swallowed
            message = f"this display is not closed before line {line}, where another begins"
            yield Defect(opening, Rule.PAGE, message, "add ``` above")
            return
        yield DisplayEquation(
            start=self.text.rfind("\n", 0, comment.start) + 1 if comment else fence.start,
            end=fence.end,
            place=place,
            id=f"eq-{said.name or default_name(fence.body)}",
            prefix=fence.prefix,
            tex=fence.body.rstrip("\n"),
            tex_place=body,
            is_definition=said.is_definition,
            code=said.code,
            given=said.given,
            is_false=said.is_false,
            skip=said.skip,
        )
