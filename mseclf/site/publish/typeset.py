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


def draw(pages: Iterable[Page], renderer: Renderer) -> dict[tuple[str, bool], Formula | Defect]:
    """Draw every formula of these pages."""
    return {key: _draw(region, renderer) for key, region in _once(pages).items()}


def typeset(
    drawn: Drawings, pages: Iterable[Page], report: Report, table: Notation, renderer: Renderer,
    tell: Callable[[Defect], None],
) -> Drawings:  # fmt: skip
    """Tell what could not be drawn, and draw what the pages say of it: hypotheses, definitions, factors with a name.

    Args:
        drawn: the formulas of the pages.
        pages: that were read.
        report: what the checker says of them: a brace that has no other is told by it, and better.
        table: docs/notation.yml.
        renderer: with the macros of the notation.
        tell: takes what else is wrong.
    """
    broken = {defect.place for defect in report.defects if defect.rule is Rule.BRACE}
    broken |= {v.equation.place for v in report.verdicts if v.defect and v.defect.rule is Rule.BRACE}
    for key, region in _once(pages).items():
        if isinstance(defect := drawn[key], Defect) and region.place not in broken:
            tell(defect)
    told = [tex for verdict in report.verdicts for tex in verdict.hypotheses]
    told += [symbol.definition for symbol in table.symbols.values() if symbol.definition]
    told += [tex for factor in table.factors for tex in factor.tex]
    beside: dict[tuple[str, bool], Formula | Defect] = {}
    for tex in dict.fromkeys(told):
        if (tex, False) not in drawn:
            with suppress(TexError):  # then its TeX is shown
                beside[tex, False] = renderer.render(tex, display=False)
    return {**drawn, **beside}


def _once(pages: Iterable[Page]) -> dict[tuple[str, bool], _Drawn]:
    """Each formula where it stands first."""
    once: dict[tuple[str, bool], _Drawn] = {}
    for page in pages:
        regions: list[_Drawn] = [*page.equations, *page.formulas]
        for region in regions:
            once.setdefault((region.tex, isinstance(region, DisplayEquation)), region)
    return once


def _draw(region: _Drawn, renderer: Renderer) -> Formula | Defect:
    try:
        return renderer.render(region.tex, isinstance(region, DisplayEquation))
    except TexError as error:
        place = region.tex_place if isinstance(region, DisplayEquation) else region.place
        remedy = "count the braces and the spelling of the commands"
        return Defect(place, Rule.TYPESETTING, f"MathJax cannot typeset this formula: {error}", remedy)
