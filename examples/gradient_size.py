"""How large is the gradient of one example?

Claim: With a sigmoid, the squared error's gradient is largest at p = 1/3, where it is 4/27, and vanishes on confident
    mistakes; the cross-entropy's gradient goes to 1 there.
Source: docs/demonstration.md and docs/beyond/gradient-size.md (experiment E1)
Topics: gradient, saturation
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer

from mseclf import gradient_descent, mse_gradient_theta, plots, sigmoid
from mseclf.losses import bce_gradient_logit, bce_loss, mse_gradient_logit, mse_loss

# One positive example; by symmetry a negative one gives the mirror image.
y = 1.0
z = np.linspace(-8, 8, 1601)
mse_size = np.abs(mse_gradient_logit(y, z))
bce_size = np.abs(bce_gradient_logit(y, z))

peak_z = -np.log(2)
peak = float(np.abs(mse_gradient_logit(y, peak_z)))
wrong_mse = float(np.abs(mse_gradient_logit(y, -8.0)))
wrong_bce = float(np.abs(bce_gradient_logit(y, -8.0)))


def share_undecided(steps: list[int]) -> list[float]:
    """The share of the breast-cancer examples with p in [0.1, 0.9] at some steps of descent on the MSE from zero."""
    inputs, labels = load_breast_cancer(return_X_y=True)
    X = np.column_stack([(inputs - inputs.mean(axis=0)) / inputs.std(axis=0), np.ones(len(labels))])
    path = gradient_descent(lambda theta: mse_gradient_theta(theta, X, labels), np.zeros(X.shape[1]), 0.4, max(steps))
    p = sigmoid(path.theta[steps, 0] @ X.T)
    return [float(share) for share in np.mean((p >= 0.1) & (p <= 0.9), axis=1)]


early, late = share_undecided([10, 100])

values = {
    "peak": peak,
    "peak_z": float(peak_z),
    "mse_at_8": wrong_mse,
    "bce_at_8": wrong_bce,
    "ratio_at_8": wrong_bce / wrong_mse,
    "mse_at_minus_4": float(mse_gradient_logit(y, -4.0)),
    "bce_at_minus_4": float(bce_gradient_logit(y, -4.0)),
    "y_hat_at_minus_4": float(sigmoid(-4.0)),
    "undecided_10": early,
    "undecided_100": late,
}

assert np.isclose(peak, 4 / 27, rtol=1e-12)
assert mse_size.max() <= peak
assert np.all(mse_size <= bce_size / 4 * (1 + 1e-12))
assert np.all(np.diff(bce_size) < 0), "cross-entropy: the more wrong, the harder the push"
assert np.all(np.diff(mse_size[z < peak_z]) > 0), "squared error: beyond the peak, the more wrong, the weaker the push"

assert early > 0.6, "training from zero begins where the gradient is large"
assert late < 0.5, "and does not stay there"


def mark_axes(ax: plt.Axes, y_name: str) -> None:
    """Name both axes, and draw the line between a wrong and a right model."""
    ax.set_xlabel("logit $z$")
    plots.name_y(ax, y_name)
    ax.axvline(0, color=plots.MUTED, linewidth=0.8)


def draw_losses(ax: plt.Axes) -> None:
    """Draw both losses: one levels off, one keeps rising."""
    ax.plot(z, mse_loss(y, z), **plots.MSE_LINE)
    ax.plot(z, bce_loss(y, z), **plots.BCE_LINE)
    plots.label(ax, 0.3, 4.6, "cross-entropy", plots.BCE, ha="left")
    plots.label(ax, -7.8, 1.5, "squared\nerror", plots.MSE, ha="left")
    ax.set_ylim(-0.2, 8)
    mark_axes(ax, "loss")


def draw_gradients(ax: plt.Axes, mse_text: str) -> None:
    """Draw both gradient sizes, and the peak of the squared error's."""
    ax.plot(z, mse_size, **plots.MSE_LINE)
    ax.plot(z, bce_size, **plots.BCE_LINE)
    ax.plot([peak_z], [peak], "o", color=plots.MSE, markersize=6)
    plots.label(ax, 0.25, 0.8, "cross-entropy", plots.BCE, ha="left")
    plots.label(ax, -7.8, 0.33, mse_text, plots.MSE, ha="left")
    ax.set_ylim(-0.04, 1.08)
    mark_axes(ax, "size of the gradient")


_, panels = plots.subplots(1, 2, height=3.1, num="losses-and-gradients")
draw_losses(panels[0])
draw_gradients(panels[1], "squared\nerror")

_, wide = plots.subplots(height=2.7, num="gradient")
draw_gradients(wide, "squared error,\nat most 4/27")
wide.set(xlabel="logit $z$ of a positive example", ylim=(-0.04, 1.2))
plots.label(wide, -7.8, 1.12, "← sure and wrong", plots.MUTED, ha="left")
plots.label(wide, 7.8, 1.12, "sure and right →", plots.MUTED, ha="right")

plots.finish()
