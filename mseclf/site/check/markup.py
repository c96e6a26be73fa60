"""Markdown that is shown, but not as it was meant: what is not closed, what lacks its marks, HTML that could run."""

import re
from collections.abc import Iterator
from typing import Final

from mseclf.site.defect import Defect, Place, Rule
from mseclf.site.page import Heading, Page
from mseclf.site.page.markdown import HIDING
from mseclf.site.publish.harmless import harm

_SLIPS: Final = (
    (
        re.compile(r"(?<![\\$])\$(?!\$)"),
        "a dollar without its other: close the formula on the same line, or write \\$ for the sign",
    ),
    (
        re.compile(r"(?<!!)\[[^\[\]]*\]\([^()<\s]+(?=\s+[^\s\"')])"),
        "this link is not closed: add ) behind the address",
    ),
    (
        re.compile(r"\{[a-z]\w*\} [A-Za-z_]\w*(?::[\w.,+%]+)?"),
        "a value stands in backticks, `{example} key:format`",
    ),
    (
        re.compile(r"\[@[^\]]*\]|(?P<slip>(?<![\w@/.])@[a-z]+\d{4}[a-z]?\b)"),
        "a citation stands in brackets, [@key]",
    ),
    (
        re.compile(r"^#{2,6}[^\s#]", re.MULTILINE),
        "a heading needs a blank behind its #",
    ),
)
_ID: Final = re.compile(r"""<[^>]*\sid\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_SCRIPT: Final = re.compile(r"(?:script|style)\b", re.IGNORECASE)


def markup(page: Page) -> Iterator[Defect]:
    """Yield what stands on a page and will not be shown as it was meant."""
    visible = page.without(HIDING - {"escape"})
    for pattern, message in _SLIPS:
        for match in pattern.finditer(visible):
            start = match.start("slip") if "slip" in pattern.groupindex else match.start()
            if start >= 0:
                yield Defect(page.place_of(start), Rule.MARKUP, message)
    yield from _html(page)
    yield from _headings(page)


def _html(page: Page) -> Iterator[Defect]:
    first: dict[str, int] = {}
    for token in page.tokens:
        if token.kind != "tag":
            continue
        written = page.text[token.start : token.end]
        if name := _ID.search(written):
            place = page.place_of(token.start)
            if name[1] in first:
                message = f"the address '#{name[1]}' stands already in line {first[name[1]]}, where every link leads"
                yield Defect(place, Rule.MARKUP, message, "name one anew")
            first.setdefault(name[1], place.line)
        if found := harm(written):
            yield Defect(page.place_of(token.start), Rule.MARKUP, found.message)
        elif _SCRIPT.match(written, 1) and "src=" not in written:
            message = "a page holds no script or style of its own: put it into a file in docs/assets/"
            yield Defect(page.place_of(token.start), Rule.MARKUP, message)


def _headings(page: Page) -> Iterator[Defect]:
    """A title stands once, and so does each heading: links lead to the first of its name only."""
    first: dict[str, Place] = {}
    title: Heading | None = None
    for heading in page.headings:
        if heading.level == 1 and title:
            message = f"a page has one title, and it stands in line {title.place.line}: write ##"
            yield Defect(heading.place, Rule.MARKUP, message)
        title = title or (heading if heading.level == 1 else None)
        name = " ".join(heading.text.casefold().split())
        if name in first:
            message = f"this heading stands already in line {first[name].line}, where every link leads: name one anew"
            yield Defect(heading.place, Rule.MARKUP, message)
        first.setdefault(name, heading.place)
