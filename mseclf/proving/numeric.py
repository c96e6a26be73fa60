"""Values to fifty digits: the second key to every proof, and the source of every counterexample."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import mpmath as mp
import sympy as sp
from sympy.core.relational import Relational

from mseclf.proving.atoms import Condition, Smooth
from mseclf.proving.errors import Undefined

DIGITS = 50
GUARD = 25  # further digits, lost to cancellation at extreme logits
mp.mp.dps = DIGITS + GUARD
TOLERANCE = mp.mpf(10) ** -(DIGITS - 10)
Point = Mapping[sp.Symbol, mp.mpf]

ELEMENTARY: Mapping[type, Callable[..., mp.mpf]] = {
    sp.exp: mp.exp, sp.cosh: mp.cosh, sp.sinh: mp.sinh, sp.tanh: mp.tanh, sp.Abs: abs, sp.sign: mp.sign,
    sp.Max: max, sp.Min: min, sp.Add: lambda *a: mp.fsum(a), sp.Mul: lambda *a: mp.fprod(a),
}  # fmt: skip
CONSTANTS: Mapping[sp.Expr, Callable[[], mp.mpf]] = {sp.pi: lambda: +mp.pi, sp.E: lambda: +mp.e}


def evaluate(expr: sp.Basic, point: Point = MappingProxyType({})) -> mp.mpf:
    """The value of an expression at a point; of a constant without one.

    Raises:
        Undefined: it has none there.
    """
    return _Evaluation(point).of(expr)


class _Evaluation:
    """One walk over an expression; shared parts are computed once."""

    def __init__(self, point: Point) -> None:
        self.point = point
        self.known: dict[sp.Basic, mp.mpf] = {}

    def of(self, expr: sp.Basic) -> mp.mpf:
        """The value of a part."""
        if expr in self.known:
            return self.known[expr]
        value = self._of(expr)
        if isinstance(value, mp.mpc):
            raise Undefined(f"{expr} is not real")
        self.known[expr] = value
        return value

    def _of(self, expr: sp.Basic) -> mp.mpf:
        if isinstance(expr, sp.Rational):
            return mp.mpf(int(expr.p)) / int(expr.q)
        if isinstance(expr, sp.Symbol):
            return self.point[expr]
        if expr in CONSTANTS:
            return CONSTANTS[expr]()
        if isinstance(expr, sp.Pow):
            return self._power(*expr.args)
        if isinstance(expr, sp.log):
            argument = self.of(expr.args[0])
            if argument <= 0:
                raise Undefined(f"the logarithm of {mp.nstr(argument, 5)}")
            return mp.log(argument)
        if isinstance(expr, Smooth):
            return self._smooth(expr)
        if isinstance(expr, sp.Piecewise):
            return self._piecewise(expr)
        if isinstance(expr, sp.Integral):
            return self._integral(expr)
        if type(expr) in ELEMENTARY:
            return ELEMENTARY[type(expr)](*(self.of(a) for a in expr.args))
        if expr in (sp.oo, -sp.oo):
            return mp.inf if expr is sp.oo else -mp.inf
        if expr.is_number and expr.is_real:
            return mp.mpf(sp.N(expr, mp.mp.dps))
        raise Undefined(f"{expr} has no value")

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> mp.mpf:
        value, power = self.of(base), self.of(exponent)
        if value == 0 and power <= 0:
            raise Undefined("a division by zero")
        if value < 0 and not mp.isint(power):
            raise Undefined("a root of a negative number")
        return value ** (int(power) if mp.isint(power) else power)

    def _smooth(self, expr: Smooth) -> mp.mpf:
        """A free function stands for every smooth one; here, for three exponentials that depend on its name."""
        name, orders = expr.args[0].name.split("|")
        total = mp.mpf(0)
        for term in (1, 2, 3):
            part = mp.mpf(sum(map(ord, name)) % 7 + term) / (term + 1)
            for place, (argument, order) in enumerate(zip(expr.args[1:], orders.split(","), strict=True)):
                rate = mp.mpf((-1) ** (term + place) * (term + 2 * place + 1)) / (3 + term)
                part *= rate ** int(order) * mp.exp(rate * self.of(argument))
            total += part
        return total

    def _piecewise(self, expr: sp.Piecewise) -> mp.mpf:
        for branch, condition in expr.args:
            if holds(condition, self.point):
                return self.of(branch)
        raise Undefined("no case applies")

    def _integral(self, expr: sp.Integral) -> mp.mpf:
        bound, low, high = expr.limits[0]

        def integrand(value: mp.mpf) -> mp.mpf:
            return evaluate(expr.function, {**self.point, bound: value})

        ends = [self.of(low), self.of(high)]
        with mp.workdps(25):
            return +mp.quad(integrand, mp.linspace(*ends, 4) if ends[0] != ends[1] else ends)


def close(left: mp.mpf, right: mp.mpf, tolerance: mp.mpf = TOLERANCE) -> bool:
    """Equal to forty digits, relative to the larger, or to one if both are small."""
    if mp.isinf(left) or mp.isinf(right):
        return bool(left == right)
    return bool(abs(left - right) <= tolerance * max(1, abs(left), abs(right)))


def satisfied(left: mp.mpf, sign: str, right: mp.mpf, tolerance: mp.mpf = TOLERANCE) -> bool:
    """Whether a relation holds between two numbers that are known to fifty digits."""
    equal = close(left, right, tolerance)
    if sign in ("=", "==", "!="):
        return equal == (sign != "!=")
    if sign in ("<=", ">="):
        return equal or (left < right) == (sign == "<=")
    return not equal and (left < right) == (sign == "<")


def holds(condition: sp.Basic, point: Point) -> bool:
    """Whether a relation, or a combination of relations, holds at a point."""
    truth = {}
    for relation in condition.atoms(Relational):
        left, right = (evaluate(side, point) for side in relation.args)
        truth[relation] = sp.sympify(satisfied(left, relation.rel_op, right))
    return condition.xreplace(truth) is sp.true


def broken(condition: Condition, point: Point) -> str | None:
    """What is wrong with a condition at a point, or None."""
    if not holds(condition.guard, point):
        return None
    value = evaluate(condition.expr, point)
    if condition.sort == "nonzero" and value == 0:
        return "a division by zero"
    if condition.sort == "positive" and value <= 0:
        return f"the logarithm or power of {mp.nstr(value, 5)}"
    if condition.sort == "nonnegative" and value < 0:
        return f"the root of {mp.nstr(value, 5)}"
    return None
