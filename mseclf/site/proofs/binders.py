"""What binds a variable: sums, derivatives, gradients, limits, extremes, integrals, cases, values at a point."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import reduce
from itertools import combinations

import sympy as sp
from lark import Token
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from mseclf.site.latex.errors import TypeTrouble, Vacuous
from mseclf.site.latex.notation import Notation
from mseclf.site.latex.parse import Node, plain, start_of
from mseclf.site.proofs.atoms import Condition, Held, put
from mseclf.site.proofs.domains import Domain
from mseclf.site.proofs.elaborate import Expressions, pairs
from mseclf.site.proofs.scope import keys_in, linear
from mseclf.site.proofs.tensors import Tensor, Value, add, describe, each, entries, free_symbols

SIGNS = {"=": "=", ": =": "=", "<": "<", r"\lt": "<", ">": ">", r"\gt": ">", r"\le": "<=", r"\leq": "<=", r"\ge": ">="}
SIGNS |= {r"\geq": ">=", r"\ne": "!=", r"\neq": "!=", r"\sim": "~", r"\approx": "~="}
RELATIONS: dict[str, type[Relational]] = {"=": sp.Eq, "!=": sp.Ne, "<": sp.Lt, "<=": sp.Le, ">": sp.Gt, ">=": sp.Ge}
OTHER = "give one of the two another letter"
NEAR = 20  # "near infinity" begins here, "near a number" within the inverse
Target = tuple[Node, bool]  # a symbol, and whether the derivative in it lies down as a row


def trees(children: Sequence[Node | Token], *names: str) -> list[Node]:
    """The subtrees among the children, those with a given name if names are given."""
    return [c for c in children if not isinstance(c, Token) and (not names or c.data in names)]


def chain_parts(relation: Node) -> tuple[list[Node], list[str]]:
    """The sides of a chain and the signs between them."""
    return relation.children[::2], [SIGNS[str(sign)] for sign in relation.children[1::2]]


def axis_of(ranges: Node, children: Sequence[Node | Token], notation: Notation) -> str | None:
    """What an index of a sum runs over: as its upper end says, else as the table says."""
    uppers = trees(children, "upper")
    said = plain(uppers[0].children[2]) if uppers else ""
    declared = notation.indices.get(str(ranges.children[0]))
    return said if declared and said in notation.indices.values() else declared


class LeftOut(Exception):
    """A summand that the range of the sum leaves out."""


class Elaborator(Expressions):
    """The whole elaborator."""

    pending: tuple[Condition, ...] = ()  # those of the body that was bound last

    def opened(self, key: str) -> frozenset[str]:
        """What is frozen when `key` becomes a variable: it, and whatever does not depend on it."""
        kept = {k for k in self.frozen if k in self.base or not self.scope.depends(k, key)}
        return frozenset(kept | {key})

    def bind(self, name: Node, body: Callable[[], Value]) -> tuple[Value, Value, list[Condition]]:
        """The body as an expression in a variable, the variable, and the conditions of the body.

        Raises:
            TypeTrouble: the body also holds what the variable is made of, so that "the rest" is unclear.
        """
        key, sample, _ = self.resolve(name.children)
        first = len(self.conditions)
        with self.within(frozen=self.opened(key)):
            value = body()
            hole = self._name(*name.children)
            everything = self.symbol(key, sample)
        fresh = self.conditions[first:]
        if key in self.base:
            made_of = linear(self.scope.notation)[key]
            beside = {s for s in free_symbols(value) if s in self.atoms and self.atoms[s].key in made_of}
        else:
            with self.within(frozen=self.opened(key) - {key}):
                beside = free_symbols(self.symbol(key, sample)) - free_symbols(everything)
        del self.conditions[first:]
        if beside & free_symbols(value):
            names = ", ".join(sorted(map(str, beside & free_symbols(value))))
            raise TypeTrouble(f"{key} depends on {names}, which also stands beside it: write everything with {key}")
        return value, hole, fresh

    def bind_scalar(self, name: Node, body: Callable[[], Value], what: str) -> tuple[sp.Expr, sp.Dummy, Domain]:
        """The same for a scalar in a scalar, with a dummy for the variable and the domain that the table gives it."""
        value, hole, fresh = self.bind(name, body)
        if isinstance(value, Tensor) or isinstance(hole, Tensor) or not hole.is_Symbol:
            raise TypeTrouble(what)
        if hole not in self.atoms:
            raise TypeTrouble(f"{plain(name)} is a size: it cannot run here", start_of(name))
        key = self.atoms[hole].key
        self.moved[key] = self.moved.get(key, False)
        dummy = sp.Dummy(hole.name, **hole.assumptions0)
        self.pending = tuple(c.put({hole: dummy}) for c in fresh)
        return put(value, {hole: dummy}), dummy, self.scope.domain(key)

    def apart(self, name: Node, *ends: Node) -> None:
        r"""Refuse a letter in its own bound, itself or through a definition: inside and outside it means two things.

        The dummy of ``\int_0^w w\,dw`` and its end would be told apart here, and by no reader.
        """
        key, sample, component = self.resolve(name.children)
        for end in ends:
            inside = any(self.scope.depends(other, key) for other in keys_in(end, self.scope.notation))
            for other in end.find_data("name"):
                if plain(other) not in self.indices:
                    there, at, part = self.resolve(other.children)
                    inside |= (there, part) == (key, component) and (at == sample or None in (at, sample))
            if inside:
                raise TypeTrouble(f"{plain(name)} is bound here and stands in its own bound", start_of(end), OTHER)

    def bound(self, guard: Boolean, sharp: bool) -> None:
        """Ask for the conditions of the last bound body wherever `guard` holds."""
        self.conditions += [c.under(sp.And(self.guard, guard), sharp) for c in self.pending]

    def meaning(self, name: Node) -> dict[sp.Expr, sp.Expr]:
        """What to put in the place of a variable after it was bound."""
        key, sample, _ = self.resolve(name.children)
        if key in self.frozen or self.scope.definition(key) is None:
            return {}
        with self.within(frozen=self.frozen | {key}):
            hole = self.symbol(key, sample)
        return pairs(hole, self.symbol(key, sample))

    # derivatives -----------------------------------------------------------------------------------------------

    def _derivative(self, *children: Node | Token) -> Value:
        (body,) = [t for t in trees(children) if t.data not in ("order", "by")]
        return self.differentiate(body, self._targets(children))

    def _derive(self, *children: Node | Token) -> Value:
        return self.differentiate(children[-1], self._targets(children))

    def _slope_in(self, *children: Node | Token) -> Value:
        (name, body) = trees(children)
        return self.differentiate(body, [(name, False)])

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
        name = targets[0][0]
        key = self.resolve(name.children)[0]
        value, hole, fresh = self.bind(name, lambda: self.value(body))
        if not self.depends(value, hole):
            raise Vacuous(f"{plain(body)} does not depend on {plain(name)} here", start_of(body))
        first = len(self.conditions)
        for target, turned in targets:
            if self.resolve(target.children)[0] != key:
                raise TypeTrouble("a mixed derivative: differentiate in one variable, then in the other")
            with self.within(frozen=self.opened(key)):
                hole = self._name(*target.children)
            value = self._differentiated(value, hole, turned)
        if gradient and not isinstance(hole, Tensor):
            raise TypeTrouble(f"a gradient in the scalar {plain(name)}")
        fresh += self.conditions[first:]
        del self.conditions[first:]
        return self.put(value, fresh, self.meaning(name))

    def _differentiated(self, value: Value, hole: Value, turned: bool) -> Value:
        """D value / d hole: a column for a scalar by a column, a matrix for a column by a column."""
        if not isinstance(hole, Tensor):
            if not hole.is_Symbol:
                raise TypeTrouble(f"differentiation in {hole}, which is not free")
            return each(value, lambda entry: self.slope(entry, hole))
        if not all(e.is_Symbol for e in hole.entries) or hole.axes[1] != "1":
            raise TypeTrouble(f"the derivative in {describe(hole)} is not understood")
        if not isinstance(value, Tensor):
            gradient = Tensor(hole.axes, sp.ImmutableDenseMatrix([self.slope(value, h) for h in hole.entries]))
            return Tensor(("1", hole.axes[0]), sp.ImmutableDenseMatrix(gradient.matrix.T)) if turned else gradient
        if value.axes[1] != "1":
            raise TypeTrouble(f"the derivative of {describe(value)} by a vector")
        rows = [[self.slope(e, h) for h in hole.entries] for e in value.entries]
        return Tensor((value.axes[0], hole.axes[0]), sp.ImmutableDenseMatrix(rows))

    def slope(self, expr: sp.Expr, hole: sp.Symbol) -> sp.Expr:
        """The derivative in one symbol; kept variables (the logits) are functions of parameters and inputs."""
        total = self.plain_slope(expr, hole)
        for symbol in sorted(expr.free_symbols - {hole}, key=str):
            if self.is_kept(symbol):
                inner = sp.diff(self.written_out(symbol), hole)
                total += self.plain_slope(expr, symbol) * inner if inner != 0 else 0
        return total

    def plain_slope(self, expr: sp.Expr, hole: sp.Symbol) -> sp.Expr:
        r"""The derivative in one symbol, all others fixed.

        Away from its kinks, ``|u|`` is u times a constant, and a maximum is one of its parts.
        """
        back: dict[sp.Expr, sp.Expr] = {}

        def constant(inner: sp.Expr) -> sp.Expr:
            whole, dummy = inner.xreplace(back), sp.Dummy(real=True)
            if hole in whole.free_symbols:
                self.need(sp.Ne(whole, 0), "a derivative at a kink", sharp=False)
            back[dummy] = sp.sign(whole)
            return dummy

        flat = _without_extremes(expr)
        flat = flat.replace(sp.Abs, lambda inner: inner * constant(inner))
        flat = flat.replace(sp.sign, constant)
        for case in flat.atoms(sp.Piecewise):
            for edge in case.atoms(Relational):
                if hole in edge.free_symbols:
                    self.need(sp.Ne(edge.lhs, edge.rhs), "a derivative where a case ends", sharp=False)
        for power in flat.atoms(sp.Pow):
            if not power.exp.is_integer and hole in power.base.free_symbols:
                self.need(sp.Gt(power.base, 0), "a derivative of a root or power at zero", sharp=False)
        for held in flat.atoms(Held):
            if hole in held.free_symbols and held.kind == "integral":
                self._exists(held)
        return sp.diff(flat, hole).xreplace(back)

    def _exists(self, held: Held) -> None:
        """An integral is a function of its ends if it exists.

        What stands under it is a product of powers; where some of them vanish at an end, their exponents together
        exceed -1.
        """
        variable, body, low, high = held.args[1:]
        factors = list(_powers(body))
        rough = [(b, e) for b, e in factors if not (e.is_Integer and e >= 0)]
        plain_parts = [b for b, e in factors if e.is_Integer and e >= 0]
        fits = all(sp.diff(b, variable, 2) == 0 for b, _ in rough)
        if not fits or not all(
            (p.args[0] if isinstance(p, sp.exp) else p).is_polynomial(variable) for p in plain_parts
        ):
            raise TypeTrouble("whether this integral exists for each of its ends is not decided: write it out first")
        for end in (low, high):
            at = [(put(b, {variable: end}), e) for b, e in rough if variable in b.free_symbols]
            sure = sum(1 for p in plain_parts if sp.expand(put(p, {variable: end})) == 0)
            for size in range(1, len(at) + 1):
                for some in combinations(at, size):
                    zero = sp.And(*(sp.Eq(b, 0) for b, _ in some))
                    enough = sp.Gt(sp.Add(sure, *(e for _, e in some)), -1)
                    self.need(sp.Or(sp.Not(zero), enough), "an integral that diverges at an end", sharp=False)

    def _evaluated(self, *children: Node | Token) -> Value:
        body, name, at = trees(children)
        self.apart(name, at)
        if SIGNS[str(next(t for t in children if getattr(t, "type", "") == "REL"))] != "=":
            raise TypeTrouble("an evaluation bar says where: z = 0", start_of(name))
        value, hole, fresh = self.bind(name, lambda: self.value(body))
        mapping = pairs(hole, self.value(at))
        if isinstance(hole, Tensor):
            value, fresh = self.in_full(value, fresh)
        if not (free_symbols(hole) & free_symbols(value)):
            raise Vacuous(f"{plain(body)} does not depend on {plain(name)} here")
        return self.put(value, fresh, mapping)

    # sums ------------------------------------------------------------------------------------------------------

    def _total(self, head: Token, *children: Node | Token) -> Value:
        (ranges,) = trees(children, "index_range", "index_where")
        letter = str(ranges.children[0])
        axis = axis_of(ranges, children, self.scope.notation)
        if axis is None:
            raise TypeTrouble(f"{letter} is not an index; known: {', '.join(self.scope.notation.indices)}")
        apart = self._check_range(letter, axis, ranges, trees(children, "upper"))
        return self.total(head, letter, axis, lambda: self._summand(ranges, children[-1], apart))

    def total(self, head: Token, letter: str, axis: str, summand: Callable[[], Value]) -> Value:
        """The sum or product over an index."""
        parts: list[Value] = []
        for index in range(1, self.sizes[axis] + 1):
            with (
                self.within(indices=self.indices | {letter: index}, runs=self.runs | {letter: axis}),
                suppress(LeftOut),
            ):
                parts.append(summand())
        if not parts:
            return sp.S.Zero if head.type == "SUM" else sp.S.One
        if head.type == "PROD" and isinstance(parts[0], Tensor):
            raise TypeTrouble(f"a product of {describe(parts[0])}")
        if any(_counts(head.type == "PROD", row) for row in zip(*map(entries, parts), strict=True)):
            self.sized.add(axis)
        return reduce(self.times if head.type == "PROD" else add, parts)

    def _check_range(self, letter: str, axis: str, ranges: Node, upper: list[Node]) -> bool:
        r"""Whether the range leaves out one index, as in ``\sum_{l \ne k}``; what reads in two ways is refused."""
        if letter in self.indices:
            raise TypeTrouble(f"the index {letter} is used twice")
        if ranges.data == "index_where":
            return False
        sign = SIGNS[str(ranges.children[1])] if len(ranges.children) > 1 else ""
        if sign == "!=" and plain(ranges.children[2]) == letter:
            raise TypeTrouble(f"{letter} is bound here and stands in its own bound", start_of(ranges), OTHER)
        if sign == "!=" and not upper:
            return True
        if bool(upper) != bool(sign):
            raise TypeTrouble("a sum shows both its ends, or neither")
        if upper and (sign != "=" or plain(ranges.children[2]) != "1"):
            raise TypeTrouble(f"an index starts with {letter} = 1")
        if upper and plain(upper[0].children[2]) != axis:
            raise TypeTrouble(f"the index {letter} runs to {axis}, not to {plain(upper[0].children[2])}")
        return False

    def _summand(self, ranges: Node, body: Node | Token, apart: bool) -> Value:
        if ranges.data == "index_where":
            condition = self._relation(ranges.children[2], str(ranges.children[3]), ranges.children[4])
        elif apart:
            condition = self._relation(ranges.children[0], r"\ne", ranges.children[2])
        else:
            return self.value(body)
        if condition is sp.false:
            raise LeftOut
        with self.within(guard=sp.And(self.guard, condition)):
            value = self.value(body)
        return self.times(sp.Piecewise((sp.S.One, condition), (sp.S.Zero, True)), value)

    def _relation(self, left: Node | Token, sign: str, right: Node | Token) -> Boolean:
        first, second = self.place(left), self.place(right)
        if (first is None) != (second is None):
            raise TypeTrouble(f"{plain(left)} {sign} {plain(right)} compares an index with a number")
        if first is not None:
            return RELATIONS[SIGNS[sign]](first, second)
        if SIGNS[sign] not in RELATIONS:
            raise TypeTrouble(f"{sign} cannot stand in a condition")
        return RELATIONS[SIGNS[sign]](self.scalar(left), self.scalar(right))

    def place(self, node: Node | Token) -> sp.Expr | None:
        """The value of an index that stands for itself, as in k = l; None for everything else."""
        name = str(node) if isinstance(node, Token) else plain(node) if node.data in ("index_value", "name") else ""
        value = self.indices.get(name)
        return None if value is None else sp.Integer(value)

    def _delta(self, token: Token) -> Value:
        r"""Kronecker's delta, ``\delta_{kl}``."""
        first, second = (self.index(i, self.scope.notation.indices[i]) for i in token.split()[3:5])
        return sp.Integer(first == second)

    def _indicator(self, *children: Node | Token) -> Value:
        (condition,) = trees(children)
        return sp.Piecewise((sp.S.One, self.condition(condition)), (sp.S.Zero, True))

    # limits, extremes, integrals -------------------------------------------------------------------------------

    def limit_target(self, node: Node) -> tuple[sp.Expr, int]:
        """Where a limit goes, and from which side if it is said."""
        side = next((t for t in node.children if getattr(t, "type", "") == "SIDE"), "")
        return self.scalar(node.children[0]), 1 if "+" in side else -1 if side else 0

    def _limit(self, *children: Node | Token) -> Value:
        name, target, body = trees(children)
        return self.limit(name, target, lambda: self.value(body))

    def limit(self, name: Node, target: Node, body: Callable[[], Value]) -> sp.Expr:
        """The limit of a scalar, held until the claim is decided."""
        self.apart(name, target)
        goal, side = self.limit_target(target)
        value, dummy, domain = self.bind_scalar(name, body, "limits are of scalars in a scalar")
        if dummy not in value.free_symbols:
            raise Vacuous(f"the limit is of something without {plain(name)}")
        if goal.is_finite:
            side = side or (1 if goal == domain.low else -1 if goal == domain.high else 0)
        near = self.near(dummy, goal, side)
        self.bound(sp.And(domain.holds(dummy), near), sharp=False)
        return Held(sp.Symbol("limit"), dummy, value, goal, sp.Integer(side), domain.holds(dummy))

    @staticmethod
    def near(variable: sp.Symbol, goal: sp.Expr, side: int) -> Boolean:
        """The statement that a variable is near its goal, and not there."""
        if goal.is_infinite:
            return sp.Gt(variable, NEAR) if goal.is_extended_positive else sp.Lt(variable, -NEAR)
        step, gap = sp.Rational(1, NEAR), variable - goal
        above, below = sp.And(sp.Gt(gap, 0), sp.Lt(gap, step)), sp.And(sp.Lt(gap, 0), sp.Gt(gap, -step))
        return above if side > 0 else below if side < 0 else sp.Or(above, below)

    def _extremum(self, head: Token, *children: Node | Token) -> Value:
        return self._extreme(str(head).removeprefix("\\"), children)

    def _argument(self, head: Token, *children: Node | Token) -> Value:
        return self._extreme("argmax" if "max" in str(head).replace(" ", "") else "argmin", children)

    def _extreme(self, kind: str, children: tuple[Node | Token, ...]) -> sp.Expr:
        (name,) = trees(children[:3], "name")
        sets = trees(children[:-1], "interval", "finite", "reals")
        self.apart(name, *sets)
        value, dummy, domain = self.bind_scalar(
            name, lambda: self.value(children[-1]), "extremes are of scalars over a scalar"
        )
        if dummy not in value.free_symbols:
            raise Vacuous(f"the extreme is of something without {plain(name)}")
        holds = domain.holds(dummy)
        self.moved[self.resolve(name.children)[0]] |= not sets  # a hypothesis would restrict it: then say so below
        for node in sets:
            said = self.domain(node).holds(dummy)
            self.conditions.append(
                Condition(holds, f"the set reaches outside the domain of {plain(name)}", said, False)
            )
            holds = said
        self.bound(holds, sharp=True)
        return Held(sp.Symbol(kind), dummy, value, holds)

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
        if not low < high and not (low == high and node.children[0].type == "LSQ" and node.children[-1].type == "RSQ"):
            raise TypeTrouble(f"the interval {plain(node)} is empty", start_of(node))
        return Domain(low, high, node.children[0].type == "LP", node.children[-1].type == "RP")

    def _integral(self, _int: Token, bounds: Node, body: Node, _d: Token, name: Node) -> Value:
        return self.integrate(bounds, name, lambda: self.scalar(body))

    def _integral_over(self, *children: Node | Token) -> Value:
        bounds, name, below = trees(children)
        if name.data != "name":
            raise TypeTrouble("a differential is of a symbol: dz", start_of(name))
        return self.integrate(bounds, name, lambda: self.divide(sp.S.One, self.scalar(below)))

    def integrate(self, bounds: Node, name: Node, body: Callable[[], sp.Expr]) -> sp.Expr:
        """A definite integral, held until the claim is decided."""
        self.apart(name, *trees(bounds.children))
        low, high = (self.scalar(t) for t in trees(bounds.children))
        value, dummy, domain = self.bind_scalar(name, body, "an integral in a vector")
        inside = [sp.And(sp.Lt(a, dummy), sp.Lt(dummy, b)) for a, b in ((low, high), (high, low))]
        self.bound(sp.Or(*inside), sharp=False)
        self.conditions.append(
            Condition(domain.holds(dummy), f"the integral leaves the domain of {plain(name)}", sp.Or(*inside), False)
        )
        return Held(sp.Symbol("integral"), dummy, value, low, high)

    # cases and hypotheses --------------------------------------------------------------------------------------

    def _cases(self, *children: Node | Token) -> Value:
        branches: list[tuple[sp.Expr, Boolean]] = []
        for row in trees(children, "row"):
            last = row.children[2]
            before = sp.Or(*(condition for _, condition in branches))
            condition = sp.Not(before) if isinstance(last, Token) else self.condition(last)
            with self.within(guard=sp.And(self.guard, condition)):
                value = self.scalar(row.children[0])
            for other, earlier in branches:
                both = sp.And(self.guard, condition, earlier)
                self.conditions.append(Condition(sp.Eq(value, other), "two cases that differ both apply", both, False))
            branches.append((value, condition))
        covered = sp.Or(*(condition for _, condition in branches))
        self.need(covered, "no case applies")
        return sp.Piecewise(*branches)

    def condition(self, node: Node) -> Boolean:
        """The condition of a case. It may only speak of free symbols: a sigmoid is never exactly 0 or 1."""
        for name in node.find_data("name"):
            if plain(name) in self.indices:
                continue
            key = self.resolve(tuple(name.children))[0]
            if self.scope.definition(key) is not None and key not in self.base:
                raise Vacuous(f"a case split on {key}, which is not free: split on what it is made of", start_of(name))
        if node.data == "member":
            return self.domain(trees(node.children)[1]).holds(self.scalar(node.children[0]))
        if node.data != "related":
            raise TypeTrouble("a case needs a relation as its condition", start_of(node))
        parts = node.children
        return sp.And(*(self._relation(parts[i], str(parts[i + 1]), parts[i + 2]) for i in range(0, len(parts) - 2, 2)))

    def facts(self, node: Node) -> list[Boolean]:
        """What a hypothesis states, entry by entry."""
        node = node.children[0] if node.data in ("given", "hypothesis") else node
        if node.data == "tends":
            raise TypeTrouble("a limit is written beside its formula: \\qquad (p \\to 0)", start_of(node))
        if node.data == "member":
            inner, members = trees(node.children)
            return [self.domain(members).holds(entry) for entry in entries(self.value(inner))]
        sides, signs = chain_parts(node)
        if set(signs) - set(RELATIONS):
            raise TypeTrouble("an approximation is no hypothesis", start_of(node))
        values = [self.value(side) for side in sides]
        return [fact for a, s, b in zip(values, signs, values[1:], strict=False) for fact in _entries(a, s, b)]


