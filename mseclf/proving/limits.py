"""Limits: by the leading powers of the exponential in question, else SymPy's; always confirmed by numbers."""

import mpmath as mp
import sympy as sp

from mseclf.proving.domains import Domain
from mseclf.proving.errors import TypeTrouble, Undefined
from mseclf.proving.normal import DomainOf, Normal
from mseclf.proving.numeric import evaluate


def limit_of(expr: sp.Expr, variable: sp.Symbol, goal: sp.Expr, side: str, domain_of: DomainOf) -> sp.Expr:
    """The limit of `expr` as `variable` goes to `goal`; from inside the domain if no side is given.

    Raises:
        TypeTrouble: it does not exist, or could not be found, or the numbers contradict it.
    """
    domain = domain_of(variable)
    if goal.is_finite:
        side = side or ("+" if goal == domain.low else "-" if goal == domain.high else "")
    sides = [side] if side or goal.is_infinite else ["+", "-"]
    values = [_one_sided(expr, variable, goal, s or "-", domain_of) for s in sides]
    if len(values) > 1 and sp.simplify(values[0] - values[1]) != 0:
        raise TypeTrouble(f"the limit differs from side to side: {values[1]} and {values[0]}")
    for s in sides:
        _confirm(expr, variable, goal, s or "-", values[0], domain_of)
    return values[0]


def _one_sided(expr: sp.Expr, variable: sp.Symbol, goal: sp.Expr, side: str, domain_of: DomainOf) -> sp.Expr:
    found = _by_leading_terms(expr, variable, goal, domain_of)
    if found is None:
        found = sp.limit(expr, variable, goal, side) if goal.is_finite else sp.limit(expr, variable, goal)
    if isinstance(found, sp.Limit) or found.has(sp.nan, sp.zoo, sp.AccumBounds):
        raise TypeTrouble("this limit was not found")
    return found


def _by_leading_terms(expr: sp.Expr, variable: sp.Symbol, goal: sp.Expr, domain_of: DomainOf) -> sp.Expr | None:
    """When the variable is only in one exponential: a rational function of it that goes to 0 or to infinity."""
    if not goal.is_infinite:
        return None
    normal = Normal(domain_of, expr)
    top, bottom = normal.fraction(expr)
    touched = [g for g, meaning in normal.meaning.items() if meaning.has(variable) and (top * bottom).has(g)]
    if len(touched) != 1 or (top * bottom).has(variable) or not isinstance(normal.meaning[touched[0]], sp.exp):
        return None
    slope = sp.diff(normal.meaning[touched[0]].args[0], variable)
    if not slope.is_positive and not slope.is_negative:
        return None
    grows = slope.is_positive == goal.is_extended_positive
    place = 0 if grows else -1
    lead = [sp.Poly(p, touched[0]).terms()[place] for p in (top, bottom)]
    ((high,), a), ((low,), b) = lead
    difference = (high - low) if grows else (low - high)
    ratio = normal.back(sp.cancel(a / b))
    if difference == 0:
        return ratio
    if difference < 0:
        return sp.S.Zero
    return sp.sign(ratio) * sp.oo if ratio.is_number else None


def _confirm(expr: sp.Expr, variable: sp.Symbol, goal: sp.Expr, side: str, value: sp.Expr, domain_of: DomainOf) -> None:
    """Walk towards the goal; the distance to the limit must shrink."""
    others = {s: _some(domain_of(s)) for s in expr.free_symbols - {variable}}
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
    return mp.mpf(sp.N(goal, mp.mp.dps)) + (1 if side == "+" else -1) * mp.mpf(10) ** -step


def _some(domain: Domain) -> mp.mpf:
    if domain.values:
        return mp.mpf(sp.N(domain.values[0], 30))
    low = mp.mpf(sp.N(domain.low, 30)) if domain.low.is_finite else None
    high = mp.mpf(sp.N(domain.high, 30)) if domain.high.is_finite else None
    if low is not None and high is not None:
        return low + (high - low) * mp.mpf("0.3")
    return low + mp.mpf("0.7") if low is not None else high - mp.mpf("0.7") if high is not None else mp.mpf("0.7")
