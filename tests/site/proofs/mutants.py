"""Small edits of a formula, as a tired author makes them: each may be false, true by luck, or no formula at all."""

import random
from collections.abc import Iterator

from lark import Token

from mseclf.site.latex.notation import Notation
from mseclf.site.latex.tokens import tokenize

SWAPS = [("y", r"\hat y"), ("x", r"\theta"), ("p", "q"), (r"\mathbf { y }", r"\hat { \mathbf { y } }"),
         (r"\vec y", r"\vec p"), (r"\vec p", r"\vec z"), ("a", "k"), ("z", "a"),
         (r"L_{\mathrm{MSE}}", r"L_{\mathrm{BCE}}"), (r"\mathcal{L}_{\mathrm{MSE}}", r"\mathcal{L}_{\mathrm{BCE}}"),
         (r"T_{\mathrm{MSE}}", r"T_{\mathrm{BCE}}")]  # fmt: skip
RELATIONS = {"=": r"\ne", "<": ">", ">": "<", r"\le": "<", r"\ge": ">", r"\leq": "<", r"\geq": ">", r"\ne": "="}
LETTERS = ("NAME", "NUM", "E", "PI")


def joined(tokens: list[Token]) -> str:
    """Tokens back to TeX."""
    return " ".join(str(t) for t in tokens)


def _with(tokens: list[Token], place: int, *new: str, drop: int = 1) -> str:
    return joined([*tokens[:place], *(Token("X", n) for n in new), *tokens[place + drop :]])


def _group(tokens: list[Token], place: int, opening: str, closing: str) -> int:
    """The place of the bracket that closes the one at `place`."""
    depth = 0
    for at in range(place, len(tokens)):
        depth += (tokens[at].type == opening) - (tokens[at].type == closing)
        if depth == 0:
            return at
    return place


def single_mutants(tex: str, notation: Notation) -> Iterator[tuple[str, str]]:
    """(operator, mutated TeX) for every operator at every place."""
    tokens = tokenize(tex, notation)
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else Token("END", "")
        match token.type:
            case "PLUS":
                yield "sign", _with(tokens, place, "-")
            case "MINUS":
                yield "sign", _with(tokens, place, "+")
            case "NUM":
                yield "number", _with(tokens, place, str(int(token) + 1) if token.isdigit() else token + "1")
            case "NAME":
                yield from _name_mutants(tokens, place, notation)
            case "CARET":
                end = _group(tokens, place + 1, "LB", "RB")
                yield "exponent lost", _with(tokens, place, drop=end - place + 1)
            case "SAMPLE":
                yield "index lost", _with(tokens, place)
            case "TRANSPOSE":
                yield "transpose lost", _with(tokens, place)
            case "PRIME":
                yield "prime lost", _with(tokens, place)
            case "LP" if tokens[place - 1].type not in ("FUNC", "BUILTIN", "PRIME", "COND", "IN", "EXPECT"):
                end = _group(tokens, place, "LP", "RP")
                yield "parentheses lost", joined([*tokens[:place], *tokens[place + 1 : end], *tokens[end + 1 :]])
                yield "group lost", _with(tokens, place, drop=end - place + 1)
            case "FRAC":
                middle = _group(tokens, place + 1, "LB", "RB")
                end = _group(tokens, middle + 1, "LB", "RB")
                yield "fraction lost", _with(tokens, place, drop=end - place + 1)
                top, bottom = tokens[place + 1 : middle + 1], tokens[middle + 1 : end + 1]
                if not any(t.type in ("PARTIAL", "DIFF") for t in top):
                    turned = [*tokens[: place + 1], *bottom, *top, *tokens[end + 1 :]]
                    yield (
                        "fraction turned",
                        joined([t if t else Token("X", s) for t, s in zip(turned, _braces(turned), strict=True)]),
                    )
            case "REL" if str(token) in RELATIONS:
                yield "relation", _with(tokens, place, RELATIONS[str(token)])
            case "BUILTIN" if following.type == "LP":
                end = _group(tokens, place + 1, "LP", "RP")
                yield "function lost", joined([*tokens[:place], *tokens[place + 1 :]])
                if str(token) == r"\cosh":
                    yield "function swapped", _with(tokens, place, r"\sinh")
            case "ODOT":
                yield "operator", _with(tokens, place, r"\cdot")


def _braces(tokens: list[Token]) -> list[str]:
    return [str(t) or ("{" if t.type == "LB" else "}") for t in tokens]


def _name_mutants(tokens: list[Token], place: int, notation: Notation) -> Iterator[tuple[str, str]]:
    token = tokens[place]
    extent = 1
    while place + extent < len(tokens) and tokens[place + extent].type in ("SUB", "SAMPLE"):
        extent += 1
    yield "factor lost", _with(tokens, place, drop=extent)
    name = [str(t) for t in tokens[place : place + extent]]
    yield "factor doubled", _with(tokens, place, *name, *name, drop=extent)
    symbol = notation.find(str(token))
    for left, right in SWAPS:
        for old, new in ((left, right), (right, left)):
            found = notation.find(old)
            if found is not None and symbol is found and notation.find(new) is not None:
                yield "symbol swapped", _with(tokens, place, new)


def mutants(tex: str, notation: Notation, rng: random.Random, pairs: int = 4) -> list[tuple[str, str]]:
    """Every single edit and a few double ones, each once."""
    singles = list(single_mutants(tex, notation))
    doubles = []
    for _ in range(pairs):
        operator, first = rng.choice(singles)
        try:
            again = list(single_mutants(first, notation))
        except Exception:
            continue
        if again:
            second, both = rng.choice(again)
            doubles.append((f"{operator} and {second}", both))
    seen = {joined(tokenize(tex, notation))}
    out = []
    for operator, mutant in singles + doubles:
        if mutant not in seen:
            seen.add(mutant)
            out.append((operator, mutant))
    return out
