"""The last step for a page: its slots become drawings, figures and displays."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mseclf.pages import DisplayEquation, ExampleImage, InlineFormula, Page
from mseclf.proving import Verdict
from mseclf.publish.equation_html import Checked, equation_html
from mseclf.publish.figure_html import failure_html, figure_html
from mseclf.publish.markup import fill
from mseclf.publish.site import Site
from mseclf.rendering import Formula, glyph_sheet


@dataclass(frozen=True)
class PageHtml:
    """Fills one page. `to_root` is the relative address of the site's root, such as ``../``."""

    site: Site
    page: Page
    to_root: str

    def finish(self, output: str) -> str:
        """Return the page's final HTML: slots filled, glyph outlines added once."""
        regions: tuple[DisplayEquation | InlineFormula, ...] = (*self.page.equations, *self.page.formulas)
        formulas = [self.site.formula(region) for region in regions]
        formulas += [self.site.formulas.get((tex, False), "") for tex in self._hypotheses()]
        drawn = [formula for formula in formulas if isinstance(formula, Formula)]
        output = fill(output, self._region)
        if drawn:
            # In front of the formulas: one that is drawn before its outlines are there is drawn twice.
            output = output.replace("<article", f"{glyph_sheet(drawn)}<article", 1)
        return output

    def _hypotheses(self) -> Iterator[str]:
        for equation in self.page.equations:
            if verdict := self.site.verdicts.get(equation.id):
                yield from verdict.hypotheses

    def _region(self, number: int) -> str:
        region = self.page.regions[number]
        match region:
            case DisplayEquation():
                verdict = self.site.verdicts.get(region.id)
                position = self.page.equations.index(region) + 1
                formula = self.site.formula(region)
                return equation_html(
                    region, position, formula, self._checked(verdict) if verdict else None, self.to_root
                )
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
        return figure_html(image, self.site.runs[image.name], self.to_root, first)

    def _checked(self, verdict: Verdict) -> Checked:
        # That it is refuted stands above, and the point is part of the sentence that says where.
        method = verdict.method.removeprefix("refuted: ")
        method = _with_minus(method[:1].upper() + method[1:])
        lines = [f"{html.escape(method)}."] if method else []
        if verdict.hypotheses:
            given = [self.site.formulas.get((tex, False)) for tex in verdict.hypotheses]
            shown = [
                inline_html(formula) if formula else f"<code>{html.escape(tex)}</code>"
                for tex, formula in zip(verdict.hypotheses, given, strict=True)
            ]
            lines.append(f"Given {', '.join(shown)}.")
        if verdict.binding:
            module = verdict.binding.source.removeprefix("mseclf/").removesuffix(".py")
            lines.append(
                f'Compared with <a href="{self.to_root}source/{module}/#line-{verdict.binding.line}">'
                f"<code>{html.escape(verdict.binding.function)}</code></a> at {verdict.binding.points} points, "
                f"to a relative error of {verdict.binding.tolerance:.0e}."
            )
        return Checked(verdict.status.value, tuple(lines), verdict.message or None)


def _with_minus(words: str) -> str:
    """Negative numbers with the sign that mathematics has."""
    return re.sub(r"(?<![\w)])-(?=\d)", "\N{MINUS SIGN}", words)


def inline_html(formula: Formula | str) -> str:
    """An inline formula, or the error that stands for it."""
    if isinstance(formula, str):
        return f'<span class="build-error">{html.escape(formula)}</span>'
    return f'<span class="tex">{formula.html}</span>'
