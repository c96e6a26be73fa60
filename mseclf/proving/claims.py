"""A display to a verdict: every step of every chain, for every index and at every size that it is about."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import mpmath as mp
import sympy as sp
from lark import Token

from mseclf.proving.binders import Elaborator, chain_parts, trees
from mseclf.proving.errors import TypeTrouble, Undefined, Vacuous
from mseclf.proving.hypotheses import Approach, assume, elaborator
from mseclf.proving.numeric import evaluate, satisfied
from mseclf.proving.parse import Node, letter, plain, start_of
from mseclf.proving.points import exact, points
from mseclf.proving.prove import POINTS, Counterexample, Pair, Refuted, attack, show
from mseclf.proving.schematic import shown_for_every_size
from mseclf.proving.scope import Scope, keys_in
from mseclf.proving.signs import NotDecided, pieces
from mseclf.proving.tensors import Tensor, Value, describe

SHAPES = ({"m": 3, "n": 2, "K": 3}, {"m": 2, "n": 3, "K": 2})
OPERATORS = {"derivative", "derive", "gradient", "limit", "extremum", "argument", "evaluated", "integral", "total"}
OPERATORS |= {"call", "integral_over", "expectation"}
ORDER = ("proved", "proved-at-fixed-shapes", "numeric")


@dataclass(frozen=True)
class Outcome:
    """What was found out about a display or one of its steps."""

    status: str
    methods: tuple[str, ...]
    steps: int

    def plus(self, other: "Outcome") -> "Outcome":
        """Both together: the weaker status."""
        status = max(self.status, other.status, key=ORDER.index)
        return Outcome(status, tuple(dict.fromkeys(self.methods + other.methods)), self.steps + other.steps)


class FalseStep(Exception):
    """Step `number` of a display is false."""

    def __init__(self, number: int, offset: int | None, counterexample: Counterexample, sign: str) -> None:
        super().__init__(f"step {number} is false")
        self.number = number
        self.offset = offset
        self.counterexample = counterexample
        self.sign = sign


def check_display(tree: Node, scope: Scope) -> Outcome:
    """Check every claim of a display.

    Raises:
        FalseStep: with the counterexample.
        FormulaError: it is not understood, vacuous, or has a side without value.
    """
    scope, approach = _conditions(tree, scope)
    total = Outcome("proved", (), 0)
    for claim in claims_of(tree):
        for number, outcome in enumerate(_claim(claim, scope, approach, total.steps)):
            total = total.plus(outcome) if number or total.steps else outcome
    return total


def claims_of(tree: Node) -> list[Node]:
    """The claims of a display, without the conditions beside them."""
    return trees(tree.children, "plain", "equivalent", "implied")


def _conditions(tree: Node, scope: Scope) -> tuple[Scope, Approach | None]:
    """The conditions in parentheses at the end of a display."""
    approach = None
    for condition in trees(tree.children, "condition"):
        for node in trees(condition.children):
            if node.data == "tends":
                name, target = trees(node.children)
                if name.data != "name":
                    raise TypeTrouble("only a symbol can tend to something", start_of(node))
                approach = Approach(name, target)
            else:
                scope, key = assume(scope, node)
                if key not in {k for claim in claims_of(tree) for k in scope.mentions(claim)}:
                    raise Vacuous(f"the condition on {key} is not used", start_of(node))
    return scope, approach


def _claim(claim: Node, scope: Scope, approach: Approach | None, done: int) -> Iterator[Outcome]:
    if claim.data == "plain":
        yield from _relation(claim.children[0], scope, approach, done)
    else:
        yield _logical(claim, scope, done)


def _relation(relation: Node, scope: Scope, approach: Approach | None, done: int) -> Iterator[Outcome]:
    if relation.data == "tends":
        yield _tends(relation, scope, approach)
        return
    if relation.data == "member":
        relation = _membership(relation)
    sides, signs = chain_parts(relation)
    for number, sign in enumerate(signs):
        _refuse_empty(sides[number], sign, sides[number + 1])
        try:
            yield _step(sides[number], sign, sides[number + 1], scope, approach)
        except Refuted as error:
            raise FalseStep(done + number + 1, start_of(sides[number + 1]), error.counterexample, sign) from None


def _membership(relation: Node) -> Node:
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
    if all(t.type in ("NUM", "PLUS", "MINUS", "SLASH", "CDOT", "FRAC") for t in words):
        raise Vacuous("both sides are plain numbers: nothing is claimed about the subject", start_of(right))


def free_letters(nodes: list[Node], scope: Scope) -> dict[str, str]:
    """The indices that no sum binds, and what they run over."""
    letters: dict[str, str] = {}
    for node in nodes:
        bound = {str(r.children[0]) for name in ("index_range", "index_where") for r in node.find_data(name)}
        for token in node.scan_values(lambda t: t.type in ("SAMPLE", "SUB")):
            index = letter(token)
            if index in scope.notation.indices and index not in bound:
                letters[index] = scope.notation.indices[index]
    return letters


def assignments(nodes: list[Node], scope: Scope, sizes: dict[str, int]) -> Iterator[dict[str, int]]:
    """Every value of the indices that no sum binds: the claim is for each of them."""
    letters = free_letters(nodes, scope)
    ranges = [range(1, (sizes[axis] if axis == "K" else 1) + 1) for axis in letters.values()]
    for values in product(*ranges):
        yield dict(zip(letters, values, strict=True))


def _step(left: Node, sign: str, right: Node, scope: Scope, approach: Approach | None) -> Outcome:
    """One relation, at every size and index."""
    keys = scope.mentions(left) | scope.mentions(right)
    shaped = any(
        scope.notation.symbols[k].axes or scope.notation.symbols[k].kind == "count"
        for k in keys - {"z"} - _behind(scope)
    )
    shaped = shaped or bool({"\\theta", "x", "X"} & (keys_in(left, scope.notation) | keys_in(right, scope.notation)))
    total: Outcome | None = None
    for shape in SHAPES if shaped else SHAPES[:1]:
        sizes = {**shape, **scope.sizes}
        for indices in assignments([left, right], scope, sizes):
            tool = elaborator(scope)
            tool.sizes, tool.indices = sizes, indices
            found = _sides(tool, left, sign, right, approach)
            total = found if total is None else total.plus(found)
    assert total is not None
    if shaped and total.status == "proved":
        letters = free_letters([left, right], scope)
        if sign == "=" and shown_for_every_size(left, right, scope, tool, set(letters)):
            total = replace(total, methods=(*total.methods, "entry by entry, for every size"))
        else:
            total = replace(
                total,
                status="proved-at-fixed-shapes",
                methods=(*total.methods, "for (m, n, K) = (3, 2, 3) and (2, 3, 2)"),
            )
    return replace(total, steps=1)


def _behind(scope: Scope) -> set[str]:
    """What only stands behind the logit."""
    definition = scope.definition("z") if "z" in scope.notation.symbols else None
    return scope.mentions(definition.body) if definition is not None else set()


def _sides(tool: Elaborator, left: Node, sign: str, right: Node, approach: Approach | None) -> Outcome:
    if sign == "~":
        return _asymptotic(tool, left, right, approach)
    a, b = tool.value(left), tool.value(right)
    if sign == "~=":
        return _approximate(a, right)
    if isinstance(a, Tensor) != isinstance(b, Tensor) or (isinstance(a, Tensor) and a.axes != b.axes):
        raise TypeTrouble(f"{describe(a)} on the left, {describe(b)} on the right", start_of(right))
    if isinstance(a, Tensor) and sign != "=":
        raise TypeTrouble("vectors are compared by = alone", start_of(right))
    outcome = Outcome("proved", (), 0)
    pairs = list(_pairs(tool, a, sign, b))
    for pair in pairs:
        outcome = outcome.plus(_check_pair(pair, tool, POINTS if len(pairs) == 1 else POINTS // 2))
        _refuse_constant(tool, pair, left, right)
    return outcome


def _pairs(tool: Elaborator, a: Value, sign: str, b: Value) -> Iterator[Pair]:
    lefts, rights = (side.entries if isinstance(side, Tensor) else [side] for side in (a, b))
    conditions = tuple(tool.conditions)
    for left, right in zip(lefts, rights, strict=True):
        free = left.free_symbols | right.free_symbols
        if any(tool.atoms[s].key == "\\theta" for s in free if s in tool.atoms):
            left, right = tool.unfold(left), tool.unfold(right)
        small = any(tool.atoms[s].component or tool.atoms[s].sample for s in free if s in tool.atoms)
        yield Pair(left, sign, right, conditions, tool.scope_domain, small)


def _refuse_constant(tool: Elaborator, pair: Pair, left: Node, right: Node) -> None:
    r"""`0 \cdot y = 0`: both sides are one constant although they speak of free symbols, by arithmetic alone."""
    if pair.sign != "=" or not (pair.left.is_number and pair.right.is_number) or pair.left != pair.right:
        return
    if any(part.data in OPERATORS for side in (left, right) for part in side.iter_subtrees()):
        return
    free = {k for side in (left, right) for k in tool.scope.mentions(side)}
    if free and not (free & set(tool.scope.assumed)):
        raise Vacuous("both sides are one constant, whatever the symbols are", start_of(right))


def _check_pair(pair: Pair, tool: Elaborator, count: int) -> Outcome:
    """Attack, then prove."""
    tried = attack(pair, count)
    if tried == 0:
        raise Vacuous("no admissible point was found")
    if show(pair):
        return Outcome("proved", (*tool.notes, _method(pair)), 0)
    if pair.sign not in ("=", "!="):
        tried = attack(pair, 20 * POINTS)
    return Outcome("numeric", (f"compared to {mp.nstr(40)} digits at {tried} points",), 0)


def _method(pair: Pair) -> str:
    if pair.left.has(sp.Integral) or pair.right.has(sp.Integral):
        return "differentiated in a parameter, and compared where the range is empty"
    if pair.sign == "=":
        return "identity of rational functions of exponentials and logarithms"
    return "signs between exactly isolated zeros" if pair.sign != "!=" else "no zero in the domain"


def _approximate(value: Value, right: Node) -> Outcome:
    """A constant to the digits that are shown."""
    text = plain(right).replace(" ", "")
    digits = text.lstrip("+-")
    if not digits.replace(".", "", 1).isdigit():
        raise TypeTrouble(r"the right side of \approx is a decimal number", start_of(right))
    if isinstance(value, Tensor) or value.free_symbols:
        raise TypeTrouble(r"\approx compares a constant with a decimal number", start_of(right))
    number, said = evaluate(value, {}), mp.mpf(text)
    unit = mp.mpf(10) ** -len(digits.partition(".")[2])
    if abs(number - said) > unit / 2:
        raise Refuted(Counterexample({}, number, said))
    return Outcome("numeric", ("computed to 50 digits; right to the digits shown",), 0)


def _asymptotic(tool: Elaborator, left: Node, right: Node, approach: Approach | None) -> Outcome:
    if approach is None:
        raise TypeTrouble(r"say where: f \sim g \qquad (p \to 0)", start_of(right))
    ratio = tool.limit(approach.name, approach.target, lambda: tool.scalar(left) / tool.scalar(right))
    if sp.simplify(ratio - 1) != 0:
        raise Refuted(Counterexample({}, _finite(ratio), mp.mpf(1)))
    return Outcome("proved", ("the limit of the ratio is 1",), 0)


def _tends(relation: Node, scope: Scope, approach: Approach | None) -> Outcome:
    if approach is None:
        raise TypeTrouble(r"say where: f \to 0 \qquad (z \to \infty)", start_of(relation))
    left, target = trees(relation.children)
    tool = elaborator(scope)
    value = tool.limit(approach.name, approach.target, lambda: tool.value(left))
    goal, _side = tool.limit_target(target)
    if value != goal and sp.simplify(value - goal) != 0:
        raise FalseStep(1, start_of(target), Counterexample({}, _finite(value), _finite(goal)), "=")
    return Outcome("proved", ("limit by leading terms, confirmed by numbers",), 1)


def _finite(value: sp.Expr) -> mp.mpf:
    return mp.mpf(sp.N(value, 30)) if value.is_finite and value.is_number else mp.inf if value.is_infinite else mp.nan


def _logical(claim: Node, scope: Scope, done: int) -> Outcome:
    r"""`A \iff B` and `A \implies B` between single relations."""
    first, _arrow, second = claim.children
    parts = []
    tool = elaborator(scope)
    for relation in (first, second):
        sides, signs = chain_parts(relation)
        values = [tool.scalar(side) for side in sides]
        parts.append(list(zip(values, signs, values[1:], strict=False)))
    if plain(first) == plain(second):
        raise Vacuous("both statements are identical", start_of(second))
    both = claim.data == "equivalent"

    def agree(point: dict[sp.Symbol, mp.mpf]) -> bool:
        a, b = (all(satisfied(evaluate(x, point), s, evaluate(y, point)) for x, s, y in part) for part in parts)
        return a == b if both else b or not a

    free = sorted({s for part in parts for x, _, y in part for s in x.free_symbols | y.free_symbols}, key=str)
    seen = set()
    for point in points(free, tool.scope_domain, 20, False):
        numbers = exact(point)
        seen.add(all(satisfied(evaluate(x, numbers), s, evaluate(y, numbers)) for x, s, y in parts[0]))
        if not agree(numbers):
            left, _, right = parts[1][0]
            raise FalseStep(
                done + 1,
                start_of(second),
                Counterexample(point, evaluate(left, numbers), evaluate(right, numbers)),
                parts[1][0][1],
            )
    if seen == {True} or seen == {False}:
        raise Vacuous("the first statement is true everywhere or nowhere on the domain")
    return _logical_proof(parts, free, tool, agree, done, start_of(second))


def _logical_proof(
    parts: list[list[tuple[sp.Expr, str, sp.Expr]]],
    free: list[sp.Symbol],
    tool: Elaborator,
    agree: Callable[[dict[sp.Symbol, mp.mpf]], bool],
    done: int,
    offset: int | None,
) -> Outcome:
    """In one variable: both statements keep their truth between the zeros of all differences."""
    finite = [s for s in free if tool.scope_domain(s).values]
    (variable, *others) = [s for s in free if s not in finite] or [sp.Symbol("none")]
    if others:
        return Outcome("numeric", ("compared at 20 points",), 1)
    for values in product(*(tool.scope_domain(s).values for s in finite)):
        mapping = dict(zip(finite, values, strict=True))
        whole = sp.Mul(*(x - y for part in parts for x, _, y in part)).xreplace(mapping)
        try:
            cuts = pieces(whole, variable, tool.scope_domain(variable))
        except (NotDecided, Undefined):
            return Outcome("numeric", ("compared at 20 points",), 1)
        for place, _ in cuts:
            point = {variable: place.at, **exact(mapping)}
            if not agree(point):
                raise FalseStep(
                    done + 1, offset, Counterexample({variable: sp.Float(str(place.at), 12)}, mp.nan, mp.nan), ""
                )
    return Outcome("proved", ("truth on every piece between exactly isolated zeros",), 1)
