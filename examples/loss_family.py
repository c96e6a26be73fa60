"""Which losses of the family are convex in the logit?

Claim: The loss with weight [ŷ (1 − ŷ)]ᵏ⁻¹ and the logit link is convex in the logit if and only if k is
    between −1 and 0. Cross-entropy (k = 0) is the last convex one; the squared error (k = 1) lies beyond.
Source: docs/beyond/when-mse-is-fine.md; Buja, Stuetzle and Shen (2005), the symmetric Beta family; Reid and
    Williamson (2010)
Topics: curvature
"""

import numpy as np

from mseclf import family_gradient_logit, family_second_derivative_logit, logit, plots

p = np.linspace(0.0005, 0.9995, 2000)  # the probability given to the true class, here class 1
z = logit(p)


def lowest_curvature(k: float) -> float:
    """The least second derivative over all logits and both labels, as a share of the largest."""
    curvature = np.stack([family_second_derivative_logit(y, z, k) for y in (0, 1)])
    return float(curvature.min() / np.abs(curvature).max())


exponents = np.round(np.arange(-1.5, 1.51, 0.05), 2)
convex = [k for k in exponents if lowest_curvature(k) >= 0]

values = {
    "smallest_convex_k": float(min(convex)),
    "largest_convex_k": float(max(convex)),
    "gradient_k_1": float(np.abs(family_gradient_logit(1, -10.0, 1))),
    "gradient_k_0": float(np.abs(family_gradient_logit(1, -10.0, 0))),
    "gradient_k_half": float(np.abs(family_gradient_logit(1, -10.0, -0.5))),
}

assert min(convex) == -1
assert max(convex) == 0
assert np.array_equal(convex, exponents[(exponents >= -1) & (exponents <= 0)]), "nothing but the range between"

_, ax = plots.subplots(height=3.4)
ax.axhline(0, color=plots.MUTED, linewidth=0.9)
ax.plot(p, family_second_derivative_logit(1, z, -0.5), color=plots.PURPLE, linestyle=(0, (1, 1.2)))
ax.plot(p, family_second_derivative_logit(1, z, 0), **plots.BCE_LINE)
ax.plot(p, family_second_derivative_logit(1, z, 0.5), color=plots.GREEN, linestyle=(0, (7, 1.5, 1.5, 1.5)))
ax.plot(p, family_second_derivative_logit(1, z, 1), **plots.MSE_LINE)
plots.label(ax, 0.41, 0.67, "k = −1/2, boosting", plots.PURPLE, ha="left")
plots.label(ax, 0.27, 0.3, "k = 0, cross-entropy", plots.BCE, ha="left")
plots.label(ax, 0.1, -0.13, "k = 1/2", plots.GREEN, ha="left")
plots.label(ax, 0.45, -0.065, "k = 1, MSE", plots.MSE, ha="left")
ax.set(xlabel="probability $p$ of the true class", ylim=(-0.18, 0.8), xlim=(0, 1))
plots.name_y(ax, "curvature in the logit")

plots.finish()
