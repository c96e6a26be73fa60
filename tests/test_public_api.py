"""The public interface: what is exported, documented, annotated and described in full."""

import dataclasses
import importlib
import inspect
import pickle
import re
import subprocess
import sys
import typing
from pathlib import Path

import numpy as np
import pytest

import mseclf

MODULES = ["links", "losses", "softmax", "family", "risk", "training", "flow", "efficiency"]
EXPORTS = {name: getattr(mseclf, name) for name in mseclf.__all__}
FUNCTIONS = {name: value for name, value in EXPORTS.items() if inspect.isroutine(value)}
CLASSES = {name: value for name, value in EXPORTS.items() if inspect.isclass(value)}
OPTIMISERS = {"gradient_descent", "adam"}
OF_BATCH = {name for name in FUNCTIONS if re.search(r"_batch_loss|_theta$", name)}
each_function = pytest.mark.parametrize("name", FUNCTIONS)


def test_the_interface_is_this_and_no_more():
    """A name that is taken away breaks the pages that show it: change this list knowingly."""
    assert set(mseclf.__all__) == {
        *("sigmoid", "sigmoid_derivative", "log_sigmoid", "logit", "softmax"),
        *("mse_loss", "mse_gradient_logit", "mse_second_derivative_logit"),
        *("bce_loss", "bce_gradient_logit", "bce_second_derivative_logit"),
        *("family_gradient_logit", "family_second_derivative_logit", "mse_excess_risk", "bce_excess_risk"),
        *("mse_batch_loss", "mse_gradient_theta", "mse_hessian_theta"),
        *("bce_batch_loss", "bce_gradient_theta", "bce_hessian_theta"),
        *("softmax_mse_loss", "softmax_mse_gradient_logit", "softmax_ce_loss", "softmax_ce_gradient_logit"),
        *(
            "MSE",
            "BCE",
            "LOSSES",
            "Loss",
            "Trajectory",
            "gradient_descent",
            "adam",
            "mse_escape_time",
            "bce_escape_time",
        ),
        "mse_relative_efficiency",
    }


def test_each_kind_is_known():
    assert set(EXPORTS) == {"MSE", "BCE", "LOSSES", *FUNCTIONS, *CLASSES}
    assert set(CLASSES) == {"Loss", "Trajectory"}


@pytest.mark.parametrize("name", [*FUNCTIONS, *CLASSES])
def test_each_name_is_also_found_in_the_module_it_belongs_to(name):
    homes = [
        module for module in map(importlib.import_module, [f"mseclf.{m}" for m in MODULES]) if hasattr(module, name)
    ]
    assert any(EXPORTS[name].__module__.startswith(home.__name__) for home in homes)


@each_function
def test_each_docstring_has_every_section(name):
    text = inspect.getdoc(FUNCTIONS[name])
    assert re.match(r"[A-Z0-9][^\n]*[.:]\n", text), "one line that says what it computes"
    found = re.findall(r"^([A-Z]\w+):(?= |$)", text, re.MULTILINE)
    known = ["Formula", "Domain", "Accuracy", "Source", "Examples"]
    assert found == [section for section in known if section in found], "each once, in the house order, and no other"
    assert {"Formula", "Examples"} <= set(found)
    assert ("Accuracy" in found) == (name not in OPTIMISERS | OF_BATCH)
    assert "\nExamples:\n    >>> " in text


@pytest.mark.parametrize("module", MODULES)
def test_what_holds_for_all_functions_is_said_once(module):
    """Refusals, shapes and domains stand in a module's conventions, or where these send the reader."""
    text = importlib.import_module(f"mseclf.{module}").__doc__
    arrays = importlib.import_module("mseclf.arrays").__doc__
    assert all(word in arrays for word in ("`ValueError`", "[0, 1]", "±inf", "broadcast", "float64"))
    assert "`mseclf.arrays`" in text or "`mseclf.losses`" in text or "`ValueError`" in text


@each_function
def test_each_argument_is_mentioned_and_annotated(name):
    function = FUNCTIONS[name]
    parameters = inspect.signature(function).parameters
    hints = typing.get_type_hints(inspect.unwrap(function))
    assert set(hints) == {*parameters, "return"}
    for parameter in parameters:
        assert re.search(rf"\b{parameter}\b", inspect.getdoc(function)), f"{name} does not mention {parameter}"


@each_function
def test_the_source_of_a_function_is_its_own(name):
    """Displays link to the line of the function that they are compared with: the decorator's first line."""
    function = inspect.unwrap(FUNCTIONS[name])
    lines, first = inspect.getsourcelines(function)
    assert first == function.__code__.co_firstlineno
    assert any(line.lstrip().startswith(f"def {function.__name__}(") for line in lines)
    assert Path(function.__code__.co_filename).stem == function.__module__.rpartition(".")[2]


