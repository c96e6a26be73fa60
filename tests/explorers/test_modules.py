"""The explorers' files: small, self-contained, and fit for a strict content security policy."""

import gzip
import re
from pathlib import Path

import pytest

EXPLORERS = Path(__file__).parents[2] / "docs" / "assets" / "explorers"
MODULES = sorted(EXPLORERS.glob("*.js"))
ELEMENTS = ("loss", "race", "landscape", "trap", "weights", "push", "plateau")
BUDGET = 10 * 1024  # bytes gzipped, the promise of issue 6

IMPORT = re.compile(r"""from\s+["'](?P<path>[^"']+)["']""")


def imports(path: Path) -> set[Path]:
    return {(path.parent / match["path"]).resolve() for match in IMPORT.finditer(path.read_text(encoding="utf-8"))}


def needs(path: Path) -> set[Path]:
    """The module and all that it imports, directly or not."""
    found, left = set(), {path}
    while left:
        here = left.pop()
        found.add(here)
        left |= imports(here) - found
    return found


def gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def test_there_are_modules():
    assert {path.stem for path in MODULES} >= {*ELEMENTS, "index", "math", "precision", "chart", "state", "element"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.name)
def test_imports_are_siblings_that_exist(path):
    assert all(target.parent == EXPLORERS.resolve() and target.exists() for target in imports(path))


@pytest.mark.parametrize("name", ELEMENTS)
def test_size_with_its_share_of_what_is_shared(name):
    every = {element: needs(EXPLORERS.resolve() / f"{element}.js") for element in ELEMENTS}
    share = sum(gzipped(path) / sum(path in other for other in every.values()) for path in every[name])
    assert share <= BUDGET


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.name)
def test_nothing_that_a_strict_policy_forbids(path):
    text = path.read_text(encoding="utf-8")
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|\beval\(|new Function|document\.write|[\"']style[\"']|https?://(?!www\.w3\.org/2000/svg)"
    assert re.findall(forbidden, text) == []


NESTED = re.compile(r"`[^`]*\$\{[^`}]*`")


@pytest.mark.parametrize("path", sorted(EXPLORERS.parent.rglob("*.js")), ids=lambda p: p.name)
def test_no_template_stands_inside_another(path):
    """What makes scripts short takes the spaces out of the inner one."""
    assert NESTED.findall(path.read_text(encoding="utf-8")) == []


def test_a_template_inside_another_is_found():
    assert NESTED.search("all.map((line) => `M${line.map((p) => `${p} ${p}`)}`)")
    assert not NESTED.search("`${x} ${y}` + `${z}`")


@pytest.mark.parametrize("path", [*MODULES, *EXPLORERS.glob("*.css")], ids=lambda p: p.name)
def test_files_stay_short_enough_to_read(path):
    limit = 250 if path.suffix == ".js" else 450
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit
