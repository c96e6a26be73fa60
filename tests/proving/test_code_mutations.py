"""A sign, factor or argument order flipped in mseclf/losses.py makes the check of the displays bound to it fail.

The module is read as a tree, changed in one place inside a function that a display is bound to (or a helper of it), and
put in the place of the real one; then every bound display is compared again.
"""

import ast
import copy
import inspect
import types
from pathlib import Path

import numpy as np
import pytest

import mseclf
from mseclf import losses
from mseclf.pages import read_page
from mseclf.proving.binding import Disagreement, bound_function, compare
from mseclf.proving.errors import FormulaError
from mseclf.proving.jobs import jobs_of
from mseclf.proving.judge import _bound_side, scope_of, with_definition
from mseclf.proving.parse import parse

ROOT = Path(__file__).parents[2]
HELPERS = {"residual", "_three_p_minus_one", "_value", "_gradient", "_hessian"}
# Edits that change nothing a formula could show, each with its reason.
HARMLESS = {
    "np.errstate(under='ignore')": "which floating-point warnings are silenced",
    "_LOG_2_LOW": "the last bits of log 2: below the stated tolerance",
    "np.where(z >= 0": "both branches are the same number, written for accuracy on either side",
    "(hessian + np.swapaxes(hessian, -1, -2)) / 2": "only makes a symmetric matrix symmetric to the last bit",
    "np.minimum(u, 1)": "the branch that is not used there",
    "np.maximum(u, 0)": "the branch that is not used there",
    "times(wrong, size)": "a product, the same in either order",
    "np.zeros_like(y)": "adds zeros to take the shape of y",
    "-1 -> 1": "an axis of a matrix, counted from the other end",
}


def bound_displays(notation):
    """(job, parsed side, scope, call) for each display that is bound to a function of mseclf/losses.py."""
    for file in sorted((ROOT / "docs").rglob("*.md")):
        for job in jobs_of(read_page(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))):
            code = job.equation.code
            if code is None or inspect.getmodule(inspect.unwrap(bound_function(code)[0])) is not losses:
                continue
            scope = scope_of(job, notation)
            if job.equation.is_definition:
                scope = with_definition(scope, job.equation.tex, notation)
            tree = parse(job.equation.tex, notation)
            yield job, tree, scope, code


class Edits(ast.NodeTransformer):
    """Makes the edit number `wanted` inside the functions named; counts all places where one is possible."""

    def __init__(self, functions, wanted):
        self.functions, self.wanted = functions, wanted
        self.count, self.inside, self.done, self.where = 0, "", "", ""

    def visit_FunctionDef(self, node):
        if node.name in self.functions:
            self.inside = node.name
            node.body = [self.visit(b) for b in node.body]
            self.inside = ""
        return node

    def _turn(self, node, new):
        if not self.inside:
            return node
        self.count += 1
        if self.count - 1 == self.wanted:
            self.where = self.inside
            self.done = f"line {node.lineno}: {ast.unparse(node)} -> {ast.unparse(new)}"
            return ast.copy_location(new, node)
        return node

    def visit_BinOp(self, node):
        self.generic_visit(node)
        other = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Div: ast.Mult}.get(type(node.op))
        if other is not None:
            return self._turn(node, ast.BinOp(node.left, other(), node.right))
        if isinstance(node.op, ast.Mult):
            node = self._turn(node, node.left)
            return self._turn(node, node.right) if isinstance(node, ast.BinOp) else node
        return node

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        return self._turn(node, node.operand) if isinstance(node.op, ast.USub) else node

    def visit_Constant(self, node):
        if isinstance(node.value, float) and not isinstance(node.value, bool):
            return self._turn(node, ast.Constant(node.value + 1))
        return node

    def visit_Call(self, node):
        self.generic_visit(node)
        name = ast.unparse(node.func)
        if len(node.args) == 2 and not name.startswith("np.") and name != "rounded":
            return self._turn(node, ast.Call(node.func, node.args[::-1], node.keywords))
        return node


def edited(wanted, functions):
    """The module with one edit, and what was edited; None past the last."""
    tree = ast.parse(inspect.getsource(losses))
    edits = Edits(functions, wanted)
    new = ast.fix_missing_locations(edits.visit(copy.deepcopy(tree)))
    if not edits.done:
        return None, "", ""
    module = types.ModuleType("mseclf.losses")
    module.__file__ = losses.__file__
    exec(compile(new, losses.__file__, "exec"), module.__dict__)
    return module, edits.done, edits.where


def test_every_edit_of_the_losses_is_noticed(notation, monkeypatch):
    displays = list(bound_displays(notation))
    names = {bound_function(code)[0].__name__ for *_, code in displays}
    assert {"mse_loss", "mse_gradient_logit", "mse_second_derivative_logit", "mse_hessian_theta", "bce_loss"} <= names
    survivors, wanted = [], 0
    while True:
        module, what, where = edited(wanted, names | HELPERS)
        if module is None:
            break
        wanted += 1
        for name in names:
            monkeypatch.setattr(mseclf, name, getattr(module, name))
        displays.sort(key=lambda display: not display[3].startswith(f"{where}("))
        if not any(fails(display) for display in displays) and not any(h in what for h in HARMLESS):
            survivors.append(what)
    assert wanted > 40
    assert not survivors, "\n".join(survivors)


def fails(display):
    """Whether a display and its function disagree."""
    _job, tree, scope, code = display
    try:
        with np.errstate(all="ignore"):
            compare(_bound_side(tree), scope, code, ROOT)
    except (Disagreement, FormulaError, ValueError, TypeError, FloatingPointError):
        return True
    return False


def test_the_unedited_module_agrees(notation):
    displays = list(bound_displays(notation))
    assert not [job.equation.id for job, *rest in displays if fails((job, *rest))]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("no_such_function(y, z)", "no public function no_such_function"),
        ("mse_loss", "is not a call"),
        ("mse_loss(y, z", "is not a call"),
        ("mse_loss(y + 1, z)", "neither a name nor a number"),
        ("mse_loss(z, y)", "disagrees"),
        (
            "bce_loss(y, z)",
            "disagrees with the formula at y = 0.0, z = 0.0: the formula gives 0.125, the function 0.69314718056",
        ),
        ("mse_batch_loss(theta, X, y)", "stands in the display"),
        ("sigmoid(z)", "stands in the display but not among the arguments"),
    ],
)
def test_refused_bindings(code, words, display):
    verdict = display(r"L_{\mathrm{MSE}} = \frac12 (y - \hat y)^2", "def", f"code: {code}")
    assert verdict.status.fails
    assert words in verdict.message
