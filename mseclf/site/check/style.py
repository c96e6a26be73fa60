"""What editors and clipboards leave behind: tabs, Windows line ends, odd blanks, other TeX; and Ruff's rules."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from mseclf.site.defect import Defect, Place, Rule, typed
from mseclf.site.page import Markdown
from mseclf.site.page.source import Source

# Characters that look like a blank, or like nothing, and are neither.
_ODD: Final = {
    "\N{NO-BREAK SPACE}": "a non-breaking space",
    "\N{NARROW NO-BREAK SPACE}": "a narrow non-breaking space",
    "\N{ZERO WIDTH SPACE}": "a zero-width space",
    "\N{ZERO WIDTH NO-BREAK SPACE}": "a byte-order mark",
    "\N{SOFT HYPHEN}": "a soft hyphen",
}
_IN_LINES: Final = (
    (re.compile(r"^(?:<{7}|>{7}) "), "a mark of a merge: keep one of the two texts, and delete the marks"),
    (re.compile(r"\t"), "a tab: write blanks"),
    (re.compile(r"[ \t]+$"), "blanks at the end of the line: delete them (for a new paragraph leave a line empty)"),
)
_ENVIRONMENT = re.compile(r"\$\$|\\(?:begin|end)\{(?:equation|align|gather|multline|eqnarray|split)\*?\}|\\\[|\\\]")


def style(path: str, raw: bytes) -> Iterator[Defect]:
    """Yield what is wrong with the characters of one file."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        place = Place(path, raw.count(b"\n", 0, error.start) + 1)
        yield Defect(place, Rule.STYLE, f"this is not UTF-8 ({error.reason}): save the file as UTF-8")
        return
    windows = text.find("\r\n")
    if windows >= 0:
        ends = "Windows line ends (CRLF): let your editor save the file with LF"
        yield Source(path, text).defect(windows, Rule.STYLE, ends)
    text = text.replace("\r\n", "\n")
    yield from _characters(path, text)


def _characters(path: str, text: str) -> Iterator[Defect]:
    for number, line in enumerate(text.split("\n"), start=1):
        for pattern, message in _IN_LINES:
            if found := pattern.search(line):
                yield Defect(Place(path, number, found.start() + 1), Rule.STYLE, message)
                break
        for character, name in _ODD.items():
            if character in line:
                place = Place(path, number, line.index(character) + 1)
                yield Defect(place, Rule.STYLE, f"{name} (U+{ord(character):04X}): type an ordinary blank, or nothing")
    if text and not text.endswith("\n"):
        yield Defect(Place(path, text.count("\n") + 1), Rule.STYLE, "the last line has no line end: add one")


def pasted(page: Markdown) -> Iterator[Defect]:
    """Yield TeX of another dialect, which a clipboard brought."""
    for block in page.fences:
        if block.language in {"latex", "tex"}:
            message = f"the fence says {block.language!r}: write ```math, so that the formula is drawn and proved"
            yield Defect(Place(page.path, block.line), Rule.STYLE, message)
        if block.language == "math" and (found := _ENVIRONMENT.search(page.text, block.start, block.end)):
            message = f"{found[0]} is not needed: the fence is the display (several lines: \\begin{{aligned}})"
            yield page.defect(found.start(), Rule.STYLE, message)


def scripts(root: Path, paths: Sequence[str]) -> Iterator[Defect]:
    """Yield what Ruff finds in Python files, given relative to `root`."""
    if not paths:
        return
    found = _ruff(root, "check", "--output-format=json", "--no-fix", *paths)
    told = set()
    for item in json.loads(found.stdout or "[]"):
        path = Path(item["filename"])
        name = path.relative_to(root).as_posix() if path.is_absolute() else path.as_posix()
        if (name, item["message"]) in told:
            continue  # a name that is misspelt once is unknown everywhere
        if item["code"] in (None, "invalid-syntax"):  # one slip, and each line behind it is misread: the first will do
            if name.startswith("examples/") or (name, "syntax") in told:
                continue  # an example is told by the run that it ended
            told.add((name, "syntax"))
        told.add((name, item["message"]))
        place = Place(name, item["location"]["row"], item["location"]["column"])
        mend = (
            f"; `{typed(f'ruff check --fix {name}')}` mends it"
            if (item["fix"] or {}).get("applicability") == "safe"
            else ""
        )
        yield Defect(place, Rule.STYLE, f"{item['message']} ({item['code']}){mend}")
    for line in _ruff(root, "format", "--check", *paths).stdout.splitlines():
        if line.startswith("Would reformat: "):
            name = Path(line.removeprefix("Would reformat: ")).as_posix()
            yield Defect(Place(name, 1), Rule.STYLE, f"not in the house format: run `{typed(f'ruff format {name}')}`")


def _ruff(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ruff", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)
