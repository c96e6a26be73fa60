"""The ledger as a wall: every display of the site drawn, with what was found out about it, to be filtered.

The drawings are files of their own, which a browser asks for as they come near: all of them together would weigh more
than any other page.
"""

import html
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from mseclf.site.defect import Defect
from mseclf.site.formulas import Formula
from mseclf.site.page import DisplayEquation, Page
from mseclf.site.proofs import Status, Verdict
from mseclf.site.publish.cite_page import page_address
from mseclf.site.publish.equation_html import MARKS, words
from mseclf.site.publish.literal import literal
from mseclf.site.publish.symbols import glyphs

_EM: Final = 15  # pixels: the size of the type in the wall
_WIDEST: Final = 300  # pixels: of what a card has room for
_TAG: Final = re.compile(r"<svg [^>]*>")
_SIZE: Final = re.compile(r' width="([\d.]+)em" height="([\d.]+)em"')
_VIEW: Final = re.compile(r' viewBox="[^"]*"')
_LOOK: Final = "svg{fill:#1f2933;stroke:#1f2933;stroke-width:0}"


def drawing_path(equation: DisplayEquation) -> str:
    """The address of a display's drawing, from the site's root."""
    return f"assets/figures/equations/{equation.id}.svg"


def drawing(formula: Formula) -> str:
    """A formula as a file, with its own outlines."""
    svg, width, height = _fitting(formula)
    opening = _TAG.match(svg)
    view = _VIEW.search(opening[0]) if opening else None
    if not opening or not view:
        raise ValueError(f"not the drawing of a display: {svg[:80]}")
    used = sorted(set(glyphs(svg)))
    paths = "".join(f'<path id="tex-{name}" d="{formula.outlines[name]}"/>' for name in used)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"{view[0]}>'
        f"<style>{_LOOK}</style><defs>{paths}</defs>{svg[opening.end() :]}\n"
    )


def _fitting(formula: Formula) -> tuple[str, int, int]:
    """The widest drawing that a card has room for, else the narrowest, with its width and height."""
    sized = [(svg, _SIZE.search(svg)) for svg in (formula.svg, *formula.narrower)]
    drawn = [(svg, round(float(s[1]) * _EM), round(float(s[2]) * _EM)) for svg, s in sized if s]
    return next((one for one in drawn if one[1] <= _WIDEST), min(drawn, key=lambda one: one[1]))


@dataclass(frozen=True)
class Wall:
    """Writes the wall.

    Attributes:
        pages: the site's pages by path.
        title: of a page.
        formula: the drawing of a display.
        method: how a display was checked, in a few words.
    """

    pages: Mapping[str, Page]
    title: Callable[[Page], str]
    formula: Callable[[DisplayEquation], Formula | Defect]
    method: Callable[[Verdict], str]

    def markdown(self, verdicts: Sequence[Verdict], totals: str, marks: str) -> str:
        """The filters, then the displays of each page below its title.

        Args:
            verdicts: about the displays, those of one page together.
            totals: the sentence above.
            marks: those of the titles' headings.
        """
        parts = [totals, self._filters(verdicts)]
        for path, group in groupby(verdicts, lambda verdict: verdict.path):
            numbers = self.pages[path].numbers
            cards = "".join(self._card(verdict, numbers[verdict.equation.id]) for verdict in group)
            title = literal(self.title(self.pages[path]))
            parts.append(
                f'<div class="wall-page" markdown="1">\n\n{marks} {title}\n\n<ul class="wall">{cards}</ul>\n\n</div>'
            )
        return "\n\n".join(['<div class="ledger" data-search-exclude="1" markdown="1">', *parts, "</div>"])

    def formulas(self, verdicts: Iterable[Verdict], drawn: bool) -> dict[str, str]:
        """For each function the first display that it agrees with and where it stands, ready for the reference."""
        found: dict[str, str] = {}
        for verdict in verdicts:
            name, equation = function(verdict), verdict.equation
            if not name or name in found or verdict.status is Status.REFUTED:
                continue
            page = self.pages[verdict.path]
            shown = f"<p>{self._picture(equation)}</p>" if drawn else f"$$\n{equation.tex}\n$$"
            where = f"({page.numbers[equation.id]}) in {literal(self.title(page))}"
            link = f"[{where}]({verdict.path.removeprefix('docs/')}#{equation.id})"
            found[name] = f'<div class="bound" markdown="1">\n\n{shown}\n\n{link}\n\n</div>'
        return found

    def _filters(self, verdicts: Sequence[Verdict]) -> str:
        statuses = [(status, words(status)) for status in MARKS if any(v.status == status for v in verdicts)]
        paths = dict.fromkeys(verdict.path for verdict in verdicts)
        pages = [(page_address(path).strip("/"), self.title(self.pages[path])) for path in paths]
        functions = sorted({function(verdict) for verdict in verdicts} - {""})
        return (
            '<div class="wall-filters" role="group" aria-label="Show only some equations">'
            f"{_choice('status', 'Status', statuses)}{_choice('page', 'Page', pages)}"
            f"{_choice('function', 'Function', [(name, name) for name in functions])}"
            f'<p class="wall-count" role="status">{len(verdicts)} displays</p></div>'
        )

    def _card(self, verdict: Verdict, number: str) -> str:
        equation, address = verdict.equation, page_address(verdict.path)
        mark = MARKS[verdict.status][0]
        said = ", ".join(filter(None, (words(verdict.status), self.method(verdict))))
        code = ""
        if verdict.binding:
            line = f"../source/{verdict.binding.module}/#line-{verdict.binding.line}"
            code = f'<a href="{line}"><code>{html.escape(function(verdict))}</code></a>'
        return (
            f'<li data-status="{verdict.status}" data-page="{address.strip("/")}" data-function="{function(verdict)}">'
            f'<a href="../{address}#{equation.id}">{self._picture(equation)}</a>'
            f'<p><span aria-hidden="true">{mark}</span> <span class="wall-number">({number})</span> '
            f"{html.escape(said)}</p>{code}</li>"
        )

    def _picture(self, equation: DisplayEquation) -> str:
        formula = self.formula(equation)
        if not isinstance(formula, Formula):
            return f"<code>{html.escape(equation.tex)}</code>"
        _, width, height = _fitting(formula)
        return (
            f'<img src="../{drawing_path(equation)}" alt="{html.escape(formula.plain)}" '
            f'width="{width}" height="{height}" loading="lazy" decoding="async">'
        )


def function(verdict: Verdict) -> str:
    """The function that a display was compared with, as a reader calls it; empty for none."""
    return verdict.binding.name if verdict.binding else ""


def _choice(name: str, label: str, options: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f'<option value="{html.escape(value)}">{html.escape(text)}</option>' for value, text in options)
    return f'<label>{label} <select data-filter="{name}"><option value="">all</option>{listed}</select></label>'
