"""The smallest parts of a value: free symbols, free functions, what is held for later, and conditions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import sympy as sp
from sympy.logic.boolalg import Boolean

from mseclf.site.latex.errors import TypeTrouble, Undefined

Index: TypeAlias = Any  # a number at stated sizes, a letter in schematic.py, None where there is none


@dataclass(frozen=True)
class Atom:
    """What a SymPy symbol stands for: a declared symbol, perhaps of one example, perhaps one component."""

    key: str
    sample: Index = None
    component: Index = None


@dataclass(frozen=True)
class Condition:
    """`needed` must hold wherever `guard` holds, or an operation has no value.

    `sharp` says that it is necessary too: where it fails the side has no value, which refutes the claim. A condition
    that is only sufficient (no kink where something is differentiated) makes the claim unproved, never false.
    """

    needed: Boolean
    words: str
    guard: Boolean = sp.true
    sharp: bool = True

    def put(self, mapping: Mapping[sp.Expr, sp.Expr]) -> "Condition":
        """The condition after a substitution."""
        return Condition(self.needed.xreplace(mapping), self.words, self.guard.xreplace(mapping), self.sharp)

    def under(self, guard: Boolean, sharp: bool = True) -> "Condition":
        """The condition, asked for where `guard` holds as well."""
        return Condition(self.needed, self.words, sp.And(self.guard, guard), self.sharp and sharp)


class Smooth(sp.Function):  # type: ignore[misc]
    """A free function: Smooth(tag, a, b) with the order of each derivative in the tag's name, ``L|0,1``."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative raises one order."""
        name, orders = self.args[0].name.split("|")
        new = [int(o) + (place == argindex - 2) for place, o in enumerate(orders.split(","))]
        return Smooth(sp.Symbol(f"{name}|{','.join(map(str, new))}"), *self.args[1:])


class Held(sp.Expr):  # type: ignore[misc]
    """A limit, an extreme or an integral that is decided together with the claim: Held(kind, variable, body, *rest).

    The rest of a limit: the target and the direction; of an extreme: the domain; of an integral: both ends. The
    variable is a dummy, so no substitution can touch it.
    """

    is_commutative = True
    is_real = True

    @property
    def kind(self) -> str:
        """Limit, integral, max, min, sup, inf, argmax or argmin."""
        return str(self.args[0])

    @property
    def free_symbols(self) -> set[sp.Symbol]:
        """The dummy is bound, and the kind is a name."""
        return set().union(*(a.free_symbols for a in self.args[2:])) - {self.args[1]}

    def _eval_derivative(self, symbol: sp.Symbol) -> sp.Expr:
        if symbol not in self.free_symbols:
            return sp.S.Zero
        if self.kind != "integral":
            raise TypeTrouble(f"the derivative of a {self.kind}")
        variable, body, low, high = self.args[1:]
        at_ends = body.xreplace({variable: high}) * high.diff(symbol) - body.xreplace({variable: low}) * low.diff(
            symbol
        )
        if symbol in body.free_symbols:
            raise TypeTrouble("the derivative of an integral in what stands under it")
        return at_ends


def put(expr: sp.Expr, mapping: Mapping[sp.Expr, sp.Expr]) -> sp.Expr:
    """Replace symbols, all at once.

    Raises:
        Undefined: the result has no value.
    """
    if not mapping:
        return expr
    result = expr.xreplace(dict(mapping))
    if result.has(sp.zoo, sp.nan) and not expr.has(sp.zoo, sp.nan):
        names = ", ".join(f"{old} = {new}" for old, new in mapping.items())
        raise Undefined(f"no value at {names}: a division by zero or the logarithm of zero")
    return result
