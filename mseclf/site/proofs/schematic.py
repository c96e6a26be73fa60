"""Proofs for every size at once: a vector is its typical entry, a sum over the sample is a symbol of its own.

The same elaborator, with other leaves: x is x_row, X is x^(row)_column, theta^T x is the logit. Two sums over the
sample are equal if their summands are; that is all that is used. What does not fit (softmax, sums of sums, a numbered
entry) is shown at stated sizes instead.
"""

from collections.abc import Callable, Iterator, Mapping

import sympy as sp
from lark import Token
from sympy.logic.boolalg import Boolean

from mseclf.site.latex.errors import FormulaError, TypeTrouble
from mseclf.site.latex.parse import Node, plain
from mseclf.site.proofs.atoms import Atom, Index, put
from mseclf.site.proofs.binders import SIGNS, Elaborator
from mseclf.site.proofs.scope import Scope, linear
from mseclf.site.proofs.tensors import Tensor, Value, each, free_symbols


class NotSchematic(FormulaError):
    """This display cannot be written for every size at once."""


class Over(sp.Function):  # type: ignore[misc]
    """Over(axis, index, summand): a sum of unknown length."""

    is_real = True


def row(axis: str) -> str:
    """The name of the row index of an axis."""
    return f"row{axis}"


def column(axis: str) -> str:
    """The name of its column index."""
    return f"column{axis}"


class Schematic(Elaborator):
    """Elaborates with indices for entries; `indices` maps the author's letters to themselves."""

    counter = 0
    is_schematic = True

    def __init__(self, scope: Scope, base: frozenset[str], letters: Mapping[str, str]) -> None:
        super().__init__(scope, {}, base, frozen=base, indices=dict(letters))
        self.letters = frozenset(letters.values())

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
        if (columns != "1" and not symbol.entries) or self.scope.sizes:
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
        if not isinstance(value, Tensor):
            raise NotSchematic(f"a numbered entry of {key}")
        return self.rename(value.entries[0], {row(value.axes[0]): component})

    def index(self, letter: str, axis: str) -> Index:
        """An index stands for itself; a number would be one entry among many."""
        if letter.isdigit():
            raise NotSchematic("a numbered entry")
        return super().index(letter, axis)

    def _relation(self, left: Node | Token, sign: str, right: Node | Token) -> Boolean:
        """Two indices of the author's are the same or not, as this proof assumes; more is not known of them."""
        names = [self.indices.get(str(n) if isinstance(n, Token) else plain(n)) for n in (left, right)]
        if names == [None, None]:
            return super()._relation(left, sign, right)
        if None in names:
            raise TypeTrouble(f"{plain(left)} {sign} {plain(right)} compares an index with a number")
        if SIGNS[sign] not in ("=", "!=") or not set(names) <= self.letters:
            raise NotSchematic("indices are compared")
        return sp.true if (names[0] == names[1]) == (SIGNS[sign] == "=") else sp.false

    def _delta(self, token: Token) -> Value:
        first, second = (Token("INDEX", i) for i in token.split()[3:5])
        return sp.Integer(self._relation(first, "=", second) == sp.true)

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
        """A sum, term by term: what does not change with the index goes in front of it.

        The bound index is named by how deep the sums go, so that equal sums are one expression.
        """
        if summand.has(Over):
            summand = sp.expand(summand)
        if isinstance(summand, sp.Add):
            return sp.Add(*(self.over(axis, index, term) for term in summand.args))
        inside, outside = sp.sift(sp.Mul.make_args(summand), lambda f: self.speaks_of(f, index), binary=True)
        if not inside:
            return self.size(axis) * summand
        if any(isinstance(f, sp.Add | sp.Pow) and self._mixed(f, index) for f in inside):
            wide = sp.expand(summand, log=False, power_base=False)
            if wide != summand:
                return self.over(axis, index, wide)
        body = sp.Mul(*inside)
        name = f"sum{1 + max((int(o.args[1].name[3:]) for o in body.atoms(Over)), default=0)}"
        return sp.Mul(*outside) * Over(sp.Symbol(axis), sp.Symbol(name), self.rename(body, {index: name}))

    def _mixed(self, factor: sp.Expr, index: str) -> bool:
        """Whether a part of a factor does not change with an index."""
        inner = factor.exp if isinstance(factor, sp.exp) else factor.base if isinstance(factor, sp.Pow) else factor
        if (
            isinstance(factor, sp.Pow)
            and not isinstance(factor, sp.exp)
            and not (factor.exp.is_Integer and factor.exp > 0)
        ):
            return False
        return isinstance(inner, sp.Add) and not all(self.speaks_of(part, index) for part in inner.args)

    def _softmax(self, value: Value) -> Value:
        if not isinstance(value, Tensor) or value.axes != ("K", "1"):
            return super()._softmax(value)
        index, (entry,) = self.fresh(), value.entries
        total = self.over("K", index, sp.exp(self.rename(entry, {row("K"): index})))
        return self._entry("K", "1", sp.exp(entry) / total)

    def total(self, head: Token, letter: str, axis: str, summand: Callable[[], Value]) -> Value:
        """A sum over the sample."""
        if head.type == "PROD":
            raise NotSchematic("a product of any length")
        index = self.fresh()
        with self.within(indices=self.indices | {letter: index}, runs=self.runs | {letter: axis}):
            value = summand()
        return each(value, lambda entry: self._as_logit(entry, index) or self.over(axis, index, entry))

    def times(self, left: Value, right: Value) -> Value:
        """The product, entry by entry; a matrix product sums over the common index."""
        if not isinstance(left, Tensor) or not isinstance(right, Tensor):
            return super().times(left, right)
        (rows, middle), (second, columns) = left.axes, right.axes
        if middle != second:
            return super().times(left, right)  # says what does not fit
        a, b = left.entries[0], right.entries[0]
        if middle == "1":
            return self._entry(rows, columns, a * b)
        delta = _diagonal(middle)
        if a.has(delta) or b.has(delta):
            product = self._through_diagonal(a, b, middle, delta)
        else:
            index = self.fresh()
            product = self.rename(a, {column(middle): index}) * self.rename(b, {row(middle): index})
            product = self._as_logit(product, index) or self.over(middle, index, product)
        return product if (rows, columns) == ("1", "1") else self._entry(rows, columns, product)

    def _through_diagonal(self, a: sp.Expr, b: sp.Expr, axis: str, delta: sp.Symbol) -> sp.Expr:
        """A diagonal matrix leaves one term of the sum."""
        first, second = (put(e, {delta: sp.S.Zero}) for e in (a, b))
        if (a.has(delta) and b.has(delta)) or (a.has(delta) and first != 0) or (b.has(delta) and second != 0):
            raise NotSchematic("a diagonal matrix beside another one")
        if a.has(delta):
            return put(a, {delta: sp.S.One}) * b
        return a * self.rename(put(b, {delta: sp.S.One}), {row(axis): column(axis)})

    def _as_logit(self, product: sp.Expr, index: str) -> sp.Expr | None:
        """theta_s x_s, summed over s, is the logit."""
        factors = sp.Mul.make_args(product)
        bound = [f for f in product.free_symbols if f in self.atoms and index == self.atoms[f].component]
        atoms = {self.atoms[f].key: self.atoms[f] for f in bound}
        for key, (first, second) in linear(self.scope.notation).items():
            if key in self.base and set(atoms) == {first, second} and len(bound) == 2 and set(bound) <= set(factors):
                return self.atom(key, atoms[second].sample) * product / sp.Mul(*bound)
        return None

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
        return self._entry(value.axes[0], value.axes[0], _diagonal(value.axes[0]) * value.entries[0])

    def unfolding(self, symbols: set[sp.Symbol]) -> dict[sp.Symbol, sp.Expr]:
        """Sums stand for sums: a logit is not written out here."""
        return {}

    def depends(self, value: Value, hole: Value) -> bool:
        """By the names of the symbols: which entries are meant is open."""
        keys = {self.atoms[s].key for s in free_symbols(hole) if s in self.atoms}
        return bool(keys & {self.atoms[s].key for s in self.free(value) if s in self.atoms})

    def free(self, value: Value) -> set[sp.Symbol]:
        """Behind a logit stand the parameters and the input."""
        own, behind = free_symbols(value), linear(self.scope.notation)
        keys = {k for s in own if self.is_kept(s) for k in behind[self.atoms[s].key]}
        return own | {s for s, atom in self.atoms.items() if atom.key in keys}

    # derivatives -------------------------------------------------------------------------------------------------

    def _differentiated(self, value: Value, hole: Value, turned: bool) -> Value:
        if not isinstance(hole, Tensor):
            return super()._differentiated(value, hole, turned)
        (target,) = hole.entries
        axis = hole.axes[0]
        if not target.is_Symbol or hole.axes[1] != "1":
            raise NotSchematic("a derivative in something that is not a free column")
        if isinstance(value, Tensor):
            if value.axes[1] != "1" or value.entries[0].has(_diagonal(value.axes[0])):
                raise NotSchematic("a derivative of a matrix")
            return self._entry(
                value.axes[0], axis, self.slope(value.entries[0], self.rename(target, {row(axis): column(axis)}))
            )
        if turned:
            return self._entry("1", axis, self.slope(value, self.rename(target, {row(axis): column(axis)})))
        return self._entry(axis, "1", self.slope(value, target))

    def slope(self, expr: sp.Expr, hole: sp.Symbol, bound: frozenset[str] = frozenset()) -> sp.Expr:
        """The derivative in one entry: sums term by term, logits by the chain rule.

        Of sum_s f(theta_s), the derivative in theta_j is that of the summand with s held fast, and f'(theta_j).
        """
        flat, sums = self._outermost(expr)
        target = self.atoms[hole]
        if self.scope.notation.symbols[target.key].domain == "simplex":
            raise NotSchematic(f"the entries of {target.key} are not free")
        for other in flat.free_symbols & self.atoms.keys() - {hole}:
            if self.atoms[other].key == target.key and not self._apart(self.atoms[other], target, bound):
                raise NotSchematic(f"{target.key} itself stands beside its derivative")
        total = self.plain_slope(flat, hole)
        for symbol in sorted(flat.free_symbols, key=str):
            if self.is_kept(symbol) and symbol != hole:
                total += self.plain_slope(flat, symbol) * self._logit_slope(symbol, hole)
        for dummy, (axis, index, summand) in sums.items():
            inner = self.over(axis.name, index.name, self.slope(summand, hole, bound | {index.name}))
            entry, place = self._entry_at(target, index.name)
            if entry in summand.free_symbols:
                inner += self.rename(self._held_slope(summand, entry), {index.name: place})
            total += self.plain_slope(flat, dummy) * inner
        return total.xreplace({dummy: Over(*parts) for dummy, parts in sums.items()})

    def _outermost(self, expr: sp.Expr) -> tuple[sp.Expr, dict[sp.Dummy, tuple[sp.Expr, ...]]]:
        """An expression with a dummy for each sum that stands in no other sum."""
        sums = expr.atoms(Over)
        inner = {o for big in sums for o in big.args[2].atoms(Over)}
        dummies = {o: sp.Dummy(real=True) for o in sums - inner}
        return expr.xreplace(dummies), {dummy: o.args for o, dummy in dummies.items()}

    def _apart(self, one: Atom, other: Atom, bound: frozenset[str]) -> bool:
        """Whether two entries are different ones, or one of them runs through a sum and is seen to there."""
        pairs = ((one.sample, other.sample), (one.component, other.component))
        return any(a != b and ({a, b} <= self.letters or a in bound) for a, b in pairs)

    def _entry_at(self, target: Atom, index: str) -> tuple[sp.Symbol, Index]:
        """The entry that runs through a sum while another one is differentiated in, and where that stands."""
        if target.component is None:
            return self.atom(target.key, index), target.sample
        return self.atom(target.key, target.sample, index), target.component

    def _held_slope(self, expr: sp.Expr, entry: sp.Symbol) -> sp.Expr:
        """The derivative in a symbol where it stands, in sums too; all other entries are held fast."""
        flat, sums = self._outermost(expr)
        total = self.plain_slope(flat, entry)
        for dummy, (axis, index, summand) in sums.items():
            inner = self.over(axis.name, index.name, self._held_slope(summand, entry))
            total += self.plain_slope(flat, dummy) * inner
        return total.xreplace({dummy: Over(*parts) for dummy, parts in sums.items()})

    def _logit_slope(self, logit: sp.Symbol, hole: sp.Symbol) -> sp.Expr:
        sample, target = self.atoms[logit].sample, self.atoms[hole]
        first, second = linear(self.scope.notation)[self.atoms[logit].key]
        if target.key == first:
            return self.atom(second, sample, target.component)
        if target.key == second:
            if target.sample != sample:
                raise NotSchematic("whether two examples are the same one is open")
            return self.atom(first, None, target.component)
        return sp.S.Zero

    def summand(self, difference: sp.Expr) -> sp.Expr:
        """A difference of sums, as one summand: it vanishes if the summand does."""
        flat, sums = self._outermost(difference)
        if not sums:
            return difference
        flat = sp.expand(flat)
        slopes = {d: sp.diff(flat, d) for d in sums}
        running = {d: parts for d, parts in sums.items() if d not in slopes[d].free_symbols}
        (axis, *more) = {parts[0].name for parts in running.values()} or [""]
        if more or not axis or any(slopes[d].free_symbols & running.keys() for d in running):
            raise NotSchematic("sums over different things, or products of them")
        index, fixed = self.fresh(), {d: Over(*parts) for d, parts in sums.items()}
        total = flat.xreplace(dict.fromkeys(running, sp.S.Zero)).xreplace(fixed) / self.size(axis)
        for dummy, (_, own, summand) in running.items():
            total += slopes[dummy].xreplace(fixed) * self.rename(summand, {own.name: index})
        return total

    def whole(self, expr: sp.Expr) -> sp.Expr:
        """An expression in which labels over the classes add up to 1."""
        ones = {}
        for node in expr.atoms(Over):
            atom = self.atoms.get(node.args[2])
            if atom is not None and self.scope.notation.symbols[atom.key].domain == "simplex":
                ones[node] = sp.S.One
        return expr.xreplace(ones)

    def cauchy(self, one: Over, other: Over) -> Iterator[Boolean]:
        """(sum u v)^2 <= sum u^2 * sum v^2, for two sums of squares over one axis."""
        (axis, index, first), (second_axis, second_index, second) = one.args, other.args
        if (
            axis == second_axis
            and index == second_index
            and first.is_Pow
            and second.is_Pow
            and first.exp == second.exp == 2
        ):
            product = first.base * second.base
            both = self._as_logit(product, index.name) or self.over(axis.name, index.name, product)
            yield sp.Le(both**2, one * other, evaluate=False)

    def spread(self, expr: sp.Expr) -> sp.Expr:
        """An expression whose sums are written term by term, theta_s x_s among them."""
        while tight := [o for o in expr.atoms(Over) if not o.args[2].has(Over) and self._spread(o) != o]:
            expr = expr.xreplace({o: self._spread(o) for o in tight})
        return expr

    def _spread(self, node: Over) -> sp.Expr:
        axis, index, summand = node.args
        parts = sp.Add.make_args(sp.expand(summand, log=False, power_base=False))
        return sp.Add(*(self._as_logit(p, index.name) or self.over(axis.name, index.name, p) for p in parts))


def _diagonal(axis: str) -> sp.Symbol:
    return sp.Symbol(f"diagonal{axis}", real=True)
