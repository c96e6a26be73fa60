# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The demonstration by hand
#
# This notebook walks from the sigmoid to the race between the two losses, in plain NumPy. Each step is written out
# first and then compared with the package `mseclf`, which this site's figures use. Every `assert` ran while the page
# was built.
#
# <!-- hosted -->

# %%
import numpy as np

import mseclf
from mseclf import plots

# %% [markdown]
# ## 1. The sigmoid and its slope
#
# The model computes a logit $z$ and turns it into a probability $\hat y = \sigma(z)$. Its slope should be
# $\hat y(1-\hat y)$. We check that with a difference quotient, which knows nothing of the formula.


# %%
def sigmoid(z):
    """Turn a logit into a probability, the way it is written on paper."""
    return 1 / (1 + np.exp(-z))


z = np.linspace(-6, 6, 25)
h = 1e-5
slope = (sigmoid(z + h) - sigmoid(z - h)) / (2 * h)

assert np.allclose(slope, sigmoid(z) * (1 - sigmoid(z)), atol=1e-9)
assert np.allclose(sigmoid(z), mseclf.sigmoid(z), rtol=1e-14)
print("largest slope:", slope.max(), "at z =", z[slope.argmax()])

# %% [markdown]
# The largest slope is one quarter, at $z = 0$. We shall meet it again.
#
# ## 2. One example, both losses, the chain rule
#
# We take two weights, one input and the label 1, and multiply the three factors of the chain rule.

# %%
theta = np.array([0.5, -1.5])
x = np.array([1.0, 2.0])
y = 1.0

logit = theta @ x
y_hat = sigmoid(logit)

# Derivative of the loss in the prediction; only this factor depends on the loss.
mse_in_y_hat = y_hat - y
bce_in_y_hat = -y / y_hat + (1 - y) / (1 - y_hat)
# Derivative of the prediction in the logit, and of the logit in the weights.
y_hat_in_z = y_hat * (1 - y_hat)
z_in_theta = x

mse_gradient = mse_in_y_hat * y_hat_in_z * z_in_theta
bce_gradient = bce_in_y_hat * y_hat_in_z * z_in_theta
print("prediction  ", y_hat)
print("MSE gradient", mse_gradient)
print("BCE gradient", bce_gradient)

# %% [markdown]
# Both gradients are multiples of $x$ with the same sign. The factor $\hat y(1-\hat y)$ is still in the first and has
# cancelled in the second:

# %%
assert np.allclose(mse_gradient, (y_hat - y) * y_hat * (1 - y_hat) * x)
assert np.allclose(bce_gradient, (y_hat - y) * x)
assert np.allclose(mse_gradient, y_hat_in_z * bce_gradient)


# %% [markdown]
# The chain rule can be applied wrongly, so we ask the losses themselves: move each weight a little and see how the
# loss answers.


# %%
def mse(theta):
    """Return the half squared error of the one example."""
    return (y - sigmoid(theta @ x)) ** 2 / 2


def bce(theta):
    """Return the cross-entropy of the one example."""
    y_hat = sigmoid(theta @ x)
    return -y * np.log(y_hat) - (1 - y) * np.log(1 - y_hat)


def numeric_gradient(loss, theta):
    """Return the central difference quotient in each weight."""
    steps = h * np.eye(len(theta))
    return np.array([(loss(theta + s) - loss(theta - s)) / (2 * h) for s in steps])


assert np.allclose(mse_gradient, numeric_gradient(mse, theta), atol=1e-9)
assert np.allclose(bce_gradient, numeric_gradient(bce, theta), atol=1e-9)

# %% [markdown]
# ## 3. Right, undecided, wrong
#
# The label stays 1. The logit runs from *sure and right* to *sure and wrong*.

# %%
print(f"{'logit':>6} {'prediction':>11} {'MSE gradient':>13} {'BCE gradient':>13}")
for value in (10, 2, 0, -2, -10):
    slow = mseclf.mse_gradient_logit(1.0, value)
    fast = mseclf.bce_gradient_logit(1.0, value)
    print(f"{value:>6} {sigmoid(value):>11.5f} {slow:>13.5f} {fast:>13.5f}")

# %% [markdown]
# In the first row both gradients are nearly 0, as they should be. In the last row the model is very wrong: BCE pulls
# at nearly full strength and MSE hardly pulls at all. That row is the whole difference.
#
# <!-- alt: MSE gradient over BCE gradient against the logit: a bell, one quarter at zero, nothing beyond 6. -->

# %%
z = np.linspace(-10, 10, 401)
share = mseclf.mse_gradient_logit(1.0, z) / mseclf.bce_gradient_logit(1.0, z)

fig, ax = plots.subplots(height=2.6)
ax.plot(z, share, **plots.MSE_LINE)
ax.axhline(0.25, color=plots.MUTED, linewidth=0.8)
ax.set(xlabel="logit $z$", ylim=(0, 0.28))
plots.name_y(ax, "MSE gradient / BCE gradient")

assert share.max() <= 0.25
assert np.allclose(share, 1 / (4 * np.cosh(z / 2) ** 2))

