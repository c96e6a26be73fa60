"""The imports of a script, followed to their end."""

import os
import subprocess
import sys

import pytest

from mseclf.running.snapshot import Snapshot
from mseclf.running.sources import Memory, read_source


def imported(repository, script):
    snapshot = Snapshot(repository.root, Memory(None, ""))
    paths = snapshot.imported_files(script.encode(), repository.root / "examples" / "one.py")
    return {os.path.relpath(path, repository.root / "mseclf") for path in paths}


@pytest.fixture
def package(repository):
    """A made-up mseclf: its modules import each other in every way Python knows."""
    files = {
        "__init__.py": "from .links import sigmoid\n",
        "links.py": "import numpy as np\n",
        "losses/__init__.py": "from mseclf.losses.binary import *\n",
        "losses/binary.py": "from .. import links as l\nfrom . import registry\n",
        "losses/registry.py": "",
        "losses/unused.py": "",
        "plots.py": "import matplotlib\n",
        "lazy.py": "def f():\n  try:\n    from mseclf import plots\n  except ImportError:\n    import mseclf.ring_a\n",
        "ring_a.py": "import mseclf.ring_b\n",
        "ring_b.py": "from . import ring_a\n",
        "proving/__init__.py": "",
        "matched.py": "match 1:\n    case 1:\n        import mseclf.plots\nwith f:\n    pass\n",
        "broken.py": "x = (\n",
        "losses/deep.py": "from ..proving import something\n",
    }
    for name, text in files.items():
        path = repository.root / "mseclf" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return repository


BASE = {"__init__.py", "links.py"}
LOSSES = BASE | {"losses/__init__.py", "losses/binary.py", "losses/registry.py"}


@pytest.mark.parametrize(
    ("script", "files"),
    [
        ("import numpy\n", set()),
        ("import mseclf\n", BASE),
        ("import mseclf as m, os\n", BASE),
        ("from mseclf import sigmoid\n", BASE),
        ("from mseclf import plots\n", BASE | {"plots.py"}),
        ("from mseclf import (\n    plots,\n    losses,  # )\n)\n", LOSSES | {"plots.py"}),
        ("import os; import mseclf.losses\n", LOSSES),
        ("from mseclf.losses.binary import mse_loss\n", LOSSES),
        ("from mseclf import lazy\n", BASE | {"lazy.py", "plots.py", "ring_a.py", "ring_b.py"}),
        ("import mseclf.matched\n", BASE | {"matched.py", "plots.py"}),
        ("import mseclf.broken\n", BASE | {"broken.py"}),
        ("import mseclf.losses.deep\n", LOSSES | {"losses/deep.py", "proving/__init__.py"}),
        ("import mseclf.missing\n", BASE),
        ("text = 'import mseclf.plots'\n# import mseclf.plots\n", set()),
        ("def f():\n    import mseclf.plots\n", BASE | {"plots.py"}),
        ("async def f():\n    async with g:\n        import mseclf.plots\n", BASE | {"plots.py"}),
        ("class A:\n    for i in x:\n        pass\n    else:\n        import mseclf.plots\n", BASE | {"plots.py"}),
    ],
)
def test_every_import_counts(package, script, files):
    assert imported(package, script) == files


def test_the_imports_of_python_itself_agree(package):
    # An oracle: run the script and see which files Python has loaded.
    show = "print(*(m.__file__ for n, m in sys.modules.items() if 'mseclf' in n))\n"
    code = f"import mseclf.losses.deep, mseclf.ring_b, sys\n{show}"
    (package.root / "mseclf" / "proving" / "__init__.py").write_text("something = 1\n")
    (package.root / "mseclf" / "links.py").write_text("sigmoid = 1\n")
    environment = {**os.environ, "PYTHONPATH": str(package.root), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, cwd=package.root, capture_output=True, text=True, check=True)
    assert imported(package, code) == {os.path.relpath(path, package.root / "mseclf") for path in done.stdout.split()}


def test_what_was_read_once_is_remembered_by_its_text(tmp_path):
    path = tmp_path / "sources.json"
    memory = Memory(path, "1")
    text = b'"""Doc."""\nimport b, a\nfrom . import c\nfrom ..d import e\n'
    source = memory.source(text)
    assert source == read_source(text)
    assert source.imports == ("..d.e", ".c", "a", "b")
    assert (source.docstring, source.line) == ("Doc.", 1)
    memory.save()
    assert Memory(path, "1").source(text) == source


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"3",
        b'{"version": "1"}',
        b'{"version": "1", "sources": {"x": 3}}',
        b'{"version": "1", "sources": []}',
    ],
)
def test_a_damaged_memory_is_only_slower(tmp_path, damage):
    path = tmp_path / "sources.json"
    path.write_bytes(damage)
    assert Memory(path, "1").source(b"import a").imports == ("a",)


def test_the_memory_of_another_version_is_not_used(tmp_path):
    path = tmp_path / "sources.json"
    memory = Memory(path, "1")
    memory.source(b"import a")
    memory.save()
    path.write_text(path.read_text().replace('["a"]', '["b"]'))
    assert Memory(path, "1").source(b"import a").imports == ("b",)
    assert Memory(path, "2").source(b"import a").imports == ("a",)
