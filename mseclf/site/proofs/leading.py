"""Leading terms at infinity: how limits are found for every value of the parameters.

With t -> oo an expression is written as a quotient of sums of terms, coefficient * exp(sum a_k t^k) * t^b * log(t)^c.
Terms are ordered by growth; the quotient of two sums goes to that of their leading coefficients where these terms
are alike, if the lower coefficient is shown to differ from zero for every value of the parameters. A function of what
goes to zero is its Taylor polynomial, the last term times a factor that goes to 1. Where a sign, a comparison or a zero
cannot be shown, nothing is said.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sympy as sp

from mseclf.site.proofs.conditions import exponent_of
from mseclf.site.proofs.decision import NotUnderstood, NoValue

Powers = tuple[tuple[sp.Expr, sp.Expr], ...]
Sign = Callable[[sp.Expr], int | None]  # the sign of a coefficient, the same for every value of the parameters


@dataclass(frozen=True)
class Growth:
    """exp(sum a t^k over `exponents`) * t^power * log(t)^logs."""

    exponents: Powers = ()
    power: sp.Expr = sp.S.Zero
    logs: sp.Expr = sp.S.Zero

    def times(self, other: "Growth", turn: int = 1) -> "Growth":
        """The product, or the quotient with turn -1."""
        total = dict(self.exponents)
        for k, a in other.exponents:
            total[k] = sp.expand(total.get(k, sp.S.Zero) + turn * a)
        exponents = tuple(sorted(((k, a) for k, a in total.items() if a != 0), reverse=True))
        return Growth(exponents, sp.expand(self.power + turn * other.power), sp.expand(self.logs + turn * other.logs))


ONE = Growth()
# the derivatives at zero
SLOPES = {
    sp.sin: sp.S.One, sp.cos: sp.S.Zero, sp.tan: sp.S.One, sp.atan: sp.S.One, sp.erf: 2 / sp.sqrt(sp.pi),
    sp.polylog: sp.S.One,
}  # fmt: skip
Terms = Mapping[Growth, sp.Expr]


@dataclass(frozen=True)
class Quotient:
    """A quotient of two sums of terms."""

    top: Terms
    bottom: Terms


class Leading:
    """The walk of one expression as t -> oo; `order` terms of each Taylor polynomial."""

    def __init__(
        self, variable: sp.Symbol, way: Quotient, sign: Sign, zero: Callable[[sp.Expr], bool], order: int
    ) -> None:
        self.variable = variable
        self.way = way  # the variable in terms of t
        self.sign_of = sign
        self.zero = zero
        self.order = order
        self.near_one: list[sp.Dummy] = []
        self.known: dict[sp.Basic, Quotient] = {}

    # sums of terms -----------------------------------------------------------------------------------------------

    def constant(self, value: sp.Expr) -> Quotient:
        """A number, or whatever does not depend on the variable."""
        return Quotient({ONE: value} if value != 0 else {}, {ONE: sp.S.One})

    def add(self, left: Quotient, right: Quotient) -> Quotient:
        """The sum."""
        if left.bottom == right.bottom:
            return Quotient(_sum(left.top, right.top), left.bottom)
        top = _sum(_product(left.top, right.bottom), _product(right.top, left.bottom))
        return _simple(Quotient(top, _product(left.bottom, right.bottom)))

    def times(self, left: Quotient, right: Quotient) -> Quotient:
        """The product."""
        return _simple(Quotient(_product(left.top, right.top), _product(left.bottom, right.bottom)))

    def scaled(self, factor: sp.Expr, value: Quotient) -> Quotient:
        """A multiple by a coefficient."""
        return self.times(self.constant(factor), value)

    def inverse(self, value: Quotient) -> Quotient:
        """One over a value that is not zero near the target."""
        self.lead(value)
        return _simple(Quotient(value.bottom, value.top))

    def power(self, value: Quotient, times: int) -> Quotient:
        """An integer power."""
        if times < 0:
            return self.power(self.inverse(value), -times)
        result = self.constant(sp.S.One)
        for _ in range(times):
            result = self.times(result, value)
        return result

    # leading terms -----------------------------------------------------------------------------------------------

    def highest(self, terms: Terms) -> tuple[Growth, sp.Expr] | None:
        """The term that grows most, its factors that go to 1 still in it; None of zero."""
        best: Growth | None = None
        for growth, coefficient in terms.items():
            if self.zero(coefficient):
                continue
            if best is None or self.compare(growth, best) > 0:
                best = growth
        return None if best is None else (best, terms[best])

    def compare(self, left: Growth, right: Growth) -> int:
        """Which grows more."""
        ratio = left.times(right, -1)
        for exponent in [a for _, a in ratio.exponents] + [ratio.power, ratio.logs]:
            sign = self.sign_of(exponent)
            if sign is None:
                raise NotUnderstood(f"how fast a term grows depends on the sign of {exponent}")
            if sign:
                return sign
        return 0

    def at_one(self, coefficient: sp.Expr) -> sp.Expr:
        """What a coefficient goes to."""
        return coefficient.xreplace(dict.fromkeys(self.near_one, sp.S.One))

    def lead(self, value: Quotient) -> tuple[Growth, sp.Expr]:
        """The leading term of a quotient; its coefficient is shown not to be zero.

        Raises:
            NotUnderstood: it may vanish for some value of the parameters.
        """
        ends = []
        for terms in (value.top, value.bottom):
            highest = self.highest(terms)
            if highest is None:
                raise NoValue("a division by zero near the target")
            growth, coefficient = highest[0], self.at_one(highest[1])
            if not self.sign_of(coefficient):
                raise NotUnderstood(f"whether the leading coefficient {coefficient} is zero is not known")
            ends.append((growth, coefficient))
        (above, c), (below, d) = ends
        return above.times(below, -1), c / d

    def sign(self, value: Quotient) -> int:
        """The sign near the target, itself excluded."""
        if self.highest(value.top) is None:
            return 0
        found = self.sign_of(self.lead(value)[1])
        if found is None:
            raise NotUnderstood("a sign near the target is not known")
        return found

    def split(self, value: Quotient) -> tuple[sp.Expr, Growth, Quotient]:
        """c, M and e with value = c M (1 + e) and e -> 0."""
        growth, coefficient = self.lead(value)
        whole = _term(growth, coefficient)
        relative = self.times(value, Quotient(whole.bottom, whole.top))
        return coefficient, growth, self.add(relative, self.constant(sp.S.NegativeOne))

    def limit(self, value: Quotient) -> sp.Expr:
        """The limit, oo or -oo among them."""
        highest, below = self.highest(value.top), self.highest(value.bottom)
        if below is None:
            raise NoValue("a division by zero near the target")
        d = self.at_one(below[1])
        if not self.sign_of(d):
            raise NotUnderstood(f"whether the leading coefficient {d} of the denominator is zero is not known")
        if highest is None:
            return sp.S.Zero
        order, c = self.compare(highest[0], below[0]), self.at_one(highest[1])
        if order <= 0:
            return c / d if order == 0 else sp.S.Zero
        found = self.sign_of(c / d)
        if not found:
            raise NotUnderstood(f"it is not known whether the leading coefficient {c} is zero")
        return sp.oo * found

    # the walk ----------------------------------------------------------------------------------------------------

    def of(self, expr: sp.Expr) -> Quotient:
        """An expression as t -> oo.

        Raises:
            NotUnderstood: no rule, or something that is not known for all parameters.
            NoValue: it has no value near the target.
        """
        if expr not in self.known:
            self.known[expr] = self._of(expr)
        return self.known[expr]

    def _of(self, expr: sp.Expr) -> Quotient:
        if expr == self.variable:
            return self.way
        if self.variable not in expr.free_symbols:
            return self.constant(expr)
        if isinstance(expr, sp.Add | sp.Mul):
            join = self.add if isinstance(expr, sp.Add) else self.times
            result = self.of(expr.args[0])
            for part in expr.args[1:]:
                result = join(result, self.of(part))
            return result
        if isinstance(expr, sp.exp):
            return self._exp(self.of(expr.args[0]))
        if isinstance(expr, sp.log):
            return self._log(self.of(expr.args[0]))
        if isinstance(expr, sp.Pow):
            return self._pow(expr)
        if isinstance(expr, sp.cosh | sp.sinh | sp.tanh | sp.coth | sp.sech | sp.csch):
            return self._hyperbolic(expr)
        if isinstance(expr, sp.Abs):
            inner = self.of(expr.args[0])
            return self.scaled(sp.Integer(self.sign(inner)), inner)
        if isinstance(expr, sp.sign):
            sign = self.sign(self.of(expr.args[0]))
            return self.of(expr.func(sp.Integer(sign)))
        if isinstance(expr, sp.Max | sp.Min):
            first, rest = self.of(expr.args[0]), self.of(expr.func(*expr.args[1:]))
            above = self.sign(self.add(first, self.scaled(sp.S.NegativeOne, rest)))
            return first if (above >= 0) == isinstance(expr, sp.Max) else rest
        if isinstance(expr, sp.Piecewise):
            return next(self.of(value) for value, condition in expr.args if self.eventually(condition))
        return self._smooth(expr)

    def eventually(self, formula: sp.Basic) -> bool:
        """Whether a formula holds near the target; it then does so everywhere there, or nowhere."""
        if formula in (sp.true, sp.false):
            return bool(formula)
        if isinstance(formula, sp.Rel):
            sign = self.sign(self.add(self.of(formula.lhs), self.scaled(sp.S.NegativeOne, self.of(formula.rhs))))
            return bool(formula.func(sp.Integer(sign), 0))
        parts = [self.eventually(a) for a in formula.args]
        if isinstance(formula, sp.Not):
            return not parts[0]
        if isinstance(formula, sp.And | sp.Or):
            return all(parts) if isinstance(formula, sp.And) else any(parts)
        raise NotUnderstood(f"no rule for {formula} in a limit")

    def factor(self) -> sp.Dummy:
        """A factor that goes to 1."""
        self.near_one.append(sp.Dummy(f"h{len(self.near_one)}", real=True))
        return self.near_one[-1]

    def _taylor(self, small: Quotient, coefficients: Callable[[int], sp.Expr]) -> Quotient:
        """A function of what goes to zero: terms while the order lasts, then one more, times what goes to 1."""
        result, power, taken = self.constant(coefficients(0)), self.constant(sp.S.One), 0
        if self.highest(small.top) is None:
            return result
        for number in range(1, 3 * self.order + 4):
            power = self.times(power, small)
            coefficient = coefficients(number)
            if coefficient == 0:
                continue
            taken += 1
            last = taken == self.order
            result = self.add(result, self.scaled(coefficient * (self.factor() if last else 1), power))
            if last:
                return result
        raise NotUnderstood("a Taylor polynomial without terms")

    def _exp(self, value: Quotient) -> Quotient:
        result = self.constant(sp.S.One)
        for _ in range(8):
            place = self.limit(value)
            if place.is_finite is not False:
                rest = self.add(value, self.constant(-place))
                series = self._taylor(rest, lambda n: 1 / sp.factorial(n))
                return self.times(self.scaled(sp.exp(place), result), series)
            growth, coefficient = self.lead(value)
            if growth == Growth(logs=sp.S.One):
                factor = Growth(power=coefficient)
            elif growth == Growth(power=growth.power) and growth.power.is_Rational:
                factor = Growth(((growth.power, coefficient),))
            else:
                break
            result = self.times(result, _term(factor, sp.S.One))
            value = self.add(value, _term(growth, -coefficient))
        raise NotUnderstood("an exponential that grows in a way without a rule")

    def _log(self, value: Quotient) -> Quotient:
        coefficient, growth, rest = self.split(value)
        if self.sign_of(coefficient) != 1:
            raise NoValue("the logarithm of what is not positive near the target")
        if growth.logs != 0:
            raise NotUnderstood("a logarithm of a logarithm in a limit")
        terms: dict[Growth, sp.Expr] = {Growth(power=k): a for k, a in growth.exponents}
        terms |= {Growth(logs=sp.S.One): growth.power} if growth.power != 0 else {}
        terms |= {ONE: sp.log(coefficient)} if coefficient != 1 else {}
        series = self._taylor(rest, lambda n: sp.S.Zero if n == 0 else sp.Rational((-1) ** (n + 1), n))
        return self.add(Quotient(terms, {ONE: sp.S.One}), series)

    def _pow(self, expr: sp.Pow) -> Quotient:
        power = exponent_of(expr)
        if expr.base is sp.E:
            return self._exp(self.of(power))
        base = self.of(expr.base)
        if power.is_Integer:
            return self.power(base, int(power))
        if not power.is_Rational:
            return self._exp(self.times(self.of(power), self._log(base)))
        coefficient, growth, rest = self.split(base)
        if self.sign_of(coefficient) != 1:
            raise NoValue("the root of what is not positive near the target")
        raised = Growth(tuple((k, a * power) for k, a in growth.exponents), growth.power * power, growth.logs * power)
        front = _term(raised, coefficient**power)
        return self.times(front, self._taylor(rest, lambda n: sp.ff(power, n) / sp.factorial(n)))

    def _hyperbolic(self, expr: sp.Expr) -> Quotient:
        up, down = sp.exp(expr.args[0]), sp.exp(-expr.args[0])
        cosh, sinh = (up + down) / 2, (up - down) / 2
        forms = {
            sp.cosh: cosh, sp.sinh: sinh, sp.tanh: sinh / cosh, sp.coth: cosh / sinh, sp.sech: 1 / cosh,
            sp.csch: 1 / sinh,
        }  # fmt: skip
        return self.of(forms[type(expr)])

    def _smooth(self, expr: sp.Expr) -> Quotient:
        """A smooth function of one argument: at a finite place, or by what is known of it at infinity."""
        if not isinstance(expr, sp.sin | sp.cos | sp.tan | sp.atan | sp.erf | sp.polylog):
            raise NotUnderstood(f"no rule for the limit of {expr}")
        inner = expr.args[-1]
        value, place = self.of(inner), self.limit(self.of(inner))
        if place.is_infinite:
            return self._far(expr, value, 1 if place is sp.oo else -1)
        if isinstance(expr, sp.polylog) and not (expr.args[0] == 2 and self.sign_of(1 - place) == 1):
            raise NotUnderstood(f"no rule for the limit of {expr}")
        dummy = sp.Dummy(real=True)
        function = expr.func(*expr.args[:-1], dummy)
        at = function.subs(dummy, place)
        slope = SLOPES[type(expr)] if place == 0 else sp.expand_func(function.diff(dummy)).subs(dummy, place)
        if at.has(sp.zoo, sp.nan) or slope.has(sp.zoo, sp.nan):
            raise NotUnderstood(f"{expr} has no value where it goes")
        if not self.sign_of(slope):
            if not isinstance(expr, sp.cos | sp.sin):
                raise NotUnderstood(f"no rule for the limit of {expr} there")
            rest = self.add(value, self.constant(-place))
            return self._taylor(rest, lambda n: function.diff(dummy, n).subs(dummy, place) / sp.factorial(n))
        rest = self.scaled(slope * self.factor(), self.add(value, self.constant(-place)))
        return self.add(self.constant(at), rest)

    def _far(self, expr: sp.Expr, value: Quotient, side: int) -> Quotient:
        """atan, erf and the dilogarithm at infinity."""
        over = self.scaled(self.factor(), self.inverse(value))
        if isinstance(expr, sp.atan):  # atan v = pi/2 - atan(1/v) for v > 0
            return self.add(self.constant(side * sp.pi / 2), self.scaled(sp.S.NegativeOne, over))
        if isinstance(expr, sp.erf):  # 1 - erf v ~ exp(-v^2) / (v sqrt(pi))
            falls = self._exp(self.scaled(sp.S.NegativeOne, self.power(value, 2)))
            gap = self.scaled(-1 / sp.sqrt(sp.pi), self.times(over, falls))
            return self.add(self.constant(sp.Integer(side)), gap)
        if isinstance(expr, sp.polylog) and expr.args[0] == 2 and side < 0:
            # Li2(v) = -pi^2/6 - log(-v)^2/2 - Li2(1/v) for v < 0
            square = self.power(self._log(self.scaled(sp.S.NegativeOne, value)), 2)
            known = self.add(self.constant(-(sp.pi**2) / 6), self.scaled(-sp.S.Half, square))
            return self.add(known, self.scaled(sp.S.NegativeOne, over))
        raise NotUnderstood(f"{expr} has no limit by the rules here")


def _term(growth: Growth, coefficient: sp.Expr) -> Quotient:
    return Quotient({growth: coefficient}, {ONE: sp.S.One})


def _sum(left: Terms, right: Terms) -> Terms:
    total = dict(left)
    for growth, coefficient in right.items():
        value = sp.expand(total.get(growth, sp.S.Zero) + coefficient)
        if value == 0:
            total.pop(growth, None)
        else:
            total[growth] = value
    return total


def _product(left: Terms, right: Terms) -> Terms:
    total: dict[Growth, sp.Expr] = {}
    if len(left) * len(right) > 4000:
        raise NotUnderstood("too many terms for a limit")
    for one, c in left.items():
        for other, d in right.items():
            growth = one.times(other)
            total[growth] = total.get(growth, sp.S.Zero) + c * d
    return {g: v for g, c in total.items() if (v := sp.expand(c)) != 0}


def _simple(value: Quotient) -> Quotient:
    """A quotient by a single term, divided out."""
    if len(value.bottom) != 1 or value.bottom == {ONE: sp.S.One}:
        return value
    ((growth, coefficient),) = value.bottom.items()
    top = {g.times(growth, -1): sp.expand(c / coefficient) for g, c in value.top.items()}
    return Quotient(top, {ONE: sp.S.One})
