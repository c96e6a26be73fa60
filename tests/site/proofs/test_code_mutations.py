"""A sign, factor or argument order flipped in mseclf/losses.py makes the check of the displays bound to it fail.

The module is read as a tree, changed in one place inside a function that a display is bound to (or a helper of it), and
put in the place of the real one; then each display whose comparison calls that function is compared again.
"""

import ast
import copy
import inspect
import re
import sys
import types
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import mseclf
from mseclf import arrays, losses
from mseclf.site.latex.parse import parse
from mseclf.site.page import read_page
from mseclf.site.proofs.binding import bound_function, compare
from mseclf.site.proofs.jobs import jobs_of
from mseclf.site.proofs.judge import _bound_side, scope_of, with_definition

pytestmark = pytest.mark.usefixtures("in_this_process")

ROOT = Path(__file__).parents[3]
# Edits that change nothing a formula could show, each with its reason.
HARMLESS = {
    r"_LOG_2_LOW": "the last bits of log 2: below the stated tolerance",
    r"times\(wrong, size\)": "a product, the same in either order",
    r"_logits\(theta, X\)": "the same product where theta is one run; tests/losses has many runs at once",
    r"-1 -> 1": "an axis of a matrix, counted from the other end",
    r"^bce_second.* y -> ": "the curvature of the BCE does not depend on the label",
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
    """Makes the edit number `wanted` inside the functions that begin on some lines; counts where one is possible."""

    def __init__(self, lines, wanted):
        self.lines, self.wanted = lines, wanted
        self.count, self.inside, self.done, self.where = 0, None, "", None

    def visit_FunctionDef(self, node):
        if here := {node.lineno, *(d.lineno for d in node.decorator_list)} & self.lines:
            self.inside = node.name, min(here)
            node.body = [self.visit(b) for b in node.body]
            node.decorator_list = [self._swapped(d) for d in node.decorator_list]
            self.inside = None
        return node

    def _swapped(self, decorator):
        """The decorator with the checks of its two arguments exchanged."""
        if not isinstance(decorator, ast.Call) or len(decorator.keywords) != 2:
            return decorator
        a, b = decorator.keywords
        return self._turn(
            decorator, ast.Call(decorator.func, [], [ast.keyword(a.arg, b.value), ast.keyword(b.arg, a.value)])
        )

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

    def visit_Name(self, node):
        if node.id == "y" and isinstance(node.ctx, ast.Load):
            return self._turn(node, ast.parse("np.round(y)", mode="eval").body)
        return node

    def visit_keyword(self, node):
        return node if isinstance(node.value, ast.Name) else self.generic_visit(node)

    def visit_Attribute(self, node):
        return node if node.attr in ("shape", "ndim", "dtype") else self.generic_visit(node)

    def visit_Call(self, node):
        self.generic_visit(node)
        name = ast.unparse(node.func)
        if len(node.args) == 2 and not name.startswith("np."):
            return self._turn(node, ast.Call(node.func, node.args[::-1], node.keywords))
        return node


def edited(wanted, lines):
    """The module with one edit, what was edited, and the function with its first line; None past the last."""
    tree = ast.parse(inspect.getsource(losses))
    edits = Edits(lines, wanted)
    new = ast.fix_missing_locations(edits.visit(copy.deepcopy(tree)))
    if not edits.done:
        return None, "", None
    module = types.ModuleType("mseclf.losses")
    module.__file__ = losses.__file__
    with monkeypatched(module):
        exec(compile(new, losses.__file__, "exec"), module.__dict__)
    return module, edits.done, edits.where


@contextmanager
def monkeypatched(module):
    """Dataclasses look their module up by its name while they are made."""
    kept, sys.modules[module.__name__] = sys.modules[module.__name__], module
    try:
        yield
    finally:
        sys.modules[module.__name__] = kept


def calls_of(display):
    """The first lines of the functions of mseclf/losses.py that are called when a display is compared."""
    lines = set()

    def note(frame, event, _argument):
        if event == "call" and frame.f_code.co_filename == losses.__file__:
            lines.add(frame.f_code.co_firstlineno)

    sys.setprofile(note)
    try:
        assert not fails(display), display[0].equation.id
    finally:
        sys.setprofile(None)
    return lines


def test_every_edit_of_the_losses_is_noticed(notation, monkeypatch):
    callers = defaultdict(list)
    for display in bound_displays(notation):
        for line in calls_of(display):
            callers[line].append(display)
    public = [name for name in mseclf.__all__ if hasattr(losses, name)]
    survivors, wanted, excused = [], 0, set()
    while True:
        module, what, where = edited(wanted, callers.keys())
        if module is None:
            break
        wanted += 1
        for name in public:
            monkeypatch.setattr(mseclf, name, getattr(module, name))
        name, line = where
        if not any(fails(display) for display in callers[line]):
            edit = f"{name}, {what}"
            harmless = {pattern for pattern in HARMLESS if re.search(pattern, edit)}
            excused |= harmless
            survivors += [] if harmless else [edit]
    assert wanted > 80
    assert not survivors, "\n".join(survivors)
    assert HARMLESS.keys() == excused, "an excuse that excuses nothing"


def test_a_result_that_is_not_rounded_to_the_dtype_of_the_arguments_is_noticed(notation, monkeypatch):
    """Rounding is said once, in mseclf/arrays.py, for all of them."""
    displays = [d for d in bound_displays(notation) if any(isinstance(a, str) for a in bound_function(d[3])[1])]
    monkeypatch.setattr(arrays, "rounded", lambda value, dtype: np.asarray(value)[()])
    assert [job.equation.id for job, *rest in displays if not fails((job, *rest))] == []
    assert len(displays) > 20


def fails(display):
    """Whether a display and its function disagree."""
    _job, tree, scope, code = display
    try:
        with np.errstate(all="ignore"):
            compare(_bound_side(tree), scope, code, ROOT)
    except Exception:  # an edited function may break in any way
        return True
    return False


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
        ("BCE.loss(y, z)", "disagrees with the formula at y = 0.0, z = 0.0"),
        ("MSE.batch_loss(theta, X, y)", "stands in the display"),
        ("MSE.los(y, z)", "no public function MSE.los"),
        ("MSE.name(y, z)", "no public function MSE.name"),
        ("MSE.__init__(y, z)", "no public function MSE.__init__"),
        ("Loss.batch_loss(theta, X, y)", "no public function Loss.batch_loss"),
        ("LOSSES.get(y, z)", "no public function LOSSES.get"),
        ("np.exp(z)", "no public function np.exp"),
        ("MSE.loss.real(y, z)", "is not a call"),
    ],
)
def test_refused_bindings(code, words, display):
    verdict = display(r"L_{\mathrm{MSE}} = \frac12 (y - \hat y)^2", "def", f"code: {code}")
    assert verdict.status.fails
    assert words in verdict.message


@pytest.mark.parametrize("code", ["mse_loss", "MSE.loss"])
def test_a_binding_is_named_as_the_author_calls_it_and_leads_to_the_function(code, display):
    verdict = display(r"L_{\mathrm{MSE}} = \frac12 (y - \hat y)^2", "def", f"code: {code}(y, z)")
    assert verdict.binding.function == f"mseclf.losses.{code}"
    assert verdict.binding.source == "mseclf/losses.py"
    lines = Path(losses.__file__).read_text(encoding="utf-8").splitlines()[verdict.binding.line - 1 :]
    assert lines[0].startswith("@elementwise(")
    assert lines[1].startswith("def mse_loss(")
