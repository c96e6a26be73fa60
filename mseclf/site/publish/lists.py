"""Lists and tables where GitHub sees them, written as the converter needs them: four blanks for what an item holds.

GitHub takes what stands below an item's first word as a part of it, and lets a list or a table follow a sentence. The
converter (Python-Markdown) wants four blanks, and an empty line above. So the same page reads alike on both.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from mseclf.site.page.fences import front_matter

WIDTH: Final = 4  # the blanks that the converter wants before what an item holds

_ITEM: Final = re.compile(r"(?P<mark>[-*+]|\d{1,9}[.)])(?P<gap>[ ]+)(?=\S)")
_RULE: Final = re.compile(r"(?:[-*_][ ]*){3,}$")
# What holds the lines below it that are four blanks further in: admonitions, tabs, notes, definitions.
_HOLDER: Final = re.compile(r'(?:!!!|\?\?\?\+?|===[+!]*(?=[ ]"))[ ]|\[\^[^\]\s]+\]:|:[ ]')
_FENCE: Final = re.compile(r"`{3,}(?=[^`]*$)|~{3,}")
_QUOTE: Final = re.compile(r"[ ]{0,3}>[ ]?")
_DASHES: Final = re.compile(r"\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?$")
_NO_SENTENCE: Final = re.compile(r"#{1,6}(?:[ ]|$)|<|:::[ ]|\*\[[^\]]+\]:|\||>")
_VERBATIM: Final = (re.compile(r"<(?:pre|script|style)\b|<!--"), re.compile(r"</(?:pre|script|style)>|-->"))


@dataclass
class _Reader:
    """Writes lines anew, one after the other."""

    rows: list[str] = field(default_factory=list)
    held: list[int] = field(default_factory=list)  # the column where each open item's words begin
    kinds: dict[int, bool] = field(default_factory=dict)  # whether the last item so deep was numbered
    sentence: int | None = None  # how deep the line above stands, if it is a sentence's
    fence: tuple[str, int] | None = None  # the marks that close the open fence, and by how much its lines move
    verbatim: bool = False
    blank: bool = True  # whether the line above is empty
    apart: bool = False  # whether an empty line stands in the last item

    def read(self, lines: list[str]) -> list[str]:
        """The lines written anew; those of a quote by themselves, without its marks."""
        number = 0
        while number < len(lines):
            end = number
            while end < len(lines) and self._quoted(lines[end]):
                end += 1
            if end == number:
                self._line(lines[number], lines[number + 1] if number + 1 < len(lines) else "")
                number += 1
                continue
            inside = _Reader().read([_QUOTE.sub("", line, count=1) for line in lines[number:end]])
            self.rows += [f"> {row}".rstrip() for row in inside]
            self.held, self.sentence, self.blank = [], None, False
            number = end
        return self.rows

    def _quoted(self, line: str) -> bool:
        inside = self.fence or self.verbatim or (self.held and line.startswith(" " * self.held[-1]))
        return not inside and _QUOTE.match(line) is not None

    def _line(self, line: str, below: str) -> None:
        words = line.lstrip(" ")
        indent = len(line) - len(words)
        if self.fence or self.verbatim:
            self._inside(line, words, indent)
            return
        if not words:
            self.rows.append("")
            self.sentence, self.blank, self.apart = None, True, True
            return
        item = None if _RULE.match(words) else _ITEM.match(words)
        opens = bool(item or _FENCE.match(words) or _HOLDER.match(words) or _NO_SENTENCE.match(words))
        if self.blank or opens or self.sentence is None:
            while self.held and indent < self.held[-1]:
                self.held.pop()
        base = self.held[-1] if self.held else 0
        depth, further = len(self.held), max(0, indent - base)
        if further >= WIDTH and (self.blank or self.sentence is None):  # code by its blanks
            self.rows.append(" " * (WIDTH * depth + (further if self.held else indent)) + words)
            self.blank, self.sentence = False, None
            return
        self._write(words, item if further < WIDTH else None, depth, indent, below)
        self.blank = False

    def _write(self, words: str, item: re.Match[str] | None, depth: int, indent: int, below: str) -> None:
        margin = " " * (WIDTH * depth)
        begins = item and (self.sentence != depth or item["mark"] in ("-", "*", "+", "1.", "1)"))
        table = "|" in words and _DASHES.match(below.strip()) and "|" in below
        numbered = words[0].isdigit()
        # Else it would belong to what stands above it.
        after_block = begins and not self.blank and (self.apart or self.kinds.get(depth, numbered) != numbered)
        if after_block or (self.sentence == depth and (table or (begins and not depth))):
            self.rows.append("")
        if begins and item:
            self.rows.append(f"{margin}{item['mark'].replace(')', '.')} {words[item.end() :]}")
            self.held.append(indent + (item.end() if len(item["gap"]) <= WIDTH else len(item["mark"]) + 1))
            self.sentence, self.apart, self.kinds[depth] = depth + 1, False, numbered
            return
        going_on = self.sentence is not None and not (_FENCE.match(words) or _HOLDER.match(words) or table)
        self.rows.append(" " * indent + words if going_on else f"{margin}{words}")
        self.sentence = depth if self.sentence is None else self.sentence
        if fence := _FENCE.match(words):
            self.fence = fence[0], WIDTH * depth - indent
        elif _HOLDER.match(words):
            self.held.append(indent + WIDTH)
        elif table or _NO_SENTENCE.match(words):
            self.sentence = None
            self.verbatim = bool(_VERBATIM[0].search(words) and not _VERBATIM[1].search(words))

    def _inside(self, line: str, words: str, indent: int) -> None:
        if self.verbatim:
            self.rows.append(line)
            self.verbatim = not _VERBATIM[1].search(line)
        elif self.fence:
            marks, move = self.fence
            self.rows.append(" " * max(0, indent + move) + words if words else "")
            if words.rstrip().startswith(marks) and not words.rstrip().strip(marks[0]):
                self.fence = None
        self.sentence, self.blank = None, False


def as_on_github(text: str) -> str:
    r"""A page's Markdown with what its items hold four blanks in, and an empty line above each list and table.

    >>> as_on_github("Words:\n- a\n  - b\n\n    more\n1) c\n")
    'Words:\n\n- a\n    - b\n\n        more\n\n1. c\n'
    """
    start = front_matter(text)
    return text[:start] + "\n".join(_Reader().read(text[start:].split("\n")))
