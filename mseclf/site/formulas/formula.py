"""A rendered formula, and the outlines that the formulas of one page share."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from mseclf.site.formulas.linear import ACCENTS, linear
from mseclf.site.formulas.spoken import spoken

_DEFS = re.compile(r"<defs>.*?</defs>", re.DOTALL)
_OUTLINE = re.compile(r'<path id="MJX-\d+-TEX-([^"]+)" d="([^"]*)">')
_USE = re.compile(r'xlink:href="#MJX-\d+-TEX-([^"]+)"')
_NOISE = re.compile(r' (?:data-mml-node|data-mjx-[a-z-]+|data-c|focusable|role|xmlns(?::xlink)?)="[^"]*"')
_SPACE = re.compile(r">\s+<")
_WIDTH = re.compile(r' width="([\d.]+em)"')
# MathJax counts in the x-height of the letters around, which each browser takes from another font.
_EX = re.compile(r"(-?[\d.]+)ex\b")
_EX_OF_TEXT = 0.52
_GROUP = re.compile(r"(<g[^>]*>|</g>)")
_MOVED_GLYPH = re.compile(r'<g transform="([^"]*)"><use href="([^"]*)"(?: transform="([^"]*)")?/></g>')
# Thousandths of an em, where MathJax writes tenths of them.
_COORDINATE = re.compile(r"(?<![\w.:/-])(?<!scale\()-?\d+\.\d(?=[ ,)\"])")
_PAINT = ' stroke="currentColor" fill="currentColor" stroke-width="0"'  # docs/assets/site.css says so once for all
_ACCENTED = re.compile(r"<mover><mi([^>]*)>(\w)</mi><mo[^>]*>([\^\u2192\u00af~])</mo></mover>")
_BY_NUMBER = re.compile(r"&#x[0-9A-F]+;")
_ALONE = re.compile(r"<mrow>(<(m[in])[^>]*>[^<]*</\2>)</mrow>")
_PATH_STEP: Final = re.compile(r"([MLHVQTZ])([^MLHVQTZ]*)")
_WHOLE: Final = re.compile(r"(?:[MLHVQTZ][-\d ]*)*")
# How many numbers a step takes. H and V move along one axis.
_TAKES: Final = {"M": 2, "L": 2, "T": 2, "Q": 4, "H": 1, "V": 1, "Z": 0}


@dataclass(frozen=True)
class Formula:
    """SVG that refers to shared outlines, the same formula as MathML, and those outlines.

    Attributes:
        svg: the drawing; its ``<use>`` elements refer to ``#tex-NAME``.
        mathml: the meaning, with the TeX that it was written in.
        outlines: NAME to path data of every glyph that the drawings use.
        narrower: of a display, the drawings for columns that `svg` does not fit, each narrower than the one before.
        paper: of a display, its TeX in the lines that it has on paper.
    """

    svg: str
    mathml: str
    outlines: dict[str, str]
    narrower: list[str] = field(default_factory=list)
    paper: str = ""

    @property
    def plain(self) -> str:
        """The formula in one line of text."""
        return linear(self.mathml)

    @property
    def words(self) -> str:
        """The formula as it is said."""
        return spoken(self.mathml)

    @property
    def html(self) -> str:
        """The drawing, hidden from assistive technology, and the text, hidden from sight."""
        return f"{self.svg}{self.text}"

    @property
    def drawings(self) -> str:
        """The drawing of a display, or those of which the style sheet shows the one that its column has room for.

        Each says what it needs and what the next wider one needs.
        """
        if not self.narrower:
            return self.svg
        drawn = [self.svg, *self.narrower]
        needs = [*(_WIDTH.findall(svg)[0] for svg in drawn[:-1]), "0px"]
        wider = ["999em", *needs]
        bounds = [f'style="--needs:{least};--below:{most};' for least, most in zip(needs, wider, strict=False)]
        return "".join(svg.replace('style="', bound, 1) for svg, bound in zip(drawn, bounds, strict=True))

    @property
    def text(self) -> str:
        """The plain reading as an element.

        Whoever takes the text of the page takes the plain reading and nothing else: in MathML the bar of a fraction is
        no text, and 1/4 would be 14. So the MathML is an attribute, from which docs/assets/site.js makes it an element
        for screen readers.
        """
        attributes = f'role="math" aria-label="{html.escape(self.words)}" data-mathml="{html.escape(self.mathml)}"'
        return f'<span class="tex-words" {attributes}>{html.escape(self.plain)}</span>'


def tidy(svg: str, mathml: str, tex: str) -> Formula:
    """Take the glyph outlines out of MathJax's answer and drop what a browser does not need."""
    outlines = {name: relative(data) for name, data in _OUTLINE.findall(svg)}
    svg = _USE.sub(r'href="#tex-\1"', _DEFS.sub("", svg))
    svg = svg.replace('data-mml-node="menclose"', 'class="marked"')  # struck out or framed: the page gives it a colour
    svg = _NOISE.sub("", svg).replace("<svg ", '<svg aria-hidden="true" ', 1).replace(_PAINT, "", 1)
    svg = _COORDINATE.sub(lambda match: str(round(float(match[0]))), svg)
    svg = _EX.sub(lambda match: f"{float(match[1]) * _EX_OF_TEXT:.3f}".rstrip("0").rstrip(".") + "em", svg)
    mathml = _SPACE.sub("><", _NOISE.sub("", mathml)).strip().replace(' stretchy="false"', "")
    mathml = _BY_NUMBER.sub(lambda match: html.escape(html.unescape(match[0]), quote=False), mathml)
    return Formula(_flat(svg), _annotated(_without_wrappers(_one_symbol(_without_wrappers(mathml))), tex), outlines)


