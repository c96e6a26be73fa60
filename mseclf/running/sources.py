"""Which local files a script runs: its imports of mseclf and of its neighbours, read from the syntax tree."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import mseclf

_INSTALLED = Path(mseclf.__file__).resolve().parent


def package_folder(root: Path) -> Path:
    """The mseclf that the examples of this repository import: its own, or else the installed one."""
    own = root / "mseclf"
    return own if (own / "__init__.py").exists() else _INSTALLED


def local_imports(script: str, root: Path) -> frozenset[Path]:
    """Every file of mseclf, and of examples/, that running the script imports.

    All imports count, wherever they stand, so the answer can name a file too many, never one too few, unless the script
    builds a module's name at run time; then the guard in the example's process refuses to read that file.
    """
    folders = {"mseclf": package_folder(root).parent, None: root / "examples"}
    found: set[Path] = set()
    waiting = list(_files(_imported(script, ""), folders))
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        base = folders["mseclf"] if path.is_relative_to(package_folder(root)) else folders[None]
        waiting.extend(_files(_imported_by(path, base), folders))
    return frozenset(found)


def _files(names: frozenset[str], folders: dict[str | None, Path]) -> Iterator[Path]:
    for name in names:
        parts = name.split(".")
        folder = folders["mseclf" if parts[0] == "mseclf" else None]
        # Importing a.b.c runs a, a.b and a.b.c; the last part may also be an attribute, then there is no such file.
        for length in range(1, len(parts) + 1):
            place = folder.joinpath(*parts[:length])
            for candidate in (place / "__init__.py", place.with_name(f"{place.name}.py")):
                if candidate.is_file():
                    yield candidate
                    break


def _imported_by(path: Path, base: Path) -> frozenset[str]:
    status = path.stat()
    return _imported_by_version(path, base, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=1024)
def _imported_by_version(path: Path, base: Path, _time: int, _size: int) -> frozenset[str]:
    parts = path.relative_to(base).with_suffix("").parts
    package = parts[:-1]  # of a module or of an __init__.py alike: the folder it lies in
    try:
        return _imported(path.read_text(encoding="utf-8"), ".".join(package))
    except SyntaxError:
        return frozenset()  # importing it fails, and then nothing is cached


def _imported(script: str, package: str) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(script)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*parents, *([node.module] if node.module else [])])
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return frozenset(names)
