"""Claims over the real numbers: every part has a value under the hypotheses, and what is said of it holds.

See decide.py for the rules, what each needs and why it is sound.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar

import sympy as sp

from mseclf.site.proofs import balls
from mseclf.site.proofs.candidates import points
from mseclf.site.proofs.conditions import needs
from mseclf.site.proofs.decision import (
    Decision,
    NotUnderstood,
    NoValue,
    Proved,
    Refuted,
    Undecided,
    Unknown,
)
from mseclf.site.proofs.reals import TIERS, Candidate, Reals, Work
from mseclf.site.proofs.verdict import Means
from mseclf.site.proofs.zero import Field, Finer, Poly, Ratio

Given = tuple[sp.Basic, ...]
Point = Mapping[sp.Expr, sp.Expr]
T = TypeVar("T")
KINKS = (sp.Abs, sp.Max, sp.Min, sp.sign, sp.Piecewise)
JUMPS = (sp.sign, sp.Piecewise)
CONTRARY = {sp.Eq: sp.Ne, sp.Ne: sp.Eq, sp.Lt: sp.Ge, sp.Le: sp.Gt, sp.Gt: sp.Le, sp.Ge: sp.Lt}
NOT_SHOWN = Unknown("no rule shows it, and no point was found that refutes it")
STEP, LOOK = 20_000, 10_000  # what a formula and a point count for: rules that do not ask the solver end too


class Decider:
    """One question, with the work that is left for it."""

    def __init__(self) -> None:
        self.work = Work()
        self.problems: dict[tuple[Given, int], Reals] = {}
        self.shares: dict[str, int] = {}

    # the whole ---------------------------------------------------------------------------------------------------

    def decide(self, claim: sp.Basic, given: Given) -> Decision:
        """Its conditions, then the claim itself; a refutation is looked at once more."""
        given = flat(given)
        trouble = self.defined(claim, given)
        if trouble is not None:
            return trouble
        result = self.prove(claim, given)
        return self.confirmed(claim, given, result) if isinstance(result, Refuted) else result

    def defined(self, claim: sp.Basic, given: Given) -> Refuted | Unknown | None:
        """Why some part of a formula has no value, or is not shown to have one."""
        for condition in needs(claim):
            result = self.prove(condition.claim, given)
            if isinstance(result, Refuted):
                again = self.confirmed(condition.claim, given, result)
                return (
                    Refuted(again.point, reason=f"no value: {condition.words}") if isinstance(again, Refuted) else again
                )
            if isinstance(result, Unknown):
                return Unknown(f"not shown to have a value everywhere: {condition.words} ({result.reason})")
        return None

    def confirmed(self, claim: sp.Basic, given: Given, found: Refuted) -> Refuted | Unknown:
        """A refutation, its point completed and evaluated again."""
        point = dict(found.point)
        free = set(claim.free_symbols).union(*(g.free_symbols for g in given)) - set(point)
        for rest in points(sorted(free, key=str), given, 20 if free else 1):
            whole = point | rest
            if self.refutes(claim, given, whole):
                return Refuted(whole, *self.sides(claim, whole))
        return Unknown("a point seemed to refute it, but not when it was looked at again")

    def sides(self, claim: sp.Basic, point: Point) -> tuple[sp.Expr | None, sp.Expr | None]:
        """The values of both sides at a point, for a single relation."""
        if not isinstance(claim, sp.Rel):
            return None, None
        return claim.lhs.xreplace(point), claim.rhs.xreplace(point)

    def refutes(self, claim: sp.Basic, given: Given, point: Point) -> bool:
        """Whether the hypotheses hold at a point and the claim does not: it is false, or has no value."""
        if not self.holds(sp.And(*given, evaluate=False), point):
            return False
        try:
            return not balls.truth(claim, point, closed_zero(point))
        except NoValue:
            return True
        except Undecided:
            return False

    def holds(self, formula: sp.Basic, point: Point) -> bool:
        """Whether a formula is seen to hold at a point."""
        try:
            return balls.truth(formula, point, closed_zero(point))
        except (NoValue, Undecided):
            return False

    # structure ---------------------------------------------------------------------------------------------------

    def prove(self, claim: sp.Basic, given: Given, depth: int = 3) -> Decision:
        """A formula whose parts have values, by its structure down to relations."""
        self.work.spend(STEP)
        if isinstance(claim, sp.And):
            return self._each([(part, given) for part in claim.args], depth)
        if isinstance(claim, sp.Implies):
            return self.prove(claim.args[1], flat((*given, claim.args[0])), depth)
        if isinstance(claim, sp.Equivalent):
            first, *rest = claim.args
            ways = [(b, flat((*given, a))) for other in rest for a, b in ((first, other), (other, first))]
            return self._each(ways, depth)
        if isinstance(claim, sp.Not):
            return self.prove(negated(claim.args[0]), given, depth)
        if isinstance(claim, sp.Or):
            *others, last = sorted(claim.args, key=lambda a: (isinstance(a, sp.Ne | sp.Eq), sp.default_sort_key(a)))
            return self.prove(last, flat((*given, *(negated(o) for o in others))), depth)
        if isinstance(claim, sp.Rel) or claim in (sp.true, sp.false):
            return self._relation(claim, given, depth)
        raise NotUnderstood(f"no rule for {type(claim).__name__.lower()} in {claim}")

    def _each(self, parts: Sequence[tuple[sp.Basic, Given]], depth: int) -> Decision:
        result: Decision = Proved(Means.ALGEBRA)
        for claim, given in parts:
            found = self.prove(claim, given, depth)
            if not isinstance(found, Proved):
                return found
            if found.means != Means.ALGEBRA:
                result = found
        return result

    # one relation ------------------------------------------------------------------------------------------------

    def _relation(self, claim: sp.Basic, given: Given, depth: int) -> Decision:
        if claim == sp.true:
            return Proved(Means.ALGEBRA)
        if sp.false in given:
            return Proved(Means.ALGEBRA)
        solved = substitution(given)
        if solved is not None:
            return self._substituted(claim, given, *solved, depth)
        if isinstance(claim, sp.Rel):
            if not claim.free_symbols:
                return self._closed(claim, given)
            if isinstance(claim, sp.Eq | sp.Le | sp.Ge) and self.vanishes(claim.lhs, claim.rhs, given):
                return Proved(Means.ALGEBRA)
        found = self.attack(claim, given, 14)
        if found is not None:
            return found
        for split in (kink_cases(claim, given), finite_cases(claim, given)):
            if split is not None:
                return self._each(split, depth)
        return self._solved(claim, given, depth)

    def _substituted(self, claim: sp.Basic, given: Given, symbol: sp.Symbol, value: sp.Expr, depth: int) -> Decision:
        swap = {symbol: value}
        found = self.prove(claim.xreplace(swap), flat(tuple(g.xreplace(swap) for g in given)), depth)
        if isinstance(found, Refuted):
            free = sorted(value.free_symbols - set(found.point), key=str)
            filled = next((p for p in points(free, given, 1)), {})
            point = dict(found.point) | filled
            return Refuted(point | {symbol: value.xreplace(point)})
        return found

    def _closed(self, claim: sp.Rel, given: Given) -> Decision:
        """A relation between numbers."""
        try:
            true = balls.truth(claim, {}, closed_zero({}))
        except NoValue as error:
            return Unknown(f"no value: {error}")
        if true:
            return Proved(Means.ALGEBRA if isinstance(claim, sp.Eq) else Means.BALLS)
        point = self.admissible(given, 60)
        return self._solved(sp.false, given, 0) if point is None else Refuted(point)

    def admissible(self, given: Given, count: int) -> Point | None:
        """A point at which the hypotheses are seen to hold, if one of so many does."""
        free = sorted(set().union(*(g.free_symbols for g in given)), key=str)
        together = sp.And(*given, evaluate=False)
        return next((p for p in points(free, given, count if free else 1) if self.holds(together, p)), None)

    def vanishes(self, left: sp.Expr, right: sp.Expr, given: Given) -> bool:
        """Whether two expressions are equal wherever both have values, by the exact zero test."""
        with suppress(NotUnderstood):
            return self.over(given, lambda reals: _equal(reals.field, left, right))
        return False

    def over(self, given: Given, question: Callable[[Reals], T]) -> T:
        """An answer from the field of the hypotheses, refined as often as it asks for it."""
        for _ in range(12):
            key = (given, sum(self.shares.values()))
            try:
                if key not in self.problems:
                    self.problems[key] = Reals(given, self.shares, self.work)
                return question(self.problems[key])
            except Finer:
                continue
        raise NotUnderstood("too many shares of one exponent")

    def attack(self, claim: sp.Basic, given: Given, count: int) -> Refuted | None:
        """A plain point that refutes, if one is found."""
        symbols = sorted(claim.free_symbols.union(*(g.free_symbols for g in given)), key=str)
        for point in points(symbols, given, count):
            self.work.spend(LOOK)
            if self.refutes(claim, given, point):
                return Refuted(point)
        return None

    # the solver --------------------------------------------------------------------------------------------------

    def _solved(self, claim: sp.Basic, given: Given, depth: int) -> Decision:
        for tier in range(TIERS):
            answer = self.over(given, partial(Reals.refute_contrary, claim=claim, tier=tier))
            if isinstance(answer, Proved):
                return answer
            if isinstance(answer, Candidate):
                for point in _points_of(answer):
                    if self.refutes(claim, given, point):
                        return Refuted(point)
        from mseclf.site.proofs.slopes import by_rules

        return by_rules(self, claim, given, depth) if depth > 0 and isinstance(claim, sp.Rel) else NOT_SHOWN


def _equal(field: Field, left: sp.Expr, right: sp.Expr) -> bool:
    return field.vanishes(field.ratio(left) - field.ratio(right))


def _points_of(candidate: Candidate) -> Iterator[Point]:
    """Points that a solution of the solver's suggests: its own, and where its exponentials are what they are."""
    plain = {g.meaning: v for g, v in candidate.values.items() if g.kind == "symbol"}
    yield plain
    through = dict(plain)
    for made, value in candidate.values.items():
        if isinstance(made.meaning, sp.exp) and value.is_positive:
            exponent = made.meaning.args[0]
            free = list(exponent.free_symbols)
            if len(free) == 1 and (exponent / free[0]).is_Rational:
                through[free[0]] = sp.log(value) / (exponent / free[0])
    if through != plain:
        yield through