# %% [markdown]
# ## 4. A batch
#
# With many examples the gradients are means. A loop over the examples and one product of matrices give the same.

# %%
rng = np.random.default_rng(0)
X = np.column_stack([np.ones(50), rng.normal(size=50)])
labels = (X[:, 1] + 0.5 * rng.normal(size=50) > 0).astype(float)

predictions = sigmoid(X @ theta)
by_loop = np.zeros(2)
for p, label, row in zip(predictions, labels, X, strict=True):
    by_loop += (p - label) * p * (1 - p) * row / len(labels)

residuals = predictions - labels
by_matrix = X.T @ (residuals * predictions * (1 - predictions)) / len(labels)

assert np.allclose(by_loop, by_matrix)
assert np.allclose(by_matrix, mseclf.mse_gradient_theta(theta, X, labels))

# At zero the MSE gradient is exactly a quarter of the other.
mse_start = mseclf.mse_gradient_theta(np.zeros(2), X, labels)
bce_start = mseclf.bce_gradient_theta(np.zeros(2), X, labels)
assert np.array_equal(4 * mse_start, bce_start)

# %% [markdown]
# ## 5. The paper formula breaks in the computer
#
# The label is 0 and the logit 40, so the cross-entropy is almost exactly 40. The formula from paper says otherwise,
# because the computed sigmoid is exactly 1.

# %%
with np.errstate(divide="ignore"):
    on_paper = -np.log(1 - sigmoid(40.0))
from_the_logit = max(40.0, 0.0) - 0.0 * 40.0 + np.log1p(np.exp(-abs(40.0)))
print("on paper:", on_paper, "  from the logit:", from_the_logit)

assert np.isinf(on_paper)
assert from_the_logit == mseclf.bce_loss(0.0, 40.0)

# %% [markdown]
# ## 6. The race
#
# One positive example, one weight, input 1: gradient descent moves the logit itself. Both losses start from the wrong
# side at $z = -a$ and run until the model is undecided, $z = 0$. The learning rate is 1 for both.


# %%
def race(gradient, start):
    """Return the logits from -start to the first one that is not negative."""
    path = [-float(start)]
    while path[-1] < 0:
        path.append(path[-1] - float(gradient(1.0, path[-1])))
    return np.array(path)


print(f"{'start':>6} {'MSE steps':>10} {'flow':>8} {'BCE steps':>10} {'flow':>6}")
for start in (2, 5, 8):
    slow = len(race(mseclf.mse_gradient_logit, start)) - 1
    fast = len(race(mseclf.bce_gradient_logit, start)) - 1
    mse_flow, bce_flow = mseclf.mse_escape_time(start), mseclf.bce_escape_time(start)
    print(f"{-start:>6} {slow:>10} {mse_flow:>8.1f} {fast:>10} {bce_flow:>6.1f}")
    # Steps of finite length lag behind the flow a little: a few of them in thousands.
    assert abs(slow - mse_flow) < 6
    assert abs(fast - bce_flow) < 2

# %% [markdown]
# The columns *flow* are the closed formulas for continuous time, which are on the page about escape times. MSE needs
# about $e^a$, BCE about $a$.
#
# <!-- alt: The logit against the step, from -5: BCE reaches zero in 6 steps, MSE stays low and needs 168. -->

# %%
slow, fast = race(mseclf.mse_gradient_logit, 5), race(mseclf.bce_gradient_logit, 5)

fig, ax = plots.subplots(height=2.8)
ax.plot(slow, **plots.MSE_LINE)
ax.plot(fast, **plots.BCE_LINE)
ax.axhline(0, color=plots.MUTED, linewidth=0.8)
ax.set_xlabel("step of gradient descent")
plots.name_y(ax, "logit $z$ (should be positive)")
_ = plots.label(ax, 10, -1, "cross-entropy", plots.BCE, ha="left")
_ = plots.label(ax, 90, -4.6, "squared error", plots.MSE, ha="left")

assert (len(slow) - 1, len(fast) - 1) == (168, 6)

# %% [markdown]
# ## 7. And when MSE is fine
#
# The same batch as before, from a small start, with four times the learning rate for MSE, which makes the first steps
# alike. Now there is no race to win.

# %%
small = np.array([[0.1, -0.1]])


def train(gradient, rate):
    """Return how many of the 50 examples are right after 200 steps."""
    path = mseclf.gradient_descent(lambda t: gradient(t, X, labels), small, rate, 200)
    return int(np.sum((X @ path.theta[-1, 0] > 0) == (labels == 1)))


right = train(mseclf.mse_gradient_theta, 2.0), train(mseclf.bce_gradient_theta, 0.5)
print(f"right on the training examples: MSE {right[0]} of 50, BCE {right[1]} of 50")

assert abs(right[0] - right[1]) <= 1

# %% [markdown]
# ## What we have seen
#
# - Both gradients point the same way; MSE's is shorter by the slope of the sigmoid, at most one quarter.
# - The slope is nearly 0 where the model is sure, whether it is right or wrong.
# - From a confident mistake MSE needs exponentially many steps. From a small start it did as well here.
