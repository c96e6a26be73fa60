"""Limits: SymPy's, by leading terms; always confirmed by numbers."""

import mpmath as mp
import sympy as sp

from mseclf.proving.errors import TypeTrouble, Undefined
from mseclf.proving.normal import DomainOf
from mseclf.proving.numeric import evaluate
from mseclf.proving.points import candidates


def limit_of(expr: sp.Expr, variable: sp.Symbol, goal: sp.Expr, side: str, domain_of: DomainOf) -> sp.Expr:
    """The limit of `expr` as `variable` goes to `goal`; from inside the domain if no side is given.

    Raises:
        TypeTrouble: it does not exist, or could not be found, or the numbers contradict it.
    """
    domain = domain_of(variable)
    if goal.is_finite:
        side = side or ("+" if goal == domain.low else "-" if goal == domain.high else "")
    sides = [side] if side or goal.is_infinite else ["+", "-"]
    values = [sp.limit(expr, variable, goal, s or "-") for s in sides]
    if any(isinstance(v, sp.Limit) or v.has(sp.nan, sp.zoo, sp.AccumBounds) for v in values):
        raise TypeTrouble("this limit was not found")
    if len(values) > 1 and sp.simplify(values[0] - values[1]) != 0:
        raise TypeTrouble(f"the limit differs from side to side: {values[1]} and {values[0]}")
    for s in sides:
        _confirm(expr, variable, goal, s or "-", values[0], domain_of)
    return values[0]


def _confirm(expr: sp.Expr, variable: sp.Symbol, goal: sp.Expr, side: str, value: sp.Expr, domain_of: DomainOf) -> None:
    """Walk towards the goal; the distance to the limit must shrink."""
    others = {s: evaluate(candidates(domain_of(s), small=True)[-3:][0]) for s in expr.free_symbols - {variable}}
    gaps = []
    try:
        with mp.workdps(1000):  # at a logit of 1000, one minus a sigmoid is 434 digits below one
            aim = evaluate(value, others)
            for step in (2, 4, 6):
                here = evaluate(expr, {**others, variable: _near(goal, side, step)})
                gaps.append(1 / abs(here) if mp.isinf(aim) else abs(here - aim))
    except (Undefined, OverflowError):
        raise TypeTrouble("the limit is of something that has no value near the goal") from None
    shrinks = gaps[2] <= gaps[1] <= gaps[0] or gaps[2] < mp.mpf(10) ** -30
    if not shrinks or gaps[2] > max(mp.mpf("0.2") * gaps[0], mp.mpf(10) ** -10):
        raise TypeTrouble(f"the limit {value} does not agree with numbers")


def _near(goal: sp.Expr, side: str, step: int) -> mp.mpf:
    if goal.is_infinite:
        return (1 if goal.is_extended_positive else -1) * mp.mpf(10) ** (step // 2)
    return evaluate(goal) + (1 if side == "+" else -1) * mp.mpf(10) ** -step
