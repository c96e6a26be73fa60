"""Largest and smallest values in one variable, with the place where they are taken."""

import mpmath as mp
import sympy as sp

from mseclf.proving.domains import Domain
from mseclf.proving.errors import TypeTrouble
from mseclf.proving.normal import DomainOf
from mseclf.proving.numeric import close, evaluate
from mseclf.proving.signs import NotDecided, pieces


def extreme(
    sort: str, expr: sp.Expr, variable: sp.Symbol, domain: Domain, _domain_of: DomainOf
) -> tuple[sp.Expr, sp.Expr]:
    """The extreme value and its place. `sort`: max, min, sup, inf, argmax, argmin.

    The candidates are the zeros of the derivative and the ends; between them the function is monotone.

    Raises:
        TypeTrouble: several variables, a maximum that is not attained, a place that is not unique.
    """
    if expr.free_symbols != {variable}:
        raise TypeTrouble("an extreme of a function of several variables")
    try:
        cut = pieces(sp.diff(expr, variable), variable, domain)
    except NotDecided:
        raise TypeTrouble("the zeros of the derivative were not found") from None
    turns = [p.exact for p, _ in cut if p.exact is not None and p.exact not in (domain.low, domain.high)]
    # (value, place, attained)
    candidates = [(sp.simplify(expr.subs(variable, turn)), turn, True) for turn in turns]
    for end, is_open, side in ((domain.low, domain.low_open, "+"), (domain.high, domain.high_open, "-")):
        value = sp.limit(expr, variable, end, side) if is_open else expr.subs(variable, end)
        candidates.append((value, end, not is_open))
    sign = -1 if sort in ("min", "inf", "argmin") else 1
    numbers = [sign * evaluate(value) for value, _, _ in candidates]
    best = max(numbers)
    tops = [c for c, n in zip(candidates, numbers, strict=True) if n == best or (mp.isfinite(n) and close(n, best))]
    attained = [c for c in tops if c[2]]
    if sort in ("sup", "inf"):
        return tops[0][0], tops[0][1]
    if not attained:
        raise TypeTrouble(f"the extreme is not attained: write \\{'sup' if sign > 0 else 'inf'}")
    if len(attained) > 1 and sort.startswith("arg"):
        raise TypeTrouble("the extreme is attained at several places")
    return attained[0][0], attained[0][1]
