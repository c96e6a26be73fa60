"""Formulas in sentences: what speaks of numbers, or holds its own hypotheses, is decided; the rest may hold anyway."""

from mseclf.site.defect import Defect, Rule
from mseclf.site.latex.errors import FormulaError, Unbalanced
from mseclf.site.latex.notation import Notation
from mseclf.site.latex.parse import Node, parse, plain
from mseclf.site.page import InlineFormula
from mseclf.site.proofs.attack import Refuted
from mseclf.site.proofs.binders import Elaborator, chain_parts
from mseclf.site.proofs.claims import SIZES, Step, steps_of
from mseclf.site.proofs.scope import Scope, keys_in
from mseclf.site.proofs.tensors import Tensor
from mseclf.site.proofs.verdict import Sentence

CLAIMS = ("plain", "logical", "bare_relation")


def decided(formula: InlineFormula, notation: Notation) -> Defect | Sentence:
    """What is known of a formula; a defect if it does not parse, or is false whatever stands around it."""
    try:
        tree = parse(formula.tex, notation, "inline")
        found = {_found(claim, Scope(notation)) for claim in tree.iter_subtrees_topdown() if claim.data in CLAIMS}
    except Refuted as error:
        message = f"the inline formula ${formula.tex}$ is false: {error.found}"
        return Defect(formula.place, Rule.EQUATION, message, "mend it; of a rounded number say \\approx")
    except FormulaError as error:
        rule = Rule.BRACE if isinstance(error, Unbalanced) else Rule.EQUATION
        message = f"the inline formula ${formula.tex}$ does not parse: {error.message}"
        return Defect(formula.place, rule, message, error.remedy)
    order = (Sentence.OPEN, Sentence.TRUE, Sentence.NUMBERS)
    return next((known for known in order if known in found), Sentence.SILENT)


def _found(claim: Node, scope: Scope) -> Sentence:
    """What is known of one claim.

    Raises:
        Refuted, FormulaError: it is false, or not understood, whatever stands around it.
    """
    if claim.data == "bare_relation":  # < 1/4 has its left side in the sentence
        return Sentence.OPEN
    closed = claim.data == "plain" and _closed(claim.children[0], scope)
    sides, signs = chain_parts(claim.children[0]) if closed else ([], [])
    pairs = zip(sides, signs, sides[1:], strict=False)
    try:  # 1 - 1 = 0 says nothing of the subject, but it may stand in a sentence
        for step in (Step([a, b], s, scope, None) for a, s, b in pairs) if closed else steps_of(claim, scope, None):
            step.check()
    except Refuted:
        if closed or claim.data == "logical":
            raise
        return Sentence.OPEN
    except FormulaError:
        if closed:
            raise
        return Sentence.OPEN
    return Sentence.NUMBERS if closed else Sentence.TRUE


def _closed(relation: Node, scope: Scope) -> bool:
    """Whether both sides are numbers, whatever the symbols are, and say something."""
    if relation.data != "chain" or plain(relation.children[0]) == plain(relation.children[2]):
        return False
    if any(scope.notation.symbols[key].kind in ("count", "random") for key in keys_in(relation, scope.notation)):
        return False
    try:
        values = [Elaborator(scope, SIZES[0]).value(side) for side in chain_parts(relation)[0]]
    except FormulaError:
        words = {t.type for t in relation.scan_values(lambda t: t.type not in ("LP", "RP", "LB", "RB"))}
        return not words & {"NAME", "FUNC", "INDEX"}
    return not any(isinstance(value, Tensor) or value.free_symbols for value in values)