def closed_zero(point: Point) -> balls.Zero:
    """A zero test for expressions whose symbols take the values at a point."""

    def test(expr: sp.Expr) -> bool:
        number = expr.xreplace(dict(point))
        if number.free_symbols or number.has(sp.zoo, sp.nan):
            return False

        def positive(poly: Poly) -> bool:
            with suppress(Undecided, NoValue), balls.precision(320):
                return bool(balls.Evaluation({}).value(field.expression(Ratio(poly, field.one))) > 0)
            return False

        shares: dict[str, int] = {}
        for _ in range(6):
            field = Field(positive, shares)
            with suppress(Finer, NotUnderstood):
                return field.vanishes(field.ratio(number))
        return False

    return test


# hypotheses ------------------------------------------------------------------------------------------------------


def flat(given: Sequence[sp.Basic]) -> Given:
    """The hypotheses one by one, negations carried inward."""
    result: list[sp.Basic] = []
    for formula in given:
        if isinstance(formula, sp.Not):
            formula = negated(formula.args[0])
        if isinstance(formula, sp.And):
            result.extend(flat(formula.args))
        elif formula != sp.true:
            result.append(formula)
    return tuple(dict.fromkeys(result))


def negated(formula: sp.Basic) -> sp.Basic:
    """The contrary of a formula."""
    if isinstance(formula, sp.Rel):
        return CONTRARY[type(formula)](formula.lhs, formula.rhs, evaluate=False)
    if isinstance(formula, sp.And | sp.Or):
        return (sp.Or if isinstance(formula, sp.And) else sp.And)(*(negated(a) for a in formula.args), evaluate=False)
    if isinstance(formula, sp.Not):
        return formula.args[0]
    if isinstance(formula, sp.Implies):
        return sp.And(formula.args[0], negated(formula.args[1]), evaluate=False)
    return sp.Not(formula)


