"""Cuts a page into blocks that are not running text, and the running text between them.

Fences are found by the rules of the converter's own extension, SuperFences: in quotes and at any indentation; each line
of a block is at least as far in as its fence, and the closing fence is the opening one again. SuperFences itself
cannot be asked: it knows no columns, and leaves what it does not understand as it is, without a word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mseclf.site.defect import Defect, Rule
from mseclf.site.page.source import Source

_OPENING = re.compile(
    r"(?P<prefix>[> \t]*)(?P<item>(?:[-*+]|\d+[.)])[ \t]+)?(?P<ticks>`{3,}|~{3,})(?P<info>[^`\n]*)$", re.MULTILINE
)
_LANGUAGE = re.compile(r"[ \t]*\{?[ \t]*\.?(?P<language>[\w#+-]*)")
_FRONT_MATTER = re.compile(r"---[ \t]*\n.*?^---[ \t]*\n", re.DOTALL | re.MULTILINE)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")  # a line ends at \n and nowhere else, as places count
_PREFIX = re.compile(r"[> \t]*")
# What holds the indented lines below it: without any of these four blanks make code of them.
_HOLDS = re.compile(r"[-*+][ \t]|\d+[.)][ \t]|!!!|\?\?\?|===|\[\^|:[ \t]|\*\[")
_FAR_IN = re.compile(r"[ ]{4}|\t")


@dataclass(frozen=True)
class Block:
    """A part of a page, `text[start:end]`; `line` counts from 1."""

    start: int
    end: int
    line: int


@dataclass(frozen=True)
class Fence(Block):
    """A fenced block: `prefix` stands before each of its lines, and not in `body`."""

    prefix: str
    language: str
    body: str


@dataclass(frozen=True)
class Indented(Block):
    """Lines that are code because nothing holds them and four blanks stand before them."""


@dataclass(frozen=True)
class Prose(Block):
    """Running text."""


def front_matter(text: str) -> int:
    """Where the front matter ends."""
    front = _FRONT_MATTER.match(text)
    return front.end() if front else 0


def blocks(source: Source) -> Iterator[Block | Defect]:
    """Yield a page's blocks in order, and a defect for each fence that is not closed; front matter is left out."""
    return _Reader(source).blocks()


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        start = front_matter(source.text)
        self.line = source.text.count("\n", 0, start) + 1
        self.lines = _LINE.findall(source.text[start:])
        self.starts = [start]
        for row in self.lines:
            self.starts.append(self.starts[-1] + len(row))

    def blocks(self) -> Iterator[Block | Defect]:
        index = first = 0
        held, blank = False, True  # whether something holds indented lines; whether the line above is empty
        while index < len(self.lines):
            row = self.lines[index]
            bare = row.lstrip("> \t")
            opening = _OPENING.match(row)
            code = blank and not held and _FAR_IN.match(row) and bare.strip()
            if not code and not opening:
                if _HOLDS.match(bare):
                    held = True
                elif bare.strip() and not row.startswith((" ", "\t")):
                    held = held and not blank
                blank = not bare.strip()
                index += 1
                continue
            if first < index:
                yield Prose(self.starts[first], self.starts[index], self.line + first)
            if opening and (refusal := self._refusal(index, opening, held)):
                yield refusal
            length = self._length(index, opening) if opening else self._indented(index)
            if length is None:
                yield self._unclosed(index, opening)
                return
            end = self.starts[index + length]
            yield (
                self._fence(index, length, opening) if opening else Indented(self.starts[index], end, self.line + index)
            )
            index = first = index + length
            blank = True
        if first < index:
            yield Prose(self.starts[first], self.starts[index], self.line + first)

    def _refusal(self, index: int, opening: re.Match[str], held: bool) -> Defect | None:
        column = self.starts[index] + opening.start("ticks")
        if opening["item"]:
            message = "a fence that begins behind a list's mark is not seen"
            return self.source.defect(column, Rule.PAGE, message, "begin it on the next line, four blanks further in")
        if not held and _FAR_IN.match(opening["prefix"]):
            message = "four blanks before a fence make code of it: no list holds it"
            return self.source.defect(column, Rule.PAGE, message, "take the blanks away")
        return None

    def _length(self, index: int, opening: re.Match[str]) -> int | None:
        """The number of lines of the block that opens at `index`; None when nothing closes it."""
        width = len(opening["prefix"])
        quotes = opening["prefix"].count(">")
        for offset, row in enumerate(self.lines[index + 1 :], start=2):
            before = _PREFIX.match(row, 0, width)[0]  # type: ignore[index]  # it matches the empty text
            content = row[len(before) :].rstrip()
            if quotes and before.count(">") < quotes:
                return None  # the quote ends
            if content and len(before) < width:
                return None
            if content == opening["ticks"] and len(before) == width:
                return offset
        return None

    def _unclosed(self, index: int, opening: re.Match[str] | None) -> Defect:
        ticks = opening["ticks"] if opening else ""
        column = self.starts[index] + (opening.start("ticks") if opening else 0)
        remedy = f"add {ticks}{' as far in as here' if opening and opening['prefix'] else ''}"
        return self.source.defect(column, Rule.PAGE, "this fence is never closed", remedy)

    def _indented(self, index: int) -> int:
        length = 1
        for row in self.lines[index + 1 :]:
            if row.strip() and not _FAR_IN.match(row):
                break
            length += 1
        return length

    def _fence(self, index: int, length: int, opening: re.Match[str]) -> Fence:
        prefix = opening["prefix"]
        rows = self.lines[index + 1 : index + length - 1]
        body = "".join(row[_PREFIX.match(row, 0, len(prefix)).end() :] for row in rows)  # type: ignore[union-attr]
        language = _LANGUAGE.match(opening["info"])
        return Fence(
            start=self.starts[index],
            end=self.starts[index + length],
            line=self.line + index,
            prefix=prefix,
            language=language["language"].lower() if language else "",
            body=body,
        )
