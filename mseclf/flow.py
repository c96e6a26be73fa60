"""Gradient flow, the limit of ever smaller steps: the time it needs to escape from a confident mistake.

Conventions: a ≥ 0, and the logit climbs from -a to a finite z ≥ -a; the rest is said in `mseclf.arrays`.
"""

import numpy as np

from mseclf.arrays import Float64Array, Real, elementwise, finite, nonnegative, refuse, times


@elementwise(a=nonnegative, z=finite)
@np.errstate(over="ignore")
def mse_escape_time(a: Real, z: Real = 0.0) -> Real:
    """Time that gradient flow on the half squared error needs from the logit -a to the logit z, with label 1.

    Formula: dz/dt = σ(-z)² σ(z) from z = -a; to reach z = 0 it takes
    T = e^a + 3a + 5/2 - 3 e^(-a) - ½ e^(-2a). In general T = F(z) - F(-a) with F(z) = -e^(-z) + 3z + 3 e^z + ½ e^(2z),
    which with d = z + a is (e^a + 3 e^z)(1 - e^(-d)) + 3d + ½ e^(2z) (1 - e^(-2d)): by expm1 nothing cancels at small
    d. For weights instead of the logit divide by η |x|².

    Domain: inf where the time exceeds the dtype.

    Accuracy: within 5 ulp (measured: 2.8).

    Examples:
        >>> round(float(mse_escape_time(5)), 3)
        165.893
    """
    d = _distance(a, z)
    return times(np.exp(a) + 3 * np.exp(z), -np.expm1(-d)) + 3 * d + 0.5 * times(np.exp(2 * z), -np.expm1(-2 * d))


@elementwise(a=nonnegative, z=finite)
@np.errstate(over="ignore")
def bce_escape_time(a: Real, z: Real = 0.0) -> Real:
    """Time that gradient flow on the binary cross-entropy needs from the logit -a to the logit z, with label 1.

    Formula: dz/dt = σ(-z) from z = -a; to reach z = 0 it takes T = a + 1 - e^(-a), in general, with d = z + a,
    T = d + e^z (1 - e^(-d)).

    Domain: inf where the time exceeds the dtype.

    Accuracy: within 3 ulp (measured: 1.7).

    Examples:
        >>> round(float(bce_escape_time(5)), 3)
        5.993
    """
    d = _distance(a, z)
    return d + times(np.exp(z), -np.expm1(-d))


def _distance(a: Float64Array, z: Float64Array) -> Float64Array:
    """The way d = z + a from -a up to z."""
    d = np.asarray(z + a)
    refuse(d < 0, "z + a", "be >= 0, as the flow only climbs", d)
    return d
