"""Values in balls: exact where a value is rational, an enclosure by Arb where it is not.

At a point, `value` says whether an expression has a value and encloses it; over a box of numbers it encloses all values
that the expression takes. A comparison is answered only if the balls are apart, or if both sides are exact; equality of
irrational numbers is left to the exact zero test.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

import sympy as sp
from flint import arb, ctx, fmpq

from mseclf.site.proofs.conditions import exponent_of
from mseclf.site.proofs.decision import NotUnderstood, NoValue, Undecided

Number: TypeAlias = fmpq | arb
Point: TypeAlias = Mapping[sp.Expr, "sp.Expr | Number"]
Zero: TypeAlias = Callable[[sp.Expr], bool]
BITS = (80, 320)
FUNCTIONS: Mapping[type, Callable[[arb], arb]] = {
    sp.cosh: arb.cosh, sp.sinh: arb.sinh, sp.tanh: arb.tanh, sp.coth: arb.coth, sp.sech: arb.sech, sp.csch: arb.csch,
    sp.sin: arb.sin, sp.cos: arb.cos, sp.tan: arb.tan, sp.cot: arb.cot, sp.atan: arb.atan, sp.asinh: arb.asinh,
    sp.erf: arb.erf, sp.asin: arb.asin, sp.acos: arb.acos,
}  # fmt: skip
CONSTANTS: Mapping[sp.Expr, Callable[[], arb]] = {
    sp.pi: arb.pi, sp.E: arb.const_e, sp.EulerGamma: arb.const_euler, sp.Catalan: arb.const_catalan
}  # fmt: skip


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Arb's working precision, put back afterwards."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def never(_: sp.Expr) -> bool:
    """A zero test that shows nothing."""
    return False


class Evaluation:
    """One walk over an expression with the symbols replaced by numbers, exact or balls."""

    def __init__(self, point: Point, zero: Zero = never) -> None:
        self.point = point
        self.zero = zero
        self.known: dict[sp.Expr, Number] = {}

    def value(self, expr: sp.Expr) -> Number:
        """A number or a ball around every value.

        Raises:
            NoValue: it has none.
            Undecided: the ball is too wide to say.
            NotUnderstood: an operation that is unknown here.
        """
        if expr not in self.known:
            self.known[expr] = self._value(expr)
        return self.known[expr]

    def _value(self, expr: sp.Expr) -> Number:
        if isinstance(expr, sp.Rational):
            return fmpq(int(expr.p), int(expr.q))
        if expr in self.point:
            given = self.point[expr]
            return self.value(given) if isinstance(given, sp.Basic) else given
        if isinstance(expr, sp.Add):
            return _fold([self.value(a) for a in expr.args], fmpq(0), lambda a, b: a + b)
        if isinstance(expr, sp.Mul):
            return _fold([self.value(a) for a in expr.args], fmpq(1), lambda a, b: a * b)
        if isinstance(expr, sp.Pow):
            return self._power(expr)
        if expr in CONSTANTS:
            return CONSTANTS[expr]()
        if isinstance(expr, sp.Piecewise):
            return self._cases(expr)
        if isinstance(expr, sp.Function | sp.Max | sp.Min):
            return self._function(expr)
        if expr in (sp.zoo, sp.nan, sp.oo, -sp.oo):
            raise NoValue("a division by zero")
        raise NotUnderstood(f"no rule for {type(expr).__name__.lower()} in {expr}")

    def sign(self, expr: sp.Expr, number: Number | None = None) -> int:
        """The sign of a value.

        Raises:
            Undecided: the ball holds zero and more.
        """
        number = self.value(expr) if number is None else number
        if number > 0:
            return 1
        if number < 0:
            return -1
        if number == 0 or self.zero(expr):
            return 0
        raise Undecided(f"the sign of {expr}")

    def _power(self, expr: sp.Pow) -> Number:
        base, power = self.value(expr.base), self.value(exponent_of(expr))
        if isinstance(power, fmpq) and power.q == 1:
            if power < 0 and self.sign(expr.base, base) == 0:
                raise NoValue(f"a division by zero in {expr}")
            return base ** int(power.p)
        if self.sign(expr.base, base) < 0:
            raise NoValue(f"a root of a negative number in {expr}")
        if self.sign(expr.base, base) == 0:
            if self.sign(expr.exp, power) <= 0:
                raise NoValue(f"a power of zero in {expr}")
            return fmpq(0)
        if isinstance(base, fmpq) and isinstance(power, fmpq):
            exact = sp.Rational(int(base.p), int(base.q)) ** sp.Rational(1, int(power.q))
            if exact.is_Rational:
                return fmpq(int(exact.p), int(exact.q)) ** int(power.p)
        if isinstance(power, fmpq):
            return arb(base).root(int(power.q)) ** int(power.p)
        return (arb(power) * arb(base).log()).exp()

    def _cases(self, expr: sp.Piecewise) -> Number:
        for value, condition in expr.args:
            if self.truth(condition):
                return self.value(value)
        raise NoValue(f"no case applies in {expr}")

    def _function(self, expr: sp.Expr) -> Number:
        argument, numbers = expr.args[0], [self.value(a) for a in expr.args]
        number = numbers[0]
        if isinstance(expr, sp.exp):
            return fmpq(1) if number == 0 and isinstance(number, fmpq) else arb(number).exp()
        if isinstance(expr, sp.log):
            if self.sign(argument, number) <= 0:
                raise NoValue(f"the logarithm of {'zero' if self.sign(argument, number) == 0 else 'a negative number'}")
            return fmpq(0) if number == 1 and isinstance(number, fmpq) else arb(number).log()
        if isinstance(expr, sp.Abs):
            return abs(number) if isinstance(number, arb) else max(number, -number)
        if isinstance(expr, sp.Max | sp.Min):
            return _fold(numbers, None, _larger if isinstance(expr, sp.Max) else lambda a, b: -_larger(-a, -b))
        if isinstance(expr, sp.sign):
            return fmpq(self.sign(argument, number))
        if isinstance(expr, sp.polylog) and numbers[0] == 2:
            return arb(numbers[1]).polylog(arb(2))
        return self._elementary(expr, number)

    def _elementary(self, expr: sp.Expr, number: Number) -> Number:
        if type(expr) not in FUNCTIONS:
            raise NotUnderstood(f"no rule for {expr.func} in {expr}")
        if isinstance(expr, sp.coth | sp.csch) and self.sign(expr.args[0], number) == 0:
            raise NoValue(f"a division by zero in {expr}")
        if isinstance(expr, sp.tan | sp.cot):
            other = (sp.cos if isinstance(expr, sp.tan) else sp.sin)(expr.args[0])
            if self.sign(other) == 0:
                raise NoValue(f"{expr} has no value")
        if number == 0 and isinstance(number, fmpq) and not isinstance(expr, sp.cos | sp.cosh | sp.sech | sp.acos):
            return fmpq(0)
        result = FUNCTIONS[type(expr)](arb(number))
        if result.is_nan():
            raise Undecided(f"the value of {expr}")
        return result

    def truth(self, formula: sp.Basic) -> bool:
        """Whether a formula holds.

        Raises:
            NoValue, Undecided, NotUnderstood: as above.
        """
        if formula in (sp.true, sp.false):
            return bool(formula)
        if isinstance(formula, sp.Rel):
            return self._compare(formula)
        parts = (self.truth(a) for a in formula.args)
        if isinstance(formula, sp.Implies):
            left, right = formula.args
            return not self.truth(left) or self.truth(right)
        if isinstance(formula, sp.Equivalent):
            return len(set(parts)) == 1
        if isinstance(formula, sp.Not):
            return not next(parts)
        if isinstance(formula, sp.And | sp.Or):
            values = list(parts)  # each part must have a value
            return all(values) if isinstance(formula, sp.And) else any(values)
        raise NotUnderstood(f"no rule for {type(formula).__name__.lower()} in {formula}")

    def _compare(self, relation: sp.Rel) -> bool:
        left, right = self.value(relation.lhs), self.value(relation.rhs)
        difference = sp.Add(relation.lhs, sp.Mul(-1, relation.rhs, evaluate=False), evaluate=False)
        sign = self.sign(difference, left - right)
        return sign in SIGNS[type(relation)]


SIGNS: Mapping[type, tuple[int, ...]] = {
    sp.Eq: (0,), sp.Ne: (-1, 1), sp.Lt: (-1,), sp.Le: (-1, 0), sp.Gt: (1,), sp.Ge: (0, 1)
}  # fmt: skip


def _fold(numbers: list[Number], start: Number | None, join: Callable[[Number, Number], Number]) -> Number:
    """The numbers joined from the left, rational ones first, so that what is exact stays exact."""
    ordered = sorted(numbers, key=lambda n: isinstance(n, arb))
    result = ordered.pop(0) if start is None else start
    for number in ordered:
        result = join(result, number)
    return result


def _larger(left: Number, right: Number) -> Number:
    if isinstance(left, fmpq) and isinstance(right, fmpq):
        return max(left, right)
    return arb(left).max(arb(right))


def truth(formula: sp.Basic, point: Point, zero: Zero = never) -> bool:
    """Whether a formula holds at a point, with as many bits as it takes.

    Raises:
        NoValue: a side has none there.
        Undecided: the last precision does not tell.
        NotUnderstood: an operation that is unknown here.
    """
    for bits in BITS:
        with precision(bits):
            try:
                return Evaluation(point, zero if bits == BITS[-1] else never).truth(formula)
            except Undecided:
                continue
    raise Undecided(f"whether {formula} holds at this point")
