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
CORE = ("arrays", "links", "losses", "family", "softmax", "training", "flow", "risk", "efficiency")
PUBLIC_MODULES = ("links", "losses", "risk", "training", "flow", "plots")
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


CHECKING = ("mseclf/__main__.py", "mseclf/site/publish/hooks.py", "mseclf/site/check")
CONTRACTS = {
    "1 core": Contract("the numerical core imports NumPy and itself only", is_core, foreign_to_core),
    "2 mkdocs": Contract(
        "only site/publish/hooks.py imports mkdocs",
        lambda path: path != "mseclf/site/publish/hooks.py" and in_files("mseclf", "examples")(path),
        within("mkdocs"),
    ),
    "3 run": Contract("run does not know proofs", in_files("mseclf/site/run"), within("mseclf.site.proofs")),
    "3 proofs": Contract("proofs do not know run", in_files("mseclf/site/proofs"), within("mseclf.site.run")),
    "3 page": Contract(
        "page and latex know neither run nor proofs",
        in_files("mseclf/site/page", "mseclf/site/latex"),
        within("mseclf.site.run", "mseclf.site.proofs"),
    ),
    "4 sympy": Contract(
        "sympy stays in proofs and latex",
        lambda path: (
            in_files("mseclf", "examples")(path) and not in_files("mseclf/site/proofs", "mseclf/site/latex")(path)
        ),
        within("sympy"),
    ),
    "4 matplotlib": Contract(
        "matplotlib stays in plots.py, run and examples",
        lambda path: in_files("mseclf")(path) and not in_files("mseclf/plots.py", "mseclf/site/run")(path),
        within("matplotlib"),
    ),
    "5 examples": Contract(
        "examples import numpy, matplotlib, scikit-learn and the public mseclf",
        lambda path: in_files("examples")(path) and not in_files("examples/frameworks")(path),
        foreign_to_examples,
    ),
    "5 frameworks": Contract(
        "a block to paste needs its framework and NumPy, nothing of ours",
        in_files("examples/frameworks"),
        within("mseclf", "examples", "matplotlib"),
    ),
    "6 mseclf": Contract("mseclf imports neither examples nor tests", in_files("mseclf"), within("examples", "tests")),
    "7 check": Contract(  # it looks at everything, so nothing that it looks at may need it
        "only __main__.py and the hooks, which start everything, import check",
        lambda path: in_files("mseclf", "examples")(path) and not in_files(*CHECKING)(path),
        within("mseclf.site.check"),
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
    ("1 core", "mseclf/losses.py", "from .site.page import Page"),
    ("1 core", "mseclf/training.py", "from mseclf import sigmoid"),
    ("2 mkdocs", "mseclf/site/publish/site.py", "import mkdocs.plugins"),
    ("2 mkdocs", "mseclf/site/formulas/mathjax.py", "def late():\n    from mkdocs.exceptions import PluginError"),
    ("3 run", "mseclf/site/run/cache.py", "from mseclf.site.proofs import prove"),
    ("3 run", "mseclf/site/run/cache.py", "from mseclf.site import proofs"),
    ("3 proofs", "mseclf/site/proofs/check.py", "from ..run import cache"),
    ("3 page", "mseclf/site/page/reader.py", "import mseclf.site.run.cache as cache"),
    ("3 page", "mseclf/site/page/reader.py", "import importlib\nimportlib.import_module('mseclf.site.proofs.prove')"),
    ("4 sympy", "mseclf/site/publish/site.py", "if True:\n    import sympy as sp"),
    ("4 sympy", "examples/curvature.py", "from sympy import symbols"),
    ("4 matplotlib", "mseclf/site/publish/figure_html.py", "from matplotlib import pyplot"),
    ("4 matplotlib", "mseclf/site/latex/parse.py", "__import__('matplotlib')"),
    ("5 examples", "examples/softmax.py", "import curvature"),
    ("5 examples", "examples/softmax.py", "from examples.curvature import values"),
    ("5 examples", "examples/softmax.py", "from mseclf.site.run import run_examples"),
    ("5 examples", "examples/softmax.py", "from mseclf.site import proofs"),
    ("5 examples", "examples/softmax.py", "import scipy"),
    ("5 frameworks", "examples/frameworks/with_jax.py", "import jax\nfrom mseclf import bce_loss"),
    ("6 mseclf", "mseclf/site/run/process.py", "from examples import curvature"),
    ("6 mseclf", "mseclf/site/publish/site.py", "import tests.conftest"),
    ("7 check", "mseclf/site/publish/site.py", "from mseclf.site.check import check"),
    ("7 check", "mseclf/site/pdf/build.py", "from ..check.defect import Defect"),
    ("7 check", "mseclf/site/proofs/check.py", "def late():\n    from mseclf.site import check"),
    ("7 check", "examples/curvature.py", "import mseclf.site.check"),
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
        ("mseclf/site/publish/hooks.py", "from mkdocs.plugins import get_plugin_logger"),
        ("mseclf/__main__.py", "from mseclf.site import check\nfrom mseclf.site.check.cli import main"),
        ("mseclf/site/check/check.py", "from mseclf.site.check.ledger import ledger\nfrom .links import links"),
        ("mseclf/site/publish/site.py", "import mkdocs_theme\nfrom mseclf.site.run import run_examples"),
        (
            "mseclf/site/proofs/check.py",
            "import sympy\nfrom mseclf.site.page import Page\nfrom mseclf.losses import mse_loss",
        ),
        ("mseclf/site/run/svg.py", "import matplotlib\nfrom mseclf.site.page import Place"),
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
