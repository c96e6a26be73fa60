"""Conditions: what each partial operation in an expression needs in order to have a value.

The tree is walked as it stands: a quotient that SymPy has already cancelled can no longer ask for anything, so the
caller builds its expressions with `evaluate=False` or states the conditions itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import sympy as sp
from sympy.logic.boolalg import Boolean, BooleanFunction

from mseclf.site.proofs.decision import NotUnderstood

TOTAL = (
    sp.Add, sp.Mul, sp.exp, sp.Abs, sp.sign, sp.Max, sp.Min, sp.sin, sp.cos, sp.atan, sp.sinh, sp.cosh, sp.tanh,
    sp.sech, sp.asinh, sp.erf,
)  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """`need` must hold wherever all of `guards` do; `words` says what for."""

    need: Boolean
    words: str
    guards: tuple[Boolean, ...] = ()

    @property
    def claim(self) -> Boolean:
        """The condition as one formula."""
        return sp.Implies(sp.And(*self.guards), self.need, evaluate=False) if self.guards else self.need


def needs(node: sp.Basic) -> tuple[Condition, ...]:
    """What an expression or a formula needs in order to have a value, inner parts first, each once.

    Raises:
        NotUnderstood: it holds an operation that no rule speaks of.
    """
    return tuple(dict.fromkeys(_walk(node)))


def _walk(node: sp.Basic) -> Iterator[Condition]:
    if isinstance(node, sp.Piecewise):
        yield from _cases(node)
        return
    if isinstance(node, sp.Implies):
        yield from _walk(node.args[0])
        yield from (replace(c, guards=(node.args[0], *c.guards)) for c in _walk(node.args[1]))
        return
    for part in node.args:
        yield from _walk(part)
    yield from _own(node)


def _cases(node: sp.Piecewise) -> Iterator[Condition]:
    earlier: tuple[Boolean, ...] = ()
    for value, condition in node.args:
        yield from (replace(c, guards=(*earlier, *c.guards)) for c in _walk(condition))
        yield from (replace(c, guards=(*earlier, condition, *c.guards)) for c in _walk(value))
        if condition == sp.true:
            return
        earlier = (*earlier, sp.Not(condition))
    yield Condition(sp.Or(*(c for _, c in node.args)), "no case applies")


def _own(node: sp.Basic) -> Iterator[Condition]:
    """What the outermost operation needs."""
    if isinstance(node, sp.Pow):
        yield from _power(node)
    elif isinstance(node, sp.log):
        yield Condition(sp.Gt(node.args[0], 0, evaluate=False), f"the logarithm of {node.args[0]}")
    elif isinstance(node, sp.tan):
        yield Condition(sp.Ne(sp.cos(node.args[0]), 0), f"the tangent of {node.args[0]}")
    elif isinstance(node, sp.cot):
        yield Condition(sp.Ne(sp.sin(node.args[0]), 0), f"the cotangent of {node.args[0]}")
    elif isinstance(node, sp.coth | sp.csch):
        yield Condition(sp.Ne(node.args[0], 0, evaluate=False), f"a division by sinh({node.args[0]})")
    elif isinstance(node, sp.asin | sp.acos):
        yield Condition(sp.Le(node.args[0] ** 2, 1), f"the arcus of {node.args[0]}")
    elif isinstance(node, sp.polylog) and node.args[0] == 2:
        yield Condition(sp.Le(node.args[1], 1), f"the dilogarithm of {node.args[1]}")
    elif node in (sp.zoo, sp.nan):
        yield Condition(sp.false, "a division by zero")
    elif node in (sp.oo, -sp.oo):
        yield Condition(sp.false, "infinity is not a number")
    elif not _total(node):
        raise NotUnderstood(f"no rule for {type(node).__name__.lower()} in {node}")


def _total(node: sp.Basic) -> bool:
    if isinstance(node, sp.Float):
        return False  # a decimal is not the number that it was rounded from
    known = TOTAL, sp.Symbol, sp.Number, sp.NumberSymbol, BooleanFunction, sp.Rel
    return isinstance(node, known) or node.is_Boolean


def exponent_of(node: sp.Pow) -> sp.Expr:
    """The exponent, computed if it is a number."""
    return node.exp.doit() if node.exp.is_number else node.exp


def _power(node: sp.Pow) -> Iterator[Condition]:
    base, power = node.base, exponent_of(node)
    nonzero = sp.Ne(base, 0, evaluate=False)
    positive = sp.Gt(base, 0, evaluate=False)
    if power.is_Integer:
        if power < 0:
            yield Condition(nonzero, f"a division by {base}")
    elif power.is_Rational:
        words = f"the root of {base}"
        yield Condition(positive if power < 0 else sp.Ge(base, 0, evaluate=False), words)
    elif not (base is sp.E or (base.is_number and base.is_positive)):
        above = sp.Gt(power, 0, evaluate=False)
        at_zero = sp.And(sp.Eq(base, 0, evaluate=False), above)
        need = sp.Or(nonzero, above) if power.is_integer else sp.Or(positive, at_zero)
        yield Condition(need, f"the power {node}")