def substitution(given: Given) -> tuple[sp.Symbol, sp.Expr] | None:
    """A symbol that an equation among the hypotheses fixes, and its value."""
    for formula in given:
        if not isinstance(formula, sp.Eq):
            continue
        difference = sp.expand(formula.lhs - formula.rhs)
        for symbol in sorted(difference.free_symbols, key=str):
            slope = difference.diff(symbol)
            if slope.is_Rational and slope != 0:
                value = sp.expand(symbol - difference / slope)
                if symbol not in value.free_symbols:
                    return symbol, value
    return None


def finite_cases(claim: sp.Basic, given: Given) -> list[tuple[sp.Basic, Given]] | None:
    """One case for each alternative of a hypothesis that names values."""
    for place, formula in enumerate(given):
        if isinstance(formula, sp.Or) and any(isinstance(a, sp.Eq) for a in formula.args) and len(formula.args) <= 8:
            rest = (*given[:place], *given[place + 1 :])
            return [(claim, flat((*rest, a))) for a in formula.args]
    return None


def kink_cases(claim: sp.Basic, given: Given) -> list[tuple[sp.Basic, Given]] | None:
    """The forms of a claim on both sides of a kink or jump, each with its hypothesis."""
    found = claim.atoms(*KINKS).union(*(g.atoms(*JUMPS) for g in given))
    inner = [k for k in found if not any(a.has(*KINKS) for a in k.args)]
    if not inner:
        return None
    kink = min(inner, key=sp.default_sort_key)
    cases = []
    for extra, value in _forms(kink):
        swap = {kink: value}
        cases.append((claim.xreplace(swap), flat((*(g.xreplace(swap) for g in given), *extra))))
    return cases


def _forms(kink: sp.Expr) -> Iterator[tuple[tuple[sp.Basic, ...], sp.Expr]]:
    """What a kink is, case by case."""
    first = kink.args[0]
    if isinstance(kink, sp.Piecewise):
        earlier: tuple[sp.Basic, ...] = ()
        for value, condition in kink.args:
            yield (*earlier, condition), value
            earlier = (*earlier, negated(condition)) if condition != sp.true else (sp.false,)
        return
    if isinstance(kink, sp.Max | sp.Min):
        rest = kink.func(*kink.args[1:])
        above = sp.Ge(first, rest) if isinstance(kink, sp.Max) else sp.Le(first, rest)
        yield (above,), first
        yield (negated(above),) if isinstance(above, sp.Rel) else (sp.Not(above),), rest
        return
    above, below, at = sp.Gt(first, 0), sp.Lt(first, 0), sp.Eq(first, 0)
    if isinstance(kink, sp.Abs):
        yield (sp.Ge(first, 0),), first
        yield (below,), -first
    else:
        yield (above,), sp.S.One
        yield (at,), sp.S.Zero
        yield (below,), sp.S.NegativeOne
