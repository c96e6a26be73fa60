"""What is in force at a place of a page: definitions, hypotheses and sizes, on top of the symbol table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from lark import Token

from mseclf.proving.domains import Domain, declared
from mseclf.proving.errors import TypeTrouble
from mseclf.proving.notation import Notation
from mseclf.proving.parse import Node, parse


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
        return found or _declared_definition(self.notation, key)

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


@cache
def _declared_definition(notation: Notation, key: str) -> Definition | None:
    tex = notation.symbols[key].definition
    if tex is None:
        return None
    thought, *more = parse(tex, notation, "inline").children
    if more or thought.data != "bare":
        raise TypeTrouble(f"{tex} is not a single expression")
    return Definition(tuple(_key(notation, a) for a in notation.symbols[key].arguments), thought.children[0])


def keys_in(node: Node, notation: Notation) -> set[str]:
    """The symbols that stand in a formula itself."""
    tokens = node.scan_values(lambda t: isinstance(t, Token) and t.type in ("NAME", "FUNC"))
    indexed = {f"\\vec {name.children[0]}" for name in node.find_data("name") if len(name.children) > 1}
    return {symbol.tex for t in tokens if (symbol := notation.find(t)) is not None} | (indexed & set(notation.symbols))


def _key(notation: Notation, tex: str) -> str:
    symbol = notation.find(tex)
    if symbol is None:
        raise TypeTrouble(f"undeclared symbol {tex}")
    return symbol.tex
