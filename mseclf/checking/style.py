"""What an editor or a clipboard leaves behind: tabs, Windows line ends, odd blanks, TeX of another dialect."""

import re
from collections.abc import Iterator
from typing import Final

from mseclf.checking.defect import Defect
from mseclf.checking.prose import fences, outside_code, place_of
from mseclf.pages import Place

# Characters that look like a blank, or like nothing, and are neither.
_ODD: Final = {
    "\N{NO-BREAK SPACE}": "a non-breaking space",
    "\N{NARROW NO-BREAK SPACE}": "a narrow non-breaking space",
    "\N{ZERO WIDTH SPACE}": "a zero-width space",
    "\N{ZERO WIDTH NO-BREAK SPACE}": "a byte-order mark",
    "\N{SOFT HYPHEN}": "a soft hyphen",
}
_LINE: Final = (
    (re.compile(r"\t"), "a tab: write blanks"),
    (re.compile(r"[ \t]+$"), "blanks at the end of the line: delete them (for a new paragraph leave a line empty)"),
)
_PASTED: Final = (
    (re.compile(r"\\\(.+?\\\)"), r"\( \) is another program's syntax: write the formula between dollars, $...$"),
    (re.compile(r"\\\[.+?\\\]", re.DOTALL), r"\[ \] is another program's syntax: write a fenced block ```math"),
    (re.compile(r"\\begin\{\w+\*?\}"), r"TeX outside a formula: write a fenced block ```math"),
)
_ENVIRONMENT = re.compile(r"\$\$|\\(?:begin|end)\{(?:equation|align|gather|multline|eqnarray|split)\*?\}|\\\[|\\\]")


def style(path: str, raw: bytes) -> Iterator[Defect]:
    """Yield what is wrong with the characters of one file."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        place = Place(path, raw.count(b"\n", 0, error.start) + 1)
        yield Defect(place, f"this is not UTF-8 ({error.reason}): save the file as UTF-8", "style")
        return
    windows = text.find("\r\n")
    if windows >= 0:
        ends = "Windows line ends (CRLF): let your editor save the file with LF"
        yield Defect(place_of(path, text, windows), ends, "style")
    text = text.replace("\r\n", "\n")
    yield from _characters(path, text)
    if path.endswith(".md"):
        yield from _pasted(path, text)


def _characters(path: str, text: str) -> Iterator[Defect]:
    for number, line in enumerate(text.split("\n"), start=1):
        for pattern, message in _LINE:
            if found := pattern.search(line):
                yield Defect(Place(path, number, found.start() + 1), message, "style")
                break
        for character, name in _ODD.items():
            if character in line:
                place = Place(path, number, line.index(character) + 1)
                yield Defect(place, f"{name} (U+{ord(character):04X}): type an ordinary blank, or nothing", "style")
    if text and not text.endswith("\n"):
        yield Defect(Place(path, text.count("\n") + 1), "the last line has no line end: add one", "style")


def _pasted(path: str, text: str) -> Iterator[Defect]:
    outside = outside_code(path, text, keep_escapes=True)
    for pattern, message in _PASTED:
        for match in pattern.finditer(outside):
            yield Defect(place_of(path, text, match.start()), message, "style")
    for block in fences(path, text):
        if block.language in {"latex", "tex"}:
            message = f"the fence says {block.language!r}: write ```math, so that the formula is drawn and proved"
            yield Defect(Place(path, block.line), message, "style")
        if block.language == "math" and (found := _ENVIRONMENT.search(text, block.start, block.end)):
            message = f"{found[0]} is not needed: the fence is the display (several lines: \\begin{{aligned}})"
            yield Defect(place_of(path, text, found.start()), message, "style")
