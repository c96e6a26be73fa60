"""Renders formulas through a memory, so that MathJax is loaded only when a formula is new."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

from mseclf.site.formulas import mathjax
from mseclf.site.formulas.breaking import broken
from mseclf.site.formulas.formula import Formula, tidy
from mseclf.site.memory import Memory

# In em of their letters: the column beside a menu and a table of contents; a folded proof on 320 px; that of the PDFs.
DESK, PHONE, PAPER = 29.0, 12.9, 33.0


class TexError(ValueError):
    """MathJax cannot typeset a formula; the message is MathJax's."""


class Renderer:
    """Renders TeX.

    Args:
        macros: TeX macros without arguments, name (no backslash) to replacement.
        folder: where formulas are remembered; None remembers nothing.
    """

    def __init__(self, macros: Mapping[str, str], folder: Path | None = None) -> None:
        self._macros = dict(macros)
        self.memory = Memory(folder, f"{mathjax.version()} {json.dumps(self._macros, sort_keys=True)} {_code()}")
        self._engine: mathjax.MathJax | None = None

    def _for_columns(self, formula: Formula, tex: str) -> Formula:
        """The same with the settings for columns that it does not fit; its meaning is that of the unbroken one."""
        engine = self._engine = self._engine or mathjax.MathJax(self._macros)
        width = cache(engine.width)
        settings = [
            self._drawn(lines) for lines in dict.fromkeys(broken(tex, column, width) for column in (DESK, PHONE))
        ]
        narrower = [setting.svg for setting in settings if setting.svg != formula.svg]
        outlines = formula.outlines.copy()
        for setting in settings:
            outlines |= setting.outlines
        return replace(formula, narrower=narrower, outlines=outlines, paper=broken(tex, PAPER, width))

    def _drawn(self, tex: str) -> Formula:
        engine = self._engine = self._engine or mathjax.MathJax(self._macros)
        answer = engine.convert(tex, True)
        return tidy(answer["svg"], answer["mathml"], tex)

    def render(self, tex: str, display: bool) -> Formula:
        """Return the formula.

        Raises:
            TexError: MathJax refuses the TeX; an unknown macro is refused, not printed in red.
        """
        key = f"{display} {tex}"
        if known := self.memory.get(key):
            return Formula(**json.loads(known))
        self._engine = self._engine or mathjax.MathJax(self._macros)
        answer = self._engine.convert(tex, display)
        if "error" in answer or "<merror" in answer["mathml"]:
            raise TexError(answer.get("error", "MathJax cannot read this formula"))
        formula = tidy(answer["svg"], answer["mathml"], tex)
        if display:
            formula = self._for_columns(formula, tex)
        self.memory.put(key, json.dumps(asdict(formula)).encode())
        return formula


def _code() -> str:
    """A digest of the code that makes a formula of MathJax's answer."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()
