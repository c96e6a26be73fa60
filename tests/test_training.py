"""Gradient descent and Adam, run by run against plain loops and the subject's step counts."""

import dataclasses
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mseclf import LOSSES, adam, bce_gradient_logit, gradient_descent, mse_gradient_logit, mse_gradient_theta

OPTIMISERS = [gradient_descent, adam]


def for_label_one(gradient_logit):
    """The logit itself is the parameter, with label 1."""
    return lambda z: gradient_logit(1, z)


def first_step(path, run=0):
    """The first recorded step at which the logit is no longer negative, or None."""
    right = path.theta[:, run, 0] >= 0
    return int(path.steps[np.argmax(right)]) if right.any() else None


@pytest.mark.parametrize(("a", "mse_steps", "bce_steps"), [(5, 168, 6), (10, 22063, 11)])
def test_gradient_descent_needs_the_steps_of_the_subject(a, mse_steps, bce_steps):
    start = [[-float(a)]]
    assert first_step(gradient_descent(for_label_one(mse_gradient_logit), start, 1.0, mse_steps + 5)) == mse_steps
    assert first_step(gradient_descent(for_label_one(bce_gradient_logit), start, 1.0, bce_steps + 5)) == bce_steps


def test_adam_hides_the_plateau_until_the_gradient_reaches_its_eps():
    start = [[-20.0], [-25.0], [-30.0]]
    mse = adam(for_label_one(mse_gradient_logit), start, 0.1, 20_000)
    bce = adam(for_label_one(bce_gradient_logit), start, 0.1, 400)
    assert [first_step(mse, run) for run in range(3)] == [158, 7327, None]
    assert [first_step(bce, run) for run in range(3)] == [205, 255, 305]
    assert round(float(mse.theta[-1, 2, 0]), 2) == -29.98


def trap_logits(loss, copies):
    """The logits of three points, two of them repeated, after 0, 5,000 and 10,000 steps; all labels are 1."""
    points = np.array([(0.1, 1.0), (0.1, -1.0), (-1.0, 11.0)])
    X = np.repeat(points, [copies, copies, 1], axis=0)
    path = gradient_descent(
        lambda theta: loss.gradient_theta(theta, X, np.ones(len(X))), np.zeros(2), 1.0, 10_000, 5_000
    )
    return path.theta[:, 0] @ points.T


def test_the_trap_at_infinity():
    """Ten copies: both losses separate. Twenty: MSE drives the third point away for good, BCE brings it back."""
    assert all((trap_logits(loss, 10)[-1] > 0).all() for loss in LOSSES.values())
    mse, bce = trap_logits(LOSSES["mse"], 20), trap_logits(LOSSES["bce"], 20)
    assert mse[-1, 2] == pytest.approx(-23.7, abs=0.05)
    assert mse[-1, 2] < mse[1, 2] < 0
    assert bce[1, 2] < bce[-1, 2]
    assert (bce[-1, :2] > 0).all()


def plain_gradient_descent(theta, rate, n_steps):
    for _ in range(n_steps):
        theta = theta - rate * mse_gradient_theta(theta, X, Y)
    return theta


def plain_adam(theta, rate, n_steps, beta_1=0.9, beta_2=0.999, eps=1e-8):
    m = v = 0.0
    for step in range(1, n_steps + 1):
        g = mse_gradient_theta(theta, X, Y)
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g * g
        theta = theta - rate * (m / (1 - beta_1**step)) / (np.sqrt(v / (1 - beta_2**step)) + eps)
    return theta


