"""A neuron that has to learn 0: Nielsen's demonstration, replayed

Claim: With the squared error the output crawls before it falls if it starts near the wrong answer: after 300 steps a
    start at 0.82 has come down to 0.094, a start at 0.98 only to 0.203. With cross-entropy both end close together.
Source: Michael Nielsen, Neural Networks and Deep Learning (2015), chapter 3 (experiment E4)
Topics: gradient, saturation, training
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import matplotlib.pyplot as plt
import numpy as np

from mseclf import plots
from mseclf.links import sigmoid
from mseclf.losses import bce_gradient_theta, mse_gradient_theta
from mseclf.training import gradient_descent

# One input, x = 1, with a bias; the desired output is 0. Starts and learning rate are Nielsen's.
X = np.array([[1.0, 1.0]])
y = np.array([0.0])
starts = np.array([[0.6, 0.9], [2.0, 2.0]])
steps = 300
learning_rate = 0.15
# Cross-entropy with a quarter of the rate: where the model is undecided both losses then take the same step.
matched_rate = learning_rate / 4

Gradient: TypeAlias = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def outputs(gradient_theta: Gradient, rate: float) -> np.ndarray:
    """Return the neuron's output at each step, one column for each start."""
    path = gradient_descent(lambda theta: gradient_theta(theta, X, y), starts, rate, steps)
    return sigmoid(path.theta @ X[0])


def steps_to_half(output: np.ndarray) -> int:
    """Return the first step at which the output is on the right side of one half."""
    return int(np.argmax(output < 0.5))


mse = outputs(mse_gradient_theta, learning_rate)
bce = outputs(bce_gradient_theta, matched_rate)

values = {
    "near": float(mse[0, 0]),
    "far": float(mse[0, 1]),
    "mse_near_end": float(mse[-1, 0]),
    "mse_far_end": float(mse[-1, 1]),
    "bce_near_end": float(bce[-1, 0]),
    "bce_far_end": float(bce[-1, 1]),
    "mse_near_half": steps_to_half(mse[:, 0]),
    "mse_far_half": steps_to_half(mse[:, 1]),
    "bce_near_half": steps_to_half(bce[:, 0]),
    "bce_far_half": steps_to_half(bce[:, 1]),
    "learning_rate": learning_rate,
    "matched_rate": matched_rate,
}

assert np.allclose(mse[0], [0.82, 0.98], atol=0.005)
assert values["mse_far_end"] > 2 * values["mse_near_end"], (
    "squared error: after 300 steps the worse start is far behind"
)
assert values["mse_far_half"] > 3 * values["mse_near_half"]
assert values["bce_far_end"] - values["bce_near_end"] < 0.01
# In the first 50 steps the worse start moves by less than a hundredth with the squared error.
assert mse[0, 1] - mse[50, 1] < 0.01 < bce[0, 1] - bce[50, 1]
print("steps until the output is below one half, from 0.82 and from 0.98:")
print(f"  squared error  {values['mse_near_half']:4d} {values['mse_far_half']:4d}")
print(f"  cross-entropy  {values['bce_near_half']:4d} {values['bce_far_half']:4d}")


def draw(ax: plt.Axes, output: np.ndarray, line: dict[str, Any], loss: str) -> None:
    """Draw both starts; the worse one is the thick line."""
    ax.plot(output[:, 0], **(line | {"linewidth": 1.4}))
    ax.plot(output[:, 1], **line)
    plots.label(ax, 295, 1.12, loss, line["color"], ha="right")
    ax.set(xlabel="step", xlim=(0, steps), ylim=(0, 1.2), yticks=[0, 0.5, 1])


_, (left, right) = plots.subplots(1, 2, height=3.1, sharey=True)
draw(left, mse, plots.MSE_LINE, "squared error")
draw(right, bce, plots.BCE_LINE, "cross-entropy")
plots.name_y(left, "output (should be 0)")
plots.label(left, 30, 0.88, "from 0.98", plots.MSE, ha="left")
plots.label(left, 52, 0.46, "from 0.82", plots.MSE, ha="left")
plots.label(right, 85, 0.46, "from 0.98", plots.BCE, ha="left")

plots.finish()
