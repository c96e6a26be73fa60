"""The losses: value, gradient and second derivative in the logit, batch gradient and Hessian in theta, and `LOSSES`."""

from mseclf.losses.batch import (
    bce_batch_loss,
    bce_gradient_theta,
    bce_hessian_theta,
    mse_batch_loss,
    mse_gradient_theta,
    mse_hessian_theta,
)
from mseclf.losses.binary import (
    bce_gradient_logit,
    bce_loss,
    bce_second_derivative_logit,
    mse_gradient_logit,
    mse_loss,
    mse_second_derivative_logit,
)
from mseclf.losses.family import (
    bce_excess_risk,
    family_gradient_logit,
    family_second_derivative_logit,
    mse_excess_risk,
)
from mseclf.losses.registry import LOSSES, Loss
from mseclf.losses.softmax import (
    softmax_ce_gradient_logit,
    softmax_ce_loss,
    softmax_mse_gradient_logit,
    softmax_mse_loss,
)

__all__ = [
    "LOSSES",
    "Loss",
    "bce_batch_loss",
    "bce_excess_risk",
    "bce_gradient_logit",
    "bce_gradient_theta",
    "bce_hessian_theta",
    "bce_loss",
    "bce_second_derivative_logit",
    "family_gradient_logit",
    "family_second_derivative_logit",
    "mse_batch_loss",
    "mse_excess_risk",
    "mse_gradient_logit",
    "mse_gradient_theta",
    "mse_hessian_theta",
    "mse_loss",
    "mse_second_derivative_logit",
    "softmax_ce_gradient_logit",
    "softmax_ce_loss",
    "softmax_mse_gradient_logit",
    "softmax_mse_loss",
]
