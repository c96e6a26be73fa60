"""Outlines in relative steps end in the same points."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mseclf.site.formulas.formula import relative
from mseclf.site.formulas.mathjax import MathJax

number = st.integers(-3000, 3000)
takes = {"M": 2, "L": 2, "T": 2, "Q": 4, "H": 1, "V": 1, "Z": 0}
step = st.sampled_from("LTQHVZM").flatmap(lambda name: st.tuples(st.just(name), st.tuples(*[number] * takes[name])))


def points(path):
    """Every point that path data names, absolute or relative, control points included."""
    x = y = 0
    start = (0, 0)
    found = []
    for name, text in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        numbers = [int(n) for n in re.findall(r"-?\d+", text)]
        ahead = (x, y) if name.islower() else (0, 0)
        match name.upper():
            case "Z":
                x, y = start
            case "H":
                x = ahead[0] + numbers[0]
            case "V":
                y = ahead[1] + numbers[0]
            case _:
                pairs = [(ahead[0] + a, ahead[1] + b) for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
                found += pairs
                x, y = pairs[-1]
        if name == "M":
            start = (x, y)
        found.append((name.upper(), x, y))
    return found


@given(st.lists(step, max_size=20))
def test_every_point_stays(steps):
    path = "M0 0" + "".join(name + " ".join(map(str, numbers)) for name, numbers in steps)
    assert points(relative(path)) == points(path)


def test_the_font_gets_shorter_and_keeps_its_points():
    svg = MathJax({}).convert(r"\hat y \sum_{i=1}^{m} \frac{\partial L}{\partial \theta} (1 - \sigma(z)) \log", True)[
        "svg"
    ]
    paths = [path for path in re.findall(r' d="([^"]*)"', svg) if path]
    assert len(paths) > 10
    assert all(points(relative(path)) == points(path) for path in paths)
    assert sum(len(relative(path)) for path in paths) < 0.8 * sum(map(len, paths))


@pytest.mark.parametrize("path", ["", "M1.5 2L3 4", "M0 0C1 2 3 4 5 6", "m0 0l1 1", "M0 0A1 1 0 0 0 2 2"])
def test_what_is_not_understood_stays_as_it_is(path):
    assert relative(path) == path


def test_a_step_with_too_few_numbers_is_refused():
    with pytest.raises(ValueError, match="L1: this step takes 2 numbers"):
        relative("M0 0L1")
