"""Everything that decides what an example gives: the key of its cache entry, part by part, so a change has a name."""

import ast
import hashlib
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import mseclf

Parts = dict[str, str]
"""Name of a part ("mseclf/losses.py", "NumPy") -> digest or version."""

_ENGINE: Final = Path(__file__).parent
_INSTALLED: Final = Path(mseclf.__file__).resolve().parent
_LIBRARIES: Final = {"NumPy": "numpy", "matplotlib": "matplotlib"}


@dataclass(frozen=True)
class Inputs:
    """What decides a result: files by the name shown to people, the digest or version of each part, declared data."""

    files: dict[str, Path]
    parts: Parts
    data: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """One digest of all parts."""
        return digest("\n".join(f"{name}={value}" for name, value in sorted(self.parts.items())).encode())

    def unchanged(self) -> bool:
        """Whether the files are still what they were."""
        return all(_state(name, path) == self.parts[name] for name, path in self.files.items())


def package_folder(root: Path) -> Path:
    """The mseclf that the examples of this repository import: its own, or else the installed one."""
    own = root / "mseclf"
    return own if (own / "__init__.py").exists() else _INSTALLED


def shared_files(root: Path) -> dict[str, Path]:
    """What every example depends on: the mathematics, all of which `import mseclf` loads, its style, the lock."""
    package = package_folder(root)
    files = {f"mseclf/{path.name}": path for path in sorted((*package.glob("*.py"), package / "mseclf.mplstyle"))}
    return files | {"requirements.lock": root / "requirements.lock"}


def find_inputs(name: str, script: bytes, data: tuple[str, ...], root: Path, common: Inputs) -> Inputs:
    """The inputs of an example.

    Args:
        name: Its name.
        script: Its text.
        data: Files it declares, relative to the repository.
        root: The repository.
        common: What is the same for every example, from `common_inputs`.
    """
    shown = f"examples/{name}.py"
    own = {path: root / path for path in data}
    parts = {shown: digest(script)} | {path: digest_of_file(file) for path, file in own.items()}
    return Inputs({shown: root / shown} | own | common.files, parts | common.parts, data)


def common_inputs(root: Path) -> Inputs:
    """What is the same for every example of a build: each file is read once, and then taken as it was."""
    files = shared_files(root)
    return Inputs(files, {name: _state(name, path) for name, path in files.items()} | engine_parts())


def engine_parts() -> Parts:
    """What is the same for every example: versions, and the engine itself."""
    parts = {"Python": f"{platform.python_version()} {sys.platform} {platform.machine()}"}
    parts |= {name: _version(package) for name, package in _LIBRARIES.items()}
    return parts | {f"mseclf/site/run/{path.name}": digest_of_file(path) for path in sorted(_ENGINE.glob("*.py"))}


def difference(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """What changed, in words: `mseclf/losses.py changed`, `NumPy 2.4.5 -> 2.4.6`; empty when nothing did."""
    words = []
    for name in [*new, *(name for name in old if name not in new)]:
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if name in _LIBRARIES or name == "Python":
            words.append(f"{name} {before} -> {after}")
        elif before is None or after is None:
            words.append(f"{name} {'added' if before is None else 'removed'}")
        else:
            words.append(f"{name} changed")
    return ", ".join(words)


def digest(data: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file; the word "missing" when it cannot be read."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return "missing"


def _state(name: str, path: Path) -> str:
    return digest_of_code(path) if name.startswith("mseclf/") and name.endswith(".py") else digest_of_file(path)


def digest_of_code(path: Path) -> str:
    """SHA-256 of what a module does: no result depends on its comments and docstrings."""
    try:
        return _digest_of_code(path.read_bytes())
    except OSError:
        return "missing"


@lru_cache(maxsize=64)
def _digest_of_code(source: bytes) -> str:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return digest(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and (
            ast.get_docstring(node, clean=False) is not None
        ):
            del node.body[0]
    return digest(ast.dump(tree).encode())


@lru_cache(maxsize=8)
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
