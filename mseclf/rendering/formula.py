"""A rendered formula, and the outlines that the formulas of one page share."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_DEFS = re.compile(r"<defs>.*?</defs>", re.DOTALL)
_OUTLINE = re.compile(r'<path id="MJX-\d+-TEX-([^"]+)" d="([^"]*)">')
_USE = re.compile(r'xlink:href="#MJX-\d+-TEX-([^"]+)"')
_NOISE = re.compile(r' (?:data-mml-node|data-mjx-[a-z]+|data-c|focusable|role|xmlns(?::xlink)?)="[^"]*"')
_SPACE = re.compile(r">\s+<")


@dataclass(frozen=True)
class Formula:
    """SVG that refers to shared outlines, the same formula as MathML for screen readers, and those outlines.

    Attributes:
        svg: the drawing; its ``<use>`` elements refer to ``#tex-NAME``.
        mathml: the meaning, to be hidden from sight only.
        outlines: NAME to path data of every glyph that the drawing uses.
    """

    svg: str
    mathml: str
    outlines: dict[str, str]

    @property
    def html(self) -> str:
        """The drawing, hidden from assistive technology, and the MathML, hidden from sight."""
        return f'{self.svg}<span class="tex-words">{self.mathml}</span>'


def tidy(svg: str, mathml: str) -> Formula:
    """Take the glyph outlines out of MathJax's answer and drop what a browser does not need."""
    outlines = dict(_OUTLINE.findall(svg))
    svg = _USE.sub(r'href="#tex-\1"', _DEFS.sub("", svg))
    svg = _NOISE.sub("", svg).replace("<svg ", '<svg aria-hidden="true" ', 1)
    mathml = _SPACE.sub("><", _NOISE.sub("", mathml)).strip()
    return Formula(svg, mathml, outlines)


def glyph_sheet(formulas: Iterable[Formula]) -> str:
    """One hidden SVG with every outline that the formulas of a page use, each once."""
    outlines: dict[str, str] = {}
    for formula in formulas:
        outlines |= formula.outlines
    paths = "".join(f'<path id="tex-{name}" d="{data}"/>' for name, data in sorted(outlines.items()))
    return f'<svg class="tex-outlines" aria-hidden="true" width="0" height="0"><defs>{paths}</defs></svg>'