def _flat(svg: str) -> str:
    """Drop groups without attributes; a group that only moves one glyph becomes a property of the glyph."""
    svg = re.sub(r"(translate\([^,() ]*)[, ]0\)", r"\1)", svg)
    svg = re.sub(r" ?translate\(0\)", "", svg).replace(' transform=""', "")
    kept: list[str] = []
    named: list[bool] = []
    for piece in _GROUP.split(svg):
        if piece.startswith("<g"):
            named.append(piece != "<g>")
        if piece not in ("<g>", "</g>") or (piece == "</g>" and named.pop()):
            kept.append(piece)
    flat = re.sub(r"></(?:use|rect|path|line)>", "/>", "".join(kept))
    flat = re.sub(r"<g[^>]*></g>", "", flat)
    return _MOVED_GLYPH.sub(_moved_glyph, flat)


def _moved_glyph(match: re.Match[str]) -> str:
    transform = f"{match[1]} {match[3]}" if match[3] else match[1]
    return f'<use href="{match[2]}" transform="{transform}"/>'


def _one_symbol(mathml: str) -> str:
    """A letter with its accent is one letter: no one reads it as a letter below a circumflex."""
    return _ACCENTED.sub(
        lambda match: f"<mi{match[1]}>{unicodedata.normalize('NFC', match[2] + ACCENTS[match[3]])}</mi>", mathml
    )


def _annotated(mathml: str, tex: str) -> str:
    opening, rows = mathml.removesuffix("</math>").split(">", 1)
    annotation = (
        f'<annotation encoding="application/x-tex">{html.escape(" ".join(tex.split()), quote=False)}</annotation>'
    )
    return f"{opening}><semantics><mrow>{rows}</mrow>{annotation}</semantics></math>"


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


@cache  # a page has the same letters in each of its formulas
def relative(path: str) -> str:
    """Return SVG path data of MathJax's font in relative steps, about a third shorter.

    >>> relative("M10 20L30 20Q40 20 40 30T50 40H0V20Z")
    'M10 20l20 0q10 0 10 10t10 10h-50v-20z'

    What is not made of whole numbers and the steps M, L, H, V, Q, T and Z is returned as it is.
    """
    return "".join(_relative(path)) if _WHOLE.fullmatch(path) else path


def _relative(path: str) -> Iterator[str]:
    x = y = 0
    start = (0, 0)
    for step, text in _PATH_STEP.findall(path):
        numbers = [int(number) for number in re.findall(r"-?\d+", text)]
        takes = _TAKES[step]
        if len(numbers) != takes:
            raise ValueError(f"{step}{text}: this step takes {takes} numbers")
        if step == "M":  # stays absolute: contours begin anywhere
            x, y = start = (numbers[0], numbers[1])
            yield f"M{_joined(numbers)}"
        elif step == "Z":
            x, y = start
            yield "z"
        elif step in "HV":
            yield f"{step.lower()}{numbers[0] - (x if step == 'H' else y)}"
            x, y = (numbers[0], y) if step == "H" else (x, numbers[0])
        else:
            yield step.lower() + _joined([n - (y if i % 2 else x) for i, n in enumerate(numbers)])
            x, y = numbers[-2:]


def _joined(numbers: list[int]) -> str:
    """Numbers with a space between them where no sign parts them."""
    return " ".join(map(str, numbers)).replace(" -", "-")
