r"""TeX to a tree: at most one parse, every token in the tree, and nothing that reads in two ways.

The grammar is LALR(1); a conflict stops the import, so no formula has two parses. What has one parse for the machine
but two for a reader (``\log a b``, ``\sum a + b``) is refused by `_refuse_ambiguous`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

from lark import Lark, Token, UnexpectedInput
from lark.lexer import Lexer as LarkLexer

from mseclf.site.latex.errors import SyntaxTrouble
from mseclf.site.latex.notation import Notation
from mseclf.site.latex.tokens import tokenize

Node: TypeAlias = Any  # a lark.Tree; Lark's own types are not checked here
OPENING, CLOSING = {"LB", "LP", "LSQ", "SETL", "ABSL", "NORML"}, {"RB", "RP", "RSQ", "SETR", "ABSR", "NORMR"}
DEEPEST = 30


class _Given(LarkLexer):  # type: ignore[misc]
    """Hands ready-made tokens to Lark."""

    def __init__(self, _conf: object) -> None: ...

    def lex(self, state: list[Token]) -> Iterator[Token]:
        """The tokens, unchanged."""
        yield from state


def _parser_of(grammar: str) -> Lark:
    return Lark(
        grammar,
        parser="lalr",
        lexer=_Given,
        start=["display", "inline", "given"],
        keep_all_tokens=True,
        strict=True,  # a shift/reduce conflict is an error
        maybe_placeholders=False,
    )


# Here, before the workers of a check are forked: it takes longer than most displays.
_PARSER: Final = _parser_of(Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8"))


def parse(tex: str, notation: Notation, start: str = "display") -> Node:
    """Parse a display, an inline formula or a hypothesis.

    Raises:
        SyntaxTrouble: with the place and, where it helps, what to write instead.
    """
    tokens = tokenize(tex, notation, inline=start == "inline")
    _refuse_depth(tokens)
    try:
        tree: Node = _PARSER.parse(tokens, start=start)
    except UnexpectedInput as error:
        raise _explain(error, tokens, len(tex)) from None
    kept = list(tree.scan_values(lambda token: isinstance(token, Token)))
    if [(t.type, t.start_pos) for t in kept] != [(t.type, t.start_pos) for t in tokens]:
        raise AssertionError(f"the parser lost a token of {tex!r}")
    _refuse_ambiguous(tree)
    return tree


def _refuse_depth(tokens: list[Token]) -> None:
    """Refuse what no reader could follow; everything after this may walk the tree without counting."""
    depth = 0
    for token in tokens:
        depth += (token.type in OPENING) - (token.type in CLOSING)
        if depth > DEEPEST:
            raise SyntaxTrouble(f"brackets inside brackets, deeper than {DEEPEST}: give a part a name", token.start_pos)


def _explain(error: UnexpectedInput, tokens: list[Token], end: int) -> SyntaxTrouble:
    """Plain words for a parse error."""
    token = getattr(error, "token", None)
    if token is None or token.type == "$END":
        if not any(t.type in ("REL", "IN", "TO") for t in tokens):
            return SyntaxTrouble("nothing is claimed: there is no relation (=, <, ...)", 0)
        return SyntaxTrouble("the formula ends too early", end)
    before = tokens[tokens.index(token) - 1] if token in tokens and tokens.index(token) else None
    where = token.start_pos
    if token.type in ("NAME", "NUM", "LP", "E", "FUNC", "BUILTIN", "FRAC") and _after_slash(tokens, where):
        return SyntaxTrouble(f"a/b followed by {token}: unclear what stands below the line, write \\frac", where)
    if token.type == "LB" and before is not None and before.type == "UNDER":
        return SyntaxTrouble("this subscript is not an index", where)
    follows = f" after {before}" if before is not None and before else ""
    return SyntaxTrouble(f"{token or 'a one-letter argument'} does not fit{follows}", where)


def _after_slash(tokens: list[Token], where: int) -> bool:
    return "SLASH" in [t.type for t in tokens if t.start_pos < where][-4:]


DELIMITED = {
    "group",
    "absolute",
    "norm",
    "number",
    "name",
    "call",
    "builtin",
    "fraction",
    "cases",
    "root",
    "derivative",
    "builtin_bare",
    "integral",
    "integral_over",
    "delta",
    "indicator",
    "expectation",
    "variance",
    "probability",
    "inverse",
}
COMPOUND = {"add", "subtract", "signed", "beside", "dot", "elementwise", "over", "times_big", "dot_big"}


def _refuse_ambiguous(tree: Node) -> None:
    """Refuse what has one parse here but may have another in a reader's mind."""
    for node in tree.iter_subtrees():
        if node.data in ("add", "subtract") and _open_tail(node.children[0]):
            raise _ambiguous(
                node.children[1],
                "how far does the sum, limit or derivative before this sign reach? Put it in parentheses",
            )
        if node.data == "beside":
            left, right = node.children
            if _bare_tail(left):
                raise _ambiguous(
                    right, "does this still belong to the function before it? Put its argument in parentheses"
                )
            if _leaf(right).type == "NUM" and getattr(right, "data", "") in ("number", "raised"):
                raise _ambiguous(right, "a number after a factor: write \\cdot, or put the number first")
        if node.data == "raised" and _raised_function(node.children[0]):
            raise _ambiguous(node, "is the function or its argument raised? Put parentheses around one of them")
        if node.data == "call" and str(node.children[0]) in _names_in(node.children[1:]):
            raise _ambiguous(node, f"{node.children[0]}(...) of itself, or a product? Write its argument each time")
        if node.data in ("derive", "gradient", "slope_in") and not (
            _reaches(node.children[-1]) or getattr(node.children[-1], "data", "") in ("raised", "builtin_big")
        ):
            raise _ambiguous(node, "how far does this derivative reach? Put what it acts on in parentheses")
        if node.data == "over" and _bare_tail(node.children[0]):
            raise _ambiguous(node, "is the argument divided, or the function? Write \\frac")
        if node.data == "group" and node.children[0].type == "LB" and node.children[1].data in COMPOUND:
            marked = node.children[0] != "{"
            if not marked:
                raise _ambiguous(node, "braces do not show: use parentheses")
            if node.children[1].data not in ("beside", "dot"):
                raise _ambiguous(node, "only a factor is struck out or framed: put parentheses inside")


