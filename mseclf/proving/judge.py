"""A job to a record: the one function that a worker process runs."""

import re
from dataclasses import astuple, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import mpmath as mp
import sympy as sp
from lark import Token

from mseclf.proving.binders import chain_parts, trees
from mseclf.proving.binding import Disagreement, compare
from mseclf.proving.claims import FalseStep, Outcome, assignments, check_display, claims_of
from mseclf.proving.errors import FormulaError, TypeTrouble, Vacuous
from mseclf.proving.hypotheses import assume, elaborator
from mseclf.proving.jobs import Job
from mseclf.proving.notation import Notation, normal_pieces
from mseclf.proving.parse import Node, parse, start_of
from mseclf.proving.prove import Counterexample
from mseclf.proving.scope import Definition, Scope

Record = dict[str, Any]
AROUND = re.compile(r"\\begin\s*\{(aligned|split|gathered)\}|&|\\q?quad\b")  # what may stand before a left side
GREEK = {r"\theta": "theta", r"\eta": "eta", r"\hat y": "y_hat", r"\omega": "omega"}


def judge(job: Job, notation: Notation, root: Path) -> Record:
    """Check one display. Whatever goes wrong with it is in the record; nothing is raised."""
    if job.equation.skip:
        return {"status": "skipped", "method": job.equation.skip}
    try:
        return _judged(job, notation, root)
    except FalseStep as error:
        return _false(job, error)
    except FormulaError as error:
        status = "waiting" if error.message.startswith("waiting on") else "not-understood"
        return {"status": status, "detail": error.message, "offset": error.offset}
    except Disagreement as error:
        return {"status": "false", "detail": str(error), "offset": 0}
    except RecursionError:
        return {"status": "not-understood", "detail": "the formula is nested too deeply", "offset": 0}


def _judged(job: Job, notation: Notation, root: Path) -> Record:
    scope = scope_of(job, notation)
    tree = _parsed(job.equation.tex, notation)
    used = [h.tex for h in job.hypotheses if _uses(h.tex, tree, scope)]
    if job.equation.is_definition:
        record = _definition(job, tree, scope)
        scope = with_definition(scope, job.equation.tex, notation)
    else:
        outcome = check_display(tree, scope)
        record = {"status": outcome.status, "method": "; ".join(outcome.methods), "steps": outcome.steps}
        if job.equation.is_false:
            detail = "it is marked false, but it was not refuted: it seems to be true"
            return {"status": "not-understood", "detail": detail, "offset": 0}
    record["uses"] = used
    if job.equation.code:
        record["binding"] = astuple(compare(_bound_side(tree), scope, job.equation.code, root))
    return record


def scope_of(job: Job, notation: Notation) -> Scope:
    """The definitions and hypotheses in force, read in order."""
    scope = Scope(notation)
    for definition in job.definitions:
        scope = with_definition(scope, definition.tex, notation, definition.id)
    for hypothesis in job.hypotheses:
        try:
            scope, _ = assume(scope, _parsed(hypothesis.tex, notation, "given"))
        except FormulaError as error:
            raise type(error)(f"given: {hypothesis.tex}: {error.message}", 0) from None
    return scope


_parsed = lru_cache(maxsize=4096)(parse)  # a definition is asked for by every display in its scope


def _uses(tex: str, tree: Node, scope: Scope) -> bool:
    """Whether a claim speaks of the symbol of a hypothesis."""
    _, key = assume(Scope(scope.notation, fixed=scope.fixed), _parsed(tex, scope.notation, "given"))
    mentioned = {k for claim in claims_of(tree) for k in scope.mentions(claim)}
    return key in mentioned or (scope.notation.symbols[key].kind == "count" and bool(_axes(mentioned, scope) & {key}))


def _axes(keys: set[str], scope: Scope) -> set[str]:
    return {axis for key in keys for axis in scope.notation.symbols[key].axes}


def defined_key(tex: str, notation: Notation) -> str | None:
    """The symbol that a definition fixes, read off its left side even if the right does not parse."""
    pieces = normal_pieces(AROUND.sub(" ", tex.split("=")[0]))
    for end in range(len(pieces), 0, -1):
        symbol = notation.by_pieces.get(pieces[:end])
        if symbol is not None:
            return symbol.tex
    return None


def with_definition(scope: Scope, tex: str, notation: Notation, name: str = "") -> Scope:
    """The scope after a definition; one that does not hold water poisons its symbol instead."""
    key = defined_key(tex, notation)
    if key is None or notation.symbols[key].definition is not None:
        return scope
    try:
        parameters, body = _split(_parsed(tex, notation), notation)
        if key in scope.mentions(body):
            raise Vacuous(f"{key} is defined by itself")
        new = replace(scope, fixed={**scope.fixed, key: Definition(parameters, body)})
        _kind_fits(new, key)
        return new
    except FormulaError:
        if not name:
            raise
        return replace(scope, poisoned={**scope.poisoned, key: f"the definition {name}"})


