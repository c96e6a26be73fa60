"""The API page names every public function once, where it is defined, and nothing else."""

import re
from importlib import import_module
from pathlib import Path

import mseclf

ROOT = Path(__file__).resolve().parents[3]


def test_the_reference_page_is_the_public_interface() -> None:
    page = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
    named = re.findall(r"^::: (mseclf\.\w+)\.(\w+)$", page, re.MULTILINE)
    assert len(named) == page.count(":::")
    assert sorted(name for _, name in named) == sorted(mseclf.__all__)
    for module, name in named:
        assert getattr(import_module(module), name) is getattr(mseclf, name), f"{module}.{name}"
        assert getattr(getattr(mseclf, name), "__module__", module) == module, f"{name} is defined elsewhere"
