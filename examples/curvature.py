"""Where does one example's loss curve upwards, and where downwards?

Claim: With a sigmoid, the squared error of one example is convex in the logit exactly where the true class has a
    probability of at least 1/3; cross-entropy is convex everywhere.
Source: docs/beyond/curvature.md (experiment E2)
Topics: curvature, convexity
"""

import numpy as np

from mseclf import plots
from mseclf.links import logit, sigmoid
from mseclf.losses import bce_second_derivative_logit, mse_second_derivative_logit

# p is the probability that the model gives to the true class, here y = 1; y = 0 is the mirror image.
p = np.linspace(1e-4, 1 - 1e-4, 2001)
mse_curvature = mse_second_derivative_logit(1.0, logit(p))
bce_curvature = bce_second_derivative_logit(1.0, logit(p))

# The exact extremes: the roots of 12 p^2 - 9 p + 1, where the derivative in p vanishes.
p_min, p_max = (9 - np.sqrt(33)) / 24, (9 + np.sqrt(33)) / 24
lowest = float(mse_second_derivative_logit(1.0, logit(p_min)))
highest = float(mse_second_derivative_logit(1.0, logit(p_max)))

values = {
    "p_min": float(p_min),
    "p_max": float(p_max),
    "lowest": lowest,
    "highest": highest,
    "bce_highest": float(bce_second_derivative_logit(1.0, 0.0)),
    "inflection_z": float(logit(1 / 3)),
}

assert np.all(mse_curvature[p < 0.333] < 0), "below one third the loss curves downwards"
assert np.all(mse_curvature[p > 0.334] > 0), "above one third it curves upwards"
assert abs(mse_second_derivative_logit(1.0, logit(1 / 3))) < 1e-16
assert np.isclose(lowest, 13 / 1536 - 55 * np.sqrt(33) / 4608, rtol=1e-13)
assert np.isclose(highest, 13 / 1536 + 55 * np.sqrt(33) / 4608, rtol=1e-13)
assert lowest <= mse_curvature.min() < lowest + 1e-6
assert highest - 1e-6 < mse_curvature.max() <= highest
assert np.all(bce_curvature > 0)
assert bce_curvature.max() <= 0.25
z = np.linspace(-30, 30, 601)
mirrored = mse_second_derivative_logit(0.0, -z)
assert np.allclose(mse_second_derivative_logit(1.0, z), mirrored, rtol=1e-12, atol=0), "the classes mirror each other"
assert np.all(mirrored[sigmoid(z) < 1 / 3] < 0)

_, ax = plots.subplots(height=3.1)
ax.axhline(0, color=plots.MUTED, linewidth=0.8)
ax.axvline(1 / 3, color=plots.MUTED, linewidth=0.8)
below = p <= 1 / 3
ax.fill_between(p[below], mse_curvature[below], color=plots.MSE, alpha=0.25, linewidth=0)
ax.plot(p, mse_curvature, **plots.MSE_LINE)
ax.plot(p, bce_curvature, **plots.BCE_LINE)
plots.label(ax, 0.355, 0.185, "cross-entropy:\nalways convex", plots.BCE, ha="left")
plots.label(ax, 0.66, 0.105, "squared error", plots.MSE, ha="center")
plots.label(ax, 0.355, -0.045, "not convex below p = 1/3", plots.MSE, ha="left")
ax.set(xlabel="probability $p$ given to the true class", ylim=(-0.075, 0.27))
plots.name_y(ax, "second derivative in $z$")
ax.set_xticks([0, 1 / 3, 0.5, 1], ["0", "1/3", "1/2", "1"])

plots.finish()