@each_function
def test_each_function_and_loss_survives_pickling(name):
    """Processes are given functions by their name."""
    function, loss = FUNCTIONS[name], getattr(FUNCTIONS[name], "__self__", None)
    restored = pickle.loads(pickle.dumps(function))
    assert inspect.unwrap(restored) is inspect.unwrap(function)
    assert getattr(restored, "__self__", None) == loss


def test_the_losses_are_the_simplest_way_in():
    """Both losses, their parts and the names of version 1.0 are the same functions."""
    for loss, prefix in ((mseclf.MSE, "mse"), (mseclf.BCE, "bce")):
        assert mseclf.LOSSES[prefix] is loss
        assert loss.loss is getattr(mseclf, f"{prefix}_loss")
        for part in ("gradient_logit", "second_derivative_logit", "batch_loss", "gradient_theta", "hessian_theta"):
            assert getattr(loss, part) == getattr(mseclf, f"{prefix}_{part}")
    from mseclf import plots

    assert isinstance(plots.MSE, str), "the colour has a room of its own"


def test_softmax_is_the_function_and_its_module_is_reached_by_from():
    """One name, two things: whichever is imported first, `mseclf.softmax` is the function."""
    for lines in (
        "import mseclf.softmax; mseclf.softmax([0.0, 0.0])",
        "from mseclf.softmax import softmax_ce_loss; import mseclf; mseclf.softmax([0.0, 0.0])",
        "from mseclf import softmax; import mseclf.softmax; assert softmax is mseclf.softmax",
        "import importlib; assert importlib.import_module('mseclf.softmax').softmax([0.0, 0.0])[0] == 0.5",
    ):
        subprocess.run([sys.executable, "-c", lines], check=True, cwd=Path(mseclf.__file__).parents[1])


@pytest.mark.parametrize("name", CLASSES)
def test_each_class_is_frozen_and_says_what_its_fields_are(name):
    cls = CLASSES[name]
    assert cls.__dataclass_params__.frozen
    for field in dataclasses.fields(cls):
        assert f"\n    {field.name}: " in inspect.getdoc(cls)


@each_function
def test_the_label_comes_first(name):
    parameters = list(inspect.signature(FUNCTIONS[name]).parameters)
    if "y" in parameters and "z" in parameters:
        assert parameters[:2] == ["y", "z"]
    if "theta" in parameters and "X" in parameters:
        assert parameters == ["theta", "X", "y"]


def test_keywords_work_as_the_signatures_say():
    assert mseclf.mse_loss(y=1, z=0.0) == 0.125
    assert mseclf.family_gradient_logit(y=1, z=0.0, k=1) == -0.125
    assert mseclf.mse_batch_loss(theta=[0.0], X=[[1.0]], y=[1]) == 0.125
    assert mseclf.MSE.batch_loss(X=[[1.0]], y=[1], theta=[0.0]) == 0.125
    assert mseclf.mse_excess_risk(0.25, y_hat=0.75) == mseclf.mse_excess_risk(y_hat=0.75, q=0.25) == 0.125
    assert mseclf.mse_escape_time(1, z=0.0) == mseclf.mse_escape_time(a=1) == mseclf.mse_escape_time(1, 0.0)
    assert np.array_equal(mseclf.softmax_mse_gradient_logit(y=[1, 0], z=[0.0, 0.0]), [-0.25, 0.25])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mseclf.mse_loss(1), "mse_loss() missing 1 required positional argument: 'z'"),
        (lambda: mseclf.mse_loss(1, 0.0, 2), "mse_loss() takes 2 positional arguments but 3 were given"),
        (lambda: mseclf.mse_loss(1, 0.0, y=1), "mse_loss() got multiple values for argument 'y'"),
        (lambda: mseclf.mse_loss(1, logit=0.0), "mse_loss() got an unexpected keyword argument 'logit'"),
        (lambda: mseclf.BCE.batch_loss([0.0]), "batch_loss() missing 2 required positional arguments: 'X' and 'y'"),
    ],
)
def test_a_wrong_call_is_told_in_pythons_own_words(call, message):
    with pytest.raises(TypeError, match=f"{re.escape(message)}$"):
        call()


def test_every_module_of_the_core_says_what_it_is():
    for module in ["mseclf", *(f"mseclf.{m}" for m in (*MODULES, "arrays"))]:
        assert len(importlib.import_module(module).__doc__.split()) >= 10
