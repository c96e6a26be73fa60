"""The excess risk: what a wrong probability costs on average, above the best that any prediction can do.

Conventions: q is the true probability of class 1, y_hat the predicted one; the rest is said in `mseclf.arrays`.
"""

import numpy as np

from mseclf.arrays import Float64Array, Real, elementwise, probabilities, times


@elementwise(q=probabilities, y_hat=probabilities)
def mse_excess_risk(q: Real, y_hat: Real) -> Real:
    """What predicting y_hat costs on average, above the best possible, in half squared error.

    Formula: E[½ (y_hat - Y)²] - min = ½ (y_hat - q)² for Y = 1 with probability q. (For the Brier score: twice this.)

    Accuracy: within 2 ulp.

    Examples:
        >>> float(mse_excess_risk(0.25, 0.75))
        0.125
    """
    error = y_hat - q
    return 0.5 * (error * error)  # not error**2: NumPy squares a scalar by pow, which may differ by one ulp


@elementwise(q=probabilities, y_hat=probabilities)
@np.errstate(divide="ignore", over="ignore")
def bce_excess_risk(q: Real, y_hat: Real) -> Real:
    """What predicting y_hat costs on average, above the best possible, in binary cross-entropy: the KL divergence.

    Formula: KL = q log(q / y_hat) + (1 - q) log((1 - q) / (1 - y_hat)) ≥ 2 (q - y_hat)² (Pinsker).

    Domain: inf where y_hat is 0 or 1 and q is not.

    Accuracy: within 8 ulp of the sum of the magnitudes of its two terms, which cancel as y_hat approaches q.

    Examples:
        >>> float(bce_excess_risk(0.5, 0.5)), float(bce_excess_risk(0.5, 0.0))
        (0.0, inf)
    """
    divergence = _weighted_log_ratio(q, y_hat, q - y_hat) + _weighted_log_ratio(1 - q, 1 - y_hat, y_hat - q)
    # The terms cancel as y_hat approaches q; the divergence is never negative, so neither is what is returned.
    return np.maximum(divergence, 0.0)


def _weighted_log_ratio(a: Float64Array, b: Float64Array, a_minus_b: Float64Array) -> Float64Array:
    """The term a log(a / b), 0 for a = 0.

    Near b = a it is -a log(1 - (a - b) / a), whose difference is exact; elsewhere the square roots keep the ratio from
    overflowing.
    """
    near = np.abs(a_minus_b) < 0.5 * a
    near_one = -np.log1p(-np.where(near, a_minus_b, 0.0) / np.where(near, a, 1.0))
    elsewhere = 2 * np.log(np.where(near | (a == 0), 1.0, np.sqrt(a)) / np.where(near | (a == 0), 1.0, np.sqrt(b)))
    return times(a, np.where(near, near_one, elsewhere))
