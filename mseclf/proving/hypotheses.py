"""Hypotheses: what `given:` and a condition beside a formula say about free symbols. They narrow, or are refused."""

from dataclasses import dataclass, replace

import sympy as sp
from lark import Token

from mseclf.proving.binders import Elaborator, chain_parts, trees
from mseclf.proving.domains import Domain
from mseclf.proving.errors import TypeTrouble, Undefined, Vacuous
from mseclf.proving.numeric import evaluate
from mseclf.proving.parse import Node, plain, start_of
from mseclf.proving.points import exact, points
from mseclf.proving.scope import Definition, Scope

TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}
BASE = frozenset({"z"})


@dataclass(frozen=True)
class Approach:
    r"""`p \to 0` beside a formula: where a limit goes."""

    name: Node
    target: Node


def elaborator(scope: Scope) -> Elaborator:
    """An elaborator with the logits kept as variables of their own."""
    kept = frozenset(k for k in BASE & set(scope.notation.symbols) if k not in scope.assumed and not _moved(scope, k))
    built = Elaborator(scope, frozen=kept, base=kept)
    built.sizes = {**built.sizes, **scope.sizes}
    return built


def _moved(scope: Scope, key: str) -> bool:
    """Whether a hypothesis fixes something that `key` is made of."""
    definition = scope.definition(key)
    return definition is not None and bool(scope.mentions(definition.body) & set(scope.assumed))


def assume(scope: Scope, node: Node) -> tuple[Scope, str]:
    """The scope under a hypothesis, and the symbol that it speaks of.

    Raises:
        Vacuous: it contradicts, widens, narrows nothing, or speaks of a symbol that is not free.
    """
    node = node.children[0] if node.data in ("given", "hypothesis") else node
    if node.data == "tends":
        raise TypeTrouble("a limit is written beside its formula: \\qquad (p \\to 0)", start_of(node))
    if node.data == "member":
        name, members = trees(node.children)
        key = _free_key(scope, name)
        return _narrow(scope, key, elaborator(scope).domain(members)), key
    sides, relations = chain_parts(node)
    names = [place for place, side in enumerate(sides) if _is_free_name(scope, side)]
    if not names:
        raise Vacuous("a hypothesis speaks of one free symbol of docs/notation.yml", start_of(node))
    place = names[0]
    key = _free_key(scope, sides[place])
    before = scope
    for other, (left, relation) in enumerate(zip(sides, relations, strict=False)):
        right = sides[other + 1]
        if place not in (other, other + 1):
            raise TypeTrouble("a hypothesis bounds one symbol", start_of(node))
        bound, sign = (right, relation) if place == other else (left, TURNED[relation])
        scope = _bounded(scope, key, sign, bound)
    if scope == before:
        raise Vacuous(f"the hypothesis on {key} narrows nothing", start_of(node))
    return scope, key


def _is_free_name(scope: Scope, node: Node | Token) -> bool:
    return getattr(node, "data", "") == "name" and scope.notation.find(node.children[0]) is not None


def _free_key(scope: Scope, node: Node | Token) -> str:
    if not _is_free_name(scope, node):
        raise TypeTrouble(f"a hypothesis speaks of one symbol, not of {plain(node)}", start_of(node))
    symbol = scope.notation.find(str(node.children[0]))
    assert symbol is not None
    if symbol.tex not in BASE and scope.definition(symbol.tex) is not None:
        raise Vacuous(
            f"a hypothesis on {symbol.tex}, which is not free but defined: say it of what it is made of",
            start_of(node),
        )
    return symbol.tex


def _bounded(scope: Scope, key: str, sign: str, bound: Node | Token) -> Scope:
    symbol = scope.notation.symbols[key]
    tool = elaborator(scope)
    value = tool.scalar(bound)
    if symbol.axes:
        if sign != "=" or value != 0:
            raise TypeTrouble(f"of a vector only {key} = 0 can be assumed")
        return replace(scope, assumed={**scope.assumed, key: Definition((), bound)})
    if symbol.kind == "count":
        if sign != "=" or not value.is_Integer or value < 1:
            raise TypeTrouble(f"a size is fixed by a number: {key} = 2")
        return replace(scope, sizes={**scope.sizes, key: int(value)})
    if sign == "=":
        _check_inside(scope, tool, key, value)
        return replace(scope, assumed={**scope.assumed, key: Definition((), bound)})
    if value.free_symbols:
        raise TypeTrouble(f"a hypothesis bounds {key} by a number, not by {plain(bound)}", start_of(bound))
    domains = {
        "<": Domain(high=value), "<=": Domain(high=value, high_open=False), ">": Domain(low=value),
        ">=": Domain(low=value, low_open=False), "!=": Domain(excluded=(value,)),
    }  # fmt: skip
    if sign not in domains:
        raise TypeTrouble(f"{sign} in a hypothesis")
    return _narrow(scope, key, domains[sign])


def _narrow(scope: Scope, key: str, domain: Domain) -> Scope:
    return replace(scope, domains={**scope.domains, key: scope.domain(key).meet(domain, key)})


def _check_inside(scope: Scope, tool: Elaborator, key: str, value: sp.Expr) -> None:
    """An equality must be possible: its value lies in the symbol's domain."""
    domain = scope.domain(key)
    for point in points(sorted(value.free_symbols, key=str), tool.scope_domain, 8, False):
        try:
            number = evaluate(value, exact(point))
        except Undefined:
            raise Vacuous(f"the hypothesis on {key} has no value") from None
        rational = value if value.is_number else sp.Float(str(number), 40)
        if rational not in domain:
            raise Vacuous(f"the hypothesis {key} = {sp.N(rational, 4)} contradicts the domain of {key}")
