"""Does softmax change anything?

Claim: With a softmax the squared error's gradient dies on confident mistakes as well, while the cross-entropy's goes to
    the square root of 2. At uniform probabilities over K classes it is 1/K of the cross-entropy's, but its Hessian is
    not: for K > 3 it has negative eigenvalues there. Escape from there is the binary one from the logit -log(K - 1).
Source: docs/beyond/softmax.md (experiment E14)
Topics: gradient, saturation
"""

import math

import numpy as np

from mseclf import (
    bce_escape_time,
    mse_escape_time,
    mse_loss,
    plots,
    softmax,
    softmax_ce_gradient_logit,
    softmax_mse_gradient_logit,
    softmax_mse_loss,
)

N_CLASSES = 10


def norms(n_classes: int, wrong: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Size of both gradients, MSE and CE, when class 0 is true and class 1 has the logit `wrong`, the others 0."""
    z = np.zeros((len(wrong), n_classes))
    z[:, 1] = wrong
    y = np.eye(n_classes)[0]
    mse, ce = softmax_mse_gradient_logit(y, z), softmax_ce_gradient_logit(y, z)
    return np.linalg.norm(mse, axis=1), np.linalg.norm(ce, axis=1)


def hessian_eigenvalues(gradient_logit, n_classes: int, step: float = 1e-4) -> np.ndarray:
    """Eigenvalues of the Hessian at uniform probabilities, by central differences, on logits that add up to zero."""
    shifts = step * np.eye(n_classes)
    y = np.eye(n_classes)[0]
    hessian = (gradient_logit(y, shifts) - gradient_logit(y, -shifts)) / (2 * step)
    basis = np.linalg.svd(np.ones((1, n_classes)))[2][1:]
    eigenvalues: np.ndarray = np.linalg.eigvalsh(basis @ (hessian + hessian.T) / 2 @ basis.T)
    return eigenvalues


def time_to_half(gradient_logit, n_classes: int, nodes: int = 400) -> float:
    """Time of gradient flow from uniform probabilities to 1/2 for the true class: one over the margin's speed."""
    x, weight = np.polynomial.legendre.leggauss(nodes)
    way = math.log(n_classes - 1)
    z = np.zeros((nodes, n_classes))
    z[:, 0] = way * (x + 1) / 2  # the margin over each other class; these stay equal along the way
    slope = gradient_logit(np.eye(n_classes)[0], z)
    return float(np.sum(way / 2 * weight / (slope[:, 1] - slope[:, 0])))


wrong = np.linspace(-2, 14, 801)
mse, ce = norms(N_CLASSES, wrong)
at_ten = [float(size[0]) for size in norms(N_CLASSES, np.array([10.0]))]
uniform_ratios = {k: float(np.divide(*norms(k, np.zeros(1)))[0]) for k in (2, 10, 100, 1000)}

values = {"mse_at_10": at_ten[0], "ce_at_10": at_ten[1], "ratio_at_10": at_ten[1] / at_ten[0]}
values |= {f"uniform_ratio_{k}": ratio for k, ratio in uniform_ratios.items()}
values["largest_mse"] = float(mse.max())
eigenvalues = {k: hessian_eigenvalues(softmax_mse_gradient_logit, k) for k in (2, 3, 10, 100)}
values |= {f"least_{k}": float(found.min()) for k, found in eigenvalues.items()}
values["ce_least_10"] = float(hessian_eigenvalues(softmax_ce_gradient_logit, 10).min())
for k in (10, 1000):
    values |= {f"mse_time_{k}": time_to_half(softmax_mse_gradient_logit, k)}
    values |= {f"ce_time_{k}": time_to_half(softmax_ce_gradient_logit, k)}

assert at_ten[0] < 1e-3 * at_ten[1], "a confident mistake: the squared error's gradient is gone"
assert at_ten[1] > 1.4
for k, found in eigenvalues.items():
    expected = np.append(np.full(k - 2, 2 / k**2), -(k - 3) / k**2)
    assert np.allclose(np.sort(found), np.sort(expected), atol=1e-7), "-(K - 3) / K^2 once, 2 / K^2 for the rest"
assert values["least_10"] < 0 < values["ce_least_10"], "so the one is not a K-th of the other"
for k in (10, 1000):
    start, rate = math.log(k - 1), k / (k - 1)
    assert math.isclose(values[f"mse_time_{k}"], float(mse_escape_time(start)) / rate**2, rel_tol=1e-9)
    assert math.isclose(values[f"ce_time_{k}"], float(bce_escape_time(start)) / rate, rel_tol=1e-9)
    some = softmax(np.append(0.7, np.zeros(k - 1)))
    assert math.isclose(some[0], 1 / (1 + math.exp(start - 0.7)), rel_tol=1e-12), (
        "the binary logit, margin - log(K - 1)"
    )
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
