"""What goes in and comes out of every elementwise function: dtype, shape, refusals and their wording."""

import inspect
import re

import numpy as np
import pytest

import mseclf

OF_LOGIT = [mseclf.sigmoid, mseclf.sigmoid_derivative, mseclf.log_sigmoid]
OF_LABEL_AND_LOGIT = [
    mseclf.mse_loss,
    mseclf.mse_gradient_logit,
    mseclf.mse_second_derivative_logit,
    mseclf.bce_loss,
    mseclf.bce_gradient_logit,
    mseclf.bce_second_derivative_logit,
]
FLOATS = [np.float16, np.float32, np.float64]


@pytest.mark.parametrize("function", OF_LOGIT)
@pytest.mark.parametrize("dtype", FLOATS)
def test_a_float_dtype_is_kept(function, dtype):
    assert function(np.ones((2, 3), dtype)).dtype == dtype
    assert function(dtype(1)).dtype == dtype


@pytest.mark.parametrize("function", OF_LOGIT)
@pytest.mark.parametrize("z", [1, 1.0, True, [1, 2], np.array([1, 2]), np.array([True]), np.int8(3)])
def test_numbers_without_precision_give_float64(function, z):
    assert function(z).dtype == np.float64


@pytest.mark.parametrize("function", OF_LABEL_AND_LOGIT)
@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("y", [1, 0.5, [0, 1], np.array([0, 1]), np.array([False, True])])
def test_labels_without_precision_follow_the_logit(function, dtype, y):
    assert function(y, np.array([0.5, -1], dtype)).dtype == dtype


@pytest.mark.parametrize("function", OF_LABEL_AND_LOGIT)
def test_two_floats_promote_as_in_numpy(function):
    y, z = np.array([0, 1], np.float64), np.array([0.5, -1], np.float16)
    assert function(y, z).dtype == np.float64
    assert function(y.astype(np.float32), z).dtype == np.float32


@pytest.mark.parametrize("function", OF_LABEL_AND_LOGIT)
def test_label_and_logit_broadcast(function):
    y, z = np.array([[0.0], [1.0], [0.25]]), np.array([-2.0, 0.0, 3.0, 40.0])
    table = function(y, z)
    assert table.shape == (3, 4)
    assert table.flags.writeable
    for i, j in np.ndindex(3, 4):
        assert table[i, j] == function(y[i, 0], z[j])


@pytest.mark.parametrize("function", OF_LABEL_AND_LOGIT)
def test_no_examples_give_no_losses(function):
    assert function(np.empty(0), np.empty(0)).shape == (0,)


@pytest.mark.parametrize("function", OF_LABEL_AND_LOGIT + OF_LOGIT)
def test_a_scalar_gives_a_scalar_and_the_arguments_stay_as_they_were(function):
    n_arguments = len(inspect.signature(function).parameters)
    assert isinstance(function(*[0.5] * n_arguments), np.float64)
    arguments = [np.array([0.5, 1.0]) for _ in range(n_arguments)]
    function(*arguments)
    assert all(a.tolist() == [0.5, 1.0] for a in arguments)


@pytest.mark.parametrize("function", OF_LABEL_AND_LOGIT + OF_LOGIT)
def test_a_result_is_never_the_argument_itself(function):
    arguments = [np.array([0.0, 1.0]) for _ in inspect.signature(function).parameters]
    result = function(*arguments)
    assert result.flags.writeable
    assert not any(np.shares_memory(result, a) for a in arguments)


@pytest.mark.parametrize("function", OF_LABEL_AND_LOGIT)
@pytest.mark.parametrize(
    ("y", "z", "message"),
    [
        (1.5, 0.0, "y must be in [0, 1]: got 1.5"),
        ([0, 1, -0.5], 0.0, "y must be in [0, 1]: got -0.5 at index 2"),
        ([[0, 1], [np.nan, 1]], 0.0, "y must be in [0, 1]: got nan at index (1, 0)"),
        (0, np.nan, "z must not be NaN: got nan"),
        (0, [1.0, np.nan], "z must not be NaN: got nan at index 1"),
        ([0, 1], [1.0, 2.0, 3.0], "y and z must have shapes that broadcast: got (2,) and (3,)"),
        (0, 1j, "z must be real numbers in float16, float32 or float64: got dtype complex128"),
        ("1", 0, "y must be real numbers in float16, float32 or float64: got dtype <U1"),
        (None, 0, "y must be real numbers in float16, float32 or float64: got dtype object"),
        (0, 10**400, "z must be real numbers in float16, float32 or float64: got dtype object"),
    ],
)
def test_nonsense_is_refused_with_rule_and_value(function, y, z, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        function(y, z)


@pytest.mark.skipif(np.dtype(np.longdouble).itemsize == 8, reason="long double is float64 on this platform")
def test_extended_precision_is_refused_rather_than_rounded_in_silence():
    with pytest.raises(ValueError, match="z must be real numbers in float16, float32 or float64: got dtype "):
        mseclf.sigmoid(np.longdouble(1))
