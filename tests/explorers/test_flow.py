"""flow.js: what the experiments say of gradient flow, against the package."""

import numpy as np
import pytest

import mseclf
from tests.explorers.conftest import caller, load


@pytest.fixture(scope="module")
def flow():
    return caller(load("dom", "math", "flow"))


def test_times_as_long_is_the_packages_ratio(flow):
    a = np.geomspace(0.25, 40, 60)
    want = mseclf.mse_escape_time(a) / mseclf.bce_escape_time(a)
    np.testing.assert_allclose(flow("(a) => a.map(lib.timesAsLong)", a.tolist()), want, rtol=1e-14)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (1.96, "2 seconds"),
        (4.04, "4 seconds"),
        (5.4, "5.4 seconds"),
        (119.6, "120 seconds"),
        (120, "2 minutes"),
        (2005.4, "33 minutes"),
        (12523, "3.5 hours"),
        (86400 * 1.9, "46 hours"),
        (23103108, "267 days"),
    ],
)
def test_a_wait_in_words(flow, seconds, words):
    assert flow("lib.duration", seconds) == words


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(1.35, "1.4"), (5.4, "5.4"), (2005.4, "2,005"), (999_999.4, "999,999"), (23103108, "23 million")],
)
def test_a_factor_in_words(flow, ratio, words):
    assert flow("lib.factor", ratio) == words


@pytest.mark.parametrize(("name", "escape"), [("mse", mseclf.mse_escape_time), ("bce", mseclf.bce_escape_time)])
def test_the_logit_is_where_the_packages_time_says(flow, name, escape):
    z = np.linspace(-10, 0, 81)
    times = escape(10.0, z)
    got = flow(f"(t) => t.map((t) => lib.logitAt('{name}', 10, t))", times.tolist())
    np.testing.assert_allclose(got, z, atol=1e-6)  # at -10 a logit of 1e-6 is 0.02 units of time: below a pixel
    back = flow(f"(z) => z.map((z) => lib.timeTo('{name}', 10, z))", z.tolist())
    np.testing.assert_allclose(back, times, atol=1e-11 * times[-1])


@pytest.mark.parametrize("name", ["mse", "bce"])
def test_before_the_start_and_after_the_arrival_it_stays(flow, name):
    assert flow(f"(t) => t.map((t) => lib.logitAt('{name}', 10, t))", [0, 1e9]) == [-10, 0]
