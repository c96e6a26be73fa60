"""The drawing of a counterexample: what it shows is what the checker found."""

import re

import pytest

from mseclf.site.page import read_page
from mseclf.site.proofs import Status, Verdict
from mseclf.site.publish.counterexample import counterexample_html, point_html

PAGE = read_page("docs/a.md", "# A\n\n<!-- eq: one | false -->\n```math\nz = -z\n```\n")


def drawn(left, sign, right, point="z = 1/2"):
    return counterexample_html(
        Verdict(PAGE.equations[0], Status.REFUTED, counterexample=point, sides=(left, sign, right))
    )


def places(text):
    """Where the line of numbers has the left side, the right side, and zero."""
    left, right = (float(re.search(rf'class="{side}" cx="([-\d.]+)"', text)[1]) for side in ("left", "right"))
    zero = re.search(r'class="zero" d="M([-\d.]+)', text)
    return left, right, zero and float(zero[1])


def test_both_sides_stand_on_the_line_in_their_order_and_in_proportion():
    left, right, zero = places(drawn("-0.5", "=", "0.25"))
    assert left < zero < right
    assert (zero - left) / (right - zero) == pytest.approx(2, rel=0.01)


def test_sides_that_are_nearly_equal_are_seen_apart():
    left, right, zero = places(drawn("0.9982", "=", "0.9951"))
    assert left - right > 200
    assert zero is None


def test_the_words_say_what_the_drawing_shows():
    text = drawn("-0.001157", ">", "0")
    assert "at <i>z</i> = 1/2 the left side is −0.001157, the right side 0. The claim is left &gt; right." in text
    assert 'aria-label="−0.001157 on the left, 0 on the right"' in text


@pytest.mark.parametrize("sides", [(), ("1/x", "=", "2"), ("1", "~", "2")])
def test_what_has_no_number_is_not_drawn(sides):
    assert counterexample_html(Verdict(PAGE.equations[0], Status.REFUTED, sides=sides)) == ""


@pytest.mark.parametrize(
    ("point", "shown"),
    [
        ("y^(1) = 0, z^(1) = -25", "<i>y</i><sup>(1)</sup> = 0, <i>z</i><sup>(1)</sup> = −25"),
        ("theta_2 = 1/3, x^(1)_2 = -2.001", "<i>θ</i><sub>2</sub> = 1/3, <i>x</i><sup>(1)</sup><sub>2</sub> = −2.001"),
        ("y_hat = 1/4", "<i>ŷ</i> = 1/4"),
        ("a = <b>", "<i>a</i> = &lt;b&gt;"),
    ],
)
def test_a_point_is_written_as_in_print(point, shown):
    assert point_html(point) == shown
