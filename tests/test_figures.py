"""Every figure of the site as it is drawn on a phone: letters large enough, no word cut off, none on another."""

import functools
import io
import itertools
import re
import string
import xml.etree.ElementTree as ET
from dataclasses import dataclass

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from mseclf import plots
from mseclf.running.svg import themed

PHONE = 360  # CSS pixels; there a figure goes from edge to edge (see tests/browser/test_site.py)
SMALLEST = 10  # CSS pixels: the size of the smallest font; a digit is then 7 pixels high
BOLD = FontProperties(family="DejaVu Sans", weight="bold")  # of the labels
SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True)
class Word:
    """Some letters drawn together, in the picture's own units: their box, and their font's size (of the smallest)."""

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


def matrix(transform):
    """What `translate(...) rotate(...) scale(...)` does, as a matrix."""
    product = np.eye(3)
    for name, inside in re.findall(r"(\w+)\(([^)]*)\)", transform or ""):
        numbers = [float(number) for number in re.split(r"[ ,]+", inside.strip())]
        step = np.eye(3)
        if name == "translate":
            step[:2, 2] = numbers if len(numbers) == 2 else [numbers[0], 0]
        elif name == "scale":
            step[0, 0], step[1, 1] = numbers[0], numbers[-1]
        elif name == "rotate":
            angle = np.radians(numbers[0])
            step[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        else:
            raise ValueError(name)
        product = product @ step
    return product


def points(path):
    """The corners and the control points of an outline, as columns (x, y, 1)."""
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path.get("d") or "")]
    return np.array([numbers[0::2], numbers[1::2], [1.0] * (len(numbers) // 2)])


def glyphs(group, outlines, place):
    """The outlines of a text, and the size of each: matplotlib's letters are 100 units high before their scale."""
    for use in group.iter(SVG + "use"):
        path = outlines[use.get(HREF)[1:]]
        own = place @ matrix(use.get("transform"))
        yield own @ matrix(path.get("transform")) @ points(path), round(100 * abs(np.linalg.det(own[:2, :2])) ** 0.5, 6)


@functools.cache
def letters():
    """Of each outline in the labels' letters, for a font of size 1: how many points it has, its width and height."""
    drawn = [TextPath((0, 0), sign, size=1, prop=BOLD) for sign in string.ascii_letters + string.digits]
    return [(len(outline), *np.ptp(outline, axis=0)) for path in drawn for outline in path.to_polygons()]


def label_size(contours):
    """The font's size of a label, whose outlines do not say it: that of the letters that its outlines look like."""
    sizes = []
    for contour in contours:
        width, height = np.ptp(contour[:2], axis=1)
        sizes += [
            height / h for n, w, h in letters() if n == contour.shape[1] and abs(width * h / height / w - 1) < 0.02
        ]
    return round(float(np.median(sizes)), 1)


def word(drawn, size):
    """The box around some outlines."""
    (left, top), (right, bottom) = np.min(drawn, axis=1)[:2], np.max(drawn, axis=1)[:2]
    return Word(left, top, right, bottom, size)


def words(svg):
    """All words of a picture: texts, and the labels with a rim, whose letters matplotlib draws as one outline."""
    root = ET.fromstring(svg)
    outlines = {path.get("id"): path for path in root.iter(SVG + "path") if path.get("id")}
    found = []
    for group in root.iter(SVG + "g"):
        if "scale(" in group.get("transform", "") and group.find(f".//{SVG}use") is not None:
            drawn, sizes = zip(*glyphs(group, outlines, matrix(group.get("transform"))), strict=True)
            found.append(word(np.hstack([outline for outline in drawn if outline.size]), min(sizes)))
    for path in root.iter(SVG + "path"):
        if "stroke:var(--fig-paper);stroke-width:3.5" in (path.get("style") or ""):
            contours = [points(ET.Element("path", d=outline)) for outline in re.findall(r"M[^M]*", path.get("d"))]
            found.append(word(points(path), label_size(contours)))
    return found


def flaws(svg):
    """What a reader with a phone would have to complain about."""
    root = ET.fromstring(svg)
    _, _, width, height = map(float, root.get("viewBox").split())
    drawn = words(svg)
    said = [
        f"letters of {w.size * PHONE / width:.2f} pixels" for w in drawn if w.size * PHONE / width < SMALLEST - 1e-6
    ]
    said += [
        f"cut off: {w}" for w in drawn if w.left < 0 or w.top < 0 or w.right > width or w.bottom > height
    ]  # fmt: skip
    said += [f"on another: {a} and {b}" for a, b in itertools.combinations(drawn, 2) if a.overlaps(b)]
    return said


def picture(draw):
    """The SVG of a small figure of the site's style, after `draw(axes)`."""
    figure, axes = plots.subplots()
    draw(axes)
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg")
    plt.close(figure)
    return themed(buffer.getvalue())[0]


def test_every_figure_can_be_read_on_a_phone(site):
    figures = sorted((site / "assets" / "figures").glob("*.svg"))
    assert len(figures) >= 22
    found = {path.name: flaws(path.read_text(encoding="utf-8")) for path in figures}
    assert {name: said for name, said in found.items() if said} == {}


def test_a_figure_in_the_sites_style_has_no_flaw():
    svg = picture(lambda axes: plots.label(axes, 0.5, 0.5, "squared error", plots.MSE))
    assert flaws(svg) == []
    assert len(words(svg)) == 13  # six numbers at each axis, and the label
    assert {word.size for word in words(svg)} == {12}


@pytest.mark.parametrize(
    ("draw", "flaw"),
    [
        (lambda axes: axes.set_xlabel("logit", fontsize=11), "letters of 9.17 pixels"),
        (lambda axes: axes.set_xlabel("$10^3$"), "letters of 7.29 pixels"),
        (lambda axes: axes.set_ylabel("a name that is much too long for the height of its axis"), "cut off"),
        (lambda axes: plots.label(axes, 0.5, 0.5, "squared error", fontsize=11), "letters of 9.17 pixels"),
        (lambda axes: [plots.label(axes, 0.5, y, "squared error") for y in (0.5, 0.52)], "on another"),
        (lambda axes: axes.set_xticks([0.5, 0.51], ["half", "more"]), "on another"),
    ],
    ids=["small", "exponent", "cut off", "small label", "labels", "ticks"],
)
def test_each_flaw_is_found(draw, flaw):
    said = flaws(picture(draw))
    assert said
    assert all(one.startswith(flaw) for one in said), said
