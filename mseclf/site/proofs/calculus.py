"""Limits, extremes, integrals and derivatives, each brought back to claims that relations.py decides."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice

import sympy as sp

from mseclf.site.proofs.candidates import bounds
from mseclf.site.proofs.decision import Decision, NotUnderstood, NoValue, Proved, Refuted, Unknown
from mseclf.site.proofs.leading import ONE, Growth, Leading, Quotient
from mseclf.site.proofs.relations import KINKS, Decider, Given, flat
from mseclf.site.proofs.slopes import anchors
from mseclf.site.proofs.verdict import Means

ORDERS = (1, 2, 4)
SIDES = {"both": (1, -1), "+": (1,), "-": (-1,)}


class Calculus:
    """Questions of calculus under hypotheses."""

    def __init__(self, given: Sequence[sp.Basic], decider: Decider | None = None) -> None:
        self.decider = decider or Decider()
        self.given = flat(given)

    # limits ------------------------------------------------------------------------------------------------------

    def limits(self, expr: sp.Expr, variable: sp.Symbol, target: sp.Expr, direction: str) -> list[sp.Expr]:
        """The limits from each side on which the hypotheses allow the variable to come.

        Raises:
            NotUnderstood: no rule finds it for every value of the parameters.
            NoValue: the expression has no value near the target.
        """
        if target.is_infinite:
            sides: tuple[int, ...] = (1 if target is sp.oo else -1,)
        else:
            sides = SIDES[direction]
        found = [v for side in sides if (v := self._from_side(expr, variable, target, side)) is not None]
        if not found:
            raise NotUnderstood(f"the hypotheses do not let {variable} go to {target}")
        return found

    def _from_side(self, expr: sp.Expr, variable: sp.Symbol, target: sp.Expr, side: int) -> sp.Expr | None:
        trouble: Exception = NotUnderstood("no rule finds this limit")
        for order in ORDERS:
            try:
                walk = self._walk(variable, target, side, order)
                if not all(walk.eventually(g) for g in self.given if variable in g.free_symbols):
                    return None
                return walk.limit(walk.of(expr))
            except NotUnderstood as error:
                trouble = error
        raise trouble

    def _walk(self, variable: sp.Symbol, target: sp.Expr, side: int, order: int) -> Leading:
        """The variable as t -> oo: +-t, or the target +- 1/t."""
        step = {Growth(power=sp.S.One if target.is_infinite else sp.S.NegativeOne): sp.Integer(side)}
        if target.is_finite is not False and target != 0:
            step[ONE] = target
        way = Quotient(step, {ONE: sp.S.One})
        rest = tuple(g for g in self.given if variable not in g.free_symbols)
        return Leading(variable, way, lambda c: self.sign(c, rest), lambda c: self.is_zero(c, rest), order)

    def sign(self, value: sp.Expr, given: Given) -> int | None:
        """The sign of a coefficient for every value of the parameters."""
        if value.is_Rational:
            return int(sp.sign(value))
        for sign, claim in ((1, sp.Gt(value, 0)), (-1, sp.Lt(value, 0)), (0, sp.Eq(value, 0))):
            if isinstance(self.decider.prove(claim, given, 1), Proved):
                return sign
        return None

    def is_zero(self, value: sp.Expr, given: Given) -> bool:
        """Whether a coefficient vanishes identically."""
        return value == 0 or (not value.is_Rational and self.decider.vanishes(value, sp.S.Zero, given))

    def limit(self, expr: sp.Expr, variable: sp.Symbol, target: sp.Expr, value: sp.Expr, direction: str) -> Decision:
        """Whether a limit is what is said, for every value of the parameters."""
        found = self.limits(expr, variable, target, direction)
        rest = tuple(g for g in self.given if variable not in g.free_symbols)
        for limit in found:
            if limit.is_infinite or value.is_infinite:
                if limit != value:
                    return self._anywhere(rest, Refuted({}, limit, value))
                continue
            result = self.decider.decide(sp.Eq(limit, value, evaluate=False), rest)
            if not isinstance(result, Proved):
                return result
        return Proved(Means.ALGEBRA)

    def _anywhere(self, given: Given, refuted: Refuted) -> Decision:
        """A refutation that holds for all parameters, at some that the hypotheses allow."""
        point = self.decider.admissible(given, 30)
        if point is None:
            return Unknown("no values of the parameters were found that satisfy the hypotheses")
        return replace(refuted, point=point)

    # extremes ----------------------------------------------------------------------------------------------------

    def extreme(self, kind: str, expr: sp.Expr, variable: sp.Symbol, domain: Given, value: sp.Expr) -> Decision:
        """Whether sup, inf, max, min, argmax or argmin over a domain is what is said."""
        inside = flat((*self.given, *domain))
        if kind in ("argmax", "argmin"):
            return self._argument(kind, expr, variable, inside, value)
        high = kind in ("sup", "max")
        bound = (sp.Le if high else sp.Ge)(expr, value, evaluate=False)
        below = self.decider.decide(bound, inside)
        if not isinstance(below, Proved):
            return self._instead(bound, expr, variable, inside, value, domain) or below
        if self._reached(expr, variable, inside, value):
            return below
        if kind in ("max", "min"):
            strict = self.decider.decide((sp.Lt if high else sp.Gt)(expr, value, evaluate=False), inside)
            if isinstance(strict, Proved):
                other = self._instead(bound, expr, variable, inside, value)
                return other or self._anywhere(inside, Refuted({}, reason=f"{value} is not attained"))
            return Unknown(f"no place was found at which {value} is attained")
        if self._approached(expr, variable, domain, value):
            return below
        other = self._instead(bound, expr, variable, inside, value, domain)
        return other or self._lower(bound, expr, inside, value)

    def _instead(
        self, bound: sp.Rel, expr: sp.Expr, variable: sp.Symbol, inside: Given, value: sp.Expr, open_in: Given = ()
    ) -> Decision | None:
        """The extreme that there is, where it is not the one that is claimed; with `open_in` it may be approached."""
        rest = tuple(g for g in inside if variable not in g.free_symbols)
        for best in self._extremes(expr, variable, inside, open_in):
            if isinstance(self.decider.prove(bound.func(expr, best, evaluate=False), inside), Proved):
                found = self.decider.decide(sp.Eq(best, value, evaluate=False), rest)
                return found if isinstance(found, Refuted) else None
        return None

    def _extremes(self, expr: sp.Expr, variable: sp.Symbol, inside: Given, domain: Given) -> Iterator[sp.Expr]:
        """Values that an expression takes, or approaches, where it may be largest or smallest."""
        for place in islice(self._places(expr, variable, inside), 6):
            best = expr.xreplace({variable: place})
            if not best.has(sp.zoo, sp.nan) and self._reached(expr, variable, inside, best, (place,)):
                yield best
        limits, own = bounds(variable, inside), self._with(*domain)
        for end, side in ((limits.low, "+"), (limits.high, "-")) if domain else ():
            with suppress(NotUnderstood, NoValue):
                yield from (v for v in own.limits(expr, variable, end, side) if v.is_finite)

    def _lower(self, bound: sp.Rel, expr: sp.Expr, inside: Given, value: sp.Expr) -> Decision:
        """A supremum that is too large: some smaller number is a bound as well."""
        for gap in (sp.Rational(1, 1000), sp.Rational(1, 10), sp.S.One):
            closer = value - gap if isinstance(bound, sp.Le) else value + gap
            if isinstance(self.decider.decide(bound.func(expr, closer, evaluate=False), inside), Proved):
                return self._anywhere(inside, Refuted({}, closer, value, f"{closer} is a bound already"))
        return Unknown(f"no place was found at which {value} is attained or approached")

    def _argument(self, kind: str, expr: sp.Expr, variable: sp.Symbol, inside: Given, value: sp.Expr) -> Decision:
        put = {variable: value}
        rest = tuple(g for g in inside if variable not in g.free_symbols)
        allowed = self.decider.decide(sp.And(*(g.xreplace(put) for g in inside)), rest)
        if isinstance(allowed, Refuted):
            return Refuted(allowed.point, reason="what is claimed lies outside the domain")
        if isinstance(allowed, Unknown):
            return allowed
        best = expr.xreplace(put)
        strict = (sp.Lt if kind == "argmax" else sp.Gt)(expr, best, evaluate=False)
        return self.decider.decide(sp.Implies(sp.Ne(variable, value), strict, evaluate=False), inside)

    def _reached(
        self, expr: sp.Expr, variable: sp.Symbol, inside: Given, value: sp.Expr, places: Sequence[sp.Expr] = ()
    ) -> bool:
        """Whether some place in the domain has this value."""
        rest = tuple(g for g in inside if variable not in g.free_symbols)
        for place in places or self._places(expr, variable, inside):
            put = {variable: place}
            claim = sp.And(*(g.xreplace(put) for g in inside), sp.Eq(expr.xreplace(put), value))
            with suppress(NotUnderstood, NoValue):
                if isinstance(self.decider.decide(claim, rest), Proved):
                    return True
        return False

    def _places(self, expr: sp.Expr, variable: sp.Symbol, inside: Given) -> Iterator[sp.Expr]:
        """Where an extreme may be: zeros of factors of the derivative, ends, kinks."""
        limits = bounds(variable, inside)
        yield from limits.values
        yield from (end for end in (limits.low, limits.high) if end.is_finite)
        for kink in expr.atoms(sp.Abs):
            slope = kink.args[0].diff(variable)
            if slope != 0 and variable not in slope.free_symbols:
                yield sp.expand(variable - kink.args[0] / slope)
        with suppress(NotUnderstood):
            yield from anchors(self.decider, variable, expr.diff(variable), inside)
        top = sp.numer(sp.together(expr.diff(variable)))
        if top.is_polynomial(variable):
            for factor, _ in sp.factor_list(top, variable)[1]:
                if sp.degree(factor, variable) == 2:
                    yield from sp.roots(factor, variable)

    def _approached(self, expr: sp.Expr, variable: sp.Symbol, domain: Given, value: sp.Expr) -> bool:
        """Whether the value is the limit at an end of the domain."""
        limits = bounds(variable, flat((*self.given, *domain)))
        own = self._with(*domain)
        for end, side in ((limits.low, "+"), (limits.high, "-")):
            with suppress(NotUnderstood, NoValue):
                if isinstance(own.limit(expr, variable, end, value, side), Proved):
                    return True
        return False

    # integrals ---------------------------------------------------------------------------------------------------

    def integral(
        self, integrand: sp.Expr, variable: sp.Symbol, low: sp.Expr, high: sp.Expr, value: sp.Expr
    ) -> Decision:
        """Whether an integral exists and is what is said, by an antiderivative that is checked."""
        ends = low.is_finite is not False and high.is_finite is not False
        if ends and not isinstance(self.decider.prove(sp.Le(low, high), self.given), Proved):
            if isinstance(self.decider.prove(sp.Ge(low, high), self.given), Proved):
                return self.integral(-integrand, variable, high, low, value)
            found = self._with(sp.Le(low, high)).integral(integrand, variable, low, high, value)
            if not isinstance(found, Proved):
                return found
            return self._with(sp.Ge(low, high)).integral(integrand, variable, low, high, value)
        inside = flat((*self.given, *_between(variable, low, high)))
        trouble = self.decider.defined(integrand, inside)
        if isinstance(trouble, Unknown):
            return trouble
        if trouble is not None:
            return Unknown(f"the integrand has no value at a place on the way: {trouble.reason}")
        if integrand.atoms(*KINKS):
            raise NotUnderstood("an integral over a kink or jump: split it there")
        for antiderivative in _antiderivatives(integrand, variable, low, high, value):
            with suppress(NotUnderstood):
                if self._is_antiderivative(antiderivative, integrand, variable, inside):
                    return self._evaluated(antiderivative, variable, low, high, value)
        return Unknown("no antiderivative was found that could be checked")

    def _is_antiderivative(self, guess: sp.Expr, integrand: sp.Expr, variable: sp.Symbol, inside: Given) -> bool:
        """Whether a guess is smooth on the way and its derivative is the integrand."""
        if guess.atoms(*KINKS) or self.decider.defined(guess, inside) is not None:
            return False
        slope = sp.expand_func(guess.diff(variable))
        return self.decider.vanishes(slope, integrand, inside)

    def _evaluated(self, guess: sp.Expr, variable: sp.Symbol, low: sp.Expr, high: sp.Expr, value: sp.Expr) -> Decision:
        ends = []
        for end, side in ((low, "+"), (high, "-")):
            if end.is_infinite:
                (at,) = self.limits(guess, variable, end, side)
            else:
                at = guess.xreplace({variable: end})
                if self.decider.defined(at, self.given) is not None:
                    (at,) = self.limits(guess, variable, end, side)
            if at.is_infinite:
                return self._anywhere(self.given, Refuted({}, reason=f"it diverges at {end}"))
            ends.append(at)
        return self.decider.decide(sp.Eq(ends[1] - ends[0], value, evaluate=False), self.given)

    def _with(self, *hypotheses: sp.Basic) -> "Calculus":
        return Calculus((*self.given, *hypotheses), self.decider)


def _between(variable: sp.Symbol, low: sp.Expr, high: sp.Expr) -> Iterator[sp.Basic]:
    if low.is_finite is not False:
        yield sp.Gt(variable, low, evaluate=False)
    if high.is_finite is not False:
        yield sp.Lt(variable, high, evaluate=False)


def _antiderivatives(
    integrand: sp.Expr, variable: sp.Symbol, low: sp.Expr, high: sp.Expr, value: sp.Expr
) -> Iterator[sp.Expr]:
    """Guesses, the claimed value as a function of an end first; each is checked afterwards."""
    for end, sign in ((high, 1), (low, -1)):
        if end.is_Symbol:
            yield sign * value.xreplace({end: variable})
    with suppress(Exception):  # a guess that fails is no guess
        yield sp.integrate(sp.expand(integrand), variable, risch=False, conds="none")
