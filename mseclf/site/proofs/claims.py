"""A display to a verdict: every step of every chain, for every index and at every size that it is about."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

import sympy as sp
from lark import Token
from sympy.logic.boolalg import Boolean

from mseclf.site.latex.errors import NotShown, TypeTrouble, Vacuous
from mseclf.site.latex.parse import Node, letter, plain, start_of
from mseclf.site.proofs import decide as kernel
from mseclf.site.proofs.atoms import Held
from mseclf.site.proofs.attack import Attack, Found, Refuted
from mseclf.site.proofs.binders import RELATIONS, Elaborator, chain_parts, trees
from mseclf.site.proofs.elaborate import base_of
from mseclf.site.proofs.facts import Facts
from mseclf.site.proofs.schematic import NotSchematic, Schematic
from mseclf.site.proofs.scope import Scope, keys_in, linear
from mseclf.site.proofs.tensors import Tensor, Value, describe, entries
from mseclf.site.proofs.verdict import Means, Method, Status

SIZES = ({"m": 3, "n": 2, "K": 4}, {"m": 2, "n": 4, "K": 3})
OPERATORS = {
    "derivative",
    "derive",
    "gradient",
    "slope_in",
    "limit",
    "extremum",
    "argument",
    "evaluated",
    "integral",
    "total",
}
OPERATORS |= {"call", "integral_over", "expectation", "variance", "probability", "delta", "indicator"}
ORDER = (Status.PROVED, Status.AT_SIZES, Status.MEASURED)


@dataclass(frozen=True)
class Approach:
    r"""`p \to 0` beside a formula: where a limit goes."""

    name: Node
    target: Node


@dataclass(frozen=True)
class Outcome:
    """What was found out about a display or one of its steps."""

    status: Status
    method: Method
    steps: int
    points: int = 0  # at which numbers were tried against it

    def plus(self, other: "Outcome") -> "Outcome":
        """Both together: the weaker status."""
        status = max(self.status, other.status, key=ORDER.index)
        steps, points = self.steps + other.steps, self.points + other.points
        return Outcome(status, self.method.plus(other.method), steps, points)


class FalseStep(Exception):
    """Step `number` of a display is false; `sign` is what it says to stand between its sides."""

    def __init__(self, number: int, offset: int | None, found: Found, sign: str) -> None:
        super().__init__(f"step {number} is false")
        self.number = number
        self.offset = offset
        self.found = found
        self.sign = sign


def check_display(tree: Node, scope: Scope) -> Outcome:
    """Check every claim of a display.

    Raises:
        FalseStep: with the counterexample.
        FormulaError: it is not understood, vacuous, or not shown.
    """
    scope, approach = _conditions(tree, scope)
    total: Outcome | None = None
    for claim in claims_of(tree):
        for step in steps_of(claim, scope, approach):
            done = total.steps if total else 0
            try:
                outcome = step.check()
            except Refuted as error:
                raise FalseStep(done + 1, step.offset, error.found, step.sign) from None
            outcome = replace(outcome, points=step.points)
            total = outcome if total is None else total.plus(outcome)
    assert total is not None
    return total


def claims_of(tree: Node) -> list[Node]:
    """The claims of a display, without the conditions beside them."""
    return trees(tree.children, "plain", "logical")


def conditions_of(tree: Node) -> list[Node]:
    """The hypotheses beside a display."""
    beside = trees(tree.children, "condition", "quantifier", "everywhere")
    return [node for condition in beside for node in trees(condition.children)]


def _conditions(tree: Node, scope: Scope) -> tuple[Scope, Approach | None]:
    """The conditions in parentheses at the end of a display."""
    approach = None
    quantified = [node for q in trees(tree.children, "quantifier", "everywhere") for node in trees(q.children)]
    for node in conditions_of(tree):
        if node.data == "tends":
            name, target = trees(node.children)
            if name.data != "name":
                raise TypeTrouble("only a symbol can tend to something", start_of(node))
            approach = Approach(name, target)
        else:
            spoken = {k for claim in claims_of(tree) for k in scope.mentions(claim)}
            spoken |= {axis for key in spoken for axis in scope.notation.symbols[key].axes}
            if not keys_in(node, scope.notation) & spoken:
                raise Vacuous(f"the condition {plain(node)} is not used", start_of(node))
            scope = assume(scope, node, idle=node not in quantified)
    return scope, approach


def assume(scope: Scope, node: Node, idle: bool = True) -> Scope:
    """The scope under one more hypothesis; one that narrows nothing is refused, unless a quantifier says it."""
    node = node.children[0] if node.data in ("given", "hypothesis") else node
    if node.data == "tends":
        raise TypeTrouble("a limit is written beside its formula: \\qquad (p \\to 0)", start_of(node))
    notation = scope.notation
    for key in keys_in(node, notation):
        if notation.symbols[key].kind == "count":
            sides, signs = chain_parts(node) if node.data == "related" else ([], [])
            if signs != ["="] or plain(sides[0]) != key or not plain(sides[1]).isdigit() or int(plain(sides[1])) < 1:
                raise TypeTrouble(f"a size is fixed by a number: {key} = 2", start_of(node))
            return replace(scope, sizes={**scope.sizes, key: int(plain(sides[1]))})
    sides = chain_parts(node)[0] if node.data == "related" else trees(node.children)[:1]
    names = [s for s in sides if getattr(s, "data", "") == "name"]
    keys = [found.tex for s in names if (found := notation.find(str(s.children[0]))) is not None]
    free = [k for k in keys if scope.definition(k) is None or k in base_of(scope)]
    if not free:
        said = f"{keys[0]}, which is not free but defined: say it of what it is made of" if keys else plain(node)
        raise Vacuous(f"a hypothesis speaks of a free symbol, not of {said}", start_of(node))
    if node.data == "member" or not idle:
        _refuse_beyond(scope, node)
    if idle:
        _refuse_idle(scope, node)
    return replace(scope, given=(*scope.given, node))


def _tool(scope: Scope, sizes: Mapping[str, int] = SIZES[0], indices: Mapping[str, int] | None = None) -> Elaborator:
    """An elaborator with the logits kept as variables of their own."""
    base = base_of(scope)
    return Elaborator(scope, {**sizes, **scope.sizes}, base, frozen=base, indices=dict(indices or {}))


def _refuse_beyond(scope: Scope, node: Node) -> None:
    """Values that a hypothesis admits and a symbol cannot take: who reads it takes them for admissible."""
    tool = _tool(scope)
    said = sp.And(*tool.facts(node))
    for symbol, atom in tool.atoms.items():
        free, domain = sp.Dummy(real=True), scope.domain(atom.key)
        claim = sp.Implies(said.xreplace({symbol: free}), domain.holds(free))
        if claim is not sp.true and not isinstance(kernel.decide(claim), kernel.Proved):
            raise Vacuous(f"the hypothesis {plain(node)} reaches outside its domain", start_of(node))


def _refuse_idle(scope: Scope, node: Node) -> None:
    """A hypothesis that the domains and the hypotheses before it imply says nothing, or was meant otherwise."""
    if any(t.type in ("SAMPLE", "SUB") for t in node.scan_values(lambda t: isinstance(t, Token))):
        return
    tool = _tool(scope)
    facts = tool.facts(node)
    if not all(f.free_symbols for f in facts if f is not sp.true) or len(facts) > 1:
        return
    try:
        Facts(tool, scope.given).decided(sp.And(*facts), start_of(node))
    except (NotShown, Refuted):
        return
    raise Vacuous(
        f"the hypothesis {plain(node)} narrows nothing: its domain in docs/notation.yml says it", start_of(node)
    )


def steps_of(claim: Node, scope: Scope, approach: Approach | None) -> Iterator["Step"]:
    """The relations of a chain, or the one statement that joins relations."""
    if claim.data == "logical":
        statements = [plain(part) for part in claim.children[::2]]
        if len(set(statements)) < len(statements):
            raise Vacuous("both statements are identical", start_of(claim.children[-1]))
        yield Joined([claim], "", scope, approach)
        return
    relation = claim.children[0]
    if relation.data == "tends":
        yield Tends(trees(relation.children), "=", scope, approach)
        return
    if relation.data == "member":
        relation = membership(relation)
    sides, signs = chain_parts(relation)
    for left, sign, right in zip(sides, signs, sides[1:], strict=False):
        _refuse_empty(left, sign, right)
        yield Step([left, right], sign, scope, approach)


def membership(relation: Node) -> Node:
    r"""`f \in (a, b)` as the chain a < f < b."""
    inner, members = trees(relation.children)
    if members.data != "interval":
        raise TypeTrouble("membership of an interval can be claimed, nothing else", start_of(members))
    low, high = trees(members.children)
    first, last = (str(members.children[0]), str(members.children[-1]))
    left = Token("REL", "<" if first == "(" else r"\le")
    right = Token("REL", "<" if last == ")" else r"\le")
    return type(relation)("chain", [low, left, inner, right, high])


def _refuse_empty(left: Node, sign: str, right: Node) -> None:
    """Identical sides, or mere arithmetic of numbers, claim nothing."""
    if sign in ("=", "<=", ">=", "~") and plain(left) == plain(right):
        raise Vacuous("both sides are identical: nothing is claimed", start_of(right))
    words = [t for side in (left, right) for t in side.scan_values(lambda t: t.type not in ("LP", "RP", "LB", "RB"))]
    if sign != "~=" and all(t.type in ("NUM", "PLUS", "MINUS", "SLASH", "CDOT", "FRAC") for t in words):
        raise Vacuous("both sides are plain numbers: nothing is claimed about the subject", start_of(right))


def free_letters(nodes: list[Node], scope: Scope) -> dict[str, str]:
    """The indices that no sum binds, and what they run over."""
    letters: dict[str, str] = {}
    for node in nodes:
        bound = {str(r.children[0]) for name in ("index_range", "index_where") for r in node.find_data(name)}
        for token in node.scan_values(lambda t: t.type in ("SAMPLE", "SUB", "DELTA", "INDEX")):
            for index in token.split()[3:5] if token.type == "DELTA" else [letter(token)]:
                if index in scope.notation.indices and index not in bound:
                    letters[index] = scope.notation.indices[index]
    return letters


def assignments(letters: Mapping[str, str], sizes: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Every value of the indices that no sum binds: the claim is for each of them."""
    for values in product(*(range(1, sizes[axis] + 1) for axis in letters.values())):
        yield dict(zip(letters, values, strict=True))


