"""Where a free symbol may lie: an interval with open or closed ends, or a finite set."""

from dataclasses import dataclass, replace

import sympy as sp

from mseclf.proving.errors import Vacuous


@dataclass(frozen=True)
class Domain:
    """An interval, or the finite set `values`; `excluded` holds single points that are left out."""

    low: sp.Expr = -sp.oo
    high: sp.Expr = sp.oo
    low_open: bool = True
    high_open: bool = True
    values: tuple[sp.Expr, ...] = ()
    excluded: tuple[sp.Expr, ...] = ()

    def __contains__(self, number: sp.Expr) -> bool:
        if self.values:
            return number in self.values
        above = number > self.low if self.low_open else number >= self.low
        below = number < self.high if self.high_open else number <= self.high
        return bool(above) and bool(below) and number not in self.excluded

    def meet(self, other: "Domain", name: str) -> "Domain":
        """Both at once; a hypothesis must narrow, and must leave something.

        Raises:
            Vacuous: nothing is left, or nothing was taken away.
        """
        result = self._meet(other)
        empty = not result.values and (
            bool(result.low > result.high) or (result.low == result.high and (result.low_open or result.high_open))
        )
        if empty or (other.values and not result.values) or (self.values and not result.values):
            raise Vacuous(f"the hypothesis on {name} contradicts what is known: nothing satisfies both")
        widens = (other.values and set(other.values) - set(result.values)) or (
            not other.values and not self.values and not self._covers(other)
        )
        if widens:
            raise Vacuous(f"the hypothesis on {name} reaches outside its domain in docs/notation.yml")
        if result == self:
            raise Vacuous(f"the hypothesis on {name} narrows nothing: it holds anyway")
        return result

    def _covers(self, other: "Domain") -> bool:
        """Whether the finite ends of `other` lie in this domain's closure, open where this one is open."""
        for end, is_open in ((other.low, other.low_open), (other.high, other.high_open)):
            if end.is_infinite:
                continue
            if not (self.low <= end <= self.high):
                return False
            if not is_open and end not in self:
                return False
        return True

    def _meet(self, other: "Domain") -> "Domain":
        if self.values or other.values:
            finite, rest = (self, other) if self.values else (other, self)
            return Domain(values=tuple(v for v in finite.values if v in rest))
        low, low_open = max(
            (self.low, self.low_open), (other.low, other.low_open), key=lambda end: (sp.N(end[0], 30), end[1])
        )
        high, high_open = min(
            (self.high, self.high_open), (other.high, other.high_open), key=lambda end: (sp.N(end[0], 30), not end[1])
        )
        excluded = tuple(dict.fromkeys((*self.excluded, *other.excluded)))
        return replace(self, low=low, high=high, low_open=low_open, high_open=high_open, excluded=excluded)


def declared(text: str) -> Domain:
    """The domain that docs/notation.yml writes as `text`."""
    if text == "positive":
        return Domain(low=sp.S.Zero)
    if text == "nonnegative":
        return Domain(low=sp.S.Zero, low_open=False)
    if text == "simplex":
        return Domain(sp.S.Zero, sp.S.One, False, False)
    if text in ("real", "integer"):
        return Domain()
    low, high = (sp.Rational(part) for part in text[1:-1].split(", "))
    return Domain(low, high, text[0] == "(", text[-1] == ")")
