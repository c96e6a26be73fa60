"""The last step for a page: its slots become drawings, figures and displays."""

import html
from collections.abc import Iterator
from dataclasses import dataclass

from mseclf.site.defect import Defect, Trouble
from mseclf.site.formulas import Formula, glyph_sheet
from mseclf.site.page import DisplayEquation, ExampleImage, InlineFormula, Page
from mseclf.site.publish.equation_html import equation_html, inline_html
from mseclf.site.publish.figure_html import Below, failure_html, figure_html
from mseclf.site.publish.markup import fill
from mseclf.site.publish.site import Site


@dataclass(frozen=True)
class PageHtml:
    """Fills one page. `to_root` is the relative address of the site's root, such as ``../``."""

    site: Site
    page: Page
    to_root: str

    def finish(self, output: str) -> str:
        """Return the page's final HTML: slots filled, glyph outlines added once."""
        regions: tuple[DisplayEquation | InlineFormula, ...] = (*self.page.equations, *self.page.formulas)
        formulas: list[object] = [self.site.formula(region) for region in regions]
        formulas += map(self._drawing, self._hypotheses())
        drawn = [formula for formula in formulas if isinstance(formula, Formula)]
        output = fill(output, self._region)
        if drawn:
            # In front of the formulas: one that is drawn before its outlines are there is drawn twice.
            output = output.replace("<article", f"{glyph_sheet(drawn)}<article", 1)
        return output

    def _drawing(self, tex: str) -> Formula | Defect | None:
        return self.site.formulas.get((tex, False))

    def _hypotheses(self) -> Iterator[str]:
        for equation in self.page.equations:
            if verdict := self.site.verdicts.get(equation.id):
                yield from verdict.hypotheses

    def _region(self, number: int) -> str:
        region = self.page.regions[number]
        match region:
            case DisplayEquation():
                numbers = self.page.numbers
                verdict, formula = self.site.verdicts.get(region.id), self.site.formula(region)
                return equation_html(region, numbers[region.id], formula, verdict, self._drawing, numbers, self.to_root)
            case InlineFormula():
                return inline_html(self.site.formula(region))
            case ExampleImage():
                return self._figure(region)
            case _:
                raise ValueError(f"{region.place}: this region has no slot")

    def _figure(self, image: ExampleImage) -> str:
        if image.name in self.site.failures:
            return failure_html(self.site.failures[image.name])
        if image.name not in self.site.runs:
            return f'<p class="build-error">there is no script examples/{html.escape(image.name)}.py</p>'
        first = self.page.images[0] is image
        is_about_it = self.page.path == f"docs/gallery/{image.name}.md"
        below: Below = "links" if not is_about_it else "script" if self.page.images[-1] is image else "nothing"
        try:
            return figure_html(image, self.site.runs[image.name], self.to_root, first, below)
        except Trouble as trouble:  # told at its place; seen here while serving
            return f'<div class="build-error" role="alert"><p>{html.escape(str(trouble))}</p></div>'
