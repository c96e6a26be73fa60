"""Whether a figure can be read on a phone: letters large enough, nothing cut off, no word on another, not too heavy.

matplotlib says which words it draws (`drawn_words`), and its SVG where their ink is (`flaws`). What is wrong is a
sentence with its remedy. Nothing here looks at pixels.
"""

import functools
import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

PHONE: Final = 360
"""CSS pixels; there a figure goes from edge to edge."""

SMALLEST: Final = 10.0
"""CSS pixels on a phone: the size of the smallest font; a digit is then 7 pixels high."""

HEAVIEST: Final = 300_000
"""Bytes of one figure."""

_OWN_WIDTH: Final = 6.0  # inches, of plots.subplots
_SVG: Final = "{http://www.w3.org/2000/svg}"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_NAMED: Final = 3  # so many words are named in one message
_ROUNDING: Final = 0.01
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


@dataclass(frozen=True)
class Word:
    """Some letters drawn together: the box of their ink in points, from the top left, and their smallest font."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float

    def overlaps(self, other: "Word") -> bool:
        """Whether the boxes share more than an edge."""
        return (
            min(self.right, other.right) > max(self.left, other.left)
            and min(self.bottom, other.bottom) > max(self.top, other.top)
        )  # fmt: skip

    def edge(self, width: float, height: float) -> str:
        """The edge of the figure that the box goes beyond; empty when it lies within."""
        beyond = {"left": -self.left, "right": self.right - width, "top": -self.top, "bottom": self.bottom - height}
        return next((name for name, by in beyond.items() if by > _ROUNDING), "")


@contextmanager
def drawn_words() -> Iterator[dict[str, Any]]:
    """While a figure is drawn, collect its texts that are: each by the id that its group gets in the SVG."""
    from matplotlib.text import Text

    drawn: dict[str, Any] = {}
    draw = Text.draw

    @functools.wraps(draw)
    def noted(self: Any, renderer: Any) -> None:
        name = f"word-{len(drawn)}"
        drawn[name] = self
        self.set_gid(name)
        draw(self, renderer)

    Text.draw = noted  # type: ignore[method-assign]
    try:
        yield drawn
    finally:
        Text.draw = draw  # type: ignore[method-assign]


def flaws(figure: Any, svg: str, drawn: Mapping[str, Any]) -> list[str]:
    """What a reader with a phone would have to complain about, each with what to do.

    Args:
        figure: that was drawn.
        svg: what matplotlib made of it.
        drawn: its texts, from `drawn_words`.
    """
    root = ET.fromstring(svg)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    words = list(_words(root, drawn))
    found = [_small(words, width), _cut_off(words, width, height), _legends(figure, words, width, height)]
    return [said for said in (*found, _on_another(words), _not_drawn(figure, drawn)) if said]


def heavy(svg: str, size: int) -> str:
    """What to do about a drawing of so many bytes; empty when it is light enough."""
    if size <= HEAVIEST:
        return ""
    groups = {group.get("id", ""): group for group in ET.fromstring(svg).iter(f"{_SVG}g")}
    parts = {name: len(ET.tostring(group)) for name, group in groups.items() if not _holds_others(name)}
    most = re.sub(r"_\d+$", "", max(parts, key=parts.__getitem__, default=""))
    return (
        f"its drawing takes {size / 1000:,.0f} kB, and {HEAVIEST / 1000:.0f} kB is the most (most of it: {most}); draw "
        "fewer points, or make a picture of these: give `rasterized=True` to what draws them, such as ax.scatter"
    )


def _holds_others(name: str) -> bool:
    return name.startswith(("figure", "axes", "matplotlib.axis", "legend")) or not name


def _small(words: Iterable[Word], width: float) -> str:
    shown = {word: word.size * PHONE / width for word in words}
    small = [word for word, pixels in shown.items() if pixels < SMALLEST - 1e-6]
    if not small:
        return ""
    size = f"{SMALLEST * width / PHONE:g}"
    remedy = f"write them with fontsize={size} or more; plots.plain_numbers writes ticks without exponents"
    if width > 72 * _OWN_WIDTH + 1:
        remedy = (
            f"the figure is {width / 72:g} inches wide: after `from mseclf import plots` open it with plots.subplots, "
            f"which makes it {_OWN_WIDTH:g} inches wide and its letters large enough"
        )
    least = min(map(shown.__getitem__, small))
    return f"letters of {least:.2f} pixels on a phone, {SMALLEST:g} is the least: {_listed(small)}; {remedy}"


def _cut_off(words: Iterable[Word], width: float, height: float) -> str:
    cut = {word: edge for word in words if (edge := word.edge(width, height))}
    if not cut:
        return ""
    edges = " and ".join(sorted(set(cut.values())))
    remedy = "shorten the text, break it with \\n, or move it; a legend goes into the axes (loc=...)"
    return f"cut off at the {edges}: {_listed(cut)}; {remedy}"


def _legends(figure: Any, words: Iterable[Word], width: float, height: float) -> str:
    """A legend's lines can be cut off where its words are not."""
    from matplotlib.legend import Legend

    cut = {word.text for word in words if word.edge(width, height)}
    for legend in figure.findobj(Legend):
        box = legend.get_window_extent()
        pad = legend.borderpad * legend.prop.get_size()
        texts = [text.get_text() for text in legend.get_texts()]
        own = " ".join(texts)
        outline = Word(own, box.x0 + pad, height - box.y1 + pad, box.x1 - pad, height - box.y0 - pad, 0)
        if legend.get_visible() and (edge := outline.edge(width, height)) and not cut & set(texts):
            return f"cut off at the {edge}: the legend {own!r}; put it into the axes: ax.legend(loc=...)"
    return ""


