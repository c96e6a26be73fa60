"""What would happen if we used MSE on binary classification? The losses, their derivatives, and how training goes.

The simplest way in is a loss, `MSE` or `BCE`: `BCE.loss(y, z)` and `BCE.gradient_logit(y, z)` for examples,
`BCE.gradient_theta(theta, X, y)` and `BCE.hessian_theta(theta, X, y)` for a batch.

Each letter has one meaning, here and on the pages: y the label, z the logit, y_hat = σ(z) the prediction, q the true
probability of class 1, p the probability that the model gives to the true class (p_k: to class k of several), theta the
parameters, X the batch with one example per row. What arguments may be and what comes back is said in `mseclf.arrays`.

Everything here needs NumPy alone. The figures (`mseclf.plots`) and all that makes the site (`mseclf.site`) are imported
by name when they are wanted.
"""

from mseclf.efficiency import mse_relative_efficiency
from mseclf.family import family_gradient_logit, family_second_derivative_logit
from mseclf.flow import bce_escape_time, mse_escape_time
from mseclf.links import log_sigmoid, logit, sigmoid, sigmoid_derivative
from mseclf.losses import (
    BCE,
    LOSSES,
    MSE,
    Loss,
    bce_batch_loss,
    bce_gradient_logit,
    bce_gradient_theta,
    bce_hessian_theta,
    bce_loss,
    bce_second_derivative_logit,
    mse_batch_loss,
    mse_gradient_logit,
    mse_gradient_theta,
    mse_hessian_theta,
    mse_loss,
    mse_second_derivative_logit,
)
from mseclf.risk import bce_excess_risk, mse_excess_risk
from mseclf.softmax import (
    softmax,
    softmax_ce_gradient_logit,
    softmax_ce_loss,
    softmax_mse_gradient_logit,
    softmax_mse_loss,
)
from mseclf.training import Trajectory, adam, gradient_descent

__all__ = [
    "BCE",
    "LOSSES",
    "MSE",
    "Loss",
    "Trajectory",
    "adam",
    "bce_batch_loss",
    "bce_escape_time",
    "bce_excess_risk",
    "bce_gradient_logit",
    "bce_gradient_theta",
    "bce_hessian_theta",
    "bce_loss",
    "bce_second_derivative_logit",
    "family_gradient_logit",
    "family_second_derivative_logit",
    "gradient_descent",
    "log_sigmoid",
    "logit",
    "mse_batch_loss",
    "mse_escape_time",
    "mse_excess_risk",
    "mse_gradient_logit",
    "mse_gradient_theta",
    "mse_hessian_theta",
    "mse_loss",
    "mse_relative_efficiency",
    "mse_second_derivative_logit",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_ce_gradient_logit",
    "softmax_ce_loss",
    "softmax_mse_gradient_logit",
    "softmax_mse_loss",
]