X = np.random.default_rng(0).normal(0, 1, (12, 3))
Y = np.random.default_rng(1).integers(0, 2, 12)
PLAIN = {gradient_descent: plain_gradient_descent, adam: plain_adam}


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@given(seed=st.integers(0, 2**32 - 1), n_runs=st.integers(1, 5), n_steps=st.integers(0, 12))
def test_many_runs_are_the_runs_one_by_one(optimiser, seed, n_runs, n_steps):
    rng = np.random.default_rng(seed)
    starts, rates = rng.normal(0, 3, (n_runs, 3)), rng.uniform(0.01, 2, n_runs)
    path = optimiser(lambda theta: mse_gradient_theta(theta, X, Y), starts, rates, n_steps)
    assert path.theta.shape == (n_steps + 1, n_runs, 3)
    assert path.steps.tolist() == list(range(n_steps + 1))
    alone = np.stack([PLAIN[optimiser](start, rate, n_steps) for start, rate in zip(starts, rates, strict=True)])
    np.testing.assert_allclose(path.theta[-1], alone, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@given(n_steps=st.integers(0, 30), record_every=st.integers(1, 40))
def test_recording_less_changes_nothing_but_what_is_kept(optimiser, n_steps, record_every):
    full = optimiser(np.sign, [[1.05], [-3.0]], 0.1, n_steps)
    some = optimiser(np.sign, [[1.05], [-3.0]], 0.1, n_steps, record_every=record_every)
    assert some.steps.tolist() == sorted({*range(0, n_steps + 1, record_every), n_steps})
    assert np.array_equal(some.theta, full.theta[some.steps])


def test_adams_first_step_is_the_learning_rate_whatever_the_gradient():
    for size in (1e-3, 1.0, 1e6):
        path = adam(lambda theta, size=size: np.full_like(theta, size), [[0.0]], 0.1, 1)
        assert path.theta[-1, 0, 0] == pytest.approx(-0.1, rel=1e-4)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_parameters_keep_their_dtype(optimiser, dtype):
    path = optimiser(lambda theta: theta, np.ones((2, 2), dtype), 0.125, 5)
    assert path.theta.dtype == dtype
    assert (path.theta[-1] < 1).all()


def test_one_run_may_come_without_its_axis():
    path = gradient_descent(lambda theta: theta, [4.0, 2.0], 0.5, 1)
    assert path.theta.tolist() == [[[4.0, 2.0]], [[2.0, 1.0]]]


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_a_trajectory_cannot_be_changed_and_the_start_is_not_touched(optimiser):
    start = np.ones((1, 2))
    path = optimiser(lambda theta: theta, start, 0.1, 3)
    assert start.tolist() == [[1.0, 1.0]]
    for array in (path.theta, path.steps):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 7
    with pytest.raises(dataclasses.FrozenInstanceError):
        path.theta = start


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_a_gradient_that_scribbles_on_its_argument_cannot_change_the_past(optimiser):
    def scribble(theta):
        theta *= 0
        return np.ones_like(theta)

    with pytest.raises(ValueError, match="read-only"):
        optimiser(scribble, [[1.0]], 0.1, 2)


def test_divergence_names_step_and_run():
    message = r"^theta is not finite at step 4 in run 1: a smaller learning rate may help$"
    with np.errstate(all="raise"), pytest.raises(FloatingPointError, match=message):
        gradient_descent(lambda theta: -theta, [[1.0], [1e60]], [0.1, 1e65], 10)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_a_gradient_that_is_not_finite_is_named(optimiser):
    def gradient(theta):
        return np.where(theta < 0.95, np.nan, 1.0)

    message = r"^the gradient is not finite at step 2 in run 0: a smaller learning rate may help$"
    with pytest.raises(FloatingPointError, match=message):
        optimiser(gradient, [[1.0], [9.0]], 0.1, 10)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"learning_rate": 0.0}, "learning_rate must be > 0 and finite: got 0.0"),
        ({"learning_rate": [0.1, -1.0]}, "learning_rate must be > 0 and finite: got -1.0 at index 1"),
        ({"learning_rate": np.nan}, "learning_rate must be > 0 and finite: got nan"),
        ({"learning_rate": np.inf}, "learning_rate must be > 0 and finite: got inf"),
        ({"learning_rate": [0.1] * 3}, "learning_rate must be one number or have shape (n_runs,) = (2,): got (3,)"),
        ({"n_steps": -1}, "n_steps must be an integer >= 0: got -1"),
        ({"n_steps": 2.5}, "n_steps must be an integer >= 0: got 2.5"),
        ({"n_steps": True}, "n_steps must be an integer >= 0: got True"),
        ({"record_every": 0}, "record_every must be an integer >= 1: got 0"),
        ({"theta_0": [[1.0], [np.nan]]}, "theta_0 must be finite: got nan at index (1, 0)"),
        ({"theta_0": 1.0}, "theta_0 must have shape (n_runs, n_features) or (n_features,): got shape ()"),
        ({"gradient": lambda theta: theta[0]}, "gradient must return the shape of theta, (2, 1): got shape (1,)"),
    ],
)
def test_nonsense_is_refused_with_rule_and_value(optimiser, change, message):
    arguments = {"gradient": lambda theta: theta, "theta_0": [[1.0], [2.0]], "learning_rate": 0.1, "n_steps": 1}
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        optimiser(**{**arguments, **change})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"beta_1": 1.0}, "beta_1 must be in [0, 1): got 1.0"),
        ({"beta_2": -0.1}, "beta_2 must be in [0, 1): got -0.1"),
        ({"beta_2": np.nan}, "beta_2 must be in [0, 1): got nan"),
        ({"eps": 0.0}, "eps must be > 0 and finite: got 0.0"),
        ({"eps": np.inf}, "eps must be > 0 and finite: got inf"),
    ],
)
def test_adams_own_numbers_are_checked(change, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        adam(lambda theta: theta, [[1.0]], 0.1, 1, **change)
