"""What would happen if we used MSE on binary classification? The losses, their derivatives, and how training goes.

Everything here needs NumPy alone. The figures (`mseclf.plots`) and the machinery that makes the site (`mseclf.pages`,
`mseclf.running`, `mseclf.proving`, `mseclf.rendering`, `mseclf.publish`) are imported by name when they are wanted.
"""

from mseclf.efficiency import mse_relative_efficiency
from mseclf.family import bce_excess_risk, family_gradient_logit, family_second_derivative_logit, mse_excess_risk
from mseclf.links import log_sigmoid, logit, sigmoid, sigmoid_derivative, softmax
from mseclf.losses import (
    LOSSES,
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
from mseclf.multiclass import (
    softmax_ce_gradient_logit,
    softmax_ce_loss,
    softmax_mse_gradient_logit,
    softmax_mse_loss,
)
from mseclf.training import Trajectory, adam, bce_escape_time, gradient_descent, mse_escape_time

__all__ = [
    "LOSSES",
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
