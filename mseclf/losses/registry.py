"""The registry of binary losses: what a test, a page or an experiment walks over to treat all alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from numpy.typing import ArrayLike

from mseclf.arrays import FloatArray
from mseclf.losses import batch, binary

PerExample = Callable[[ArrayLike, ArrayLike], FloatArray]
OfBatch = Callable[[ArrayLike, ArrayLike, ArrayLike], FloatArray]


@dataclass(frozen=True)
class Loss:
    """One binary loss with its derivatives.

    Attributes:
        name: the key in `LOSSES`.
        title: what a figure or table calls it.
        value: (y, z) to the loss of each example.
        gradient_logit: (y, z) to dL/dz of each example.
        second_derivative_logit: (y, z) to d²L/dz² of each example.
        batch_value: (theta, X, y) to the mean over the batch.
        gradient_theta: (theta, X, y) to the gradient of that mean.
        hessian_theta: (theta, X, y) to its Hessian.
    """

    name: str
    title: str
    value: PerExample
    gradient_logit: PerExample
    second_derivative_logit: PerExample
    batch_value: OfBatch
    gradient_theta: OfBatch
    hessian_theta: OfBatch


_MSE = Loss(
    name="mse",
    title="Half squared error",
    value=binary.mse_loss,
    gradient_logit=binary.mse_gradient_logit,
    second_derivative_logit=binary.mse_second_derivative_logit,
    batch_value=batch.mse_batch_loss,
    gradient_theta=batch.mse_gradient_theta,
    hessian_theta=batch.mse_hessian_theta,
)

_BCE = Loss(
    name="bce",
    title="Binary cross-entropy",
    value=binary.bce_loss,
    gradient_logit=binary.bce_gradient_logit,
    second_derivative_logit=binary.bce_second_derivative_logit,
    batch_value=batch.bce_batch_loss,
    gradient_theta=batch.bce_gradient_theta,
    hessian_theta=batch.bce_hessian_theta,
)

LOSSES: Mapping[str, Loss] = MappingProxyType({loss.name: loss for loss in (_MSE, _BCE)})
