"""What binds a variable: sums, derivatives, gradients, limits, extremes, integrals, cases, values at a point."""

from collections.abc import Callable, Sequence
from functools import reduce

import sympy as sp
from lark import Token

from mseclf.proving.atoms import put
from mseclf.proving.domains import Domain
from mseclf.proving.elaborate import Expressions, _pairs
from mseclf.proving.errors import TypeTrouble, Vacuous
from mseclf.proving.extremes import extreme
from mseclf.proving.limits import limit_of
from mseclf.proving.parse import Node, plain, start_of
from mseclf.proving.tensors import Tensor, Value, add, describe, each, free_symbols

SIGNS = {"=": "=", "<": "<", r"\lt": "<", ">": ">", r"\gt": ">", r"\le": "<=", r"\leq": "<=", r"\ge": ">="}
SIGNS |= {r"\geq": ">=", r"\ne": "!=", r"\neq": "!=", r"\sim": "~", r"\approx": "~="}
Target = tuple[Node, bool]  # a symbol, and whether the derivative in it lies down as a row


def trees(children: Sequence[Node | Token], *names: str) -> list[Node]:
    """The subtrees among the children, those with a given name if names are given."""
    return [c for c in children if not isinstance(c, Token) and (not names or c.data in names)]


def chain_parts(relation: Node) -> tuple[list[Node], list[str]]:
    """The sides of a chain and the signs between them."""
    return relation.children[::2], [SIGNS[sign] for sign in relation.children[1::2]]


class Elaborator(Expressions):
    """The whole elaborator."""

    def opened(self, key: str) -> frozenset[str]:
        """What is frozen when `key` becomes a variable: it, and whatever does not depend on it."""
        kept = {k for k in self.frozen if k in self.base or not self.scope.depends(k, key)}
        return frozenset(kept | {key})

    def bind(self, name: Node, body: Callable[[], Value]) -> tuple[Value, Value]:
        """The body as an expression in a variable, and the variable. Conditions on the variable stay out.

        Raises:
            TypeTrouble: the body also holds what the variable is made of, so that "the rest" is unclear.
        """
        key, sample, _ = self.resolve(name.children)
        first = len(self.conditions)
        with self.within(frozen=self.opened(key)):
            value = body()
            hole = self._name(*name.children)
            everything = self.symbol(key, sample)
        with self.within(frozen=self.opened(key) - {key}):
            inner = self.symbol(key, sample) if key not in self.base else sp.S.Zero
        beside = (free_symbols(inner) - free_symbols(everything)) & free_symbols(value)
        if beside:
            names = ", ".join(sorted(map(str, beside)))
            raise TypeTrouble(f"{key} depends on {names}, which also stands beside it: write everything with {key}")
        self.conditions[first:] = [c for c in self.conditions[first:] if not free_symbols(hole) & c.expr.free_symbols]
        return value, hole

    def bind_scalars(self, name: Node, body: Callable[[], Value], what: str) -> tuple[sp.Expr, sp.Symbol]:
        """The same where both must be scalars."""
        value, hole = self.bind(name, body)
        if isinstance(value, Tensor) or isinstance(hole, Tensor):
            raise TypeTrouble(what)
        return value, hole

    def restore(self, name: Node, value: Value) -> Value:
        """Put the meaning of a variable back in its place."""
        key, sample, _ = self.resolve(name.children)
        if key in self.frozen or self.scope.definition(key) is None:
            return value
        with self.within(frozen=self.frozen | {key}):
            hole = self.symbol(key, sample)
        mapping = _pairs(hole, self.symbol(key, sample))
        return each(value, lambda entry: put(entry, mapping))

    # derivatives -----------------------------------------------------------------------------------------------

    def _derivative(self, *children: Node | Token) -> Value:
        (body,) = [t for t in trees(children) if t.data not in ("order", "by")]
        return self.differentiate(body, self._targets(children))

    def _derive(self, *children: Node | Token) -> Value:
        return self.differentiate(children[-1], self._targets(children))

    def _targets(self, children: tuple[Node | Token, ...]) -> list[Target]:
        targets: list[Target] = []
        for by in trees(children, "by"):
            turned = any(getattr(t, "type", "") == "TRANSPOSE" for t in by.children)
            targets += [(trees(by.children, "name")[0], turned)] * _times(by.children)
        order = _times([t for o in trees(children, "order") for t in o.children])
        if order != len(targets):
            raise TypeTrouble(f"a derivative of order {order} in {len(targets)} variables")
        return targets

    def _gradient(self, *children: Node | Token) -> Value:
        (name,) = trees(children[:-1], "name")
        if _times(children) > 2:
            raise TypeTrouble("a gradient of order three")
        targets = [(name, False), (name, True)][: _times(children)]
        return self.differentiate(children[-1], targets, gradient=True)

    def differentiate(self, body: Node | Token, targets: list[Target], gradient: bool = False) -> Value:
        """The partial derivative of `body` in each target in turn; all else that does not depend on them is fixed."""
        first = targets[0][0]
        key = self.resolve(first.children)[0]
        value, hole = self.bind(first, lambda: self.value(body))
        if not (free_symbols(hole) & self.free(value)):
            raise Vacuous(f"{plain(body)} does not depend on {plain(first)} here", start_of(body))
        for name, turned in targets:
            if self.resolve(name.children)[0] != key:
                raise TypeTrouble("a mixed derivative: differentiate in one variable, then in the other")
            with self.within(frozen=self.opened(key)):
                hole = self._name(*name.children)
            value = self._differentiated(value, hole, turned)
        if gradient and not isinstance(hole, Tensor):
            raise TypeTrouble(f"a gradient in the scalar {plain(first)}")
        return self.restore(first, value)

    def _differentiated(self, value: Value, hole: Value, turned: bool) -> Value:
        """D value / d hole: a column for a scalar by a column, a matrix for a column by a column."""
        if not isinstance(hole, Tensor):
            if not hole.is_Symbol:
                raise TypeTrouble(f"differentiation in {hole}, which is not free")
            return each(value, lambda entry: self.slope(entry, hole))
        if not all(e.is_Symbol for e in hole.entries) or hole.axes[1] != "1":
            raise TypeTrouble(f"differentiation in {describe(hole)} that is not free")
        if not isinstance(value, Tensor):
            gradient = Tensor(hole.axes, sp.ImmutableDenseMatrix([self.slope(value, h) for h in hole.entries]))
            return Tensor(("1", hole.axes[0]), sp.ImmutableDenseMatrix(gradient.matrix.T)) if turned else gradient
        if value.axes[1] != "1":
            raise TypeTrouble(f"the derivative of {describe(value)} by a vector")
        rows = [[self.slope(e, h) for h in hole.entries] for e in value.entries]
        return Tensor((value.axes[0], hole.axes[0]), sp.ImmutableDenseMatrix(rows))

    def slope(self, expr: sp.Expr, hole: sp.Symbol) -> sp.Expr:
        """The derivative in one symbol; kept variables (the logits) are functions of parameters and inputs."""
        total = sp.diff(expr, hole)
        for symbol in sorted(expr.free_symbols - {hole}, key=str):
            if self._is_kept(symbol):
                inner = sp.diff(self.written_out(symbol), hole)
                total += sp.diff(expr, symbol) * inner if inner != 0 else 0
        return total

    def _evaluated(self, *children: Node | Token) -> Value:
        body, name, at = trees(children)
        value, hole = self.bind(name, lambda: self.value(body))
        mapping = _pairs(hole, self.value(at))
        if isinstance(hole, Tensor):
            value = each(value, self.unfold)
        if not (free_symbols(hole) & free_symbols(value)):
            raise Vacuous(f"{plain(body)} does not depend on {plain(name)} here")
        return each(value, lambda entry: put(entry, mapping))

    # sums ------------------------------------------------------------------------------------------------------

    def _total(self, head: Token, *children: Node | Token) -> Value:
        (ranges,) = trees(children, "index_range", "index_where")
        letter = str(ranges.children[0])
        axis = self.scope.notation.indices.get(letter)
        if axis is None:
            raise TypeTrouble(f"{letter} is not an index; known: {', '.join(self.scope.notation.indices)}")
        self._check_range(letter, axis, ranges, trees(children, "upper"))
        return self.total(head, letter, axis, lambda: self._summand(ranges, children[-1]))

    def total(self, head: Token, letter: str, axis: str, summand: Callable[[], Value]) -> Value:
        """The sum or product over an index."""
        parts: list[Value] = []
        for index in range(1, self.sizes[axis] + 1):
            with self.within(indices=self.indices | {letter: index}):
                parts.append(summand())
        if head.type == "PROD" and isinstance(parts[0], Tensor):
            raise TypeTrouble(f"a product of {describe(parts[0])}")
        return reduce(self.times if head.type == "PROD" else add, parts)

    def _check_range(self, letter: str, axis: str, ranges: Node, upper: list[Node]) -> None:
        if letter in self.indices:
            raise TypeTrouble(f"the index {letter} is used twice")
        if ranges.data == "index_range" and bool(upper) != (len(ranges.children) > 1):
            raise TypeTrouble("a sum shows both its ends, or neither")
        if upper and (str(ranges.children[1]) != "=" or plain(ranges.children[2]) != "1"):
            raise TypeTrouble(f"an index starts with {letter} = 1")
        if upper and plain(upper[0].children[2]) != axis:
            raise TypeTrouble(f"the index {letter} runs to {axis}, not to {plain(upper[0].children[2])}")

    def _summand(self, ranges: Node, body: Node | Token) -> Value:
        value = self.value(body)
        if ranges.data == "index_range":
            return value
        condition = self._relation(ranges.children[2], str(ranges.children[3]), ranges.children[4])
        return self.times(sp.Piecewise((sp.S.One, condition), (sp.S.Zero, True)), value)

    def _relation(self, left: Node | Token, sign: str, right: Node | Token) -> sp.Basic:
        return sp.Rel(self.scalar(left), self.scalar(right), "==" if sign == "=" else SIGNS[sign])

    # limits, extremes, integrals -------------------------------------------------------------------------------

    def limit_target(self, node: Node) -> tuple[sp.Expr, str]:
        """Where a limit goes, and from which side if it is said."""
        side = next((t for t in node.children if getattr(t, "type", "") == "SIDE"), "")
        return self.scalar(node.children[0]), "+" if "+" in side else "-" if side else ""

    def _limit(self, *children: Node | Token) -> Value:
        name, target, body = trees(children)
        return self.limit(name, target, lambda: self.value(body))

    def limit(self, name: Node, target: Node, body: Callable[[], Value]) -> sp.Expr:
        """The limit of a scalar."""
        goal, side = self.limit_target(target)
        value, hole = self.bind_scalars(name, body, "limits are of scalars in a scalar")
        if hole not in value.free_symbols:
            raise Vacuous(f"the limit is of something without {plain(name)}")
        self.notes["limit by leading terms, confirmed by numbers on the way there"] = None
        return limit_of(value, hole, goal, side, self.scope_domain)

    def scope_domain(self, symbol: sp.Symbol) -> Domain:
        """Where a SymPy symbol lies."""
        atom = self.atoms.get(symbol)
        return Domain() if atom is None else self.scope.domain(atom.key)

    def _extremum(self, head: Token, *children: Node | Token) -> Value:
        return self._extreme(str(head).removeprefix("\\"), children)[0]

    def _argument(self, head: Token, *children: Node | Token) -> Value:
        return self._extreme("argmax" if "max" in str(head).replace(" ", "") else "argmin", children)[1]

    def _extreme(self, sort: str, children: tuple[Node | Token, ...]) -> tuple[sp.Expr, sp.Expr]:
        (name,) = trees(children[:3], "name")
        value, hole = self.bind_scalars(name, lambda: self.value(children[-1]), "extremes are of scalars over a scalar")
        domain = self.scope_domain(hole)
        for node in trees(children[:-1], "interval", "finite", "reals"):
            said = self.domain(node)
            domain = domain if said == domain else domain.meet(said, str(hole))
        self.notes["extreme among the exact zeros of the derivative and the ends"] = None
        return extreme(sort, value, hole, domain, self.scope_domain)

    def domain(self, node: Node) -> Domain:
        """A set, as a domain."""
        if node.data == "reals":
            return Domain()
        numbers = [self.scalar(t) for t in trees(node.children)]
        if any(n.free_symbols for n in numbers):
            raise TypeTrouble("the ends of a set must be numbers")
        if node.data == "finite":
            return Domain(values=tuple(numbers))
        low, high = numbers
        return Domain(low, high, node.children[0].type == "LP", node.children[-1].type == "RP")

    def _integral(self, _int: Token, bounds: Node, body: Node, _d: Token, name: Node) -> Value:
        return self.integrate(bounds, name, lambda: self.scalar(body))

    def _integral_over(self, *children: Node | Token) -> Value:
        bounds, name, below = trees(children)
        if name.data != "name":
            raise TypeTrouble("a differential is of a symbol: dz", start_of(name))
        return self.integrate(bounds, name, lambda: self.divide(sp.S.One, self.scalar(below)))

    def integrate(self, bounds: Node, name: Node, body: Callable[[], sp.Expr]) -> sp.Expr:
        """A definite integral, left as it stands: proofs differentiate it."""
        low, high = (self.scalar(t) for t in trees(bounds.children))
        value, hole = self.bind_scalars(name, body, "an integral in a vector")
        positive = bool(low.is_nonnegative and high.is_nonnegative)
        bound = sp.Symbol(f"{hole}'", real=True, positive=positive or None)
        return sp.Integral(put(value, {hole: bound}), (bound, low, high))

    # cases -----------------------------------------------------------------------------------------------------

    def _cases(self, *children: Node | Token) -> Value:
        branches: list[tuple[sp.Expr, sp.Basic]] = []
        for row in trees(children, "row"):
            condition = self.condition(row.children[2])
            with self.within(guard=sp.And(self.guard, condition)):
                branches.append((self.scalar(row.children[0]), condition))
        return sp.Piecewise(*branches)

    def condition(self, node: Node) -> sp.Basic:
        """The condition of a case. It may only speak of free symbols: a sigmoid is never exactly 0 or 1."""
        for name in node.find_data("name"):
            key = self.resolve(tuple(name.children))[0]
            if self.scope.definition(key) is not None and key not in self.scope.assumed and key not in self.base:
                raise Vacuous(f"a case split on {key}, which is not free: split on what it is made of", start_of(name))
        if node.data == "member":
            domain, symbol = self.domain(trees(node.children)[1]), self.scalar(node.children[0])
            if domain.values:
                return sp.Or(*(sp.Eq(symbol, v) for v in domain.values))
            low = sp.Gt(symbol, domain.low) if domain.low_open else sp.Ge(symbol, domain.low)
            return sp.And(low, sp.Lt(symbol, domain.high) if domain.high_open else sp.Le(symbol, domain.high))
        if node.data != "related":
            raise TypeTrouble("a case needs a relation as its condition", start_of(node))
        parts = node.children
        return sp.And(*(self._relation(parts[i], str(parts[i + 1]), parts[i + 2]) for i in range(0, len(parts) - 2, 2)))


def _times(children: Sequence[Node | Token]) -> int:
    """The order of a derivative: the number among the children, or one."""
    return next((int(t) for t in children if getattr(t, "type", "") == "NUM"), 1)
