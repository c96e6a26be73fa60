"""How much MSE wastes when the model is right, relative to maximum likelihood. Arguments: see `mseclf.arrays`."""

import numpy as np

from mseclf.arrays import Real, elementwise, logits
from mseclf.links import sigmoid_derivative

# The integrands are analytic and fall off on both sides, so the trapezoidal rule with step h errs by about e^{-2π²/h}.
_STEP = 0.25
_NODES = _STEP * np.arange(-240, 241)


@elementwise(theta=logits)
def mse_relative_efficiency(theta: Real) -> Real:
    """Asymptotic efficiency of minimising the MSE, relative to maximum likelihood (BCE), for one input x ~ N(0, 1).

    Formula: m_2² / (m_1 m_3), m_k = E[w^k x²], w = σ'(θ x), θ = theta: the ratio of the asymptotic variances of the two
    estimates of θ in a well-specified model without intercept. At most 1 (Cauchy-Schwarz); it falls from 1 at θ = 0 to
    5 (π² - 6)² / [3 π² (2π² - 15)] = 0.53355 as |θ| → ∞.

    Accuracy: within 8 ulp (measured: 2.9).

    Examples:
        >>> round(float(mse_relative_efficiency(2.0)), 4)
        0.7665
    """
    size = np.abs(theta)[..., np.newaxis]
    # One node t stands for x = t for |θ| ≤ 1, and for the logit θx = t for |θ| > 1, where the integrand is narrow in x.
    # The factor between x² and t² drops out of the ratio.
    w = sigmoid_derivative(_NODES * np.minimum(size, 1))
    density = np.exp(-0.5 * (_NODES / np.maximum(size, 1)) ** 2)
    m_1, m_2, m_3 = (np.sum(w**k * _NODES**2 * density, axis=-1) for k in (1, 2, 3))
    return m_2 * m_2 / (m_1 * m_3)  # not m_2**2: NumPy squares a scalar by pow, which may differ by one ulp
