"""What is in force at a place of a page: definitions, hypotheses and sizes, on top of the symbol table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from mseclf.proving.domains import Domain, declared
from mseclf.proving.errors import TypeTrouble
from mseclf.proving.notation import Notation
from mseclf.proving.parse import Node, parse, plain


@dataclass(frozen=True)
class Definition:
    """What a symbol stands for: an expression in its parameters, which are keys of the symbol table."""

    parameters: tuple[str, ...]
    body: Node


@dataclass(frozen=True)
class Scope:
    """The reader's knowledge at one place. Equality hypotheses (`y = 0`) are definitions as well."""

    notation: Notation
    fixed: Mapping[str, Definition] = field(default_factory=dict)
    assumed: Mapping[str, Definition] = field(default_factory=dict)
    domains: Mapping[str, Domain] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    poisoned: Mapping[str, str] = field(default_factory=dict)

    def definition(self, key: str) -> Definition | None:
        """The definition in force: a hypothesis, else the page's, else the symbol table's."""
        found = self.assumed.get(key) or self.fixed.get(key)
        return found or _declared_definition(_Hashable(self.notation), key)

    def domain(self, key: str) -> Domain:
        """Where a free symbol lies here."""
        return self.domains.get(key) or declared(self.notation.symbols[key].domain)

    def mentions(self, node: Node) -> set[str]:
        """Every symbol that a formula speaks of, itself or through definitions."""
        found: set[str] = set()
        todo = keys_in(node, self.notation)
        while todo:
            key = todo.pop()
            if key in found:
                continue
            found.add(key)
            definition = self.definition(key)
            symbol = self.notation.symbols[key]
            if definition is not None:
                todo |= keys_in(definition.body, self.notation)
            todo |= set(symbol.arguments) | ({_key(self.notation, symbol.entries)} if symbol.entries else set())
        return found

    def depends(self, key: str, on: str) -> bool:
        """Whether the value of `key` changes with `on` through definitions."""
        definition = self.definition(key)
        return definition is not None and on in self.mentions(definition.body)


class _Hashable:
    """A notation as a cache key: by identity, kept alive."""

    def __init__(self, notation: Notation) -> None:
        self.notation = notation

    def __hash__(self) -> int:
        return id(self.notation)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashable) and other.notation is self.notation


@cache
def _declared_definition(holder: _Hashable, key: str) -> Definition | None:
    symbol = holder.notation.symbols[key]
    if symbol.definition is None:
        return None
    body = expression(symbol.definition, holder.notation)
    return Definition(tuple(_key(holder.notation, a) for a in symbol.arguments), body)


def expression(tex: str, notation: Notation) -> Node:
    """Parse TeX that is a single expression, without a relation."""
    tree = parse(tex, notation, "inline")
    thought = tree.children[0]
    if len(tree.children) != 1 or thought.data != "bare":
        raise TypeTrouble(f"{tex} is not a single expression")
    return thought.children[0]


def keys_in(node: Node, notation: Notation) -> set[str]:
    """The symbols that stand in a formula itself."""
    if not hasattr(node, "find_pred"):
        return set()
    return {
        _key_of(token, notation)
        for token in node.scan_values(lambda t: getattr(t, "type", "") in ("NAME", "FUNC"))
        if notation.find(str(token)) is not None
    } | {
        f"\\vec {plain(name.children[0])}"
        for name in node.find_data("name")
        if len(name.children) > 1 and f"\\vec {plain(name.children[0])}" in notation.symbols
    }


def _key_of(token: object, notation: Notation) -> str:
    return _key(notation, str(token))


def _key(notation: Notation, tex: str) -> str:
    symbol = notation.find(tex)
    if symbol is None:
        raise TypeTrouble(f"undeclared symbol {tex}")
    return symbol.tex
