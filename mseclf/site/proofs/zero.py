"""A field of rational functions in generators, where being zero is decidable: the exact zero test.

An expression is rewritten by identities that hold wherever both sides have a value: exp(a + b/2) is a product of powers
of one exponential per direction, the logarithm of a product of positive factors is the sum of their logarithms, cosh
and its kin are exponentials, roots and absolute values carry the relation that defines them. What vanishes as a
rational function of the generators vanishes wherever it has a value. The converse is never used.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import lcm
from typing import TypeAlias

import sympy as sp
from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from mseclf.site.proofs.decision import NotUnderstood

Poly: TypeAlias = fmpq_mpoly
SIZE = 60  # generators at most
LARGE = 40  # powers beyond are not multiplied out
CONSTANTS = (sp.pi, sp.EulerGamma, sp.Catalan, sp.GoldenRatio)
HYPERBOLIC = {sp.cosh, sp.sinh, sp.tanh, sp.coth, sp.sech, sp.csch}
OPAQUE = (sp.atan, sp.asin, sp.acos, sp.erf, sp.polylog, sp.asinh, sp.loggamma)


class Finer(Exception):
    """An exponential of a smaller share of a direction is needed than the one that has a generator: begin again."""


@dataclass(frozen=True)
class Ratio:
    """A reduced fraction of polynomials in the generators."""

    top: Poly
    bottom: Poly

    @staticmethod
    def of(top: Poly, bottom: Poly) -> "Ratio":
        """The fraction, reduced; the denominator's leading coefficient is 1."""
        if bottom.is_zero():
            raise NotUnderstood("a division by an expression that is zero everywhere")
        if bottom.is_constant():
            return Ratio(top / bottom.leading_coefficient(), bottom / bottom.leading_coefficient())
        common = top.gcd(bottom)
        top, bottom = top / common, bottom / common
        lead = bottom.leading_coefficient()
        return Ratio(top / lead, bottom / lead)

    def __add__(self, other: "Ratio") -> "Ratio":
        if self.bottom == other.bottom:
            return Ratio.of(self.top + other.top, self.bottom)
        return Ratio.of(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

    def __neg__(self) -> "Ratio":
        return Ratio(-self.top, self.bottom)

    def __sub__(self, other: "Ratio") -> "Ratio":
        return self + -other

    def __mul__(self, other: "Ratio") -> "Ratio":
        return Ratio.of(self.top * other.top, self.bottom * other.bottom)

    def __pow__(self, power: int) -> "Ratio":
        if power < 0:
            return Ratio.of(self.bottom ** (-power), self.top ** (-power))
        return Ratio(self.top**power, self.bottom**power)

    @cached_property
    def key(self) -> str:
        """The same for equal fractions."""
        return f"{self.top}|{self.bottom}"

    @property
    def number(self) -> fmpq | None:
        """Its value if it is a number."""
        if not (self.top.is_constant() and self.bottom.is_constant()):
            return None
        return fmpq(0) if self.top.is_zero() else self.top.leading_coefficient() / self.bottom.leading_coefficient()


@dataclass(frozen=True, eq=False)
class Generator:
    """An independent part. `kind` says which facts hold of it, `arguments` what they speak of."""

    index: int
    kind: str
    arguments: tuple[Ratio, ...]
    meaning: sp.Expr
    degree: int = 0  # of the relation: its power of this degree is arguments[0], if not 0


class Field:
    """The generators that the expressions of one claim have needed so far."""

    def __init__(self, positive: Callable[[Poly], bool], shares: dict[str, int]) -> None:
        self.positive = positive  # whether a polynomial in the generators is shown to be positive
        self.shares = shares  # direction of an exponent -> the denominator that serves all
        self.ring = fmpq_mpoly_ctx.get([f"g{i}" for i in range(SIZE)], Ordering.lex)
        self.variables = self.ring.gens()
        self.generators: list[Generator] = []
        self.keys: dict[object, Generator] = {}
        self.known: dict[sp.Expr, Ratio] = {}
        self.one = self.ring.constant(1)

    # generators ------------------------------------------------------------------------------------------------

    def constant(self, number: fmpq | int) -> Ratio:
        """A rational number."""
        return Ratio(self.ring.constant(number), self.one)

    def variable(self, generator: Generator) -> Ratio:
        """A generator as a fraction."""
        return Ratio(self.variables[generator.index], self.one)

    def generator(
        self, kind: str, key: object, meaning: sp.Expr, arguments: tuple[Ratio, ...] = (), degree: int = 0
    ) -> Generator:
        """The generator with this key, made if it is new."""
        if (kind, key) not in self.keys:
            if len(self.generators) == SIZE:
                raise NotUnderstood(f"more than {SIZE} independent parts")
            made = Generator(len(self.generators), kind, arguments, meaning, degree)
            self.generators.append(made)
            self.keys[kind, key] = made
        return self.keys[kind, key]

    def only(self, poly: Poly) -> Generator | None:
        """The generator that a polynomial consists of, if it is one."""
        used = [i for i, degree in enumerate(poly.degrees()) if degree]
        if len(used) == 1 and poly == self.variables[used[0]]:
            return self.generators[used[0]]
        return None

    def expression(self, value: Ratio) -> sp.Expr:
        """What a fraction stands for."""
        return self._back(value.top) / self._back(value.bottom)

    def _back(self, poly: Poly) -> sp.Expr:
        terms = []
        for powers, coefficient in poly.terms():
            factors = [self.generators[i].meaning ** int(p) for i, p in enumerate(powers) if p]
            terms.append(sp.Mul(rational(coefficient), *factors))
        return sp.Add(*terms)

    # the walk ---------------------------------------------------------------------------------------------------

    def ratio(self, expr: sp.Expr) -> Ratio:
        """The expression as a fraction.

        Raises:
            NotUnderstood: it holds something unknown here.
            Finer: a generator must be refined.
        """
        if expr not in self.known:
            self.known[expr] = self._ratio(expr)
        return self.known[expr]

    def _ratio(self, expr: sp.Expr) -> Ratio:
        if isinstance(expr, sp.Rational):
            return self.constant(fmpq(int(expr.p), int(expr.q)))
        if isinstance(expr, sp.Symbol):
            return self.variable(self.generator("symbol", expr, expr))
        if isinstance(expr, sp.Add):
            return self._sum([self.ratio(a) for a in expr.args])
        if isinstance(expr, sp.Mul):
            result = self.constant(1)
            for factor in expr.args:
                result = result * self.ratio(factor)
            return result
        if expr is sp.E:
            return self.exponential(self.constant(1))
        if isinstance(expr, sp.exp):
            return self.exponential(self.ratio(expr.args[0]))
        if isinstance(expr, sp.Pow):
            return self._power(expr.base, expr.exp)
        if isinstance(expr, sp.log) and len(expr.args) == 1:
            return self.logarithm(self.ratio(expr.args[0]))
        if type(expr) in HYPERBOLIC:
            return self._hyperbolic(expr)
        if isinstance(expr, sp.Abs):
            return self._absolute(self.ratio(expr.args[0]))
        if isinstance(expr, sp.Max | sp.Min):
            return self._extreme(expr)
        if isinstance(expr, sp.sin | sp.cos | sp.tan | sp.cot):
            return self._circular(expr)
        if expr in CONSTANTS:
            return self.variable(self.generator("constant", expr, expr))
        return self._opaque(expr)

    def _sum(self, parts: list[Ratio]) -> Ratio:
        """A sum, terms with one denominator first."""
        groups: dict[str, Ratio] = {}
        for part in parts:
            key = str(part.bottom)
            groups[key] = Ratio(groups[key].top + part.top, part.bottom) if key in groups else part
        result = self.constant(0)
        for group in groups.values():
            result = result + Ratio.of(group.top, group.bottom)
        return result

    def _opaque(self, expr: sp.Expr) -> Ratio:
        """A function known by its arguments only: equal arguments, equal values."""
        if not isinstance(expr, OPAQUE):
            raise NotUnderstood(f"no rule for {type(expr).__name__.lower()} in {expr}")
        values = tuple(self.ratio(a) for a in expr.args)
        return self.variable(self.generator(expr.func.__name__, tuple(v.key for v in values), expr, values))

    # exponentials, logarithms, powers ---------------------------------------------------------------------------

    def _hyperbolic(self, expr: sp.Expr) -> Ratio:
        argument = self.ratio(expr.args[0])
        up, down = self.exponential(argument), self.exponential(-argument)
        half = self.constant(fmpq(1, 2))
        cosh, sinh = (up + down) * half, (up - down) * half
        return {
            sp.cosh: lambda: cosh, sp.sinh: lambda: sinh, sp.tanh: lambda: sinh * cosh**-1,
            sp.coth: lambda: cosh * sinh**-1, sp.sech: lambda: cosh**-1, sp.csch: lambda: sinh**-1,
        }[type(expr)]()  # fmt: skip

    def terms(self, value: Ratio) -> Iterator[tuple[fmpq, Ratio]]:
        """A fraction as a sum of rational multiples of directions."""
        whole, rest = (value.top, value.top * 0)
        if not value.bottom.is_constant():
            whole, rest = divmod(value.top, value.bottom)
        for powers, coefficient in whole.terms():
            yield coefficient, Ratio(self.ring.from_dict({powers: 1}), self.one)
        if not rest.is_zero():
            lead = rest.leading_coefficient()
            yield lead, Ratio.of(rest / lead, value.bottom)

    def exponential(self, argument: Ratio) -> Ratio:
        """The exponential of a fraction."""
        result = self.constant(1)
        for coefficient, direction in self.terms(argument):
            alone = self.only(direction.top) if direction.bottom.is_constant() else None
            if alone is not None and alone.kind == "log":  # exp(c log f) is the power f^c of a positive f
                result = result * self.fractional(alone.arguments[0], coefficient)
                continue
            if abs(coefficient) > LARGE:  # e^5000 would be a polynomial of that degree: a generator of its own
                direction, coefficient = direction * self.constant(coefficient), fmpq(1)
            meaning = self.expression(direction)
            key = str(meaning)
            share = self.shares.setdefault(key, 1)
            if share % int(coefficient.q):
                self.shares[key] = lcm(share, int(coefficient.q))
                raise Finer(key)
            exponent = direction * self.constant(fmpq(1, share))
            made = self.generator("exp", direction.key, sp.exp(meaning / share), (exponent,))
            result = result * self.variable(made) ** int(coefficient * share)
        return result

    def fractional(self, base: Ratio, power: fmpq) -> Ratio:
        """The power of a base that is positive, or nonnegative where the power is positive."""
        if power.q == 1:
            return base ** int(power.p)
        factors = self.factors(base)
        if factors is None:
            root = self._root(base, int(power.q))
            return root ** int(power.p)
        result = self.constant(1)
        for factor, times in factors:
            result = result * self._factor_power(factor, times * power)
        return result

    def _factor_power(self, factor: Ratio, power: fmpq) -> Ratio:
        if power.q == 1:
            return factor ** int(power.p)
        alone = self.only(factor.top)
        if alone is not None and alone.kind == "exp":
            return self.exponential(alone.arguments[0] * self.constant(power))
        if alone is not None and alone.kind == "root":
            return self.fractional(alone.arguments[0], power / alone.degree)
        return self._root(factor, int(power.q)) ** int(power.p)

    def _root(self, base: Ratio, degree: int) -> Ratio:
        meaning = self.expression(base) ** sp.Rational(1, degree)
        return self.variable(self.generator("root", (base.key, degree), meaning, (base,), degree))

    def factors(self, value: Ratio) -> list[tuple[Ratio, int]] | None:
        """A fraction as a product of powers of positive factors, primes among them; None if a sign is not shown."""
        if value.top.is_zero() or max(value.top.total_degree(), value.bottom.total_degree()) > LARGE:
            return None
        result: list[tuple[Ratio, int]] = []
        number = fmpq(1)
        for poly, turn in ((value.top, 1), (value.bottom, -1)):
            content, parts = poly.factor()
            number *= content**turn
            for part, times in parts:
                if self.positive(part):
                    result.append((Ratio(part, self.one), turn * int(times)))
                elif self.positive(-part):
                    result.append((Ratio(-part, self.one), turn * int(times)))
                    number *= (-1) ** int(times)
                else:
                    return None
        if number <= 0:
            return None
        for prime, times in sp.factorrat(sp.Rational(int(number.p), int(number.q))).items():
            result.append((self.constant(int(prime)), int(times)))
        return result

    def logarithm(self, argument: Ratio) -> Ratio:
        """The logarithm of a fraction."""
        factors = self.factors(argument)
        if factors is None:
            return self._log(argument)
        return self._sum([self.constant(times) * self._factor_log(factor) for factor, times in factors])

    def _factor_log(self, factor: Ratio) -> Ratio:
        alone = self.only(factor.top)
        if alone is not None and alone.kind == "exp":
            return alone.arguments[0]
        if alone is not None and alone.kind == "root":
            return self.constant(fmpq(1, alone.degree)) * self.logarithm(alone.arguments[0])
        return self._log(factor)

    def _log(self, argument: Ratio) -> Ratio:
        made = self.generator("log", argument.key, sp.log(self.expression(argument)), (argument,))
        return self.variable(made)

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> Ratio:
        if base is sp.E:
            return self.exponential(self.ratio(exponent))
        value, power = self.ratio(base), self.ratio(exponent)
        if power.number is not None:
            return self.fractional(value, power.number)
        factors = self.factors(value)
        if factors is None:
            key = (value.key, power.key)
            kind = "signed power" if exponent.is_integer else "power"
            return self.variable(self.generator(kind, key, base**exponent, (value, power)))
        logs = self._sum([self.constant(times) * self._factor_log(factor) for factor, times in factors])
        return self.exponential(power * logs)

    # kinks and circles -------------------------------------------------------------------------------------------

    def _absolute(self, value: Ratio) -> Ratio:
        if value.top.is_zero() or self.positive(value.top * value.bottom):
            return value
        if self.positive(-value.top * value.bottom):
            return -value
        if value.top.leading_coefficient() < 0:
            value = -value
        meaning = sp.Abs(self.expression(value))
        return self.variable(self.generator("abs", value.key, meaning, (value * value, value), 2))

    def _extreme(self, expr: sp.Expr) -> Ratio:
        result = self.ratio(expr.args[0])
        half = self.constant(fmpq(1, 2))
        for other in expr.args[1:]:
            value = self.ratio(other)
            gap = self._absolute(result - value)
            result = (result + value + (gap if isinstance(expr, sp.Max) else -gap)) * half
        return result

    def _circular(self, expr: sp.Expr) -> Ratio:
        argument = expr.args[0]
        if isinstance(expr, sp.tan):
            return self._circular(sp.sin(argument)) * self._circular(sp.cos(argument)) ** -1
        if isinstance(expr, sp.cot):
            return self._circular(sp.cos(argument)) * self._circular(sp.sin(argument)) ** -1
        wide = sp.expand_trig(expr)
        if wide != expr:
            return self.ratio(wide)
        value = self.ratio(argument)
        turned = not value.top.is_zero() and value.top.leading_coefficient() < 0
        value = -value if turned else value
        cos = self.variable(self.generator("cos", value.key, sp.cos(self.expression(value)), (value,)))
        if isinstance(expr, sp.cos):
            return cos
        square = self.constant(1) - cos * cos
        meaning = sp.sin(self.expression(value))
        sin = self.variable(self.generator("sin", value.key, meaning, (square, value), 2))
        return -sin if turned else sin

    # the test ----------------------------------------------------------------------------------------------------

    def reduced(self, poly: Poly) -> Poly:
        """A polynomial, up to a factor without zeros, with powers of roots replaced by what they are."""
        for made in reversed(self.generators):
            if made.degree and int(poly.degrees()[made.index]) >= made.degree:
                poly = self._lowered(poly, made)
        return poly

    def _lowered(self, poly: Poly, made: Generator) -> Poly:
        inner = made.arguments[0]
        highest = int(poly.degrees()[made.index]) // made.degree
        result = poly * 0
        for powers, coefficient in poly.terms():
            times, rest = divmod(int(powers[made.index]), made.degree)
            kept = (*powers[: made.index], rest, *powers[made.index + 1 :])
            monomial = self.ring.from_dict({kept: coefficient})
            result += monomial * inner.top**times * inner.bottom ** (highest - times)
        return result

    def vanishes(self, value: Ratio) -> bool:
        """Whether a fraction is zero wherever it has a value."""
        return bool(self.reduced(value.top).is_zero())


def rational(number: fmpq) -> sp.Rational:
    """A number of FLINT's as one of SymPy's."""
    return sp.Rational(int(number.p), int(number.q))
