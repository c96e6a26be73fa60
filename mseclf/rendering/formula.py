"""A rendered formula, and the outlines that the formulas of one page share."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mseclf.rendering.outline import relative

_DEFS = re.compile(r"<defs>.*?</defs>", re.DOTALL)
_OUTLINE = re.compile(r'<path id="MJX-\d+-TEX-([^"]+)" d="([^"]*)">')
_USE = re.compile(r'xlink:href="#MJX-\d+-TEX-([^"]+)"')
_NOISE = re.compile(r' (?:data-mml-node|data-mjx-[a-z-]+|data-c|focusable|role|xmlns(?::xlink)?)="[^"]*"')
_SPACE = re.compile(r">\s+<")
_SIZE = re.compile(r'" width="([\d.]+)ex" height="([\d.]+)ex"')
_GROUP = re.compile(r"(<g[^>]*>|</g>)")
_MOVED_GLYPH = re.compile(r'<g transform="([^"]*)"><use href="([^"]*)"(?: transform="([^"]*)")?/></g>')
_ALONE = re.compile(r"<mrow>(<(m[in])[^>]*>[^<]*</\2>)</mrow>")


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


def tidy(svg: str, mathml: str, display: bool) -> Formula:
    """Take the glyph outlines out of MathJax's answer and drop what a browser does not need.

    A display may be drawn smaller than it is, so it says what its height is to its width: a browser then knows its size
    without looking into it.
    """
    outlines = {name: relative(data) for name, data in _OUTLINE.findall(svg)}
    svg = _USE.sub(r'href="#tex-\1"', _DEFS.sub("", svg))
    svg = _NOISE.sub("", svg).replace("<svg ", '<svg aria-hidden="true" ', 1)
    if display:
        svg = _SIZE.sub(r'aspect-ratio:\1/\2" width="\1ex" height="\2ex"', svg, count=1)
    mathml = _SPACE.sub("><", _NOISE.sub("", mathml)).strip()
    return Formula(_flat(svg), _without_wrappers(mathml), outlines)


def _flat(svg: str) -> str:
    """Drop groups without attributes; a group that only moves one glyph becomes a property of the glyph."""
    kept: list[str] = []
    named: list[bool] = []
    for piece in _GROUP.split(svg):
        if piece.startswith("<g"):
            named.append(piece != "<g>")
        if piece not in ("<g>", "</g>") or (piece == "</g>" and named.pop()):
            kept.append(piece)
    flat = re.sub(r"></(?:use|rect|path|line)>", "/>", "".join(kept))
    flat = re.sub(r"<g[^>]*></g>", "", re.sub(r"(translate\([^,()]*),0\)", r"\1)", flat))
    return _MOVED_GLYPH.sub(_moved, flat)


def _moved(match: re.Match[str]) -> str:
    transform = f"{match[1]} {match[3]}" if match[3] else match[1]
    return f'<use href="{match[2]}" transform="{transform}"/>'


def _without_wrappers(mathml: str) -> str:
    """A row of one letter or number is that letter or number."""
    while (shorter := _ALONE.sub(r"\1", mathml)) != mathml:
        mathml = shorter
    return mathml


def glyph_sheet(formulas: Iterable[Formula]) -> str:
    """One hidden SVG with every outline that the formulas of a page use, each once."""
    outlines: dict[str, str] = {}
    for formula in formulas:
        outlines |= formula.outlines
    paths = "".join(f'<path id="tex-{name}" d="{data}"/>' for name, data in sorted(outlines.items()))
    return f'<svg class="tex-outlines" aria-hidden="true" width="0" height="0"><defs>{paths}</defs></svg>'
