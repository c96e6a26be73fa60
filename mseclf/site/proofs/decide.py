"""Decisions over the real numbers: Proved, Refuted with a point, or Unknown with a reason."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec

import sympy as sp

from mseclf.site.proofs.calculus import Calculus
from mseclf.site.proofs.decision import (
    Decision,
    NotUnderstood,
    NoValue,
    Proved,
    Refuted,
    Spent,
    Undecided,
    Unknown,
)
from mseclf.site.proofs.relations import Decider
from mseclf.site.proofs.verdict import Means

P = ParamSpec("P")

__all__ = [
    "Decision", "Proved", "Refuted", "Unknown", "decide", "decide_approximation",
    "decide_asymptotic", "decide_extreme", "decide_integral", "decide_limit",
]  # fmt: skip


def sound(question: Callable[P, Decision]) -> Callable[P, Decision]:
    """A question whose failure is an answer: whatever goes wrong, nothing was shown."""

    @wraps(question)
    def asked(*args: P.args, **kwargs: P.kwargs) -> Decision:
        try:
            return question(*args, **kwargs)
        except (NotUnderstood, Undecided, NoValue, Spent) as error:
            return Unknown(str(error))
        except Exception as error:  # a library that gives up has shown nothing
            return Unknown(f"the checker itself failed here: {type(error).__name__}: {error}")

    return asked


@sound
def decide(claim: sp.Basic, given: Sequence[sp.Basic] = ()) -> Decision:
    """Whether a claim holds, and has a value, wherever the hypotheses hold."""
    return Decider().decide(claim, tuple(given))


@sound
def decide_approximation(expression: sp.Expr, decimal: str, given: Sequence[sp.Basic] = ()) -> Decision:
    """Whether a number is what a decimal says, to half a unit of its last digit."""
    if expression.free_symbols:
        raise NotUnderstood(
            "an approximation is of a number; this depends on " + ", ".join(map(str, expression.free_symbols))
        )
    text = decimal.replace(" ", "").replace(",", "")
    digits = len(text.partition(".")[2])
    gap = sp.Abs(expression - sp.Rational(text), evaluate=False)
    found = Decider().decide(sp.Le(gap, sp.Rational(1, 2) / 10**digits, evaluate=False), tuple(given))
    if isinstance(found, Proved):
        return Proved(Means.BALLS)
    return Refuted({}, expression, sp.Rational(text)) if isinstance(found, Refuted) else found


@sound
def decide_limit(
    expression: sp.Expr,
    variable: sp.Symbol,
    target: sp.Expr,
    value: sp.Expr,
    given: Sequence[sp.Basic] = (),
    direction: str = "both",
) -> Decision:
    """Whether an expression goes to a value, for every value of the parameters; both may be infinite."""
    return Calculus(given).limit(expression, variable, sp.sympify(target), sp.sympify(value), direction)


@sound
def decide_asymptotic(
    left: sp.Expr,
    right: sp.Expr,
    variable: sp.Symbol,
    target: sp.Expr,
    given: Sequence[sp.Basic] = (),
) -> Decision:
    """Whether the quotient of two expressions goes to 1, the right one not zero near the target."""
    ratio = sp.Mul(left, sp.Pow(right, -1, evaluate=False), evaluate=False)
    return Calculus(given).limit(ratio, variable, sp.sympify(target), sp.S.One, "both")


@sound
def decide_extreme(
    kind: str,
    expression: sp.Expr,
    variable: sp.Symbol,
    domain: Sequence[sp.Basic],
    value: sp.Expr,
    given: Sequence[sp.Basic] = (),
) -> Decision:
    """Whether sup, inf, max, min, argmax or argmin (the only place) of an expression over a domain is a value."""
    return Calculus(given).extreme(kind, expression, variable, tuple(domain), sp.sympify(value))


@sound
def decide_integral(
    integrand: sp.Expr,
    variable: sp.Symbol,
    low: sp.Expr,
    high: sp.Expr,
    value: sp.Expr,
    given: Sequence[sp.Basic] = (),
) -> Decision:
    """Whether an integral, proper or improper, exists and is a value."""
    return Calculus(given).integral(integrand, variable, sp.sympify(low), sp.sympify(high), sp.sympify(value))
