"""Where a free symbol may lie: as docs/notation.yml declares it, or as hypotheses leave it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import sympy as sp
from sympy.logic.boolalg import Boolean


@dataclass(frozen=True)
class Domain:
    """An interval with open or closed ends, or the finite set `values`."""

    low: sp.Expr = -sp.oo
    high: sp.Expr = sp.oo
    low_open: bool = True
    high_open: bool = True
    values: tuple[sp.Expr, ...] = ()

    def holds(self, expr: sp.Expr) -> Boolean:
        """The statement that `expr` lies here."""
        if self.values:
            return sp.Or(*(sp.Eq(expr, value, evaluate=False) for value in self.values))
        return sp.And(*self._bounds(expr))

    def _bounds(self, expr: sp.Expr) -> Iterator[Boolean]:
        if self.low.is_finite is not False:
            yield (sp.StrictGreaterThan if self.low_open else sp.GreaterThan)(expr, self.low, evaluate=False)
        if self.high.is_finite is not False:
            yield (sp.StrictLessThan if self.high_open else sp.LessThan)(expr, self.high, evaluate=False)


@cache
def declared(text: str) -> Domain:
    """The domain that docs/notation.yml writes as `text`."""
    if text == "positive":
        return Domain(low=sp.S.Zero)
    if text == "nonnegative":
        return Domain(low=sp.S.Zero, low_open=False)
    if text == "simplex":
        return Domain(sp.S.Zero, sp.S.One, False, False)
    if text == "integer":
        return Domain(low=sp.S.One, low_open=False)  # sizes
    if text == "real":
        return Domain()
    low, high = (sp.Rational(part) for part in text[1:-1].split(", "))
    return Domain(low, high, text[0] == "(", text[-1] == ")")
