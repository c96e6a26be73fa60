"""What brings a gradient of exactly zero back, and what does a clamp leave of one?

Claim: A float32 logit at 20 on a negative example has a squared-error gradient of exactly zero. Alone it never moves;
    weight decay pulls it down until the gradient is back, and then it learns. Cross-entropy from clamped probabilities
    fades on the other side, for positive examples, from a logit of about -27.6 on.
Source: docs/beyond/finite-precision.md (experiment E16)
Topics: saturation, training
"""

import numpy as np

from mseclf import plots

START, RATE, DECAY, BUDGET = 20.0, 0.1, 1e-3, 20_000
FLOOR = 1e-12  # what PyTorch's BCELoss puts under the product of both probabilities before it divides by it


def sigmoid(z: np.ndarray) -> np.ndarray:
    """The textbook formula, rounded to float32 after each operation."""
    return np.float32(1) / (np.float32(1) + np.exp(-z))


def descend(decay: float) -> tuple[np.ndarray, np.ndarray]:
    """Descent in float32 on one negative example with input 1: the logit and its loss gradient at each step."""
    z, path, gradients = np.float32(START), [], []
    for _ in range(BUDGET):
        s = sigmoid(z)
        gradient = s * s * (np.float32(1) - s)
        path.append(z)
        gradients.append(gradient)
        z = z - np.float32(RATE) * (gradient + np.float32(decay) * z)
    return np.array(path), np.array(gradients)


def clamped_gradient(z: np.ndarray) -> np.ndarray:
    """The gradient in the logit of a sigmoid and BCELoss on a positive example, PyTorch's arithmetic in NumPy.

    The loss hands back (p - 1) / max((1 - p) p, FLOOR), and the sigmoid multiplies by (1 - p) p.
    """
    z = np.asarray(z, dtype=np.float32)
    p = sigmoid(z)
    product = (np.float32(1) - p) * p
    return (p - np.float32(1)) / np.maximum(product, np.float32(FLOOR)) * product


alone, gradient_alone = descend(0.0)
decayed, gradient_decayed = descend(DECAY)
fades = np.array([-27.0, -28.0, -30.0, -40.0])
clamped = dict(zip(fades, clamped_gradient(fades), strict=True))

values = {
    "start": START,
    "budget": BUDGET,
    "alive_from": int(np.argmax(gradient_decayed > 0)),
    "right_from": int(np.argmax(decayed < 0)),
    "floor_logit": float(np.log(FLOOR)),
}
values |= {f"clamped_{-z:.0f}": float(gradient) for z, gradient in clamped.items()}

assert np.all(gradient_alone == 0), "dead, and nothing else moves it"
assert np.all(alone == np.float32(START))
assert 1000 < values["alive_from"] < 2500, "weight decay alone brings it to where the gradient is not zero"
assert decayed[-1] < 0, "and the gradient does the rest"
assert clamped_gradient(-27.0) == -1, "above the floor the clamp changes nothing"
assert -0.75 < clamped_gradient(-28.0) < -0.6, "below it the gradient fades like e^z"
assert np.isclose(clamped_gradient(-40.0), -np.exp(-40.0) / FLOOR, rtol=1e-4)
assert clamped_gradient(-80.0) != 0, "it is not dead before exp(-z) overflows"

_, (left, right) = plots.subplots(1, 2, height=3.1)
left.plot(decayed, **plots.MSE_LINE)
left.plot(alone, color=plots.MUTED, linestyle=":")
left.axhline(0, color=plots.MUTED, linewidth=0.8)
left.set(xlabel="step", xlim=(0, BUDGET), ylim=(-7, 24), xticks=[0, 10_000, 20_000])
plots.plain_numbers(left.xaxis)
plots.name_y(left, "logit (should fall)")
plots.label(left, 19_500, 17.6, "no decay", plots.MUTED, ha="right")
plots.label(left, 9_300, 10.4, "weight decay", plots.MSE, ha="left")
z = np.linspace(-45, 0, 451)
right.plot(z, -clamped_gradient(z), **plots.BCE_LINE)
right.axvline(np.log(FLOOR), color=plots.MUTED, linewidth=0.8)
right.set(xlabel="logit $z$, label 1", ylim=(-0.05, 1.15))
plots.name_y(right, "BCELoss: push upwards")
plots.label(right, np.log(FLOOR), 0.2, "floor", plots.MUTED, ha="left", xytext=(6, 0))

plots.finish()
