"""Rules for what the solver leaves open: ends of affine variables, slopes from an anchor, balls over a box."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import sympy as sp
from flint import arb, fmpq

from mseclf.site.proofs import balls
from mseclf.site.proofs.candidates import bounds
from mseclf.site.proofs.decision import Decision, NotUnderstood, NoValue, Proved, Undecided, Unknown
from mseclf.site.proofs.reals import Reals
from mseclf.site.proofs.verdict import Means
from mseclf.site.proofs.zero import Ratio

if TYPE_CHECKING:
    from mseclf.site.proofs.relations import Decider, Given

BOXES = 3000
REACH = 8  # balls look at this far from zero; beyond, the solver


def by_rules(decider: "Decider", claim: sp.Rel, given: "Given", depth: int) -> Decision:
    """The first rule that shows a relation without kinks."""
    if isinstance(claim, sp.Ne):
        for side in (sp.Gt, sp.Lt):
            found = by_rules(decider, side(claim.lhs, claim.rhs, evaluate=False), given, depth)
            if isinstance(found, Proved):
                return found
        return Unknown("no rule shows that the sides differ everywhere")
    gap = claim.lhs - claim.rhs if isinstance(claim, sp.Gt | sp.Ge | sp.Eq) else claim.rhs - claim.lhs
    sign = sp.Eq if isinstance(claim, sp.Eq) else sp.Gt if isinstance(claim, sp.Gt | sp.Lt) else sp.Ge
    for rule in (_affine, _anchored, _boxes):
        with suppress(NotUnderstood, Undecided, NoValue):
            if rule(decider, gap, sign, given, depth):
                return Proved(Means.BALLS if rule is _boxes else Means.SOLVER)
    return Unknown("no rule shows it, and no point was found that refutes it")


def _shown(decider: "Decider", claim: sp.Basic, given: "Given", depth: int) -> bool:
    return isinstance(decider.prove(claim, given, depth), Proved)


def _affine(decider: "Decider", gap: sp.Expr, sign: type, given: "Given", depth: int) -> bool:
    """A gap that is affine in a variable between two numbers lies between its values at both."""
    for variable in sorted(gap.free_symbols, key=str):
        limits = bounds(variable, given)
        if not (limits.low.is_finite and limits.high.is_finite) or limits.values:
            continue
        if not decider.vanishes(gap.diff(variable, 2), sp.S.Zero, given):
            continue
        rest = tuple(g for g in given if variable not in g.free_symbols)
        if sum(variable in g.free_symbols for g in given) > 2:
            continue
        ends = [sign(gap.subs(variable, end), 0) for end in (limits.low, limits.high)]
        wide = [decider.defined(e, rest) is None for e in ends]
        if all(wide) and all(_shown(decider, e, rest, depth - 1) for e in ends):
            return True
    return False


def _anchored(decider: "Decider", gap: sp.Expr, sign: type, given: "Given", depth: int) -> bool:
    """A gap that is as claimed at an anchor and moves the right way from it on both sides (mean value theorem)."""
    for variable in sorted(gap.free_symbols, key=str):
        path = _path(decider, variable, given)
        if path is None:
            continue
        slope = _tidy(decider, gap.diff(variable), path)
        if decider.defined(gap, path) is not None or decider.defined(slope, path) is not None:
            continue
        flat_slope = sign is sp.Eq
        if flat_slope and not decider.vanishes(slope, sp.S.Zero, path):
            continue
        for anchor in anchors(decider, variable, slope, path):
            if _from(decider, gap, sign, variable, anchor, slope, given, path, depth):
                return True
    return False


def _from(decider, gap, sign, variable, anchor, slope, given, path, depth) -> bool:  # type: ignore[no-untyped-def]
    put = {variable: anchor}
    weak = tuple(_reaching(g, put) for g in path)
    if weak != path and decider.defined(gap, weak) is None:  # continuous up to the anchor, which ends the interval
        path = weak
    if not all(_shown(decider, g.xreplace(put), path, 1) for g in path if variable in g.free_symbols):
        return False
    at = gap.xreplace(put)
    if decider.defined(at, path) is not None:
        return False
    if sign is sp.Eq:
        return _shown(decider, sp.Eq(at, 0), path, depth - 1)
    right, left = (*path, sp.Gt(variable, anchor)), (*path, sp.Lt(variable, anchor))
    if sign is sp.Gt and not _shown(decider, sp.Gt(at, 0), path, depth - 1):
        apart = _shown(decider, sp.Ne(variable, anchor), given, 0)
        if not (apart and _shown(decider, sp.Ge(at, 0), path, depth - 1)):
            return False
        moves = (sp.Gt(slope, 0), right), (sp.Lt(slope, 0), left)
    else:
        if sign is sp.Ge and not _shown(decider, sp.Ge(at, 0), path, depth - 1):
            return False
        moves = (sp.Ge(slope, 0), right), (sp.Le(slope, 0), left)
    return all(_shown(decider, claim, where, depth - 1) for claim, where in moves)


def _reaching(formula: sp.Basic, put: dict[sp.Symbol, sp.Expr]) -> sp.Basic:
    """A strict bound that an anchor lies on, with the anchor."""
    if isinstance(formula, sp.Gt | sp.Lt) and (formula.lhs - formula.rhs).xreplace(put) == 0:
        return (sp.Ge if isinstance(formula, sp.Gt) else sp.Le)(formula.lhs, formula.rhs, evaluate=False)
    return formula


def _path(decider: "Decider", variable: sp.Symbol, given: "Given") -> "Given | None":
    """The hypotheses, without exceptions in the variable, if they leave it an interval: half-lines in it."""
    kept = []
    for formula in given:
        if variable not in formula.free_symbols:
            kept.append(formula)
        elif isinstance(formula, sp.Ne):
            continue
        elif isinstance(formula, sp.Gt | sp.Ge | sp.Lt | sp.Le):
            second = sp.expand((formula.lhs - formula.rhs).diff(variable))
            if variable in second.free_symbols:
                return None
            kept.append(formula)
        else:
            return None
    return tuple(kept)


def _tidy(decider: "Decider", slope: sp.Expr, path: "Given") -> sp.Expr:
    """A slope as one fraction of factors, where that is possible."""

    def question(reals: Reals) -> sp.Expr:
        value = reals.field.ratio(slope)
        return reals.field.expression(value) if len(str(value.top)) < 4000 else slope

    return decider.over(path, question)


def anchors(decider: "Decider", variable: sp.Symbol, slope: sp.Expr, path: "Given") -> Iterator[sp.Expr]:
    """Where a slope may change its sign: zeros of its factors, ends of the domain, plain numbers."""
    found = decider.over(path, lambda reals: list(_zeros(reals, variable, slope)))
    limits = bounds(variable, path)
    ends = [e for e, o in ((limits.low, limits.low_open), (limits.high, limits.high_open)) if e.is_finite and not o]
    yield from list(dict.fromkeys([*found, *ends, sp.S.Zero, sp.S.One, sp.S.Half]))[:7]


def _zeros(reals: Reals, variable: sp.Symbol, slope: sp.Expr) -> Iterator[sp.Expr]:
    value = reals.field.ratio(slope)
    if value.top.is_zero() or value.top.is_constant():
        return
    for factor, _ in value.top.factor()[1]:
        yield from _zero(reals, variable, Ratio(factor, reals.field.one))
        power = reals.product(factor) if factor.total_degree() == 1 or len(factor) < 5 else None
        if power is not None:
            gap = power - reals.field.constant(1)
            if not gap.top.is_constant():
                for part, _ in gap.top.factor()[1]:
                    yield from _zero(reals, variable, Ratio(part, reals.field.one))


def _zero(reals: Reals, variable: sp.Symbol, factor: Ratio) -> Iterator[sp.Expr]:
    """The zero of a factor that is linear in the variable, or in an exponential of it."""
    field = reals.field
    for made in list(field.generators):
        if int(factor.top.degrees()[made.index]) != 1 or variable not in made.meaning.free_symbols:
            continue
        slope = factor.top.derivative(made.index)
        rest = field.expression(Ratio(factor.top - slope * field.variables[made.index], field.one))
        level = -rest / field.expression(Ratio(slope, field.one))
        if variable in level.free_symbols:
            continue
        if made.meaning == variable:
            yield level
        elif isinstance(made.meaning, sp.exp) and (made.meaning.args[0] / variable).is_Rational and level.is_positive:
            yield sp.log(level) / (made.meaning.args[0] / variable)


def _boxes(decider: "Decider", gap: sp.Expr, sign: type, given: "Given", depth: int) -> bool:
    """Balls over a box, halved until the gap is apart from zero on each part; what is outside is left to the solver."""
    symbols = sorted(gap.free_symbols, key=str)
    if sign is sp.Eq or len(symbols) > 2:
        return False
    box = []
    for symbol in symbols:
        limits = bounds(symbol, given)
        low, high = sp.Max(limits.low, -REACH), sp.Min(limits.high, REACH)
        if not (low.is_Rational and high.is_Rational and low < high):
            return False
        for end, beyond in ((limits.low, sp.Lt(symbol, -REACH)), (limits.high, sp.Gt(symbol, REACH))):
            if abs(end) > REACH and not _shown(decider, sign(gap, 0), (*given, beyond), 0):
                return False
        box.append((fmpq(int(low.p), int(low.q)), fmpq(int(high.p), int(high.q))))
    return positive_on(gap, symbols, box)


def positive_on(gap: sp.Expr, symbols: list[sp.Symbol], box: list[tuple[fmpq, fmpq]]) -> bool:
    """Whether a gap is positive on a closed box, by halving it."""
    waiting, looked = [box], 0
    while waiting:
        part = waiting.pop()
        looked += 1
        if looked > BOXES:
            return False
        point = {s: _ball(*ends) for s, ends in zip(symbols, part, strict=True)}
        with suppress(Undecided, NoValue):
            if balls.Evaluation(point).value(gap) > 0:
                continue
        widest = max(range(len(part)), key=lambda i: part[i][1] - part[i][0])
        low, high = part[widest]
        if high - low < fmpq(1, 2**16):
            return False
        for half in ((low, (low + high) / 2), ((low + high) / 2, high)):
            waiting.append([*part[:widest], half, *part[widest + 1 :]])
    return True


def _ball(low: fmpq, high: fmpq) -> arb:
    """A ball that holds an interval."""
    return arb(low).union(arb(high))
