"""The formulas of pages, drawn."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from mseclf.site.defect import Defect, Rule
from mseclf.site.formulas import Formula, Renderer, TexError
from mseclf.site.page import DisplayEquation, InlineFormula, Page
from mseclf.site.proofs import Notation, Report

# How the TeX of a display (True) or of a formula in a sentence is drawn, or why it cannot be.
Drawings = Mapping[tuple[str, bool], Formula | Defect]
_Drawn = DisplayEquation | InlineFormula


def typeset(
    pages: Iterable[Page], report: Report, table: Notation, renderer: Renderer, tell: Callable[[Defect], None]
) -> Drawings:
    """Draw every formula of these pages, and those that are told of them: hypotheses, definitions, factors with a name.

    Args:
        pages: that were read.
        report: what the checker says of them: a brace that has no other is told by it, and better.
        table: docs/notation.yml.
        renderer: with the macros of the notation.
        tell: takes what else is wrong.
    """
    drawn: dict[tuple[str, bool], Formula | Defect] = {}
    broken = {defect.place for defect in report.defects if defect.rule is Rule.BRACE}
    broken |= {v.equation.place for v in report.verdicts if v.defect and v.defect.rule is Rule.BRACE}
    regions: list[_Drawn] = []
    for page in pages:
        regions += [*page.equations, *page.formulas]
    for region in regions:
        key = region.tex, isinstance(region, DisplayEquation)
        if key not in drawn:
            drawn[key] = _draw(region, renderer)
            if isinstance(defect := drawn[key], Defect) and region.place not in broken:
                tell(defect)
    told = [tex for verdict in report.verdicts for tex in verdict.hypotheses]
    told += [symbol.definition for symbol in table.symbols.values() if symbol.definition]
    told += [tex for factor in table.factors for tex in factor.tex]
    for tex in dict.fromkeys(told):
        if (tex, False) not in drawn:
            with suppress(TexError):  # then its TeX is shown
                drawn[tex, False] = renderer.render(tex, display=False)
    return drawn


def _draw(region: _Drawn, renderer: Renderer) -> Formula | Defect:
    try:
        return renderer.render(region.tex, isinstance(region, DisplayEquation))
    except TexError as error:
        place = region.tex_place if isinstance(region, DisplayEquation) else region.place
        remedy = "count the braces and the spelling of the commands"
        return Defect(place, Rule.TYPESETTING, f"MathJax cannot typeset this formula: {error}", remedy)