def _on_another(words: Iterable[Word]) -> str:
    for one, other in itertools.combinations(words, 2):
        if one.overlaps(other):
            return f"{one.text!r} and {other.text!r} are written on each other; move one, or leave it out"
    return ""


def _not_drawn(figure: Any, drawn: Mapping[str, Any]) -> str:
    """Matplotlib leaves out, without a word, a label whose point lies outside of the axes."""
    from matplotlib.text import Annotation

    seen = set(map(id, drawn.values()))
    for label in figure.findobj(Annotation):
        shown = label.get_visible() and label.get_text() and (label.axes is None or label.axes.get_visible())
        if shown and id(label) not in seen:
            place = ", ".join(f"{value:g}" for value in label.xy)
            return f"{label.get_text()!r} is not drawn: its point ({place}) lies outside of the axes; move it into them"
    return ""


def _listed(words: Iterable[Word]) -> str:
    texts = list(dict.fromkeys(word.text for word in words))
    more = f" and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
    return ", ".join(map(repr, texts[:_NAMED])) + more


def _words(root: ET.Element, drawn: Mapping[str, Any]) -> Iterator[Word]:
    outlines = {path.get("id"): path for path in root.iter(f"{_SVG}path") if path.get("id")}
    for group in root.iter(f"{_SVG}g"):
        text = drawn.get(group.get("id", ""))
        ink = list(_ink(group, outlines)) if text is not None else []
        if text is not None and ink:
            (left, top), (right, bottom) = np.min(ink, axis=0)[:2], np.max(ink, axis=0)[:2]
            yield Word(text.get_text(), left, top, right, bottom, _font_size(text))


def _ink(group: ET.Element, outlines: Mapping[str | None, ET.Element]) -> Iterator[Any]:
    """The points of a text's outlines: letters that are used, or one path where the text has a rim."""
    for part in group:
        if part.tag == f"{_SVG}path":
            yield from _points(part)
        place = _matrix(part.get("transform"))
        for use in part.iter(f"{_SVG}use") if part.get("transform") else ():
            letter = outlines[use.attrib[_HREF][1:]]
            own = place @ _matrix(use.get("transform")) @ _matrix(letter.get("transform"))
            yield from _points(letter) @ own.T


def _points(path: ET.Element) -> Any:
    """The corners and control points of an outline, as rows (x, y, 1)."""
    numbers = np.array(_NUMBER.findall(path.get("d", "")), dtype=float).reshape(-1, 2)
    return np.column_stack([numbers, np.ones(len(numbers))])


def _matrix(transform: str | None) -> Any:
    """What `translate(...) rotate(...) scale(...)` does, as a matrix."""
    product = np.eye(3)
    for name, inside in re.findall(r"(\w+)\(([^)]*)\)", transform or ""):
        numbers = [float(number) for number in re.split(r"[ ,]+", inside.strip())]
        step = np.eye(3)
        if name == "translate":
            step[: len(numbers), 2] = numbers
        elif name == "scale":
            step[0, 0], step[1, 1] = numbers[0], numbers[-1]
        elif name == "rotate":
            cosine, sine = np.cos(np.radians(numbers[0])), np.sin(np.radians(numbers[0]))
            step[:2, :2] = [[cosine, -sine], [sine, cosine]]
        product = product @ step
    return product


def _font_size(text: Any) -> float:
    """The size of a text's smallest letters: those of an exponent are smaller than the text."""
    from matplotlib.mathtext import MathTextParser

    lines = [line for line in text.get_text().split("\n") if text.get_parse_math() and line.count("$") > 1]
    parse = MathTextParser("path").parse
    sizes = [letter[1] for line in lines for letter in parse(line, 72, text.get_fontproperties()).glyphs]
    return float(min(sizes, default=text.get_fontsize()))
