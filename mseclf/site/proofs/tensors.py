"""Values with a type: scalars are SymPy expressions, vectors and matrices know what their sides run over.

A side is "m" (examples), "n" (features), "K" (classes) or "1". Sizes are never compared, only sides: a vector over
three classes and a batch of three examples do not add up.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp

from mseclf.site.latex.errors import TypeTrouble

NAMES = {"m": "the examples", "n": "the features", "K": "the classes"}


@dataclass(frozen=True)
class Tensor:
    """A matrix whose rows and columns run over `axes`; a column vector has the axes (a, "1")."""

    axes: tuple[str, str]
    matrix: sp.ImmutableDenseMatrix

    def map(self, function: Callable[[sp.Expr], sp.Expr]) -> "Tensor":
        """Apply a function to each entry."""
        return Tensor(self.axes, self.matrix.applyfunc(function))

    @property
    def entries(self) -> list[sp.Expr]:
        """The entries, row by row."""
        return list(self.matrix)


Value: TypeAlias = sp.Expr | Tensor


def describe(value: Value) -> str:
    """What a value is, in words, for messages."""
    if not isinstance(value, Tensor):
        return "a scalar"
    rows, columns = value.axes
    if columns == "1":
        return f"a column over {NAMES[rows]}"
    if rows == "1":
        return f"a row over {NAMES[columns]}"
    return f"a matrix ({rows} by {columns})"


def each(value: Value, function: Callable[[sp.Expr], sp.Expr]) -> Value:
    """A function at a scalar, or at each entry."""
    return value.map(function) if isinstance(value, Tensor) else function(value)


def entries(value: Value) -> list[sp.Expr]:
    """The entries of a value; a scalar is its own."""
    return value.entries if isinstance(value, Tensor) else [value]


def free_symbols(value: Value) -> set[sp.Symbol]:
    """The free symbols of a value, as SymPy sees them."""
    found: set[sp.Symbol] = value.matrix.free_symbols if isinstance(value, Tensor) else value.free_symbols
    return found


def column(axis: str, entries: list[sp.Expr]) -> Tensor:
    """A column vector."""
    return Tensor((axis, "1"), sp.ImmutableDenseMatrix(len(entries), 1, entries))


def add(left: Value, right: Value) -> Value:
    """The sum; both sides must be of one type."""
    if isinstance(left, Tensor) and isinstance(right, Tensor) and left.axes == right.axes:
        return Tensor(left.axes, left.matrix + right.matrix)
    if isinstance(left, Tensor) or isinstance(right, Tensor):
        hint = r" (a column of ones is \mathbf{1})" if describe(left) != describe(right) else ""
        raise TypeTrouble(f"{describe(left)} and {describe(right)} cannot be added{hint}")
    return left + right


def multiply(left: Value, right: Value) -> Value:
    """The product of scalars, of a scalar and a tensor, or the matrix product."""
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        if left.axes[1] != right.axes[0]:
            raise TypeTrouble(
                f"{describe(left)} cannot be multiplied by {describe(right)}: transpose one, or write \\odot"
            )
        axes = (left.axes[0], right.axes[1])
        product = left.matrix * right.matrix
        return product[0, 0] if axes == ("1", "1") else Tensor(axes, product)
    if isinstance(left, Tensor):
        left, right = right, left
    return each(right, lambda entry: left * entry)


def elementwise(left: Value, right: Value) -> Value:
    r"""The product entry by entry, ``\odot``."""
    if not isinstance(left, Tensor) or not isinstance(right, Tensor) or left.axes != right.axes:
        raise TypeTrouble(f"\\odot between {describe(left)} and {describe(right)}")
    return Tensor(left.axes, sp.ImmutableDenseMatrix(left.matrix.multiply_elementwise(right.matrix)))


def transpose(value: Value) -> Value:
    """The transpose; of a scalar there is none, so that a transpose in the wrong place is noticed."""
    if not isinstance(value, Tensor):
        raise TypeTrouble("the transpose of a scalar")
    return Tensor((value.axes[1], value.axes[0]), value.matrix.T.as_immutable())
