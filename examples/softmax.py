"""Does softmax change anything?

Claim: With a softmax the squared error's gradient dies on confident mistakes as well, while the cross-entropy's goes to
    the square root of 2. At uniform probabilities over K classes it is exactly 1/K of the cross-entropy's.
Source: docs/beyond/softmax.md (experiment E14)
Topics: softmax, saturation
"""

import math

import numpy as np

from mseclf import mse_loss, plots, softmax_ce_gradient_logit, softmax_mse_gradient_logit, softmax_mse_loss

N_CLASSES = 10


def norms(n_classes: int, wrong: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Size of both gradients, MSE and CE, when class 0 is true and class 1 has the logit `wrong`, the others 0."""
    z = np.zeros((len(wrong), n_classes))
    z[:, 1] = wrong
    y = np.eye(n_classes)[0]
    mse, ce = softmax_mse_gradient_logit(y, z), softmax_ce_gradient_logit(y, z)
    return np.linalg.norm(mse, axis=1), np.linalg.norm(ce, axis=1)


wrong = np.linspace(-2, 14, 801)
mse, ce = norms(N_CLASSES, wrong)
at_ten = [float(size[0]) for size in norms(N_CLASSES, np.array([10.0]))]
uniform_ratios = {k: float(np.divide(*norms(k, np.zeros(1)))[0]) for k in (2, 10, 100, 1000)}

values = {"mse_at_10": at_ten[0], "ce_at_10": at_ten[1], "ratio_at_10": at_ten[1] / at_ten[0]}
values |= {f"uniform_ratio_{k}": ratio for k, ratio in uniform_ratios.items()}
values["largest_mse"] = float(mse.max())

assert abs(at_ten[0] - 4.8e-4) < 5e-6
assert abs(at_ten[1] - 1.414) < 5e-4
assert ce[-1] < math.sqrt(2), "the limit is approached from below"
assert all(math.isclose(ratio, 1 / k, rel_tol=1e-12) for k, ratio in uniform_ratios.items())
logit = np.linspace(-20, 20, 81)
two_classes = softmax_mse_loss([0, 1], np.column_stack([np.zeros_like(logit), logit]))
assert np.allclose(two_classes, 2 * mse_loss(1, logit), rtol=1e-12), "two classes: twice the binary half squared error"

_, ax = plots.subplots(height=3.3)
ax.axhline(math.sqrt(2), color=plots.MUTED, linewidth=1, linestyle=":")
ax.plot(wrong, ce, **plots.BCE_LINE)
ax.plot(wrong, mse, **plots.MSE_LINE)
plots.label(ax, 5.2, 1.15, "cross-entropy", plots.BCE, ha="left")
plots.label(ax, 4.4, 0.33, "squared error", plots.MSE, ha="left")
plots.label(ax, -1.9, math.sqrt(2), "square root of 2", plots.MUTED, ha="left", xytext=(0, -10))
ax.set(xlabel="logit of one wrong class out of 10", ylim=(-0.05, 1.5), xlim=(-2, 14))
plots.name_y(ax, "size of the gradient")

plots.finish()
