"""The link of binary classification and its inverse: logit (probability → logit) and sigmoid (logit → probability).

Conventions: z is any logit, ±inf included, and y_hat = σ(z) its probability; the rest is said in `mseclf.arrays`. All
forms use only e^(-|z|), which cannot overflow, and write 1 - σ(z) as σ(-z), which does not cancel.
"""

import numpy as np

from mseclf.arrays import Float64Array, Real, elementwise, logits, probabilities


def sigmoid_pair(z: Float64Array) -> tuple[Float64Array, Float64Array]:
    """σ(z) and σ(-z) = 1 - σ(z) from one exponential, for use inside a formula."""
    e = np.exp(-np.abs(z))
    larger, smaller = 1 / (1 + e), e / (1 + e)
    right = z >= 0
    return np.where(right, larger, smaller), np.where(right, smaller, larger)


@elementwise(z=logits)
def sigmoid(z: Real) -> Real:
    """The sigmoid, inverse link of the log loss: the probability that belongs to a logit.

    Formula: σ(z) = 1 / (1 + e^(-z)), evaluated as e^z / (1 + e^z) for z < 0.

    Accuracy: within 3 ulp (measured: 2.0).

    Examples:
        >>> float(sigmoid(0.0)), float(sigmoid(-800.0)), float(sigmoid(800.0))
        (0.5, 0.0, 1.0)
    """
    return sigmoid_pair(z)[0]


@elementwise(z=logits)
def sigmoid_derivative(z: Real) -> Real:
    """The derivative of the sigmoid, which is also the ratio of the MSE gradient to the BCE gradient.

    Formula: σ'(z) = σ(z) σ(-z) = 1 / (4 cosh²(z/2)) ≤ 1/4, with equality only at z = 0.

    Accuracy: within 5 ulp (measured: 3.4).

    Examples:
        >>> float(sigmoid_derivative(0.0))
        0.25
    """
    s, s_bar = sigmoid_pair(z)
    return s * s_bar


@elementwise(z=logits)
def log_sigmoid(z: Real) -> Real:
    """The logarithm of the sigmoid.

    Formula: log σ(z) = min(z, 0) - log(1 + e^(-|z|)): two terms of one sign, so nothing cancels.

    Domain: every z; log σ(-inf) = -inf, log σ(inf) = 0.

    Accuracy: within 2 ulp (measured: 1.3).

    Examples:
        >>> float(log_sigmoid(-1000.0))
        -1000.0
    """
    return np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))


@elementwise(y_hat=probabilities)
@np.errstate(divide="ignore")
def logit(y_hat: Real) -> Real:
    """The logit, canonical link of the log loss: the logit that belongs to a probability.

    Formula: log(y_hat / (1 - y_hat)); for y_hat in [1/4, 3/4] as 2 artanh(2 y_hat - 1): there 2 y_hat - 1 is exact, so
    nothing cancels.

    Domain: [0, 1]; logit(0) = -inf, logit(1) = inf.

    Accuracy: within 2 ulp (measured: 1.0).

    Examples:
        >>> float(logit(0.5)), float(logit(0.0))
        (0.0, -inf)
    """
    middle = (y_hat >= 0.25) & (y_hat <= 0.75)
    near_half = 2 * np.arctanh(np.where(middle, 2 * y_hat - 1, 0.0))
    return np.where(middle, near_half, np.log(y_hat / (1 - y_hat)))