def _reaches(operand: Node | Token) -> bool:
    """Whether a derivative reaches as far in each reading: one thing, another derivative, or such behind a number."""
    data = getattr(operand, "data", "")
    if data == "beside" and all(t.type == "NUM" for t in _values_of(operand.children[0])):
        return _reaches(operand.children[1])
    if data == "beside" and _is_row(operand.children[0]):  # nothing else can be meant: a row has no gradient
        return getattr(operand.children[1], "data", "") in ("group", "name")
    if data == "raised":  # a power binds more than a derivative
        return getattr(operand.children[0], "data", "") in ("group", "norm", "absolute")
    return data in DELIMITED or data in ("derive", "gradient", "slope_in")


def _is_row(node: Node | Token) -> bool:
    """Whether a factor is a transposed column, perhaps behind a number."""
    if getattr(node, "data", "") == "beside" and all(t.type == "NUM" for t in _values_of(node.children[0])):
        node = node.children[1]
    return getattr(node, "data", "") == "transposed"


def _values_of(node: Node | Token) -> list[Token]:
    marks = ("FRAC", "LB", "RB", "SLASH", "LP", "RP")
    tokens = [node] if isinstance(node, Token) else node.scan_values(lambda t: isinstance(t, Token))
    return [token for token in tokens if token.type not in marks]


def _names_in(parts: list[Node | Token]) -> set[str]:
    """The names that stand in some parts without an argument of their own."""
    trees = [part for part in parts if not isinstance(part, Token)]
    return {str(n.children[0]) for part in trees for n in part.find_data("name")}


def _raised_function(base: Node | Token) -> bool:
    r"""``\log(a)^2`` reads in two ways; ``\sin(a)^2`` in one."""
    data = getattr(base, "data", "")
    return data == "builtin_bare" or (data == "builtin" and str(base.children[0]) in (r"\log", r"\ln", r"\exp"))


def _ambiguous(node: Node | Token, message: str) -> SyntaxTrouble:
    return SyntaxTrouble(f"ambiguous: {message}", _leaf(node).start_pos)


def _leaf(node: Node | Token) -> Token:
    return node if isinstance(node, Token) else _leaf(node.children[0])


def start_of(node: Node | Token) -> int:
    """Where a part of a formula begins in its TeX."""
    return int(_leaf(node).start_pos)


def _bare_tail(node: Node | Token) -> bool:
    """Whether a product ends in a function without parentheses."""
    while getattr(node, "data", "") in ("beside", "dot", "elementwise"):
        node = node.children[-1]
    return getattr(node, "data", "") == "builtin_bare"


def _open_tail(node: Node | Token) -> bool:
    """Whether a term ends in a sum, limit or extremum over a product that is not in parentheses."""
    while getattr(node, "data", "") in ("add", "subtract", "signed", "times_big", "dot_big"):
        node = node.children[-1]
    if getattr(node, "data", "") in ("derive", "gradient", "slope_in"):
        return not _reaches(node.children[-1])
    if getattr(node, "data", "") not in ("total", "limit", "extremum", "argument"):
        return False
    body = node.children[-1]
    while getattr(body, "data", "") in ("raised", "total"):
        body = body.children[0] if body.data == "raised" else body.children[-1]
    return getattr(body, "data", "") not in DELIMITED


def letter(index: Token) -> str:
    """The letter or number of an index: i of ``^{(i)}``, 1 of ``_1``."""
    return "".join(c for c in index if c not in " _{}^()")


def plain(node: Node | Token) -> str:
    """The tokens of a part of a formula, for comparison and messages."""
    if isinstance(node, Token):
        return str(node)
    return " ".join(str(t) for t in node.scan_values(lambda token: isinstance(token, Token)))
