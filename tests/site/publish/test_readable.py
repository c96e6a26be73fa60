"""Values as they are shown on an example's own page."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mseclf.site.publish.values import readable


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (-12, "−12"),
        (23103108, "23,103,108"),
        (10**20, "100,000,000,000,000,000,000"),
        (4.2032855521087996e-16, "4.20329 × 10⁻¹⁶"),
        (-1.5e20, "−1.5 × 10²⁰"),
        (485165258.3, "485,165,258"),
        (22058.9712, "22,059"),
        (0.14814814814814814, "0.148148"),
        (150.0, "150"),
        (-0.0, "0"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (True, "True"),
        ("a - b", "a - b"),
    ],
)
def test_a_value_has_the_digits_that_can_be_read(value, shown):
    assert readable(value) == shown


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_right_to_six_digits_and_short(value):
    shown = readable(value)
    back = shown.replace("−", "-").replace(",", "").replace(" × 10", "e")
    back = back.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))
    assert len(shown) <= 20
    # A step between denormal numbers is larger than the sixth digit.
    assert float(back) == pytest.approx(value, rel=5.0001e-6, abs=1e-320)


@given(st.integers())
def test_an_integer_is_exact(value):
    assert int(readable(value).replace("−", "-").replace(",", "")) == value
