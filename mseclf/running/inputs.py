"""Everything that decides what an example gives: the key of its cache entry, part by part, so a change has a name."""

import hashlib
import platform
import sys
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from mseclf.running.example import Example, ExampleError
from mseclf.running.sources import local_imports, package_folder

Inputs = dict[str, str]
"""Name of a part ("mseclf/losses.py", "NumPy") -> digest or version."""

_ENGINE: Final = Path(__file__).parent
_LIBRARIES: Final = {"NumPy": "numpy", "matplotlib": "matplotlib"}


def input_files(example: Example, root: Path) -> dict[str, Path]:
    """The files an example depends on and may read, by the name shown to people.

    Raises:
        ExampleError: A data file that it declares is missing or lies outside the repository.
    """
    package = package_folder(root)
    files = {f"examples/{example.name}.py": root / "examples" / f"{example.name}.py"}
    for path in sorted(local_imports(example.script, root)):
        base = package.parent if path.is_relative_to(package) else root
        files[path.relative_to(base).as_posix()] = path
    files["mseclf/mseclf.mplstyle"] = package / "mseclf.mplstyle"
    for name in example.data:
        path = (root / name).resolve()
        if not path.is_file() or not path.is_relative_to(root.resolve()):
            raise ExampleError(1, f"`Data: {name}`: no such file in the repository")
        files[name] = path
    return files


def inputs(example: Example, root: Path) -> Inputs:
    """The digest of each part that decides the result.

    Raises:
        ExampleError: As `input_files`.
    """
    parts = {name: digest_of_file(path) for name, path in input_files(example, root).items()}
    parts[f"examples/{example.name}.py"] = _digest(example.script.encode())
    lock = root / "requirements.lock"
    if lock.exists():
        parts["requirements.lock"] = digest_of_file(lock)
    return parts | engine_inputs()


def engine_inputs() -> Inputs:
    """The part that is the same for every example: versions, and the engine itself."""
    parts = {"Python": f"{platform.python_version()} {sys.platform} {platform.machine()}"}
    parts |= {name: _version(package) for name, package in _LIBRARIES.items()}
    parts |= {f"mseclf/running/{path.name}": digest_of_file(path) for path in sorted(_ENGINE.glob("*.py"))}
    return parts


def key(parts: Inputs) -> str:
    """One digest of all parts."""
    return _digest("\n".join(f"{name}={value}" for name, value in sorted(parts.items())).encode())


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


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file; the text "missing" when there is none."""
    try:
        return _digest(path.read_bytes())
    except FileNotFoundError:
        return "missing"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=8)
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
