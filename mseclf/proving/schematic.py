"""Proofs for every size at once: a vector is its typical entry, a sum over the sample is a symbol of its own.

The same elaborator, with other leaves: x is x_row, X is x^(row)_column, theta^T x is the logit. Two sums over the
sample are equal if their summands are; that is all that is used. What does not fit (softmax, sums of sums) stays
proved at the shapes at which it was checked.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import sympy as sp
from lark import Token

from mseclf.proving.atoms import Index, put
from mseclf.proving.binders import Elaborator
from mseclf.proving.errors import FormulaError
from mseclf.proving.hypotheses import elaborator
from mseclf.proving.parse import Node
from mseclf.proving.prove import Pair, Refuted, show
from mseclf.proving.scope import Scope
from mseclf.proving.tensors import Tensor, Value, each, free_symbols


class NotSchematic(FormulaError):
    """This display cannot be written for every size at once."""


class Over(sp.Function):  # type: ignore[misc]
    """Over(axis, index, summand): a sum of unknown length."""


def row(axis: str) -> str:
    """The name of the row index of an axis."""
    return f"row{axis}"


def column(axis: str) -> str:
    """The name of its column index."""
    return f"column{axis}"


class Schematic(Elaborator):
    """Elaborates with indices for entries; `indices` maps the author's letters to themselves."""

    counter = 0

    def fresh(self) -> str:
        """A new bound index."""
        self.counter += 1
        return f"bound{self.counter}"

    def size(self, key: str) -> sp.Expr:
        """A size is any positive integer."""
        if self.scope.sizes:
            raise NotSchematic("the sizes are fixed here")
        return sp.Symbol(key, positive=True, integer=True)

    def _vector(self, key: str, sample: Index) -> Tensor:
        symbol = self.scope.notation.symbols[key]
        rows, columns = (*symbol.axes, "1")[:2]
        if "K" in symbol.axes or (columns != "1" and not symbol.entries):
            raise NotSchematic(f"{key} has no typical entry")
        if not symbol.entries:
            return self._entry(rows, columns, self.atom(key, sample, row(rows)))
        part = self.symbol(symbol.entries, row("m"))
        if isinstance(part, Tensor):
            return self._entry(rows, columns, self.rename(part.entries[0], {row("n"): column("n")}))
        return self._entry(rows, columns, part)

    def _entry(self, rows: str, columns: str, entry: sp.Expr) -> Tensor:
        return Tensor((rows, columns), sp.ImmutableDenseMatrix([[entry]]))

    def component(self, key: str, value: Value, component: Index) -> sp.Expr:
        """One entry: the typical one, under the author's index."""
        if not isinstance(value, Tensor) or not isinstance(component, str):
            raise NotSchematic(f"a numbered entry of {key}")
        return self.rename(value.entries[0], {row(value.axes[0]): component})

    def _index(self, letter: str, axis: str) -> Index:
        if letter.isdigit():
            raise NotSchematic("a numbered entry")
        return super()._index(letter, axis)

    def rename(self, expr: sp.Expr, names: Mapping[Index, Index]) -> sp.Expr:
        """The expression with other indices, all at once."""
        mapping = {}
        for symbol in expr.free_symbols:
            atom = self.atoms.get(symbol)
            if atom is not None and (atom.sample in names or atom.component in names):
                sample, component = names.get(atom.sample, atom.sample), names.get(atom.component, atom.component)
                mapping[symbol] = self.atom(atom.key, sample, component)
        return expr.xreplace(mapping)

    def speaks_of(self, expr: sp.Expr, index: str) -> bool:
        """Whether an expression changes with an index."""
        found = (self.atoms.get(s) for s in expr.free_symbols)
        return any(a is not None and index in (a.sample, a.component) for a in found)

    def over(self, axis: str, index: str, summand: sp.Expr) -> sp.Expr:
        """A sum: what does not change with the index goes in front of it."""
        inside, outside = sp.sift(sp.Mul.make_args(summand), lambda f: self.speaks_of(f, index), binary=True)
        if not inside:
            return self.size(axis) * summand
        return sp.Mul(*outside) * Over(sp.Symbol(axis), sp.Symbol(index), sp.Mul(*inside))

    def total(self, head: Token, letter: str, axis: str, summand: Callable[[], Value]) -> Value:
        """A sum over the sample."""
        if head.type == "PROD" or axis == "K":
            raise NotSchematic("not a sum over the sample")
        index = self.fresh()
        with self.within(indices=self.indices | {letter: index}):
            value = summand()
        return each(value, lambda entry: self.over(axis, index, entry))

    def times(self, left: Value, right: Value) -> Value:
        """The product, entry by entry; a matrix product sums over the common index."""
        if not isinstance(left, Tensor) or not isinstance(right, Tensor):
            return super().times(left, right)
        (rows, middle), (_, columns) = left.axes, right.axes
        a, b = left.entries[0], right.entries[0]
        if middle == "1":
            return self._entry(rows, columns, a * b)
        delta = _delta(middle)
        if a.has(delta) or b.has(delta):
            product = self._through_diagonal(a, b, middle, delta)
        else:
            index = self.fresh()
            product = self.rename(a, {column(middle): index}) * self.rename(b, {row(middle): index})
            product = self._as_logit(product, index) or self.over(middle, index, product)
        return product if (rows, columns) == ("1", "1") else self._entry(rows, columns, product)

    def _through_diagonal(self, a: sp.Expr, b: sp.Expr, axis: str, delta: sp.Symbol) -> sp.Expr:
        """A diagonal matrix leaves one term of the sum."""
        if a.has(delta):
            return put(a, {delta: sp.S.One}) * b
        return a * self.rename(put(b, {delta: sp.S.One}), {row(axis): column(axis)})

    def _as_logit(self, product: sp.Expr, index: str) -> sp.Expr | None:
        """theta_s x_s, summed over s, is the logit."""
        if "z" not in self.base:
            return None
        bound = [f for f in product.free_symbols if f in self.atoms and index == self.atoms[f].component]
        atoms = {self.atoms[f].key: self.atoms[f] for f in bound}
        if set(atoms) != {"\\theta", "x"} or len(bound) != 2 or not all(f in sp.Mul.make_args(product) for f in bound):
            return None
        return self.atom("z", atoms["x"].sample) * product / sp.Mul(*bound)

    def turned(self, value: Value) -> Value:
        """The transpose: row and column indices change places."""
        if not isinstance(value, Tensor):
            return super().turned(value)
        names = {n(axis): m(axis) for axis in value.axes if axis != "1" for n, m in ((row, column), (column, row))}
        return self._entry(value.axes[1], value.axes[0], self.rename(value.entries[0], names))

    def square(self, value: Tensor) -> sp.Expr:
        """The squared length of a column."""
        if value.axes[1] != "1":
            raise NotSchematic("the norm of a matrix")
        index = self.fresh()
        return self.over(value.axes[0], index, self.rename(value.entries[0], {row(value.axes[0]): index}) ** 2)

    def diagonal(self, value: Tensor) -> Tensor:
        """A diagonal matrix carries a mark."""
        return self._entry(value.axes[0], value.axes[0], _delta(value.axes[0]) * value.entries[0])

    # derivatives -------------------------------------------------------------------------------------------------

    def free(self, value: Value) -> set[sp.Symbol]:
        """Behind a logit stand the parameters and the input."""
        own = free_symbols(value)
        if any(self._is_kept(s) for s in own):
            own |= {s for s, atom in self.atoms.items() if atom.key in ("\\theta", "x")}
        return own

    def _differentiated(self, value: Value, hole: Value, turned: bool) -> Value:
        if not isinstance(hole, Tensor):
            return super()._differentiated(value, hole, turned)
        (target,) = hole.entries
        axis = hole.axes[0]
        if isinstance(value, Tensor):
            if value.axes[1] != "1":
                raise NotSchematic("a derivative of a matrix")
            return self._entry(
                value.axes[0], axis, self.slope(value.entries[0], self.rename(target, {row(axis): column(axis)}))
            )
        if turned:
            return self._entry("1", axis, self.slope(value, self.rename(target, {row(axis): column(axis)})))
        return self._entry(axis, "1", self.slope(value, target))

    def slope(self, expr: sp.Expr, hole: sp.Symbol) -> sp.Expr:
        """The derivative in one entry: sums term by term, logits by the chain rule."""
        sums = {o: sp.Dummy() for o in expr.atoms(Over)}
        flat, key = expr.xreplace(sums), self.atoms[hole].key
        if any(s in self.atoms and self.atoms[s].key == key and s != hole for s in flat.free_symbols):
            raise NotSchematic(f"{key} itself stands beside its derivative")
        total = sp.diff(flat, hole)
        for symbol in sorted(flat.free_symbols, key=str):
            if self._is_kept(symbol) and symbol != hole:
                total += sp.diff(flat, symbol) * self._logit_slope(symbol, hole)
        for old, dummy in sums.items():
            axis, index, summand = old.args
            total += sp.diff(flat, dummy) * self.over(axis.name, index.name, self.slope(summand, hole))
        return total.xreplace({dummy: old for old, dummy in sums.items()})

    def _logit_slope(self, logit: sp.Symbol, hole: sp.Symbol) -> sp.Expr:
        sample, target = self.atoms[logit].sample, self.atoms[hole]
        if target.key == "\\theta":
            return self.atom("x", sample, target.component)
        return (
            self.atom("\\theta", None, target.component) if target.key == "x" and target.sample == sample else sp.S.Zero
        )

    def summand(self, difference: sp.Expr) -> sp.Expr:
        """A difference of sums, as one summand: it vanishes if the summand does."""
        sums = {o: sp.Dummy() for o in difference.atoms(Over)}
        if not sums:
            return difference
        flat = sp.expand(difference.xreplace(sums))
        (axis, *more) = {o.args[0].name for o in sums}
        if more or any(o.args[2].has(Over) for o in sums):
            raise NotSchematic("sums within sums, or over different things")
        total = flat.xreplace(dict.fromkeys(sums.values(), sp.S.Zero)) / self.size(axis)
        for old, dummy in sums.items():
            weight = sp.diff(flat, dummy)
            if weight.free_symbols & set(sums.values()):
                raise NotSchematic("a product of sums")
            total += weight * self.rename(old.args[2], {old.args[1].name: "bound"})
        return total

    def unfold(self, expr: sp.Expr) -> sp.Expr:
        """Not needed: parameters only stand in logits here."""
        raise NotSchematic("parameters outside a logit")


def _delta(axis: str) -> sp.Symbol:
    return sp.Symbol(f"diagonal{axis}")


def shown_for_every_size(left: Node, right: Node, scope: Scope, like: Elaborator, letters: set[str]) -> bool:
    """Whether an equality holds for all sizes."""
    at_zero = "\\theta" in scope.assumed  # differentiated first, put to zero afterwards
    if at_zero:
        scope = replace(scope, assumed={k: d for k, d in scope.assumed.items() if k != "\\theta"})
        like = elaborator(scope)
    tool = Schematic(scope, frozen=like.base, base=like.base)
    tool.indices = {letter: letter for letter in letters}
    try:
        a, b = (side.entries[0] if isinstance(side, Tensor) else side for side in map(tool.value, (left, right)))
        difference = a - b
        if at_zero:
            at = {s: sp.S.Zero for s, atom in tool.atoms.items() if atom.key in ("z", "\\theta")}
            difference = put(difference, at)
        return show(Pair(tool.summand(difference), "=", sp.S.Zero, (), tool.scope_domain))
    except (FormulaError, Refuted, NotImplementedError, KeyError, TypeError):
        return False
