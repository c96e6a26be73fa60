"""Who may import whom: the contracts, read from the syntax tree of every module, and proof that each can fail."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import mseclf

ROOT = Path(__file__).resolve().parents[1]
CORE = ("arrays", "links", "losses", "family", "multiclass", "training", "efficiency")
PUBLIC_MODULES = ("links", "losses", "training", "plots")
DYNAMIC = ("import_module", "__import__")


@dataclass(frozen=True)
class Contract:
    """In the files of `scope` (posix paths from the root) no imported name may satisfy `forbidden`."""

    rule: str
    scope: Callable[[str], bool]
    forbidden: Callable[[str], bool]


def imported_names(source: str, path: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each import, inside functions and under `if` too; `from a import b` gives a.b."""
    package = list(Path(path).with_suffix("").parts[:-1])
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base += node.module.split(".") if node.module else []
            yield from ((node.lineno, ".".join([*base, alias.name])) for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "attr", getattr(node.func, "id", None))
            if called in DYNAMIC and isinstance(node.args[0].value, str):
                yield node.lineno, node.args[0].value


def within(*names: str) -> Callable[[str], bool]:
    """Whether a dotted name is one of these or lies inside one."""
    return lambda name: any(name == top or name.startswith(top + ".") for top in names)


def in_files(*paths: str) -> Callable[[str], bool]:
    """Whether a file is one of these or lies in one of these folders."""
    return lambda path: any(path == p or path.startswith(p.rstrip("/") + "/") for p in paths)


def is_core(path: str) -> bool:
    return in_files(*(f"mseclf/{name}.py" for name in CORE), *(f"mseclf/{name}" for name in CORE))(path)


def foreign_to_core(name: str) -> bool:
    ours = within("numpy", *(f"mseclf.{module}" for module in CORE))
    return not ours(name) and name.split(".")[0] not in sys.stdlib_module_names


def foreign_to_examples(name: str) -> bool:
    top, _, rest = name.partition(".")
    if top == "mseclf" and rest:
        return rest.split(".")[0] not in (*PUBLIC_MODULES, *mseclf.__all__)
    return top not in ("mseclf", "numpy", "matplotlib", "sklearn") and top not in sys.stdlib_module_names


CONTRACTS = {
    "1 core": Contract("the numerical core imports NumPy and itself only", is_core, foreign_to_core),
    "2 mkdocs": Contract(
        "only publish/hooks.py imports mkdocs",
        lambda path: path != "mseclf/publish/hooks.py" and in_files("mseclf", "examples")(path),
        within("mkdocs"),
    ),
    "3 running": Contract("running does not know proving", in_files("mseclf/running"), within("mseclf.proving")),
    "3 proving": Contract("proving does not know running", in_files("mseclf/proving"), within("mseclf.running")),
    "3 pages": Contract(
        "pages knows neither running nor proving", in_files("mseclf/pages"), within("mseclf.running", "mseclf.proving")
    ),
    "4 sympy": Contract(
        "sympy stays in proving",
        lambda path: in_files("mseclf", "examples")(path) and not in_files("mseclf/proving")(path),
        within("sympy"),
    ),
    "4 matplotlib": Contract(
        "matplotlib stays in plots.py, running and examples",
        lambda path: in_files("mseclf")(path) and not in_files("mseclf/plots.py", "mseclf/running")(path),
        within("matplotlib"),
    ),
    "5 examples": Contract(
        "examples import numpy, matplotlib, scikit-learn and the public mseclf",
        in_files("examples"),
        foreign_to_examples,
    ),
    "6 mseclf": Contract("mseclf imports neither examples nor tests", in_files("mseclf"), within("examples", "tests")),
    "7 checking": Contract(  # it looks at everything, so nothing that it looks at may need it
        "only __main__.py imports checking",
        lambda path: (
            in_files("mseclf", "examples")(path) and not in_files("mseclf/__main__.py", "mseclf/checking")(path)
        ),
        within("mseclf.checking"),
    ),
}


def breaches(contract: Contract, path: str, source: str) -> list[str]:
    """What a file does against a contract, as file:line: rule: name; nothing if the contract does not speak of it."""
    if not contract.scope(path):
        return []
    found = imported_names(source, path)
    return [f"{path}:{line}: {contract.rule}: imports {name}" for line, name in found if contract.forbidden(name)]