def _entries(left: Value, sign: str, right: Value) -> Iterator[Boolean]:
    """A relation between values, entry by entry; a vector may be compared with 0."""
    if isinstance(left, Tensor) and right == 0 and sign == "=":
        right = left.map(lambda _: sp.S.Zero)
    if isinstance(left, Tensor) != isinstance(right, Tensor) or (isinstance(left, Tensor) and sign != "="):
        raise TypeTrouble(f"{describe(left)} and {describe(right)} in one hypothesis")
    for a, b in zip(entries(left), entries(right), strict=True):
        yield RELATIONS[sign](a, b)


def _counts(product: bool, parts: Sequence[sp.Expr]) -> bool:
    """Whether a sum or product of these parts holds the number of them: each has a number in it by itself."""
    if product:
        return all(part.as_coeff_Mul()[0] != 1 for part in parts)
    return all(part.as_coeff_Add()[0] != 0 for part in parts)


def _without_extremes(expr: sp.Expr) -> sp.Expr:
    """Max and min through the absolute value."""

    def absolute(sign: int) -> Callable[..., sp.Expr]:
        return lambda *args: reduce(lambda a, b: (a + b + sign * sp.Abs(a - b)) / 2, args)

    return expr.replace(sp.Max, absolute(1)).replace(sp.Min, absolute(-1))


def _powers(expr: sp.Expr) -> Iterator[tuple[sp.Expr, sp.Expr]]:
    """A product as bases with exponents."""
    for factor in sp.Mul.make_args(expr):
        base, exponent = factor.as_base_exp()
        if isinstance(factor, sp.exp):
            yield factor, sp.S.One
        elif base.is_Mul:
            yield from ((inner, exponent) for inner in base.args)
        else:
            yield base, exponent


def _times(children: Sequence[Node | Token]) -> int:
    """The order of a derivative: the number among the children, or one."""
    return next((int(t) for t in children if getattr(t, "type", "") == "NUM"), 1)
