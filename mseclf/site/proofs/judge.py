"""A display to its verdict: its definitions and hypotheses first, then its claims, then the function beside it."""

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from lark import Token

from mseclf.site.defect import Rule
from mseclf.site.latex.errors import FormulaError, NotShown, TypeTrouble, Unbalanced, Vacuous, Waiting
from mseclf.site.latex.notation import Notation, normal_pieces
from mseclf.site.latex.parse import Node, letter, parse, start_of
from mseclf.site.proofs.atoms import Condition
from mseclf.site.proofs.attack import Refuted
from mseclf.site.proofs.binders import Elaborator, chain_parts, trees
from mseclf.site.proofs.binding import Disagreement, compare
from mseclf.site.proofs.claims import (
    SIZES,
    FalseStep,
    assume,
    check_display,
    claims_of,
    conditions_of,
    free_letters,
)
from mseclf.site.proofs.elaborate import base_of
from mseclf.site.proofs.facts import Facts
from mseclf.site.proofs.jobs import Job
from mseclf.site.proofs.scope import Definition, Scope, keys_in
from mseclf.site.proofs.tensors import Tensor, describe
from mseclf.site.proofs.verdict import Means, Method, Status, Verdict, failed

AROUND = re.compile(r"\\begin\s*\{(aligned|split|gathered)\}|&|\\q?quad\b")  # what may stand before a left side


def judge(job: Job, notation: Notation, root: Path) -> Verdict:
    """Check one display. Whatever goes wrong with it is in the verdict; nothing is raised."""
    equation = job.equation
    if equation.skip:
        return Verdict(equation, Status.SKIPPED, Method(note=equation.skip))
    try:
        return _judged(job, notation, root)
    except FalseStep as error:
        return _false(job, error)
    except FormulaError as error:
        status = {Waiting: Status.WAITING, NotShown: Status.NOT_SHOWN}.get(type(error), Status.NOT_UNDERSTOOD)
        rule = Rule.BRACE if isinstance(error, Unbalanced) else Rule.EQUATION
        return failed(equation, status, error.message, error.remedy, error.offset, rule)
    except Disagreement as error:
        remedy = "mend the formula, or the function and its arguments after `code:`"
        return failed(equation, Status.FALSE, str(error), remedy)
    except RecursionError:
        return failed(equation, Status.NOT_UNDERSTOOD, "the formula is nested too deeply")


def _judged(job: Job, notation: Notation, root: Path) -> Verdict:
    scope = scope_of(job, notation)
    tree = _parsed(job.equation.tex, notation)
    _wait(tree, scope)
    used = tuple(h.tex for h in job.hypotheses if _uses(h.tex, tree, scope))
    if job.equation.is_definition:
        method, steps = _definition(job, tree, scope)
        through = _definitions_used(job, tree, scope)
        verdict = Verdict(job.equation, Status.DEFINITION, method, used, steps=steps, definitions=through)
        scope = with_definition(scope, job.equation.tex, notation)
    else:
        outcome = check_display(tree, scope)
        points, through = outcome.points, _definitions_used(job, tree, scope)
        verdict = Verdict(
            job.equation, outcome.status, outcome.method, used, steps=outcome.steps, points=points, definitions=through
        )
        if job.equation.is_false:
            raise NotShown("it is marked false, but it was not refuted: it seems to be true", 0)
    if job.equation.code:
        for node in conditions_of(tree):
            scope = assume(scope, node) if node.data != "tends" else scope
        verdict = replace(verdict, binding=compare(_bound_side(tree), scope, job.equation.code, root))
    return verdict


def _wait(tree: Node, scope: Scope) -> None:
    """What a definition says that does not hold water is not known: nothing can be found out of it."""
    for key in set().union(*map(scope.mentions, claims_of(tree))) & scope.poisoned.keys():
        raise Waiting(f"waiting on {scope.poisoned[key]}")


def scope_of(job: Job, notation: Notation) -> Scope:
    """The definitions and hypotheses in force, read in order; a definition keeps the meaning of its place."""
    scope = Scope(notation)
    for definition in job.definitions:
        given = tuple(node for h in definition.hypotheses for node in _hypothesis(h.tex, notation))
        place = replace(scope, given=given)
        scope = replace(with_definition(place, definition.equation.tex, notation, definition.equation.id), given=())
    for hypothesis in job.hypotheses:
        try:
            scope = assume(scope, _parsed(hypothesis.tex, notation, "given"))
        except FormulaError as error:
            raise type(error)(f"given: {hypothesis.tex}: {error.message}", 0, error.remedy) from None
    return scope


def _hypothesis(tex: str, notation: Notation) -> list[Node]:
    try:
        return [_parsed(tex, notation, "given").children[0]]
    except FormulaError:
        return []  # told where it stands


_parsed = lru_cache(maxsize=4096)(parse)  # a definition is asked for by every display in its scope


def _definitions_used(job: Job, tree: Node, scope: Scope) -> tuple[str, ...]:
    """The page's definitions that a display speaks through: of each symbol that it mentions, the last."""
    mentioned = {key for claim in claims_of(tree) for key in scope.mentions(claim)} & scope.fixed.keys()
    last = {defined_key(d.equation.tex, scope.notation): d.equation.id for d in job.definitions}
    return tuple(name for key, name in last.items() if key in mentioned)


