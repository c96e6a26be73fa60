"""The smallest parts of a value: free symbols, free functions, conditions, and substitution that notices nonsense."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import sympy as sp

from mseclf.proving.errors import Undefined

Index: TypeAlias = Any  # a number at fixed sizes, a letter in schematic.py, None where there is none


@dataclass(frozen=True)
class Atom:
    """What a SymPy symbol stands for: a declared symbol, perhaps of one example, perhaps one component."""

    key: str
    sample: Index = None
    component: Index = None


@dataclass(frozen=True)
class Condition:
    """`expr` must be `sort` (nonzero, positive, nonnegative) wherever `guard` holds."""

    sort: str
    expr: sp.Expr
    guard: sp.Basic = sp.true


class Smooth(sp.Function):  # type: ignore[misc]
    """A free function: Smooth(tag, a, b) with the order of each derivative in the tag's name, ``L|0,1``."""

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        """The derivative raises one order."""
        name, orders = self.args[0].name.split("|")
        new = [int(o) + (place == argindex - 2) for place, o in enumerate(orders.split(","))]
        return Smooth(sp.Symbol(f"{name}|{','.join(map(str, new))}"), *self.args[1:])


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
