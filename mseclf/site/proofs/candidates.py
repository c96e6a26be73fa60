"""Candidates: points at which a claim is tried, chosen inside the hypotheses; never a proof."""

from collections.abc import Iterator, Sequence

import sympy as sp

from mseclf.site.proofs.domains import Domain

WORDS = {
    "parts": "1/2 1/3 2/3 1/10 9/10 1/4 3/4 0 1 1/999 998/999",
    "steps": "1 1/2 2 1/3 3 0 10 1/100 7/3 100 5000",
    "reals": "0 1 -1 2 -2 1/2 -1/2 1/3 -3 3 -1/3 10 -10 -40 40 -5000 5000",
}
PARTS, STEPS, REALS = ([sp.Rational(t) for t in words.split()] for words in WORDS.values())
STRIDES = (1, 3, 5, 7, 11, 13, 17, 19)


def bounds(symbol: sp.Symbol, given: Sequence[sp.Basic]) -> Domain:
    """Where a symbol lies by those hypotheses that speak of it alone."""
    low, high, low_open, high_open = -sp.oo, sp.oo, True, True
    values: tuple[sp.Expr, ...] = ()
    for formula in given:
        if isinstance(formula, sp.Or) and all(isinstance(a, sp.Eq) and a.lhs == symbol for a in formula.args):
            values = tuple(sorted((a.rhs for a in formula.args), key=sp.default_sort_key))
        if not isinstance(formula, sp.Rel) or isinstance(formula, sp.Ne | sp.Eq):
            continue
        turned = formula.reversed if formula.rhs == symbol else formula
        if turned.lhs != symbol or not (turned.rhs.is_number and turned.rhs.is_finite):
            continue
        strict = isinstance(turned, sp.Gt | sp.Lt)
        if isinstance(turned, sp.Gt | sp.Ge) and (turned.rhs > low or (turned.rhs == low and strict)):
            low, low_open = turned.rhs, strict
        if isinstance(turned, sp.Lt | sp.Le) and (turned.rhs < high or (turned.rhs == high and strict)):
            high, high_open = turned.rhs, strict
    return Domain(low, high, low_open, high_open, values)


def tries(limits: Domain) -> list[sp.Expr]:
    """Values for one symbol, the plainest first."""
    if limits.values:
        return list(limits.values)
    if limits.low.is_finite and limits.high.is_finite:
        return [limits.low + (limits.high - limits.low) * part for part in PARTS]
    if limits.low.is_finite:
        return [limits.low + step for step in STEPS]
    if limits.high.is_finite:
        return [limits.high - step for step in STEPS]
    return REALS


def points(symbols: Sequence[sp.Symbol], given: Sequence[sp.Basic], count: int) -> Iterator[dict[sp.Symbol, sp.Expr]]:
    """Points within the bounds of each symbol; whether they satisfy all hypotheses is left to be looked at."""
    choices = [tries(bounds(s, given)) for s in symbols]
    total = 1
    for choice in choices:
        total *= len(choice)
    for number in range(min(count, total)):
        yield {
            symbol: choice[(number * STRIDES[place % 8] + place * (number // len(choice) + place)) % len(choice)]
            for place, (symbol, choice) in enumerate(zip(symbols, choices, strict=True))
        }
