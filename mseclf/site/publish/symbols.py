"""What the reader's browser knows of the symbol table: the glyphs that draw each symbol, and what it means."""

import json
import re
from typing import Any, Final

from mseclf.site.formulas import Formula
from mseclf.site.latex.notation import Factor, Symbol
from mseclf.site.proofs import Notation
from mseclf.site.publish.equation_html import Drawing

_GLYPH: Final = re.compile(r'href="#tex-([^"]+)"')
_COUNTED: Final = {"m": "examples", "n": "features", "K": "classes"}


def symbols_json(table: Notation, drawing: Drawing) -> str:
    """One object: `symbols`, `indices` and `factors`, each a list of glyphs, meaning, name in code and address.

    A symbol has its sign too, and what the table defines it as; a factor a list of glyphs for each way to write it.

    Args:
        table: docs/notation.yml.
        drawing: of symbols, and of the formulas in their meanings; a symbol that is not drawn is left out.
    """
    symbols = [_symbol(s, drawing) for s in table.symbols.values()]
    indices = [
        _entry(drawing(letter), f"an index that counts {_COUNTED[axis]}", letter)
        for letter, axis in table.indices.items()
    ]
    factors = [_factor(factor, drawing) for factor in table.factors]
    kept = {
        "symbols": list(filter(None, symbols)),
        "indices": list(filter(None, indices)),
        "factors": list(filter(None, factors)),
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n"


def _symbol(symbol: Symbol, drawing: Drawing) -> dict[str, Any] | None:
    sign = drawing(symbol.tex)
    entry = _entry(sign, _plain_meaning(symbol.meaning, drawing), symbol.python or _letter(symbol.tex), symbol.anchor)
    definition = drawing(symbol.definition) if symbol.definition else None
    if entry and isinstance(sign, Formula):
        entry["sign"] = sign.plain
        entry["means"] = definition.plain if isinstance(definition, Formula) else ""
    return entry


def _factor(factor: Factor, drawing: Drawing) -> dict[str, Any] | None:
    ways = [glyphs(drawn.svg) for tex in factor.tex if isinstance(drawn := drawing(tex), Formula)]
    return {"glyphs": ways, "meaning": factor.meaning, "shown": factor.shown} if ways else None


def glyphs(svg: str) -> list[str]:
    """The glyphs that a drawing uses, in their order."""
    return _GLYPH.findall(svg)


def _entry(formula: object, meaning: str, code: str = "", anchor: str = "") -> dict[str, Any] | None:
    if not isinstance(formula, Formula):
        return None
    return {"glyphs": glyphs(formula.svg), "meaning": meaning, "code": code, "anchor": anchor}


def _plain_meaning(meaning: str, drawing: Drawing) -> str:
    """The meaning with its formulas in one line of text."""

    def text(match: re.Match[str]) -> str:
        formula = drawing(match[1])
        return formula.plain if isinstance(formula, Formula) else match[1]

    return re.sub(r"\$([^$]+)\$", text, meaning)


def _letter(tex: str) -> str:
    """The letter that a symbol is called by where code has no name for it."""
    return tex if tex.isalpha() else ""
