"""What the reader's browser knows of the symbol table: the glyphs that draw each symbol, and what it means."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from mseclf.proving import Notation
from mseclf.rendering import Formula

_GLYPH: Final = re.compile(r'href="#tex-([^"]+)"')
_COUNTED: Final = {"m": "examples", "n": "features", "K": "classes"}


def symbols_json(table: Notation, drawing: Callable[[str], Formula | str | None]) -> str:
    """One object: `symbols` and `indices`, each a list of glyphs, meaning and name in code.

    Args:
        table: docs/notation.yml.
        drawing: a symbol's TeX as it is drawn in a sentence; what is not drawn is left out.
    """
    symbols = [_entry(drawing(s.tex), s.meaning, s.python or "") for s in table.symbols.values()]
    indices = [
        _entry(drawing(letter), f"an index that counts {_COUNTED[axis]}", "") for letter, axis in table.indices.items()
    ]
    kept = {"symbols": list(filter(None, symbols)), "indices": list(filter(None, indices))}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n"


def _entry(formula: Formula | str | None, meaning: str, code: str) -> dict[str, Any] | None:
    if not isinstance(formula, Formula):
        return None
    return {"glyphs": _GLYPH.findall(formula.svg), "meaning": meaning, "code": code}
