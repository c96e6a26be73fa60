"""Displays in lines: nothing is lost, relations stand below each other, and what fits stays as it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mseclf.site.formulas.breaking import broken
from mseclf.site.formulas.mathjax import MathJax


def by_letters(tex):
    """A width that is easy to foresee: one for each letter, number and sign."""
    return float(
        max(
            len(
                re.sub(r"\\(?:begin|end)\{aligned\}|\\[a-z]*(?:left|right|big[lr]|Big[lr])|[&\s{}]", "", row)
                .replace(r"\quad", "x")
                .replace(r"\\", "")
            )
            for row in tex.split(r"\\")
        )
    )


def rows(tex):
    return [" ".join(row.split()) for row in re.sub(r"\\(begin|end)\{aligned\}", "", tex).split(r"\\")]


@pytest.mark.parametrize(
    ("tex", "width", "lines"),
    [
        ("a = b + c", 5, ["a = b + c"]),
        ("a = b + c = d", 5, ["a &= b + c", "&= d"]),
        ("a = b = cccc = d", 6, ["a &= b", "&= cccc", "&= d"]),
        ("a = b = cccc = d", 5, [r"&\quad a", "&= b", "&= cccc", "&= d"]),
        ("aaaa = bbbb", 6, [r"&\quad aaaa", "&= bbbb"]),
        ("a = bb + cc - dd", 5, ["a &= bb", r"&\quad {}+ cc", r"&\quad {}- dd"]),
        ("a = -b = c", 4, ["a &= -b", "&= c"]),
        (r"a > b \iff c > d", 8, [r"&\quad a > b", r"&\iff c > d"]),
        ("a = (bb)(cc)", 7, ["a &= (bb)", r"&\quad {}\cdot (cc)"]),
        (r"a = \frac{b = c}{d + e}", 3, [r"&\quad a", r"&= \frac{b = c}{d + e}"]),
        (r"a = bb \quad (c = d)", 7, ["a &= bb", r"&\quad (c = d)"]),
    ],
)
def test_lines(tex, width, lines):
    def tidied(row):
        return re.sub(r"(?<=[&}]) +", "", row).replace(r"\quad{}", r"\quad {}")

    assert list(map(tidied, rows(broken(tex, width, by_letters)))) == list(map(tidied, lines))


letters = st.sampled_from(["a", r"\hat y", r"\frac{1}{2}", r"\sigma(z)", r"\left(1-\hat y\right)^{2}", r"e^{-z}"])
terms = st.lists(letters, min_size=1, max_size=4).map(" ".join)
sums = st.lists(terms, min_size=1, max_size=4).map(" + ".join)
claims = st.lists(sums, min_size=1, max_size=4).map(" = ".join)


def content(tex):
    """What a formula says, without its layout: lines, sizes of parentheses, signs of products."""
    tex = re.sub(
        r"\\(?:begin|end)\{aligned\}|\\(?:left|right|bigl|bigr|Bigl|Bigr)(?![a-z])|\\cdot|\\q?quad|\\\\|\{\}|[&\s]",
        "",
        tex,
    )
    return tex


@given(claims, st.floats(2, 30))
def test_nothing_is_lost_and_nothing_is_added(tex, width):
    assert content(broken(tex, width, by_letters)) == content(tex)


@given(claims)
def test_what_fits_is_not_touched(tex):
    assert broken(tex, by_letters(tex), by_letters) == tex


@given(claims, st.floats(2, 30))
def test_every_line_is_tex(tex, width):
    made = broken(tex, width, by_letters)
    assert made.count(r"\left") == made.count(r"\right")
    for row in made.split(r"\\"):
        assert row.count("{") == row.count("}")
        assert len(re.findall(r"\\left(?![a-z])", row)) == len(re.findall(r"\\right(?![a-z])", row))


def test_an_authors_own_lines_stay():
    tex = r"\begin{aligned} a &= b \\ &= c \end{aligned}"
    assert broken(tex, 1, by_letters) == tex


def test_a_long_sum_in_parentheses_gets_parentheses_that_lines_may_part():
    tex = r"\frac{\partial}{\partial a} \left( e^{a} + 3a + \frac{5}{2} - 3e^{-a} - \frac{1}{2} e^{-2a} \right) = 0"
    engine = MathJax({})
    made = broken(tex, 12.0, engine.width)
    assert engine.width(tex) > 14
    assert engine.width(made) <= 12.6
    assert r"\Bigl(" in made
    assert r"\left" not in made
