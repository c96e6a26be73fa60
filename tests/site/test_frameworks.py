"""Blocks for other frameworks: a block is shown only with what its very text gave."""

import ast
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from mseclf.site.frameworks import FOLDER, RUNS, framework_scripts, not_run, read_runs, run_script, snippets

ROOT = Path(__file__).parents[2]
SCRIPT = '"""Title."""\n\n# %% first\nx = 2\nprint(x)\n\n# %% second\nprint(x + 1)\nvalues = {"x": x}\n'


@pytest.fixture
def root(tmp_path):
    """A repository with one script that was run."""
    path = tmp_path / FOLDER / "with_it.py"
    path.parent.mkdir(parents=True)
    path.write_text(SCRIPT, encoding="utf-8")
    (tmp_path / RUNS).write_text(json.dumps({"with_it": asdict(run_script(path))}), encoding="utf-8")
    return tmp_path


def test_blocks_run_in_order_in_one_namespace(root):
    run = read_runs(root)["with_it"]
    assert run.outputs == {"first": "2\n", "second": "3\n"}
    assert run.values == {"x": 2}
    assert list(not_run(root)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("print(x + 1)", "print(x + 2)", ":8:1: the block 'second' is not the one that was run"),
        ("# %% second", "# %% third", ":8:1: the block 'third' is not the one that was run"),
        ("x = 2", "x = 2 ", ":4:1: the block 'first' is not the one that was run"),
    ],
)
def test_a_block_that_was_changed_and_not_run_is_refused(root, old, new, said):
    (root / FOLDER / "with_it.py").write_text(SCRIPT.replace(old, new), encoding="utf-8")
    remedy = "run `make frameworks` and commit runs.json"
    assert list(map(str, not_run(root))) == [f"{FOLDER}/with_it.py{said}; {remedy}"]


def test_a_new_script_and_one_that_is_gone_are_refused(root):
    (root / FOLDER / "with_it.py").rename(root / FOLDER / "with_other.py")
    assert [str(defect).split("; ")[0] for defect in not_run(root)] == [
        f"{FOLDER}/with_other.py:1:1: this script has not been run",
        f"{RUNS}:1:1: {FOLDER}/with_it.py is gone, its output is not",
    ]


def test_what_a_block_raises_names_its_line(root):
    path = root / FOLDER / "with_it.py"
    path.write_text(SCRIPT.replace("print(x + 1)", "print(1 / 0)"), encoding="utf-8")
    with pytest.raises(ZeroDivisionError) as raised:
        run_script(path)
    assert raised.traceback[-1].lineno == 7  # counted from 0


def test_every_block_of_this_repository_is_the_one_that_was_run():
    assert list(not_run(ROOT)) == []
    assert [path.stem for path in framework_scripts(ROOT)] == ["with_jax", "with_keras", "with_pytorch", "with_sklearn"]


@pytest.mark.parametrize("path", framework_scripts(ROOT), ids=lambda path: path.stem)
def test_a_script_imports_its_own_framework_only(path):
    own = {"pytorch": {"torch", "warnings"}, "keras": {"os", "keras", "numpy", "jax"}, "jax": {"jax", "optax"}}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tops = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    tops |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert tops <= own.get(path.stem.removeprefix("with_"), {"numpy", "sklearn"})


@pytest.mark.parametrize("path", framework_scripts(ROOT), ids=lambda path: path.stem)
def test_every_framework_has_each_block_and_the_fix_helps(path):
    wanted = {"data", "before", "after", "predict", "weights", "several", "soft", "diagnose", "facts"}
    assert wanted <= set(snippets(path.read_text(encoding="utf-8")))


def test_the_fix_helps_and_the_facts_are_what_the_pages_say():
    runs = read_runs(ROOT)
    for name in ("with_pytorch", "with_keras", "with_jax"):
        before, after = (float(runs[name].outputs[block].split()[1]) for block in ("before", "after"))
        assert before < 0.2 < 0.95 < after
    pytorch, keras = runs["with_pytorch"].values, runs["with_keras"].values
    assert pytorch["clamped_loss"] == 100
    assert pytorch["dead_gradient"] == 0
    assert -1 < pytorch["floor_gradient_28"] < -0.5 < -1e-5 < pytorch["floor_gradient_40"] < 0
    assert (keras["epsilon"], keras["gradient_17"]) == (1e-7, 0)
