"""The boundary of docs/beyond/without-the-sigmoid.md, in exact arithmetic: where least squares puts it."""

from fractions import Fraction

import pytest

LABELS = (0, 0, 1, 1, 1, 1)


def boundary(far: Fraction) -> Fraction:
    """Where the least-squares line through the six points is one half, by the normal equations."""
    x = (Fraction(-2), Fraction(-1), Fraction(1), Fraction(2), far, far)
    n, sum_x, sum_y = len(x), sum(x), sum(LABELS)
    sum_xx = sum(value * value for value in x)
    sum_xy = sum(value * label for value, label in zip(x, LABELS, strict=True))
    slope = (n * sum_xy - sum_x * sum_y) / (n * sum_xx - sum_x * sum_x)
    intercept = (sum_y - slope * sum_x) / n
    return (Fraction(1, 2) - intercept) / slope


@pytest.mark.parametrize(
    "far", [Fraction(3), Fraction(7, 2), Fraction(10), Fraction(14), Fraction(20), Fraction(10**6)]
)
def test_the_closed_form_on_the_page(far: Fraction) -> None:
    assert boundary(far) == (3 * far - 5) / (2 * far + 9)


def test_the_point_at_one_is_lost_beyond_fourteen_and_not_before() -> None:
    assert boundary(Fraction(14)) == 1
    assert boundary(Fraction(13999, 1000)) < 1 < boundary(Fraction(14001, 1000))


def test_the_point_at_two_is_never_lost() -> None:
    assert all(boundary(Fraction(far)) < Fraction(3, 2) for far in (3, 30, 10**9))
