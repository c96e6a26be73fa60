"""What the reader's browser knows of the symbol table: the glyphs that draw each symbol, and what it means."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from mseclf.proving import Notation
from mseclf.publish.linear import linear
from mseclf.rendering import Formula

Drawing = Callable[[str], Formula | str | None]
"""From TeX to how it is drawn in a sentence; anything but a `Formula` says that it is not."""

_GLYPH: Final = re.compile(r'href="#tex-([^"]+)"')
_COUNTED: Final = {"m": "examples", "n": "features", "K": "classes"}


def symbols_json(table: Notation, drawing: Drawing) -> str:
    """One object: `symbols` and `indices`, each a list of glyphs, meaning, name in code and address.

    Args:
        table: docs/notation.yml.
        drawing: of symbols, and of the formulas in their meanings; a symbol that is not drawn is left out.
    """
    symbols = [
        _entry(drawing(s.tex), _plain(s.meaning, drawing), s.python or "", s.anchor) for s in table.symbols.values()
    ]
    indices = [
        _entry(drawing(letter), f"an index that counts {_COUNTED[axis]}", letter)
        for letter, axis in table.indices.items()
    ]
    kept = {"symbols": list(filter(None, symbols)), "indices": list(filter(None, indices))}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n"


def _entry(formula: Formula | str | None, meaning: str, code: str = "", anchor: str = "") -> dict[str, Any] | None:
    if not isinstance(formula, Formula):
        return None
    return {"glyphs": _GLYPH.findall(formula.svg), "meaning": meaning, "code": code, "anchor": anchor}


def _plain(meaning: str, drawing: Drawing) -> str:
    """The meaning with its formulas in one line of text."""

    def text(match: re.Match[str]) -> str:
        formula = drawing(match[1])
        return linear(formula.mathml) if isinstance(formula, Formula) else match[1]

    return re.sub(r"\$([^$]+)\$", text, meaning)
