"""Renders formulas through a cache, so that MathJax is loaded only when a formula is new."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mseclf.rendering import mathjax
from mseclf.rendering.formula import Formula, tidy

_FORMAT = "5"  # raise when `tidy` changes


class TexError(ValueError):
    """MathJax cannot typeset a formula; the message is MathJax's."""


class Renderer:
    """Renders TeX; remembers formulas in one JSON file, written whole and replaced atomically by `save`.

    Args:
        macros: TeX macros without arguments, name (no backslash) to replacement.
        cache: the file that remembers; None remembers nothing. A file that cannot be read is ignored.
    """

    def __init__(self, macros: Mapping[str, str], cache: Path | None = None) -> None:
        self._macros = dict(macros)
        self._cache = cache
        self._seal = _digest(_FORMAT, mathjax.version(), json.dumps(self._macros, sort_keys=True))
        self._known = self._load()
        self._used: dict[str, Formula] = {}
        self._engine: mathjax.MathJax | None = None

    def render(self, tex: str, display: bool) -> Formula:
        """Return the formula.

        Raises:
            TexError: MathJax refuses the TeX; an unknown macro is refused, not printed in red.
        """
        key = _digest(self._seal, "display" if display else "inline", tex)
        formula = self._used.get(key) or self._known.get(key)
        if formula is None:
            self._engine = self._engine or mathjax.MathJax(self._macros)
            answer = self._engine.convert(tex, display)
            if "error" in answer or "<merror" in answer["mathml"]:
                raise TexError(answer.get("error", "MathJax cannot read this formula"))
            formula = tidy(answer["svg"], answer["mathml"], display)
        self._used[key] = formula
        return formula

    def save(self, forget: bool = True) -> None:
        """Write what was rendered since the last call.

        Args:
            forget: drop the formulas that were not asked for since then: no page uses them any more.
        """
        if not forget:
            self._used = self._known | self._used
        if self._cache is None or self._used.keys() == self._known.keys():
            self._used = {}
            return
        self._known, self._used = self._used, {}
        entries = {key: asdict(formula) for key, formula in self._known.items()}
        body = json.dumps({"seal": self._seal, "formulas": entries})
        try:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._cache.parent) as folder:
                Path(folder, "part").write_text(body, encoding="utf-8")
                Path(folder, "part").replace(self._cache)
        except OSError:
            return  # a cache that cannot be written costs time, not truth

    def _load(self) -> dict[str, Formula]:
        try:
            stored: Any = json.loads(self._cache.read_text(encoding="utf-8")) if self._cache else {}
            if stored.get("seal") != self._seal:
                return {}
            return {key: Formula(**entry) for key, entry in stored["formulas"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
