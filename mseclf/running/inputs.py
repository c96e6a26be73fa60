"""Everything that decides what an example gives: the key of its cache entry, part by part, so a change has a name."""

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from mseclf.running.files import digest, digest_of_file
from mseclf.running.snapshot import Snapshot

Parts = dict[str, str]
"""Name of a part ("mseclf/losses.py", "NumPy") -> digest or version."""

_ENGINE: Final = Path(__file__).parent
_LIBRARIES: Final = {"NumPy": "numpy", "matplotlib": "matplotlib"}


@dataclass(frozen=True)
class Inputs:
    """What decides a result: files by the name shown to people, and the digest or version of each part."""

    files: dict[str, Path]
    parts: Parts

    @property
    def key(self) -> str:
        """One digest of all parts."""
        return digest("\n".join(f"{name}={value}" for name, value in sorted(self.parts.items())).encode())

    def unchanged(self) -> bool:
        """Whether the files are still what they were."""
        return all(digest_of_file(path) == self.parts[name] for name, path in self.files.items())


def find_inputs(name: str, script: bytes, data: tuple[str, ...], snapshot: Snapshot, common: Parts) -> Inputs:
    """The inputs of an example.

    Args:
        name: Its name.
        script: Its text.
        data: Files it declares, relative to the repository.
        snapshot: The repository.
        common: What is the same for every example, from `engine_parts`.

    Raises:
        SyntaxError: The script is not Python.
    """
    path = snapshot.root / "examples" / f"{name}.py"
    files = {snapshot.shown(file): Path(file) for file in sorted(snapshot.imported_files(script, path))}
    files |= {name: snapshot.root / name for name in data}
    files |= {
        "mseclf/mseclf.mplstyle": snapshot.package / "mseclf.mplstyle",
        "requirements.lock": snapshot.root / "requirements.lock",
    }
    parts = {shown: snapshot.digest(file) for shown, file in files.items()}
    shown = f"examples/{name}.py"
    return Inputs({shown: path} | files, {shown: digest(script)} | parts | common)


def engine_parts() -> Parts:
    """What is the same for every example: versions, and the engine itself."""
    parts = {"Python": f"{platform.python_version()} {sys.platform} {platform.machine()}"}
    parts |= {name: _version(package) for name, package in _LIBRARIES.items()}
    return parts | {f"mseclf/running/{path.name}": digest_of_file(path) for path in sorted(_ENGINE.glob("*.py"))}


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


@lru_cache(maxsize=8)
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
