"""The relative efficiency: the subject's numbers, its limit, and an independent integrator."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special

from mseclf import mse_relative_efficiency

LIMIT = 5 * (np.pi**2 - 6) ** 2 / (3 * np.pi**2 * (2 * np.pi**2 - 15))
EPS = np.finfo(np.float64).eps


def test_the_numbers_of_the_subject():
    assert np.round(mse_relative_efficiency([1.0, 2.0, 3.0, 5.0]), 4).tolist() == [0.9191, 0.7665, 0.6758, 0.598]


def test_it_starts_at_one_and_ends_at_the_limit():
    with np.errstate(all="raise"):
        assert mse_relative_efficiency(0.0) == pytest.approx(1, abs=4 * EPS)
        assert mse_relative_efficiency([np.inf, -np.inf]) == pytest.approx(LIMIT, rel=16 * EPS)
        assert mse_relative_efficiency(1e8) == pytest.approx(LIMIT, rel=1e-14)
    assert round(LIMIT, 5) == 0.53355


@pytest.mark.parametrize("theta", [0.25, 1.0, 4.0, 30.0])
def test_an_adaptive_integrator_finds_the_same(theta):
    def moment(k):
        def integrand(x):
            return (special.expit(theta * x) * special.expit(-theta * x)) ** k * x**2 * np.exp(-(x**2) / 2)

        return integrate.quad(integrand, 0, 12, points=[1 / theta], epsabs=0, epsrel=1e-12, limit=200)[0]

    assert mse_relative_efficiency(theta) == pytest.approx(moment(2) ** 2 / (moment(1) * moment(3)), rel=1e-10)


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_it_is_even_at_most_one_and_falls(theta_1, theta_2):
    low, high = sorted((theta_1, theta_2))
    near, far = mse_relative_efficiency([low, -high])
    assert mse_relative_efficiency(high) == far
    assert LIMIT * (1 - 16 * EPS) <= far <= near * (1 + 16 * EPS) <= 1 + 32 * EPS


def test_a_number_gives_what_it_gives_within_an_array():
    """At this theta m_2**2 by pow and by multiplying differ, and with them the result for a scalar and for an array."""
    theta = 7697.823739468481
    assert mse_relative_efficiency(theta) == mse_relative_efficiency([0.0, theta])[1]


def test_dtype_shape_and_refusal():
    assert mse_relative_efficiency(np.ones((2, 3), np.float32)).dtype == np.float32
    assert mse_relative_efficiency(np.ones((2, 3))).shape == (2, 3)
    with pytest.raises(ValueError, match=r"^theta must not be NaN: got nan at index 1$"):
        mse_relative_efficiency([0.0, np.nan])
