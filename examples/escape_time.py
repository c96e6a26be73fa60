"""How long does a confident mistake last?

Claim: From the logit −a on the wrong side, gradient flow needs a time exponential in a with the squared error and of
    about a with cross-entropy to become undecided.
Source: docs/beyond/escape-time.md (experiment E3)
Topics: training, saturation
"""

import numpy as np

from mseclf import plots
from mseclf.flow import bce_escape_time, mse_escape_time
from mseclf.losses import bce_gradient_logit, mse_gradient_logit
from mseclf.training import gradient_descent

starts = np.array([2.0, 5.0, 10.0, 20.0])
nodes, weight = np.polynomial.legendre.leggauss(400)


def flow_time(gradient_logit, z_0: float, z: np.ndarray) -> np.ndarray:
    """Integrate dt = dz / -L'(z) from z_0 to each z by Gauss and Legendre's rule: it knows no closed form."""
    half = (np.asarray(z) - z_0)[..., None] / 2
    return np.sum(half * weight / -gradient_logit(1.0, z_0 + half * (nodes + 1)), axis=-1)


def descent_steps(gradient_logit, a: float, budget: int) -> int:
    """Count the steps of gradient descent on z, rate 1, from -a to 0."""
    path = gradient_descent(lambda z: gradient_logit(1.0, z), np.array([[-a]]), 1.0, budget)
    arrived = path.theta[:, 0, 0] >= 0
    assert arrived.any(), f"not there after {budget} steps"
    return int(np.argmax(arrived))


mse_time = mse_escape_time(starts)
bce_time = bce_escape_time(starts)
mse_quadrature = np.array([flow_time(mse_gradient_logit, -a, 0.0) for a in starts])
bce_quadrature = np.array([flow_time(bce_gradient_logit, -a, 0.0) for a in starts])

values: dict[str, float] = {}
for a, slow, fast in zip(starts, mse_time, bce_time, strict=True):
    values |= {f"t_mse_a{a:.0f}": float(slow), f"t_bce_a{a:.0f}": float(fast), f"ratio_a{a:.0f}": float(slow / fast)}
    values[f"matched_a{a:.0f}"] = float(slow / fast / 4)  # with four times the rate: alike at z = 0
for a in (2, 5, 10):
    values[f"steps_mse_a{a}"] = descent_steps(mse_gradient_logit, a, int(1.1 * mse_escape_time(a)) + 20)
    values[f"steps_bce_a{a}"] = descent_steps(bce_gradient_logit, a, 2 * a + 10)
values["quadrature_error"] = float(
    max(np.abs(mse_quadrature / mse_time - 1).max(), np.abs(bce_quadrature / bce_time - 1).max())
)

# Once right: how much probability is still missing after a long time t, measured against the two laws.
late = np.array([8.0, 10.0])
t_mse, t_bce = flow_time(mse_gradient_logit, 0.0, late), flow_time(bce_gradient_logit, 0.0, late)
missing = 1 / (1 + np.exp(late))
values["late_mse"] = float((missing * np.sqrt(2 * t_mse))[-1])
values["late_bce"] = float((missing * t_bce)[-1])

assert values["quadrature_error"] < 1e-9
assert np.all(mse_time >= np.expm1(starts)), "exponential: never less than e^a - 1"
assert np.all(bce_time <= starts + 1), "linear: never more than a + 1"
for a in (5, 10):
    assert abs(values[f"steps_mse_a{a}"] - values[f"t_mse_a{a}"]) < 5, "descent at rate 1 follows the flow"
    assert abs(values[f"steps_bce_a{a}"] - values[f"t_bce_a{a}"]) < 1
assert abs(values["late_mse"] - 1) < 0.002
assert abs(values["late_bce"] - 1) < 0.002

_, ax = plots.subplots(height=3.4)
ax.axhline(0, color=plots.MUTED, linewidth=0.8)
for a in (2.0, 5.0, 10.0):
    z = np.unique(np.append(-a + np.geomspace(1e-5, a + 3, 400), np.linspace(-a + 0.1, 3, 200)))
    ax.plot(flow_time(mse_gradient_logit, -a, z), z, **plots.MSE_LINE)
    ax.plot(flow_time(bce_gradient_logit, -a, z), z, **plots.BCE_LINE)
    ax.plot([bce_escape_time(a)], [0], "o", color=plots.BCE, markersize=6)
    ax.plot([mse_escape_time(a)], [0], "s", color=plots.MSE, markersize=6)
    plots.label(ax, mse_escape_time(a), 0, f"{mse_escape_time(a):,.0f}", plots.MSE, ha="left", xytext=(6, -9))
plots.label(ax, 5, -6.6, "cross-entropy: 3, 6, 11", plots.BCE, ha="left", xytext=(12, 0))
plots.label(ax, 250, -8.8, "squared error", plots.MSE, ha="left")
ax.set(xscale="log", xlim=(0.3, 2e5), ylim=(-10.6, 3.4))
ax.set_xlabel("time of gradient flow (unit rate)")
plots.name_y(ax, "logit $z$ of a positive example")
plots.plain_numbers(ax.xaxis)

plots.finish()