def coincidences(letters: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """What the indices may be for every size at once: two over one axis are different ones, or the same.

    Of three over one axis nothing is said where it matters which of them are the same.
    """
    shared = {axis: [i for i in letters if letters[i] == axis] for axis in letters.values()}
    if any(len(own) > 2 for own in shared.values()):
        raise NotSchematic("three indices over one axis")
    doubles = [own for own in shared.values() if len(own) == 2]
    for same in product((False, True), repeat=len(doubles)):
        yield {i: i for i in letters} | {b: a for (a, b), one in zip(doubles, same, strict=True) if one}


@dataclass
class Step:
    """One relation, left REL right."""

    nodes: list[Node]
    sign: str
    scope: Scope
    approach: Approach | None
    points: int = 0  # at which it was attacked

    @property
    def offset(self) -> int:
        """Where its right side begins."""
        return start_of(self.nodes[-1])

    def check(self) -> Outcome:
        """Attack with numbers, then prove: for every size if it can be, else at the stated ones."""
        letters = free_letters(self.nodes, self.scope)
        shaped = bool(self.axes(letters))
        found = self.attacked(letters, shaped)
        if found is not None:
            raise Refuted(found)
        if self.sign == "~=":
            return Outcome(Status.MEASURED, self.at(_tool(self.scope)), 1)
        if not shaped:
            return Outcome(Status.PROVED, self.at(_tool(self.scope)), 1)
        try:
            method = Method(())
            for names in coincidences(letters):
                method = method.plus(self.at(Schematic(self.scope, base_of(self.scope), names)))
            return Outcome(Status.PROVED, method.plus(Method((Means.EVERY_SIZE,))), 1)
        except NotSchematic:
            refuted = False
        except Refuted:
            refuted = True  # say it at a size
        if self.sign != "=" and not self.axes(letters) <= set(self.scope.sizes) and not refuted:
            raise NotShown("a comparison that runs over vectors or sums is not shown at single sizes", self.offset)
        method = Method(())
        shapes = list({tuple(sorted({**shape, **self.scope.sizes}.items())): None for shape in SIZES})
        for shape in map(dict, shapes):
            for indices in assignments(letters, shape):
                tool = _tool(self.scope, shape, indices)
                method = method.plus(self.at(tool))
                self.refuse_numbers(tool.sized)
        axes = self.axes(letters)
        if refuted:
            raise NotShown("for an entry of its own it is not true", self.offset)
        if self.axes(letters) <= set(self.scope.sizes):
            return Outcome(Status.PROVED, method, 1)
        named = " and ".join(_shape(dict(shape), axes) for shape in shapes)
        return Outcome(Status.AT_SIZES, method.plus(Method((), named)), 1)

    def refuse_numbers(self, sized: set[str]) -> None:
        """What holds at some sizes says nothing about a size itself."""
        if not sized <= set(self.scope.sizes):
            raise NotShown("a size stands in it as a number, and it was not shown for every size", self.offset)

    def attacked(self, letters: Mapping[str, str], shaped: bool) -> Found | None:
        """What the other key finds."""
        attack = Attack(self.nodes, self.sign, self.scope)
        found = attack.run(letters, shaped)
        self.points = len(attack.tried)
        return found

    def axes(self, letters: Mapping[str, str]) -> set[str]:
        """What the claim runs over."""
        known = self.scope.notation.symbols
        keys = set().union(*(self.scope.mentions(node) for node in self.nodes))
        bound = {
            self.scope.notation.indices.get(str(r.children[0]), "")
            for node in self.nodes for name in ("index_range", "index_where") for r in node.find_data(name)
        }  # fmt: skip
        hidden = {k for pair in linear(self.scope.notation).values() for k in pair}
        own = set().union(*(keys_in(node, self.scope.notation) for node in self.nodes))
        seen = {axis for k in keys if k not in hidden or k in own for axis in known[k].axes}
        return (seen | set(letters.values()) | bound | {k for k in keys if known[k].kind == "count"}) & {"m", "n", "K"}

    # one size ------------------------------------------------------------------------------------------------

    def at(self, tool: Elaborator) -> Method:
        """Prove the step with given sizes and indices.

        Raises:
            Refuted: it is false.
            NotShown: it is neither proved nor refuted.
        """
        if self.sign == "~=":
            return self.approximate(tool)
        if self.sign == "~":
            return self.asymptotic(tool)
        a, b = (tool.value(node) for node in self.nodes)
        if isinstance(a, Tensor) != isinstance(b, Tensor) or (isinstance(a, Tensor) and a.axes != b.axes):
            raise TypeTrouble(f"{describe(a)} on the left, {describe(b)} on the right", self.offset)
        if isinstance(a, Tensor) and self.sign != "=":
            raise TypeTrouble("vectors are compared by = alone", self.offset)
        self.refuse_constant(tool, a, b)
        facts = Facts(tool, self.scope.given)
        method = facts.defined(self.offset)
        for left, right in zip(entries(a), entries(b), strict=True):
            method = method.plus(facts.relation(left, self.sign, right, self.offset))
        return method

    def refuse_constant(self, tool: Elaborator, a: Value, b: Value) -> None:
        r"""`0 \cdot y = 0`: both sides are one constant although they speak of free symbols, by arithmetic alone."""
        if self.sign != "=" or isinstance(a, Tensor) or a != b or not a.is_number or tool.indices:
            return
        if any(part.data in OPERATORS for side in self.nodes for part in side.iter_subtrees()):
            return
        if any(self.scope.mentions(side) for side in self.nodes):
            raise Vacuous("both sides are one constant, whatever the symbols are", self.offset)

    def approximate(self, tool: Elaborator) -> Method:
        """A constant to the digits that are shown."""
        text = plain(self.nodes[1]).replace(" ", "")
        if not text.lstrip("+-").replace(".", "", 1).isdigit():
            raise TypeTrouble(r"the right side of \approx is a decimal number", self.offset)
        value = tool.value(self.nodes[0])
        facts = Facts(tool, self.scope.given)
        if isinstance(value, Tensor) or facts.put(value).free_symbols:
            raise TypeTrouble(r"\approx compares a constant with a decimal number", self.offset)
        return facts.defined(self.offset).plus(facts.approximation(value, text, self.offset))

    def asymptotic(self, tool: Elaborator) -> Method:
        r"""`f \sim g`: the ratio tends to 1."""
        if self.approach is None:
            raise TypeTrouble(r"say where: f \sim g \qquad (p \to 0)", self.offset)
        name, target = self.approach.name, self.approach.target
        left, right = (tool.limit(name, target, partial(tool.scalar, node)) for node in self.nodes)
        return Facts(tool, self.scope.given).asymptotic(left, right, self.offset)


@dataclass
class Tends(Step):
    r"""`f \to 0 \qquad (z \to \infty)`."""

    def attacked(self, letters: Mapping[str, str], shaped: bool) -> Found | None:
        """No number is a limit."""
        return None

    def at(self, tool: Elaborator) -> Method:
        """A limit, and its value."""
        if self.approach is None:
            raise TypeTrouble(r"say where: f \to 0 \qquad (z \to \infty)", self.offset)
        left = tool.limit(self.approach.name, self.approach.target, lambda: tool.value(self.nodes[0]))
        goal, _ = tool.limit_target(self.nodes[1])
        facts = Facts(tool, self.scope.given)
        return facts.defined(self.offset).plus(facts.relation(left, "=", goal, self.offset))


@dataclass
class Joined(Step):
    r"""`A \iff B`, `A \implies B`, between chains of relations."""

    def at(self, tool: Elaborator) -> Method:
        """Each statement on each side as SymPy writes it, joined."""
        parts = self.nodes[0].children
        whole: Boolean = self.statement(tool, parts[0])
        total, opening = sp.true, whole
        for arrow, node in zip(parts[1::2], parts[2::2], strict=True):
            guard = whole if arrow.type == "IMPLIES" else sp.true
            with tool.within(guard=guard):
                following = self.statement(tool, node)
            joined = sp.Implies if arrow.type == "IMPLIES" else sp.Equivalent
            total = sp.And(total, joined(whole, following))
            whole = following
        facts = Facts(tool, self.scope.given)
        method = facts.defined(self.offset).plus(facts.decided(total, self.offset))
        self.refuse_settled(facts, opening)
        return method

    def refuse_settled(self, facts: Facts, first: Boolean) -> None:
        """A first statement that holds everywhere or nowhere makes the second say nothing."""
        for contrary, words in ((first, "everywhere"), (sp.Not(first), "nowhere")):
            with suppress(NotShown, Refuted):
                facts.decided(contrary, self.offset)
                raise Vacuous(f"the first statement is true {words} on the domain", self.offset)

    def statement(self, tool: Elaborator, relation: Node) -> Boolean:
        """A chain, or a membership."""
        if relation.data == "tends":
            raise TypeTrouble("a limit is no condition", start_of(relation))
        sides, signs = chain_parts(membership(relation) if relation.data == "member" else relation)
        if set(signs) - set(RELATIONS):
            raise TypeTrouble("this sign cannot stand between statements", start_of(relation))
        values = [tool.scalar(side) for side in sides]
        if any(v.has(Held) for v in values):
            raise TypeTrouble("a limit, an extreme or an integral inside a statement", start_of(relation))
        return sp.And(*(RELATIONS[s](a, b) for a, s, b in zip(values, signs, values[1:], strict=False)))


def _shape(shape: Mapping[str, int], axes: set[str]) -> str:
    return ", ".join(f"{axis} = {shape[axis]}" for axis in ("m", "n", "K") if axis in axes)