def _uses(tex: str, tree: Node, scope: Scope) -> bool:
    """Whether a claim speaks of the symbols of a hypothesis."""
    keys = keys_in(_parsed(tex, scope.notation, "given"), scope.notation)
    mentioned = {k for claim in claims_of(tree) for k in scope.mentions(claim)}
    axes = {axis for key in mentioned for axis in scope.notation.symbols[key].axes}
    return bool(keys & (mentioned | axes))


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
        tree = _parsed(tex, notation)
        parameters, body = _split(tree, notation)
        if key in scope.mentions(body):
            raise Vacuous(f"{key} is defined by itself")
        needs = (*scope.given, *(node for node in conditions_of(tree) if node.data != "tends"))
        spoken = scope.mentions(body) | set(parameters)
        needs = tuple(node for node in needs if keys_in(node, notation) & spoken)
        definition = Definition(parameters, body, replace(scope, given=()), needs)
        new = replace(scope, fixed={**scope.fixed, key: definition})
        _kind_fits(new, key)
        return new
    except (FormulaError, Refuted) as error:
        if not name and isinstance(error, Refuted):
            raise NotShown(f"the right side has no value everywhere: {error.found}") from None
        if not name:
            raise
        return replace(scope, poisoned={**scope.poisoned, key: f"the definition {name}"})


def _split(tree: Node, notation: Notation) -> tuple[tuple[str, ...], Node]:
    r"""Parameters and body of a definition: `L(y, \hat y) = ...` or `D = ...`."""
    claim = tree.children[0]
    relation = claim.children[0] if getattr(claim, "data", "") == "plain" else None
    if relation is None or relation.data != "chain" or str(relation.children[1]) not in ("=", ": ="):
        raise TypeTrouble("a definition is an equality with one symbol on its left", 0)
    left, body = relation.children[0], relation.children[2]
    symbol = notation.find(str(left.children[0])) if left.data in ("name", "call") else None
    if symbol is None or (
        left.data == "name" and any(t.type == "SUB" or letter(t).isdigit() for t in left.children[1:])
    ):
        raise TypeTrouble("a definition has one symbol of docs/notation.yml on its left", start_of(left))
    if left.data == "name":
        return symbol.arguments if symbol.kind == "quantity" else (), body
    names = [a for a in left.children[1:] if not isinstance(a, Token)]
    keys = [notation.find(str(a.children[0])) if a.data == "name" else None for a in names]
    if None in keys:
        raise TypeTrouble("the arguments on the left of a definition are symbols", start_of(left))
    parameters = tuple(k.tex for k in keys if k is not None)
    if len(set(parameters)) < len(parameters):
        raise TypeTrouble("two arguments of a definition have one name", start_of(left))
    return parameters, body


def _kind_fits(scope: Scope, key: str) -> None:
    """A vector is defined by a vector, a scalar by a scalar, which has a value and lies where the table says."""
    symbol, definition = scope.notation.symbols[key], scope.fixed[key]
    body, sizes, base = definition.body, {**SIZES[0], **scope.sizes}, base_of(scope)
    if symbol.kind == "count" or free_letters([body], scope):
        raise TypeTrouble(f"{key} cannot be defined by something that hangs on an index, nor a size by anything")
    tool = Elaborator(scope, sizes, base, frozen=base)
    value = tool.value(body)
    axes = (*symbol.axes, "1")[:2] if symbol.axes else None
    if axes != (value.axes if isinstance(value, Tensor) else None):
        raise TypeTrouble(f"{key} is declared otherwise: it is defined as {describe(value)}")
    if symbol.kind == "scalar" and not isinstance(value, Tensor):
        outside = f"it reaches outside the domain of {key} in docs/notation.yml"
        tool.conditions.append(Condition(scope.domain(key).holds(value), outside, sharp=False))
    Facts(tool, definition.needs).defined(start_of(body))


def _definition(job: Job, tree: Node, scope: Scope) -> tuple[Method, int]:
    """How a definition holds, new or the table's own, which it must repeat; and how many further sides are claims."""
    key = defined_key(job.equation.tex, scope.notation)
    if key is None:
        raise TypeTrouble("a definition has one symbol of docs/notation.yml on its left", 0)
    _split(tree, scope.notation)
    if scope.notation.symbols[key].definition is not None:
        check_display(tree, scope)
        return Method((Means.TABLE,)), 0
    after = with_definition(scope, job.equation.tex, scope.notation)
    sides, _ = chain_parts(tree.children[0].children[0])
    steps = check_display(tree, after).steps if len(sides) > 2 or len(claims_of(tree)) > 1 else 1
    return Method((Means.FIXES,)), steps - 1


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


def _false(job: Job, error: FalseStep) -> Verdict:
    detail = f"step {error.number} is false: {error.found}"
    if job.equation.is_false:
        used, point = tuple(h.tex for h in job.hypotheses), error.found.point
        sides = (error.found.left, error.sign, error.found.right)
        verdict = Verdict(job.equation, Status.REFUTED, Method(note=detail), used, counterexample=point, steps=1)
        return replace(verdict, sides=sides if all(sides) else ())
    remedy = "mend the formula; if the page shows it to be wrong, put `false` into the comment above"
    verdict = failed(job.equation, Status.FALSE, detail, remedy, error.offset)
    return replace(verdict, counterexample=error.found.point)
