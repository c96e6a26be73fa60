"""The notebook made from a script: valid, runnable, and the same bytes each time."""

import json
from pathlib import Path

import nbformat
import pytest

from mseclf.site.run import notebook

SCRIPT = '''"""The title.

Words about it.

Claim: it is so.
Topics: gradient, curvature
"""

import numpy as np

from mseclf import plots

# First part: the computation.
x = np.arange(3)


@staticmethod
def f(x):
    # not a new cell

    return x


# Second part.
y = x + 1
values = {"sum": int(y.sum())}

assert values["sum"] == 6
plots.finish()
'''


def test_it_reads_as_the_script_does():
    document = nbformat.reads(notebook(SCRIPT), as_version=4)
    nbformat.validate(document)
    text, imports, first, second = document.cells
    assert text.cell_type == "markdown"
    assert text.source.startswith("# The title.\n\nWords about it.\n\n\n**Claim:** it is so.")
    assert "**Topics:** gradient, curvature" in text.source
    assert imports.source == "import numpy as np\n\nfrom mseclf import plots"
    assert first.source.startswith("# First part: the computation.\nx = np.arange(3)\n\n@staticmethod\ndef f(x):")
    assert second.source.startswith("# Second part.\ny = x + 1")
    assert second.source.endswith('assert values["sum"] == 6')


def test_it_runs_to_the_same_values():
    namespace = {}
    for cell in nbformat.reads(notebook(SCRIPT), as_version=4).cells:
        if cell.cell_type == "code":
            exec(cell.source, namespace)
    assert namespace["values"] == {"sum": 6}


def test_the_bytes_are_those_of_the_script():
    assert notebook(SCRIPT) == notebook(SCRIPT)
    ids = [cell["id"] for cell in json.loads(notebook(SCRIPT))["cells"]]
    assert len(set(ids)) == len(ids)
    assert [cell["id"] for cell in json.loads(notebook(SCRIPT.replace("= 6", "= 7")))["cells"]][:2] == ids[:2]


@pytest.mark.parametrize(
    "script", ["", "x = 1\n", '"""Only a docstring."""\n', "'''a'''\nimport os; x = 1\n# end\n", "plots.finish()\n"]
)
def test_odd_scripts_make_valid_notebooks(script):
    nbformat.validate(nbformat.reads(notebook(script), as_version=4))


def test_what_is_not_python_is_refused():
    with pytest.raises(SyntaxError):
        notebook("x = (\n")


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[3] / "examples").glob("*.py")), ids=lambda path: path.stem
)
def test_every_example_makes_a_notebook_that_loses_no_statement(path):
    import ast

    script = path.read_text()
    document = nbformat.reads(notebook(script), as_version=4)
    nbformat.validate(document)
    code = "\n".join(cell.source for cell in document.cells if cell.cell_type == "code")
    expected = [node for node in ast.parse(script).body[1:] if ast.unparse(node) != "plots.finish()"]
    assert [ast.dump(node) for node in ast.parse(code).body] == [ast.dump(node) for node in expected]
