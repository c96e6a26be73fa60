"""What is in force at a place of a page: definitions, hypotheses and sizes, on top of the symbol table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from lark import Token

from mseclf.site.latex.errors import DECLARE, TypeTrouble
from mseclf.site.latex.notation import Notation, Symbol
from mseclf.site.latex.parse import Node, parse
from mseclf.site.proofs.domains import Domain, declared


@dataclass(frozen=True)
class Definition:
    """What a symbol stands for: an expression in its parameters, which are keys of the symbol table.

    `place` is the scope in which the definition was written, whose meanings its symbols keep; None: the symbol
    table's own, which stands everywhere. `needs` are the hypotheses under which it was written: it says nothing
    where they do not hold.
    """

    parameters: tuple[str, ...]
    body: Node
    place: "Scope | None" = None
    needs: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Scope:
    """The reader's knowledge at one place."""

    notation: Notation
    fixed: Mapping[str, Definition] = field(default_factory=dict)
    given: tuple[Node, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)
    poisoned: Mapping[str, str] = field(default_factory=dict)

    def definition(self, key: str) -> Definition | None:
        """The definition in force: the page's, else the symbol table's."""
        return self.fixed.get(key) or _declared_definition(self.notation, key)

    def domain(self, key: str) -> Domain:
        """Where a free symbol lies."""
        return declared(self.notation.symbols[key].domain)

    def mentions(self, node: Node) -> set[str]:
        """Every symbol that a formula speaks of, itself or through definitions."""
        found: set[str] = set()
        todo = keys_in(node, self.notation)
        while todo:
            key = todo.pop()
            if key in found:
                continue
            found.add(key)
            definition, symbol = self.definition(key), self.notation.symbols[key]
            if definition is not None:
                todo |= (
                    (definition.place or self).mentions(definition.body)
                    if definition.place
                    else keys_in(definition.body, self.notation)
                )
            todo |= set(symbol.arguments) | ({_key(self.notation, symbol.entries)} if symbol.entries else set())
        return found

    def depends(self, key: str, on: str) -> bool:
        """Whether the value of `key` changes with `on` through definitions."""
        definition = self.definition(key)
        return definition is not None and on in (definition.place or self).mentions(definition.body)


@cache
def _declared_definition(notation: Notation, key: str) -> Definition | None:
    tex = notation.symbols[key].definition
    if tex is None:
        return None
    thought, *more = parse(tex, notation, "inline").children
    if more or thought.data != "bare":
        raise TypeTrouble(f"{tex} is not a single expression")
    return Definition(tuple(_key(notation, a) for a in notation.symbols[key].arguments), thought.children[0])


@cache
def linear(notation: Notation) -> Mapping[str, tuple[str, str]]:
    r"""Scalars that the table defines as a product of a transposed column and a column, such as ``\theta^\top x``.

    They stay variables of their own as long as a claim does not speak of what they are made of.
    """
    found = {}
    for symbol in notation.symbols.values():
        if symbol.kind != "scalar" or symbol.definition is None:
            continue
        definition = _declared_definition(notation, symbol.tex)
        body: Node = definition.body if definition else None
        if (
            body is not None
            and body.data == "beside"
            and body.children[0].data == "transposed"
            and body.children[1].data == "name"
        ):
            first, second = (_named(notation, part) for part in (body.children[0].children[0], body.children[1]))
            if first and second and symbol.sample == second.sample and not first.sample:
                found[symbol.tex] = (first.tex, second.tex)
    return found


def _named(notation: Notation, node: Node | Token) -> Symbol | None:
    is_bare = getattr(node, "data", "") == "name" and len(node.children) == 1
    return notation.find(str(node.children[0])) if is_bare else None


def keys_in(node: Node, notation: Notation) -> set[str]:
    """The symbols that stand in a formula itself."""
    tokens = node.scan_values(lambda t: isinstance(t, Token) and t.type in ("NAME", "FUNC", "INVERSE"))
    indexed = {f"\\vec {name.children[0]}" for name in node.find_data("name") if len(name.children) > 1}
    found = {notation.find(t.partition("^ { - 1")[0]) for t in tokens}
    return {symbol.tex for symbol in found if symbol is not None} | (indexed & set(notation.symbols))


def _key(notation: Notation, tex: str) -> str:
    symbol = notation.find(tex)
    if symbol is None:
        raise TypeTrouble(f"undeclared symbol {tex}", remedy=DECLARE)
    return symbol.tex
