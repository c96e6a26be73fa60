"""dom.js: numbers as the site's text prints them."""

import pytest

from tests.explorers.conftest import caller, load


@pytest.fixture(scope="module")
def num():
    call = caller(load("dom"))
    return lambda *arguments: call("(...a) => lib.num(...a)", *arguments)


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (0, "0"),
        (-4, "−4"),
        (0.12345678, "0.1235"),
        (999, "999"),
        (1000, "1,000"),
        (30000, "30,000"),
        (-22059.4, "−22,059"),
        (999999, "999,999"),
        (1234567, "1.235×10⁶"),
        (0.00001234, "1.234×10⁻⁵"),
    ],
)
def test_thousands_have_commas_and_nothing_else_has(num, value, want):
    assert num(value) == want


def test_no_comma_behind_the_point(num):
    assert num(745.133219, 7) == "745.1332"
    assert num(0.1234567, 7) == "0.1234567"
