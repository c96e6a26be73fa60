"""The public interface: what is exported, documented, annotated and described in full."""

import dataclasses
import importlib
import inspect
import re
import typing

import numpy as np
import pytest

import mseclf

MODULES = ["links", "losses", "family", "multiclass", "training", "efficiency"]
EXPORTS = {name: getattr(mseclf, name) for name in mseclf.__all__}
FUNCTIONS = {name: value for name, value in EXPORTS.items() if inspect.isfunction(value)}
CLASSES = {name: value for name, value in EXPORTS.items() if inspect.isclass(value)}
OPTIMISERS = {"gradient_descent", "adam"}
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
        *("LOSSES", "Loss", "Trajectory", "gradient_descent", "adam", "mse_escape_time", "bce_escape_time"),
        "mse_relative_efficiency",
    }


def test_the_list_is_sorted_and_each_kind_is_known():
    assert list(mseclf.__all__) == sorted(mseclf.__all__)
    assert set(EXPORTS) == {"LOSSES", *FUNCTIONS, *CLASSES}
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
    sections = ["Formula:", "Shapes:", "Domain:", "Raises:\n    ValueError: ", "Examples:\n    >>> "]
    if name not in OPTIMISERS and not re.search(r"_batch_loss|_theta$", name):
        sections.insert(3, "Accuracy: within ")
    places = [text.find(f"\n{section}") for section in sections]
    assert -1 not in places, f"{name} lacks {[s for s, place in zip(sections, places, strict=True) if place < 0]}"
    assert places == sorted(places), "the sections come in the house order"


@each_function
def test_each_argument_is_mentioned_and_annotated(name):
    function = FUNCTIONS[name]
    hints = typing.get_type_hints(inspect.unwrap(function))
    parameters = inspect.signature(function).parameters
    assert set(hints) == {*parameters, "return"}
    for parameter in parameters:
        assert re.search(rf"\b{parameter}\b", inspect.getdoc(function)), f"{name} does not mention {parameter}"


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
    assert np.array_equal(mseclf.softmax_mse_gradient_logit(y=[1, 0], z=[0.0, 0.0]), [-0.25, 0.25])


def test_every_module_of_the_core_says_what_it_is():
    for module in ["mseclf", *(f"mseclf.{m}" for m in (*MODULES, "arrays"))]:
        assert len(importlib.import_module(module).__doc__.split()) >= 10