def _split(tree: Node, notation: Notation) -> tuple[tuple[str, ...], Node]:
    r"""Parameters and body of a definition: `L(y, \hat y) = ...` or `D = ...`."""
    claim = tree.children[0]
    relation = claim.children[0] if getattr(claim, "data", "") == "plain" else None
    if relation is None or relation.data != "chain" or str(relation.children[1]) != "=":
        raise TypeTrouble("a definition is an equality with one symbol on its left", 0)
    left, body = relation.children[0], relation.children[2]
    symbol = notation.find(str(left.children[0])) if left.data in ("name", "call") else None
    if symbol is None or (left.data == "name" and any(t.type == "SUB" for t in left.children[1:])):
        raise TypeTrouble("a definition has one symbol of docs/notation.yml on its left", start_of(left))
    if left.data == "name":
        return symbol.arguments if symbol.kind == "quantity" else (), body
    names = [a for a in left.children[1:] if not isinstance(a, Token)]
    keys = [notation.find(str(a.children[0])) if a.data == "name" else None for a in names]
    if None in keys:
        raise TypeTrouble("the arguments on the left of a definition are symbols", start_of(left))
    return tuple(k.tex for k in keys if k is not None), body


def _kind_fits(scope: Scope, key: str) -> None:
    """A vector is defined by a vector, a scalar by a scalar."""
    from mseclf.proving.tensors import Tensor, describe

    tool = elaborator(scope)
    tool.sizes = {**tool.sizes, **scope.sizes}
    symbol = scope.notation.symbols[key]
    body = scope.fixed[key].body
    tool.indices = next(assignments([body], scope, dict(tool.sizes)))
    value = tool.value(body)
    axes = (*symbol.axes, "1")[:2] if symbol.axes else None
    if axes != (value.axes if isinstance(value, Tensor) else None):
        raise TypeTrouble(f"{key} is declared otherwise: it is defined as {describe(value)}")


def _definition(job: Job, tree: Node, scope: Scope) -> Record:
    """A definition: new, or the table's own, which it must repeat; further sides are claims."""
    key = defined_key(job.equation.tex, scope.notation)
    if key is None:
        raise TypeTrouble("a definition has one symbol of docs/notation.yml on its left", 0)
    _split(tree, scope.notation)
    if scope.notation.symbols[key].definition is not None:
        check_display(tree, scope)
        return {"status": "definition", "method": "agrees with the table of symbols", "steps": 0}
    after = with_definition(scope, job.equation.tex, scope.notation)
    sides, _ = chain_parts(tree.children[0].children[0])
    steps = Outcome("proved", (), 0)
    if len(sides) > 2 or len(tree.children) > 1:
        steps = check_display(tree, after)
    return {"status": "definition", "method": "fixes its left side from here on", "steps": max(0, steps.steps - 1)}


def _bound_side(tree: Node) -> Node:
    """The last side that is joined to the first by equalities: what `code:` is compared with."""
    claim = next(iter(trees(tree.children, "plain")), None)
    if claim is None or claim.children[0].data != "chain":
        raise TypeTrouble("code: needs an equality", 0)
    sides, signs = chain_parts(claim.children[0])
    last = 0
    while last < len(signs) and signs[last] == "=":
        last += 1
    if not last:
        raise TypeTrouble("code: needs an equality", 0)
    return sides[last]


def _false(job: Job, error: FalseStep) -> Record:
    words, left, right = _words(error.counterexample)
    detail = f"step {error.number} is false: {_sides(words, left, right)}"
    if job.equation.is_false:
        method, used = f"refuted: {detail}", [h.tex for h in job.hypotheses]
        return {"status": "refuted", "method": method, "counterexample": words, "steps": 1, "uses": used}
    return {"status": "false", "detail": detail, "offset": error.offset, "counterexample": words}


def _sides(words: str, left: str, right: str) -> str:
    point = f"with {words}, " if words else ""
    return f"{point}the left side is {left}, the right side {right}"


def _words(found: Counterexample) -> tuple[str, str, str]:
    """A counterexample for a reader."""
    names = []
    for symbol, value in found.point.items():
        name = symbol.name
        for tex, word in GREEK.items():
            name = name.replace(tex, word)
        names.append(f"{name} = {value if isinstance(value, sp.Rational) else sp.N(value, 6)}")
    left, right = (mp.nstr(side, 4).removesuffix(".0") for side in (found.left, found.right))
    return ", ".join(names), left, right
