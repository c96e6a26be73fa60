"""Proposition 6 of docs/beyond/curvature.md: one step of descent never leaves the trap, whatever copies and rate."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mseclf.losses import mse_gradient_logit

POINTS = np.array([[0.1, 1.0], [0.1, -1.0], [-1.0, 11.0]])


def increment(first: float, second: float, copies: int, rate: float) -> np.ndarray:
    """What one step adds to the two weights: the mean over 2 c + 1 points with label 1."""
    share = np.array([copies, copies, 1]) / (2 * copies + 1)
    return -rate * (share * mse_gradient_logit(1.0, POINTS @ [first, second])) @ POINTS


inside = st.floats(20, 200)
second = st.floats(-1, 1)
copies = st.integers(1, 10**6)
rate = st.floats(1e-3, 1)


@given(inside, second, copies, rate)
@example(20.0, 1.0, 1, 1.0)
@example(20.0, -1.0, 1, 1.0)
@example(20.0, 0.75, 10**6, 1.0)
@example(20.0, 0.0, 1, 1.0)
@settings(max_examples=300, deadline=None)
def test_a_step_from_the_trap_ends_in_the_trap(first, second, copies, rate):
    grows, moves = increment(first, second, copies, rate)
    assert grows > 0
    assert -1 <= second + moves <= 1
    assert -first + 11 * second <= -9


def test_the_border_is_needed():
    # Nearer to zero the lone point still pulls hard enough to get out: the proposition is not vacuous.
    assert increment(2.0, 0.0, 1, 1.0)[0] < 0
    assert 0.9 + increment(10.0, 0.9, 1, 1.0)[1] > 1
