"""Expressions to rational functions of independent generators, where being zero is decidable.

Exponentials are written through one symbol per direction (exp(z/2) and exp(z) share one), logarithms of positive
products are split into logarithms of irreducible factors, roots get a symbol and the relation that defines it.
Whatever vanishes as a rational function vanishes as an expression: a zero is a proof. The converse would need the
generators to be algebraically independent; where they are not, the answer is "not shown", never "false".
"""

from collections.abc import Callable

import sympy as sp
from sympy import QQ
from sympy.polys.fields import FracField

from mseclf.proving.atoms import Smooth
from mseclf.proving.domains import Domain

DomainOf = Callable[[sp.Symbol], Domain]


class Normal:
    """A set of generators, shared by the expressions that are compared."""

    def __init__(self, domain_of: DomainOf, *expressions: sp.Expr) -> None:
        self.domain_of = domain_of
        self.meaning: dict[sp.Symbol, sp.Expr] = {}  # generator -> what it stands for
        self.symbols: dict[object, sp.Symbol] = {}
        self.relations: dict[sp.Symbol, tuple[int, sp.Expr]] = {}  # root -> (degree, what its power is)
        self.shares: dict[sp.Expr, int] = {}  # exponent direction -> common denominator
        for expression in expressions:
            self._collect(expression)

    def _collect(self, expression: sp.Expr) -> None:
        """The denominators of the exponents, so that one generator serves them all."""
        for power in expression.atoms(sp.exp, sp.cosh, sp.sinh, sp.tanh):
            for term in sp.Add.make_args(sp.expand(power.args[0])):
                share, direction = term.as_coeff_Mul()
                if direction != 1 or not isinstance(power, sp.exp) or not share.is_integer:
                    known = self.shares.get(direction, 1)
                    self.shares[direction] = sp.ilcm(known, sp.Rational(share).q if share.is_Rational else 1)

    def generator(self, key: object, meaning: sp.Expr, positive: bool = False) -> sp.Symbol:
        """The symbol that stands for `meaning`."""
        if key not in self.symbols:
            symbol = sp.Symbol(f"g{len(self.symbols)}", real=True, positive=positive or None)
            self.symbols[key] = symbol
            self.meaning[symbol] = meaning
        return self.symbols[key]

    def rational(self, expr: sp.Expr) -> sp.Expr:
        """The expression in generators; rational in them."""
        if isinstance(expr, sp.Rational | sp.Symbol):
            return expr
        if isinstance(expr, sp.Add | sp.Mul):
            return expr.func(*(self.rational(a) for a in expr.args))
        if isinstance(expr, sp.exp) or expr is sp.E:
            return self._exponential(expr.args[0] if expr.args else sp.S.One)
        if isinstance(expr, sp.Pow):
            return self._power(expr.base, expr.exp)
        if isinstance(expr, sp.log):
            return self._logarithm(expr.args[0])
        if isinstance(expr, sp.cosh | sp.sinh | sp.tanh):
            return self._hyperbolic(expr)
        if isinstance(expr, Smooth):
            arguments = tuple(sp.cancel(self.rational(a)) for a in expr.args[1:])
            return self.generator((expr.args[0], arguments), expr)
        return self.generator(expr, expr, positive=bool(expr.is_positive))

    def _hyperbolic(self, expr: sp.Expr) -> sp.Expr:
        up, down = self._exponential(expr.args[0]), self._exponential(-expr.args[0])
        if isinstance(expr, sp.tanh):
            return (up - down) / (up + down)
        return (up + down if isinstance(expr, sp.cosh) else up - down) / 2

    def _exponential(self, argument: sp.Expr) -> sp.Expr:
        factors = []
        for term in sp.Add.make_args(sp.expand(argument)):
            share, direction = term.as_coeff_Mul()
            logs = [f for f in sp.Mul.make_args(direction) if isinstance(f, sp.log)]
            if len(logs) == 1:
                factors.append(self._power(logs[0].args[0], term / logs[0]))
                continue
            common = self.shares.setdefault(direction, sp.Rational(share).q if share.is_Rational else 1)
            times = share * common
            if not times.is_Integer:  # a denominator that was not foreseen: a generator of its own
                direction, common, times = term, 1, sp.S.One
            factors.append(self.generator(("exp", direction), sp.exp(direction / common), positive=True) ** times)
        return sp.Mul(*factors)

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
        if exponent.is_Integer:
            return self.rational(base) ** exponent
        if exponent.is_Rational:
            inner = self.rational(base)
            meaning = base ** sp.Rational(1, exponent.q)
            root = self.generator(("root", base, exponent.q), meaning, positive=bool(meaning.is_positive))
            self.relations[root] = (exponent.q, inner)
            return root**exponent.p
        whole, rest = sp.expand(exponent).as_coeff_Add()
        if not whole.is_Integer:
            whole, rest = sp.S.Zero, exponent
        product = self.rational(base) ** whole
        for term in sp.Add.make_args(sp.expand(rest * self._logarithm(base))):
            share, direction = term.as_coeff_Mul()
            if not share.is_Integer:
                share, direction = sp.S.One, term
            product *= self.generator(("power", direction), self.back(sp.exp(direction)), positive=True) ** share
        return product

    def _logarithm(self, argument: sp.Expr) -> sp.Expr:
        """The logarithm of a product of positive factors, as a sum; else a generator."""
        top, bottom = self.fraction(argument)
        number, factors = sp.factor_list(top)
        below, others = sp.factor_list(bottom)
        number /= below
        parts = []
        for factor, exponent in [*factors, *((f, -e) for f, e in others)]:
            sign = self.sign(factor)
            if sign is None:
                return self._whole(argument)
            number *= sp.Integer(sign) ** exponent
            parts.append(exponent * self._simple(sign * factor))
        if not number.is_Rational or number <= 0:
            return self._whole(argument)
        for prime, exponent in sp.factorrat(number).items():
            parts.append(exponent * self.generator(("log", prime), sp.log(prime), positive=True))
        return sp.Add(*parts)

    def _whole(self, argument: sp.Expr) -> sp.Expr:
        canonical = sp.cancel(self.rational(argument))
        return self.generator(("log", canonical), sp.log(argument))

    def _simple(self, factor: sp.Expr) -> sp.Expr:
        """The logarithm of one irreducible positive factor."""
        for key, symbol in self.symbols.items():
            if symbol == factor and isinstance(key, tuple) and key[0] == "root":
                return self._logarithm(key[1]) / key[2]
            if symbol == factor and isinstance(key, tuple) and key[0] in ("exp", "power"):
                direction = key[1] / (self.shares[key[1]] if key[0] == "exp" else 1)
                return self.rational(direction) if key[0] == "exp" else direction
        return self.generator(("log", factor), sp.log(self.back(factor)))

    def back(self, expr: sp.Expr) -> sp.Expr:
        """Generators replaced by what they stand for."""
        return expr.xreplace(self.meaning)

    def sign(self, factor: sp.Expr) -> int | None:
        """1 or -1 if the sign of a polynomial is plain: from the ends of each variable in which it is affine."""
        return _plain_sign(sp.expand(factor), self.bounds)

    def bounds(self, symbol: sp.Symbol) -> Domain:
        """Where a generator lies."""
        if symbol not in self.meaning:
            return self.domain_of(symbol)
        return Domain(low=sp.S.Zero) if symbol.is_positive else Domain()

    def fraction(self, expr: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
        """Numerator and denominator in the generators, cancelled, roots reduced."""
        flat = self.rational(expr)
        if not flat.free_symbols:
            return flat, sp.S.One
        element = FracField(sorted(flat.free_symbols, key=str), QQ).from_expr(flat)
        top, bottom = element.numer.as_expr(), element.denom.as_expr()
        return self._reduce(top), self._reduce(bottom)

    def _reduce(self, polynomial: sp.Expr) -> sp.Expr:
        for root, (degree, inner) in self.relations.items():
            if polynomial.has(root):
                top, bottom = sp.fraction(sp.together(inner))
                polynomial = sp.rem(polynomial, bottom * root**degree - top, root)
        return polynomial

    def is_zero(self, expr: sp.Expr) -> bool:
        """Whether an expression vanishes as a rational function: then it vanishes everywhere.

        Terms that share no symbol (the examples of a batch) are looked at apart: if each vanishes, so does the sum.
        """
        parts = _independent(expr)
        if len(parts) > 1 and all(self._vanishes(part) for part in parts):
            return True
        return self._vanishes(expr)

    def _vanishes(self, expr: sp.Expr) -> bool:
        return bool(sp.expand(self.fraction(expr)[0]) == 0)


def _independent(expr: sp.Expr) -> list[sp.Expr]:
    """The terms of a sum, grouped so that no two groups share a symbol."""
    groups: list[tuple[set[sp.Symbol], list[sp.Expr]]] = []
    for term in sp.Add.make_args(expr):
        symbols, terms = set(term.free_symbols), [term]
        for group in [g for g in groups if g[0] & symbols]:
            groups.remove(group)
            symbols, terms = symbols | group[0], group[1] + terms
        groups.append((symbols, terms))
    return [sp.Add(*terms) for _, terms in groups]


def _plain_sign(polynomial: sp.Expr, bounds: Callable[[sp.Symbol], Domain]) -> int | None:
    """The sign of a polynomial on a box, if it can be read off its corners in affine variables."""
    symbols = sorted(polynomial.free_symbols, key=str)
    if not symbols:
        return int(sp.sign(polynomial)) or None
    first = symbols[0]
    if sp.degree(polynomial, first) != 1:
        lows = [bounds(s) for s in symbols]
        coefficients = sp.Poly(polynomial, *symbols).coeffs()
        if all(d.low >= 0 and d.low_open for d in lows) and len({bool(c > 0) for c in coefficients}) == 1:
            return 1 if coefficients[0] > 0 else -1
        return None
    domain = bounds(first)
    slope = polynomial.coeff(first, 1)
    ends = []
    for end, direction in ((domain.low, -1), (domain.high, 1)):
        at = slope * direction if end.is_infinite else polynomial.subs(first, end)
        is_open = domain.low_open if direction < 0 else domain.high_open
        at = sp.expand(at)
        ends.append(0 if at == 0 and is_open else _plain_sign(at, bounds) if at != 0 else None)
    if None in ends or set(ends) == {0} or {1, -1} <= set(ends):
        return None
    return 1 if 1 in ends else -1
