"""One step of a chain, left REL right: attacked with numbers first, then proved by algebra.

"Proved" needs both keys: no point refutes it, and an exact argument shows it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, product

import mpmath as mp
import sympy as sp
from sympy.core.relational import Relational

from mseclf.proving.atoms import Condition
from mseclf.proving.domains import Domain
from mseclf.proving.errors import TypeTrouble, Undefined, Vacuous
from mseclf.proving.normal import DomainOf, Normal
from mseclf.proving.numeric import TOLERANCE, broken, evaluate, satisfied
from mseclf.proving.points import exact, inside, points
from mseclf.proving.signs import pieces, signs

ALLOWED = {"<": {-1}, ">": {1}, "<=": {-1, 0}, ">=": {1, 0}, "!=": {-1, 1}}
TURNED = {"<": ">=", ">": "<=", "<=": ">=", ">=": "<="}
POINTS = 14


@dataclass(frozen=True)
class Counterexample:
    """A point at which a step fails, and the value of both sides there."""

    point: dict[sp.Symbol, sp.Expr]
    left: mp.mpf
    right: mp.mpf


class Refuted(Exception):
    """A step is false."""

    def __init__(self, counterexample: Counterexample) -> None:
        super().__init__("false")
        self.counterexample = counterexample


@dataclass(frozen=True)
class Pair:
    """One scalar relation to check, with what must be defined on the way."""

    left: sp.Expr
    sign: str
    right: sp.Expr
    conditions: tuple[Condition, ...]
    domain_of: DomainOf
    small: bool = False


def attack(pair: Pair, count: int = POINTS) -> int:
    """Try to refute; return how many points were tried.

    Raises:
        Refuted: with the first point, the simplest, that does it.
        Undefined: a side has no value at an admissible point.
        Vacuous: the contrary would have passed as well.
    """
    free = set(pair.left.free_symbols | pair.right.free_symbols)
    for condition in pair.conditions:
        free |= condition.expr.free_symbols | condition.guard.free_symbols
    symbols = sorted(free, key=str)
    tolerance = mp.mpf(10) ** -18 if pair.left.has(sp.Integral) or pair.right.has(sp.Integral) else TOLERANCE
    if tolerance != TOLERANCE:
        count = 4
    tried, telling = 0, pair.sign == "!="
    for point in points(symbols, pair.domain_of, count, pair.small):
        numbers = exact(point)
        trouble: str | None = None
        try:
            trouble = next((t for c in pair.conditions if (t := broken(c, numbers))), None)
            left, right = evaluate(pair.left, numbers), evaluate(pair.right, numbers)
        except Undefined as error:
            trouble = error.message
        if trouble:
            raise Undefined(f"no value at {words(point)}: {trouble}")
        tried += 1
        if not satisfied(left, pair.sign, right, tolerance):
            raise Refuted(Counterexample(point, left, right))
        telling = telling or not satisfied(left, *_contrary(pair.sign, right), tolerance)
    if not telling:
        raise Vacuous("no point tells this step from its contrary: both sides are equal wherever they were compared")
    return tried


def _contrary(sign: str, right: mp.mpf) -> tuple[str, mp.mpf]:
    """The step with one sign turned: at some point it must fail, or the attack sees nothing."""
    if sign in ("=", "!="):
        return sign, -right if right != 0 else right + 1
    return TURNED[sign], right


def words(point: dict[sp.Symbol, sp.Expr]) -> str:
    """A point, as a reader writes it."""
    return ", ".join(f"{s} = {v}" for s, v in point.items()) or "any point"


def show(pair: Pair) -> bool:
    """Whether an exact argument shows the relation. False means only: not shown.

    Raises:
        Refuted: the exact argument shows the contrary (a bound that is attained, where it must not be).
    """
    return all(_show_smooth(part) for case in _finite_cases(pair) for part in _without_kinks(case))


def _finite_cases(pair: Pair) -> Iterator[Pair]:
    """One case per combination of the finitely many values of some symbols."""
    free = pair.left.free_symbols | pair.right.free_symbols
    finite = sorted((s for s in free if pair.domain_of(s).values), key=str)
    for values in islice(product(*(pair.domain_of(s).values for s in finite)), 64):
        mapping = dict(zip(finite, values, strict=True))
        yield replace(pair, left=pair.left.xreplace(mapping), right=pair.right.xreplace(mapping))


def _without_kinks(pair: Pair, depth: int = 0) -> Iterator[Pair]:
    """Split where |.|, max, sign or a case changes its form, until none is left."""
    pair = replace(pair, left=_as_absolute(pair.left), right=_as_absolute(pair.right))
    kink = next(iter(sorted(pair.left.atoms(*KINKS) | pair.right.atoms(*KINKS), key=sp.count_ops)), None)
    if kink is None:
        yield pair
        return
    if depth > 6:
        raise TypeTrouble("too many cases")
    argument = kink.args[0] if not isinstance(kink, sp.Piecewise) else _threshold(kink)
    for domain_of, sign, mapping in _split(argument, pair.domain_of):
        part = replace(pair, domain_of=domain_of)
        if mapping:
            part = replace(part, left=pair.left.xreplace(mapping), right=pair.right.xreplace(mapping))
        else:
            swap = {kink: _resolved(kink, argument, sign)}
            part = replace(part, left=pair.left.xreplace(swap), right=pair.right.xreplace(swap))
        yield from _without_kinks(part, depth + 1)


KINKS = (sp.Abs, sp.sign, sp.Piecewise)


def _as_absolute(expr: sp.Expr) -> sp.Expr:
    """Max and min through |.|."""
    changes = {}
    for node in expr.atoms(sp.Max, sp.Min):
        total = node.args[0]
        for other in node.args[1:]:
            gap = sp.Abs(total - other)
            total = (total + other + (gap if isinstance(node, sp.Max) else -gap)) / 2
        changes[node] = total
    return expr.xreplace(changes)


def _threshold(kink: sp.Piecewise) -> sp.Expr:
    relation = sorted(kink.args[0][1].atoms(Relational), key=str)[0]
    return relation.lhs - relation.rhs


def _resolved(kink: sp.Expr, argument: sp.Expr, sign: int) -> sp.Expr:
    """The form of a kink where its argument has the given sign."""
    if isinstance(kink, sp.Abs):
        return sign * argument
    if isinstance(kink, sp.sign):
        return sp.Integer(sign)
    flips = {c: c.func(sign, 0) for c in kink.atoms(Relational) if c.lhs - c.rhs == argument}
    return kink.xreplace(flips)


def _split(argument: sp.Expr, domain_of: DomainOf) -> Iterator[tuple[DomainOf, int, dict[sp.Symbol, sp.Expr]]]:
    """The regions on which `argument` has one sign."""
    known = signs(argument, domain_of)
    if known is not None and len(known) == 1:
        yield domain_of, next(iter(known)), {}
        return
    free = list(argument.free_symbols)
    roots = sp.solve(argument, free[0]) if len(free) == 1 else []
    if len(free) != 1 or len(roots) != 1 or not roots[0].is_number or not roots[0].is_real:
        for sign in (1, -1):  # both forms everywhere: more than needed, hence sound
            yield domain_of, sign, {}
        return
    (symbol,), (root,) = free, roots
    whole = domain_of(symbol)
    if root in whole:
        yield domain_of, 0, {symbol: root}
    for part in (Domain(high=root), Domain(low=root)):
        piece = whole._meet(part)
        if not piece.low < piece.high:
            continue
        sign = int(sp.sign(argument.subs(symbol, inside(piece.low, piece.high))))
        yield _narrowed(domain_of, symbol, piece), sign, {}


def _narrowed(domain_of: DomainOf, symbol: sp.Symbol, piece: Domain) -> DomainOf:
    return lambda s: piece if s == symbol else domain_of(s)


def _show_smooth(pair: Pair) -> bool:
    difference = pair.left - pair.right
    if difference.has(sp.Integral):
        return pair.sign == "=" and _by_leibniz(difference, pair.domain_of)
    if pair.sign == "=":
        return Normal(pair.domain_of, difference).is_zero(difference)
    found = signs(difference, pair.domain_of)
    if found is None and len(difference.free_symbols) > 1:
        return pair.sign in ("<=", ">=") and _from_a_zero(difference, pair)
    if found is None or found <= ALLOWED[pair.sign]:
        return found is not None
    if len(difference.free_symbols) <= 1:
        raise Refuted(_witness(pair, difference))
    return False


def _witness(pair: Pair, difference: sp.Expr) -> Counterexample:
    """The exact place at which an inequality in one variable fails."""
    point: dict[sp.Symbol, sp.Expr] = {}
    for symbol in difference.free_symbols:
        cut = pieces(difference, symbol, pair.domain_of(symbol))
        place = next(place for place, sign in cut if sign not in ALLOWED[pair.sign])
        point = {symbol: sp.sympify(place.at if place.exact is None else place.exact)}
    return Counterexample(point, evaluate(pair.left, exact(point)), evaluate(pair.right, exact(point)))


def _by_leibniz(difference: sp.Expr, domain_of: DomainOf) -> bool:
    """A difference of integrals vanishes if its derivative in a parameter does, and it itself at an empty range."""
    integrals = difference.atoms(sp.Integral)
    limits = set().union(*(i.limits[0][1].free_symbols | i.limits[0][2].free_symbols for i in integrals))
    for parameter in sorted(limits, key=str):
        slope = sp.diff(difference, parameter)
        if slope.has(sp.Integral) or not Normal(domain_of, slope).is_zero(slope):
            continue
        ranges = [sp.expand(i.limits[0][2] - i.limits[0][1]) for i in integrals]
        if any(sp.diff(r, parameter).free_symbols or sp.diff(r, parameter) == 0 for r in ranges):
            continue
        (start, *others) = {sp.expand(-r.subs(parameter, 0) / sp.diff(r, parameter)) for r in ranges}
        if not others:
            rest = difference.xreplace(dict.fromkeys(integrals, sp.S.Zero)).xreplace({parameter: start})
            return Normal(domain_of, rest).is_zero(rest)
    return False


def _from_a_zero(difference: sp.Expr, pair: Pair) -> bool:
    """An inequality in several variables: along one of them it starts from a zero and moves the right way.

    If d f / d v = (v - c) g with g of one sign, and f vanishes at v = c, then f has that sign everywhere.
    """
    wanted = 1 if pair.sign == ">=" else -1
    for variable in sorted(difference.free_symbols, key=str):
        slope = sp.diff(difference, variable)
        normal = Normal(pair.domain_of, slope, difference)
        top, bottom = normal.fraction(slope)
        for factor, power in sp.factor_list(top)[1]:
            if power % 2 == 0 or sp.degree(factor, variable) != 1:
                continue
            start = -factor.subs(variable, 0) / sp.diff(factor, variable)
            found = signs(normal.back(sp.cancel(top / (bottom * (variable - start)))), pair.domain_of)
            place = normal.back(start)
            if not found or not {s * wanted for s in found} <= {1, 0} or place.has(variable):
                continue
            at_zero = difference.xreplace({variable: place})
            if _within(place, variable, pair.domain_of) and Normal(pair.domain_of, at_zero).is_zero(at_zero):
                return True
    return False


def _within(place: sp.Expr, variable: sp.Symbol, domain_of: DomainOf) -> bool:
    """Whether a place lies between the ends of a variable's domain: the way from it must not leave the domain."""
    domain = domain_of(variable)
    gaps = [gap for gap in (place - domain.low, domain.high - place) if gap.is_finite is not False]
    return all((signs(gap, domain_of) or frozenset({-1})) <= {0, 1} for gap in gaps)
