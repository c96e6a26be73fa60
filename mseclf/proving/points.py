"""Where claims are attacked: rational points of the domain, the simple ones first, ends and extremes included."""

from collections.abc import Iterator, Sequence
from itertools import islice, product
from math import isinf
from typing import Any

import mpmath as mp
import sympy as sp

from mseclf.proving.domains import Domain
from mseclf.proving.normal import DomainOf
from mseclf.proving.numeric import evaluate

R = sp.Rational
REAL = [R(2), R(-1), R(1, 2), R(-3, 2), R(0), R(3), R(-4), R(1), R(9), R(-8), R(25), R(-25), R(-1, 3)]
SMALL = [R(1), R(-1, 2), R(2), R(1, 3), R(-2), R(0), R(3, 2), R(-1), R(5, 4)]
BETWEEN = [R(1, 4), R(2, 3), R(1, 2), R(1, 8), R(9, 10), R(1, 3), R(3, 4), R(1, 100), R(999, 1000)]
BEYOND = [R(1), R(1, 2), R(2), R(5), R(1, 10), R(3), R(20)]
STRIDES = (1, 2, 3, 5, 7, 4, 6, 8, 10, 11, 9, 12)


def candidates(domain: Domain, small: bool) -> list[sp.Expr]:
    """Values of one symbol to try, in order."""
    if domain.values:
        return list(domain.values)
    if domain.low.is_finite and domain.high.is_finite:
        values = [domain.low + (domain.high - domain.low) * share for share in BETWEEN]
        ends = [e for e, is_open in ((domain.low, domain.low_open), (domain.high, domain.high_open)) if not is_open]
        values[2:2] = ends
    elif domain.low.is_finite:
        values = ([] if domain.low_open else [domain.low]) + [domain.low + step for step in BEYOND]
    elif domain.high.is_finite:
        values = ([] if domain.high_open else [domain.high]) + [domain.high - step for step in BEYOND]
    else:
        values = SMALL if small else REAL
    return [v for v in values if v not in domain.excluded]


def _more(domain: Domain, place: int, count: int) -> list[sp.Expr]:
    """Further values when many points are asked for, scattered by a fixed rule."""
    shares = [R((37 + 2 * place) * turn % 211, 211) for turn in range(1, count - len(REAL))]
    if domain.low.is_finite and domain.high.is_finite:
        values = [domain.low + (domain.high - domain.low) * share for share in shares]
    elif domain.low.is_finite or domain.high.is_finite:
        end, way = (domain.low, 1) if domain.low.is_finite else (domain.high, -1)
        values = [end + way * share / (1 - share) for share in shares]
    else:
        values = [24 * share - 12 for share in shares]
    return [v for v in values if v in domain]


def points(
    symbols: Sequence[sp.Symbol], domain_of: DomainOf, count: int, small: bool
) -> Iterator[dict[sp.Symbol, sp.Expr]]:
    """Points of the domain: every combination of finite values, and `count` mixtures of the others."""
    finite = [s for s in symbols if domain_of(s).values]
    rest = [s for s in symbols if not domain_of(s).values]
    tables = {s: candidates(domain_of(s), small) + _more(domain_of(s), place, count) for place, s in enumerate(rest)}
    grids = list(islice(product(*(domain_of(s).values for s in finite)), 8))
    rounds = count if rest else 1
    for turn in range(rounds):
        mixed = {
            s: table[(turn * STRIDES[place % len(STRIDES)] + place * bool(turn or small)) % len(table)]
            for place, (s, table) in enumerate(tables.items())
        }
        for grid in grids[turn % len(grids) :: 1 if turn == 0 else len(grids)] if turn else grids:
            yield mixed | dict(zip(finite, grid, strict=True))


def exact(point: dict[sp.Symbol, sp.Expr]) -> dict[sp.Symbol, mp.mpf]:
    """A point in fifty digits."""
    return {symbol: evaluate(value) for symbol, value in point.items()}


def inside(low: Any, high: Any) -> Any:
    """A number between two others, either of which may be infinite; exact if they are."""
    if isinf(low) and isinf(high):
        return mp.mpf(1) / 3
    if isinf(low):
        return high - 1
    return low + 1 if isinf(high) else (low + high) / 2
