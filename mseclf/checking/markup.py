"""Markdown that is shown, but not as it was meant: what is not closed, what lacks its marks, HTML that could run."""

import re
from collections.abc import Iterator
from typing import Final

from mseclf.checking.defect import Defect
from mseclf.checking.prose import outside_code, place_of
from mseclf.pages import Heading, Page, Place
from mseclf.pages.tokens import tokens
from mseclf.publish.harmless import harm

_SLIPS: Final = (
    (
        re.compile(r"(?<![\\$])\$(?!\$)"),
        "a dollar without its other: close the formula on the same line, or write \\$ for the sign",
    ),
    (
        re.compile(r"(?<!!)\[[^\[\]]*\]\([^()\s]+(?=\s+[^\s\"')])"),
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
_SCRIPT: Final = re.compile(r"(?:script|style)\b", re.IGNORECASE)


def markup(page: Page) -> Iterator[Defect]:
    """Yield what stands on a page and will not be shown as it was meant."""
    visible = outside_code(page.path, page.text, keep_escapes=True)
    for pattern, message in _SLIPS:
        for match in pattern.finditer(visible):
            start = match.start("slip") if "slip" in pattern.groupindex else match.start()
            if start >= 0:
                yield Defect(place_of(page.path, page.text, start), message, "markup")
    yield from _html(page)
    yield from _headings(page)


def _html(page: Page) -> Iterator[Defect]:
    visible = outside_code(page.path, page.text)
    for token in tokens(visible, 0, len(visible)):
        if token.kind != "tag":
            continue
        written = page.text[token.start : token.end]
        if found := harm(written):
            yield Defect(place_of(page.path, page.text, token.start), found.message, "markup")
        elif _SCRIPT.match(written, 1) and "src=" not in written:
            message = "a page holds no script or style of its own: put it into a file in docs/assets/"
            yield Defect(place_of(page.path, page.text, token.start), message, "markup")


def _headings(page: Page) -> Iterator[Defect]:
    """A title stands once, and so does each heading: links lead to the first of its name only."""
    first: dict[str, Place] = {}
    title: Heading | None = None
    for heading in page.headings:
        if heading.level == 1 and title:
            message = f"a page has one title, and it stands in line {title.place.line}: write ##"
            yield Defect(heading.place, message, "markup")
        title = title or (heading if heading.level == 1 else None)
        name = " ".join(heading.text.casefold().split())
        if name in first:
            message = f"this heading stands already in line {first[name].line}, where every link leads: name one anew"
            yield Defect(heading.place, message, "markup")
        first.setdefault(name, heading.place)
