"""The closed forms of the escape times: the subject's table, SciPy's integrator, and mpmath for the accuracy."""

import re

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from mseclf import bce_escape_time, bce_gradient_logit, mse_escape_time, mse_gradient_logit

MP = mpmath.mp.clone()
MP.prec = 3300  # small a: e^a + 3a + ... cancels down to 8a, twice over
EPS = np.finfo(np.float64).eps
ANTIDERIVATIVE = {
    mse_escape_time: lambda z: -MP.exp(-z) + 3 * z + 3 * MP.exp(z) + MP.exp(2 * z) / 2,
    bce_escape_time: lambda z: z + MP.exp(z),
}
GRADIENT = {mse_escape_time: mse_gradient_logit, bce_escape_time: bce_gradient_logit}
BOUNDS = {mse_escape_time: 5, bce_escape_time: 3}
each = pytest.mark.parametrize("time", BOUNDS, ids=lambda f: f.__name__)


@pytest.mark.parametrize(
    ("a", "mse", "bce", "ratio"),
    [(2, 15.474, 2.865, 5.40), (5, 165.893, 5.993, 27.68), (10, 22058.97, 11.000, 2005.4), (20, 4.85e8, 21.0, 2.31e7)],
)
def test_the_table_of_the_subject(a, mse, bce, ratio):
    assert mse_escape_time(a) == pytest.approx(mse, abs=0.0051 if a < 20 else 0.005e8)
    assert bce_escape_time(a) == pytest.approx(bce, abs=0.00051)
    assert mse_escape_time(a) / bce_escape_time(a) == pytest.approx(ratio, abs=0.051 if a < 20 else 0.005e7)


@each
@pytest.mark.parametrize("a", [0.01, 0.5, 2.0, 5.0, 10.0])
def test_an_integrator_takes_the_same_time(time, a):
    """Gradient flow, followed until the logit crosses 0, and on the way there."""
    crossing = lambda _, z: z[0]  # noqa: E731
    crossing.terminal = True
    flow = integrate.solve_ivp(
        lambda _, z: -GRADIENT[time](1, z),
        (0, 2 * float(time(a)) + 1),
        [-a],
        method="DOP853",
        events=crossing,
        rtol=1e-12,
        atol=1e-14,
    )
    assert flow.t_events[0][0] == pytest.approx(float(time(a)), rel=1e-8)
    before = flow.y[0] < 0
    np.testing.assert_allclose(time(a, flow.y[0][before]), flow.t[before], rtol=1e-8, atol=1e-9)


@each
@pytest.mark.parametrize("scale", [1e-300, 1e-16, 1e-8, 1e-3, 1.0, 30.0, 700.0])
def test_the_time_is_as_accurate_as_it_says(time, scale):
    rng = np.random.default_rng(int(1e3 * scale))
    a = scale * rng.uniform(0.5, 1, 40)
    z = np.minimum(a * rng.uniform(-1, 1, 40), 340)
    assert f"Accuracy: within {BOUNDS[time]} ulp" in time.__doc__
    F = ANTIDERIVATIVE[time]
    with np.errstate(all="raise"):
        to_zero, on_the_way = time(a), time(a, z)
    for start, computed, ends in ((a, to_zero, np.zeros(40)), (a, on_the_way, z)):
        for a_, t, z_ in zip(start, computed, ends, strict=True):
            exact = F(MP.mpf(z_)) - F(MP.mpf(-a_))
            ulp = MP.mpf(2) ** (int(MP.frexp(exact)[1]) - 53)
            assert abs(MP.mpf(t) - exact) <= BOUNDS[time] * ulp


@each
def test_no_way_takes_no_time_and_a_long_one_more_than_the_format_holds(time):
    with np.errstate(all="raise"):
        assert time([0.0, 5.0, 800.0], [0.0, -5.0, -800.0]).tolist() == [0.0, 0.0, 0.0]
        assert time(0.0, 400.0) == pytest.approx(np.exp(400) if time is bce_escape_time else np.inf)
        assert time(np.inf) == np.inf
        assert time(np.float32(100)).dtype == np.float32
    assert mse_escape_time(np.float32(100)) == np.inf
    assert mse_escape_time(800.0) == np.inf
    assert bce_escape_time(800.0) == 801.0


@each
@given(st.floats(1e-3, 300), st.floats(0, 1), st.floats(0, 1))
def test_times_add_up_along_the_way(time, a, f, g):
    near, far = sorted((-a + 2 * a * f, -a + 2 * a * g))
    whole, first, second = float(time(a, far)), float(time(a, near)), float(time(-near, far)) if near <= 0 else None
    if second is not None:
        assert whole == pytest.approx(first + second, rel=16 * EPS)
    assert first <= whole * (1 + 16 * EPS)


@each
def test_the_small_start_is_the_distance_over_the_speed(time):
    speed = {mse_escape_time: 1 / 8, bce_escape_time: 1 / 2}[time]
    assert time(1e-12) == pytest.approx(1e-12 / speed, rel=1e-11)


@each
@pytest.mark.parametrize(
    ("a", "z", "message"),
    [
        (-1.0, 0.0, "a must be >= 0: got -1.0"),
        ([1.0, np.nan], 0.0, "a must be >= 0: got nan at index 1"),
        (1.0, np.inf, "z must be finite: got inf"),
        (1.0, np.nan, "z must be finite: got nan"),
        (1.0, -1.5, "z + a must be >= 0, as the flow only climbs: got -0.5"),
        ([1.0, 2.0], [0.0] * 3, "a and z must have shapes that broadcast: got (2,) and (3,)"),
        ("one", 0.0, "a must be real numbers in float16, float32 or float64: got dtype <U3"),
    ],
)
def test_nonsense_is_refused_with_rule_and_value(time, a, z, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        time(a, z)
