"""The signs that an expression takes over its whole domain: how inequalities are proved, strict ones and tangents too.

In one variable the real line is cut at the exact zeros of all factors (polynomials in the variable or in an
exponential of it, by root isolation; mixtures by Rolle's theorem, differentiating until one kind is gone), and each
piece has one sign. In several variables a product of factors of plain sign, or an affine variable at its two ends.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import mpmath as mp
import sympy as sp

from mseclf.proving.domains import Domain
from mseclf.proving.errors import Undefined
from mseclf.proving.normal import DomainOf, Normal
from mseclf.proving.numeric import evaluate
from mseclf.proving.points import inside

NEAR_ZERO = mp.mpf(10) ** -35


@dataclass(frozen=True)
class Place:
    """A place in the domain of one variable: as a number, and exactly if it is known so."""

    at: mp.mpf
    exact: sp.Expr | None


class NotDecided(Exception):
    """The method does not apply; nothing is known."""


def signs(expr: sp.Expr, domain_of: DomainOf) -> frozenset[int] | None:
    """Every sign (-1, 0, 1) that `expr` takes on its domain, or a few more if it is in several variables.

    None when no method applies.
    """
    free = sorted(expr.free_symbols, key=str)
    try:
        if not free:
            normal = Normal(domain_of, expr)
            return frozenset({0}) if normal.is_zero(expr) else frozenset({_sign_at(expr, {})})
        if len(free) == 1:
            return frozenset(sign for _, sign in pieces(expr, free[0], domain_of(free[0])))
        return _several(expr, free, domain_of)
    except (NotDecided, Undefined, NotImplementedError, sp.PolynomialError):
        return None


def _several(expr: sp.Expr, free: Sequence[sp.Symbol], domain_of: DomainOf) -> frozenset[int] | None:
    normal = Normal(domain_of, expr)
    top, bottom = normal.fraction(expr)
    number, factors = sp.factor_list(top * bottom)
    result = int(sp.sign(number))
    for factor, power in factors:
        found = normal.sign(factor)
        if found is None:
            return _affine(expr, free, domain_of)
        result *= found**power
    return frozenset({result})


def _affine(expr: sp.Expr, free: Sequence[sp.Symbol], domain_of: DomainOf) -> frozenset[int] | None:
    """An expression that is affine in a bounded variable lies between its values at the two ends."""
    for symbol in free:
        domain = domain_of(symbol)
        if domain.values or domain.low.is_infinite or domain.high.is_infinite or sp.diff(expr, symbol, 2) != 0:
            continue
        low, high = (signs(expr.subs(symbol, end), domain_of) for end in (domain.low, domain.high))
        if low is None or high is None:
            continue
        if {-1, 1} <= low | high:
            return frozenset({-1, 0, 1})
        inside_only = domain.low_open and domain.high_open and len(low) == len(high) == 1 and low != high
        return (low | high) - {0} if inside_only else low | high
    return None


def pieces(expr: sp.Expr, variable: sp.Symbol, domain: Domain) -> list[tuple[Place, int]]:
    """Cut the domain at every zero and pole: (a place in each piece, the sign there), from left to right.

    Raises:
        NotDecided: a zero cannot be located exactly enough.
    """

    def known(value: sp.Expr) -> tuple[Place, int]:
        return Place(evaluate(value), value), _exact_sign(expr, {variable: value})

    if domain.values:
        return [known(value) for value in domain.values]
    if expr.has(sp.Abs, sp.sign, sp.Max, sp.Min, sp.Piecewise, sp.Heaviside, sp.Integral):
        raise NotDecided  # not smooth: prove.py splits the domain first
    normal = Normal(lambda _: domain, expr)
    top, bottom = normal.fraction(expr)
    if top == 0:
        return [(Place(inside(evaluate(domain.low), evaluate(domain.high)), None), 0)]
    zeros = _zeros(top, normal, variable, domain)
    poles = _zeros(bottom, normal, variable, domain) if bottom.free_symbols else []
    cuts = _distinct([*zeros, *poles])
    low, high = evaluate(domain.low), evaluate(domain.high)
    result = [] if domain.low_open else [known(domain.low)]
    for left, right in pairwise([low, *(z.at for z in cuts), high]):
        if left < right:
            middle = inside(left, right)
            result.append((Place(middle, None), _sign_at(expr, {variable: middle})))
    result += [(cut, 0) for cut in cuts if low < cut.at < high and cut.exact not in domain.excluded]
    result += [] if domain.high_open else [known(domain.high)]
    return sorted(result, key=lambda piece: piece[0].at)


def _distinct(zeros: list[Place]) -> list[Place]:
    out: list[Place] = []
    for zero in sorted(zeros, key=lambda z: z.at):
        if not out or zero.at - out[-1].at > NEAR_ZERO * max(1, abs(zero.at)):
            out.append(zero)
    return out


def _zeros(polynomial: sp.Expr, normal: Normal, variable: sp.Symbol, domain: Domain) -> list[Place]:
    """The zeros, inside the closed domain, of a polynomial in generators of one variable."""
    out: list[Place] = []
    for factor, _ in sp.factor_list(polynomial)[1]:
        found = _factor_zeros(factor, normal, variable, domain)
        out += [z for z in found if evaluate(domain.low) <= z.at <= evaluate(domain.high)]
    return out


def _factor_zeros(factor: sp.Expr, normal: Normal, variable: sp.Symbol, domain: Domain) -> list[Place]:
    symbols = factor.free_symbols
    if len(symbols) == 1:
        (symbol,) = symbols
        roots = sp.Poly(factor, symbol).real_roots(multiple=False)
        back = _inverse(symbol, normal, variable)
        return [z for root, _ in roots for z in back(root)]
    return _rolle(normal.back(factor), variable, domain, depth=8)


def _inverse(symbol: sp.Symbol, normal: Normal, variable: sp.Symbol) -> Callable[[sp.Expr], list[Place]]:
    """From a root in a generator to the zero in the variable."""
    if symbol == variable:
        return lambda root: [Place(evaluate(root), root)]
    meaning = normal.meaning[symbol]
    slope = sp.diff(meaning.args[0], variable) if isinstance(meaning, sp.exp) else variable
    if slope.free_symbols or meaning.args[0] != slope * variable:
        raise NotDecided
    return lambda root: [Place(evaluate(x), x) for x in [sp.log(root) / slope]] if root.is_positive else []


def _rolle(expr: sp.Expr, variable: sp.Symbol, domain: Domain, depth: int) -> list[Place]:
    """Places of a mixture: between the zeros of its derivative it is monotone, so it has at most one in each piece."""
    if depth == 0:
        raise NotDecided
    expr = _lighter(expr, variable)
    slope = sp.together(sp.diff(expr, variable))
    normal = Normal(lambda _: domain, slope)
    top, bottom = normal.fraction(slope)
    turns: list[Place] = []
    for part in (top, bottom):
        for factor, _ in sp.factor_list(part)[1] if part.free_symbols else []:
            if len(factor.free_symbols) == 1:
                turns += _factor_zeros(factor, normal, variable, domain)
            else:
                turns += _rolle(normal.back(factor), variable, domain, depth - 1)
    low, high = evaluate(domain.low), evaluate(domain.high)
    inner = [z for z in _distinct(turns) if low < z.at < high]
    ends = [Place(low, domain.low), *inner, Place(high, domain.high)]
    zeros = [z for z in inner if _end_sign(expr, variable, z, 0) == 0]
    for left, right in pairwise(ends):
        if _end_sign(expr, variable, left, 1) * _end_sign(expr, variable, right, -1) < 0:
            zeros.append(Place(_bisect(expr, variable, left.at, right.at), None))
    return zeros


def _lighter(expr: sp.Expr, variable: sp.Symbol) -> sp.Expr:
    """The same zeros, but shaped so that a derivative removes something: one power of the variable, or a logarithm."""
    terms = sp.Add.make_args(sp.expand(expr))
    logs = [t for t in terms if t.has(sp.log)]
    if logs:
        factor = sp.Mul(*(f for f in sp.Mul.make_args(logs[0]) if not f.has(sp.log)))
        return sp.Add(*(t / factor for t in terms)) if factor.free_symbols else expr
    heavy = [t for t in terms if sp.Mul(*(f for f in sp.Mul.make_args(t) if not f.has(sp.exp))).has(variable)]
    if heavy:
        growth = sp.Mul(*(f for f in sp.Mul.make_args(heavy[0]) if f.has(sp.exp)))
        return sp.Add(*(sp.expand(t / growth) for t in terms))
    return expr


def _end_sign(expr: sp.Expr, variable: sp.Symbol, zero: Place, side: int) -> int:
    """The sign at a zero of the derivative, or in the limit at an end of the domain (`side` points inwards)."""
    if zero.exact is None:
        return _sign_at(expr, {variable: zero.at})
    if not side:
        return _exact_sign(expr, {variable: zero.exact})
    limit = sp.limit(expr, variable, zero.exact, "+" if side > 0 else "-")
    if limit != 0:
        return int(sp.sign(limit)) if limit.is_infinite else _sign_at(limit, {})
    # It starts from 0 and is monotone: its sign is that of the direction, seen a step further in.
    step = mp.mpf(-side * 60) if mp.isinf(zero.at) else zero.at + side * mp.mpf(10) ** -6
    return _sign_at(expr, {variable: step})


def _bisect(expr: sp.Expr, variable: sp.Symbol, low: mp.mpf, high: mp.mpf) -> mp.mpf:
    low = low if not mp.isinf(low) else (min(high, 0) - 2**10)
    high = high if not mp.isinf(high) else (max(low, 0) + 2**10)
    at_low = _sign_at(expr, {variable: low + mp.mpf(10) ** -30})
    for _ in range(150):
        middle = (low + high) / 2
        value = evaluate(expr, {variable: middle})
        if (value > 0) == (at_low > 0):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _exact_sign(expr: sp.Expr, at: dict[sp.Symbol, sp.Expr]) -> int:
    """The sign at an exactly known place."""
    value = expr.subs(at)
    if value.free_symbols or not value.is_finite:
        raise NotDecided
    number = evaluate(value)
    if abs(number) > NEAR_ZERO:
        return 1 if number > 0 else -1
    if sp.simplify(value) == 0 or Normal(lambda _: Domain(), value).is_zero(value):
        return 0
    raise NotDecided


def _sign_at(expr: sp.Expr, at: dict[sp.Symbol, mp.mpf]) -> int:
    """The sign at a numerical place where it is not zero."""
    value = evaluate(expr, at)
    if abs(value) < NEAR_ZERO:
        raise NotDecided
    return 1 if value > 0 else -1
