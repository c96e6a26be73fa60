"""One look at the repository: what each example depends on. Every file is read once, and then taken as it was."""

import os
from pathlib import Path

import mseclf
from mseclf.running.files import digest, digest_of_file
from mseclf.running.sources import Memory

_INSTALLED = Path(mseclf.__file__).resolve().parent


def package_folder(root: Path) -> Path:
    """The mseclf that the examples of this repository import: its own, or else the installed one."""
    own = root / "mseclf"
    return own if (own / "__init__.py").exists() else _INSTALLED


class Snapshot:
    """Digests, and imports followed to their end, for all examples of one build."""

    def __init__(self, root: Path, memory: Memory) -> None:
        self.root = root
        self.package = package_folder(root)
        self.memory = memory
        self._digests: dict[str, str] = {}
        self._direct: dict[str, frozenset[str]] = {}
        self._resolved: dict[str, tuple[str, ...]] = {}

    def digest(self, path: Path | str) -> str:
        """The digest of a file."""
        known = self._digests.get(str(path))
        if known is None:
            known = self._digests[str(path)] = digest_of_file(Path(path))
        return known

    def shown(self, path: str) -> str:
        """A file's name for people: relative to the repository, with forward slashes."""
        base = self.package.parent if path.startswith(f"{self.package}{os.sep}") else self.root
        return os.path.relpath(path, base).replace(os.sep, "/")

    def imported_files(self, text: bytes, path: Path) -> frozenset[str]:
        """Every file of mseclf, and of examples/, that running the text imports.

        It may name a file too many. It names one too few only if the script makes up a module's name as it runs; then
        the guard in the example's process refuses to read that file.

        Raises:
            SyntaxError: The text is not Python.
        """
        found: set[str] = set()
        waiting = set(self._files_of(text, str(path)))
        while waiting:
            found |= waiting
            waiting = set().union(*map(self._imported_by, waiting)) - found
        return frozenset(found)

    def _imported_by(self, path: str) -> frozenset[str]:
        known = self._direct.get(path)
        if known is None:
            known = self._direct[path] = self._read_imports(path)
        return known

    def _read_imports(self, path: str) -> frozenset[str]:
        try:
            text = Path(path).read_bytes()
            self._digests[path] = digest(text)
            return self._files_of(text, path)
        except (OSError, SyntaxError, ValueError):
            return frozenset()  # importing it fails, and then nothing is cached

    def _files_of(self, text: bytes, path: str) -> frozenset[str]:
        package = self.shown(path).split("/")[:-1]  # of a module and of an __init__.py alike: the folder
        found: set[str] = set()
        for name in self.memory.source(text).imports:
            stem = name.lstrip(".")
            level = len(name) - len(stem)
            parents = package[: len(package) - level + 1] if level else []
            found.update(self._files(".".join([*parents, stem])))
        return frozenset(found)

    def _files(self, name: str) -> tuple[str, ...]:
        known = self._resolved.get(name)
        if known is None:
            known = self._resolved[name] = self._look_up(name)
        return known

    def _look_up(self, name: str) -> tuple[str, ...]:
        parent, _, _ = name.rpartition(".")
        above = self._files(parent) if parent else ()
        if parent and not above:
            return ()  # not a local package: no need to look for what is inside
        folder = self.package.parent if name.partition(".")[0] == "mseclf" else self.root / "examples"
        place = os.path.join(folder, *name.split("."))  # noqa: PTH118 - thousands of these: pathlib is slow
        for candidate in (os.path.join(place, "__init__.py"), f"{place}.py"):  # noqa: PTH118
            if os.path.isfile(candidate):  # noqa: PTH113
                return (*above, candidate)
        return above  # a name inside the module above
