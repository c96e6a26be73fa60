"""Scripts and style sheets that a browser could not read; how they look and work is told by looking."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import quickjs
import tinycss2

from mseclf.site.defect import Defect, Place, Rule

_AT: Final = re.compile(r"at <input>:(\d+):(\d+)")
_NEVER_RUN: Final = 'import "nothing";'  # the whole is parsed first; then this cannot be loaded


def assets(root: Path) -> Iterator[Defect]:
    """Yield the first slip in each script and each sheet of docs/assets/."""
    for path in sorted((root / "docs" / "assets").rglob("*.*")):
        name = path.relative_to(root).as_posix()
        if path.suffix in _READERS:
            yield from _slips(name, path.suffix, path.read_text(encoding="utf-8", errors="replace"))


@lru_cache(maxsize=64)
def _slips(path: str, kind: str, text: str) -> tuple[Defect, ...]:
    return tuple(_READERS[kind](path, text))


def _script(path: str, text: str) -> Iterator[Defect]:
    try:
        quickjs.Context().module(_NEVER_RUN + text)
    except quickjs.JSException as error:
        said = str(error)
        if said.startswith("SyntaxError: ") and (at := _AT.search(said)):
            line, column = int(at[1]), int(at[2])
            place = Place(path, line, column - len(_NEVER_RUN) if line == 1 else column)
            message = f"no browser can read this script: {said.splitlines()[0].removeprefix('SyntaxError: ')}"
            yield Defect(place, Rule.MARKUP, message, "mend what is here or before")


def _sheet(path: str, text: str) -> Iterator[Defect]:
    """Yield a brace without its other: a browser drops or takes in what comes behind it, and says nothing."""
    read = tinycss2.parse_component_value_list(text)
    for token in _within(read):
        if token.type == "error":
            place = Place(path, token.source_line, token.source_column)
            message = f"no browser can read this sheet from here: {token.message}"
            yield Defect(place, Rule.MARKUP, message, "mend what is here or before")
            return
    if tinycss2.serialize(read).count("}") > text.count("}"):  # written out again, each block is closed
        block = next(token for token in reversed(read) if token.type == "{} block")
        place = Place(path, block.source_line, block.source_column)
        yield Defect(place, Rule.MARKUP, "this { is never closed", "add } where its rule ends")


def _within(tokens: Sequence[Any]) -> Iterator[Any]:
    for token in tokens:
        yield token
        yield from _within(getattr(token, "content", getattr(token, "arguments", ())))


_READERS: Final = {".js": _script, ".css": _sheet}