def modules() -> dict[str, str]:
    files = (f for folder in ("mseclf", "examples") for f in sorted((ROOT / folder).rglob("*.py")))
    return {f.relative_to(ROOT).as_posix(): f.read_text(encoding="utf-8") for f in files}


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_the_contract_is_kept(contract):
    sources = modules()
    assert any(contract.scope(path) for path in sources), "the contract speaks of no file"
    assert [breach for path, source in sources.items() for breach in breaches(contract, path, source)] == []


BROKEN = [
    ("1 core", "mseclf/links.py", "import scipy.special"),
    ("1 core", "mseclf/losses.py", "from mseclf import plots"),
    ("1 core", "mseclf/losses.py", "from .pages import Page"),
    ("1 core", "mseclf/training.py", "from mseclf import sigmoid"),
    ("2 mkdocs", "mseclf/publish/site.py", "import mkdocs.plugins"),
    ("2 mkdocs", "mseclf/rendering/mathjax.py", "def late():\n    from mkdocs.exceptions import PluginError"),
    ("3 running", "mseclf/running/cache.py", "from mseclf.proving import prove"),
    ("3 running", "mseclf/running/cache.py", "from mseclf import proving"),
    ("3 proving", "mseclf/proving/ledger.py", "from ..running import cache"),
    ("3 pages", "mseclf/pages/reader.py", "import mseclf.running.cache as cache"),
    ("3 pages", "mseclf/pages/reader.py", "import importlib\nimportlib.import_module('mseclf.proving.parse')"),
    ("4 sympy", "mseclf/publish/site.py", "if True:\n    import sympy as sp"),
    ("4 sympy", "examples/curvature.py", "from sympy import symbols"),
    ("4 matplotlib", "mseclf/publish/figure_html.py", "from matplotlib import pyplot"),
    ("4 matplotlib", "mseclf/proving/parse.py", "__import__('matplotlib')"),
    ("5 examples", "examples/softmax.py", "import curvature"),
    ("5 examples", "examples/softmax.py", "from examples.curvature import values"),
    ("5 examples", "examples/softmax.py", "from mseclf.running import run_examples"),
    ("5 examples", "examples/softmax.py", "from mseclf import proving"),
    ("5 examples", "examples/softmax.py", "import scipy"),
    ("6 mseclf", "mseclf/running/process.py", "from examples import curvature"),
    ("6 mseclf", "mseclf/publish/site.py", "import tests.conftest"),
    ("7 checking", "mseclf/publish/hooks.py", "from mseclf.checking import check"),
    ("7 checking", "mseclf/publish/pdf/build.py", "from ...checking.defect import Defect"),
    ("7 checking", "mseclf/proving/check.py", "def late():\n    from mseclf import checking"),
    ("7 checking", "examples/curvature.py", "import mseclf.checking"),
]


@pytest.mark.parametrize(("name", "path", "source"), BROKEN)
def test_the_contract_can_be_broken(name, path, source):
    (breach,) = breaches(CONTRACTS[name], path, source)
    assert breach.startswith(f"{path}:{source.count(chr(10)) + 1}: {CONTRACTS[name].rule}: imports ")


def test_every_contract_has_been_seen_to_fail():
    assert {name for name, _, _ in BROKEN} == set(CONTRACTS)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            "mseclf/losses.py",
            "import math\nimport numpy as np\nfrom . import arrays\nfrom .links import sigmoid",
        ),
        ("mseclf/publish/hooks.py", "from mkdocs.plugins import get_plugin_logger"),
        ("mseclf/__main__.py", "from mseclf import checking\nfrom mseclf.checking.cli import main"),
        ("mseclf/checking/check.py", "from mseclf.checking.defect import Defect\nfrom .links import links"),
        ("mseclf/publish/site.py", "import mkdocs_theme\nfrom mseclf.running import run_examples"),
        ("mseclf/proving/ledger.py", "import sympy\nfrom mseclf.pages import Page\nfrom mseclf.losses import mse_loss"),
        ("mseclf/running/svg.py", "import matplotlib\nfrom mseclf.pages import Place"),
        (
            "examples/e.py",
            "import math\nfrom matplotlib import pyplot\nfrom mseclf import LOSSES, plots\nimport sklearn.datasets",
        ),
        ("examples/e.py", "from mseclf.losses import mse_loss\nimport mseclf"),
    ],
)
def test_what_is_allowed_passes(path, source):
    assert [breach for contract in CONTRACTS.values() for breach in breaches(contract, path, source)] == []


def test_the_numbers_alone_load_nothing_but_numpy():
    heavy = {"matplotlib", "sympy", "mkdocs", "scipy", "sklearn", "lark", "yaml"}
    program = f"import sys, mseclf; print(*sorted({heavy!r} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.split() == []
