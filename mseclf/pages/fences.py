"""Splits a page into fenced blocks and the text between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mseclf.pages.place import PageError, Place

_OPENING = re.compile(r"(?P<indent>[ \t]*)(?P<ticks>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)$")
_FRONT_MATTER = re.compile(r"---[ \t]*\n.*?^---[ \t]*\n", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Fence:
    """A fenced block: the span with its fences, the language, the body without the fence's indentation."""

    start: int
    end: int
    line: int
    indent: str
    language: str
    body: str


@dataclass(frozen=True)
class Prose:
    """Text between two fences."""

    start: int
    end: int


def split(path: str, text: str) -> Iterator[Fence | Prose]:
    """Yield the page's fences and the prose between them, in order; front matter is left out.

    Raises:
        PageError: a fence is never closed.
    """
    front = _FRONT_MATTER.match(text)
    position = prose_start = front.end() if front else 0
    line = text.count("\n", 0, position) + 1
    lines = re.findall(r"[^\n]*\n|[^\n]+", text[position:])  # a line ends at \n and nowhere else, as places count
    index = 0
    while index < len(lines):
        opening = _OPENING.match(lines[index].rstrip("\r\n"))
        if opening is None:
            position += len(lines[index])
            index += 1
            continue
        if prose_start < position:
            yield Prose(prose_start, position)
        length = _length(lines, index, opening["ticks"])
        if length is None:
            column = len(opening["indent"]) + 1
            raise PageError(Place(path, line + index, column), f"this fence is never closed: add {opening['ticks']}")
        block = lines[index : index + length]
        end = position + sum(map(len, block))
        yield Fence(
            start=position,
            end=end,
            line=line + index,
            indent=opening["indent"],
            language=opening["info"].strip().split(" ")[0],
            body="".join(row.removeprefix(opening["indent"]) for row in block[1:-1]),
        )
        position = prose_start = end
        index += length
    if prose_start < position:
        yield Prose(prose_start, position)


def _length(lines: list[str], index: int, ticks: str) -> int | None:
    """The number of lines of the block that opens at `index`; None when nothing closes it."""
    for offset, row in enumerate(lines[index + 1 :], start=2):
        bare = row.strip()
        if bare.startswith(ticks) and not bare.strip(ticks[0]):
            return offset
    return None
