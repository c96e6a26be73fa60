"""Results on disk: one file per example and key. Only successes; whole or not there; checked when read.

A file is the SHA-256 of the rest on its first line, then one line of JSON. It is moved into place when it is whole,
whoever else is writing and whenever anybody is killed.
"""

import json
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mseclf.running.files import PART, digest, remove, write_whole
from mseclf.running.inputs import Inputs, difference
from mseclf.running.outcome import ExampleRun

_FORMAT: Final = 1
_KEPT: Final = 4
"""Entries kept for each example: enough to go back and forth between branches."""

_log = logging.getLogger("mseclf.running")


@dataclass(frozen=True)
class Miss:
    """Why an example has to run, and how long it took last time, 0 if unknown."""

    reason: str
    seconds: float = 0.0


class Cache:
    """A folder of entries `NAME.KEY.json`; None means that nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._warned = False
        self._listed: dict[str, list[Path]] | None = None

    def find(self, name: str, inputs: Inputs) -> ExampleRun | Miss:
        """The run with exactly these inputs, or why there is none."""
        if self.folder is None:
            return Miss("there is no cache")
        exact = self._path(name, inputs)
        damaged = False
        if exact.exists():
            entry = _read(exact)
            if entry is not None and entry["inputs"] == inputs.parts:
                return ExampleRun.from_record(entry["run"], reason="cached")
            damaged = True
        for path in self._entries().get(name, ()):
            entry = None if path == exact else _read(path)
            if entry is not None:
                reason = "entry was damaged" if damaged else difference(entry["inputs"], inputs.parts)
                return Miss(reason, entry["run"]["seconds"])
        return Miss("entry was damaged" if damaged else "never run")

    def store(self, run: ExampleRun, inputs: Inputs) -> None:
        """Keep a success. A folder that cannot be written is warned of once; the build goes on."""
        if self.folder is None:
            return
        body = json.dumps({"format": _FORMAT, "inputs": inputs.parts, "run": run.to_record()}).encode()
        data = digest(body).encode() + b"\n" + body
        try:
            write_whole(self._path(run.name, inputs), data)
        except OSError as error:
            self.warn(error)

    def prune(self, names: Iterable[str]) -> None:
        """Remove all but the newest entries of each example, and those of examples that are gone."""
        if self.folder is None:
            return
        known = set(names)
        seen: dict[str, int] = {}
        for path in sorted(self.folder.glob("*.*.json"), key=_age):
            name = path.name.partition(".")[0]
            seen[name] = seen.get(name, 0) + 1
            if name not in known or seen[name] > _KEPT:
                remove(path)
        for path in self.folder.glob(f"*{PART}"):
            # Left behind by a build that was killed while writing; a live one is done within seconds.
            if _age(path) > 3600:
                remove(path)

    def _path(self, name: str, inputs: Inputs) -> Path:
        assert self.folder is not None
        return self.folder / f"{name}.{inputs.key[:32]}.json"

    def _entries(self) -> dict[str, list[Path]]:
        """All entries as they were at the first miss, by example, the newest first."""
        if self._listed is None:
            assert self.folder is not None
            self._listed = {}
            for path in sorted(self.folder.glob("*.*.json"), key=_age):
                self._listed.setdefault(path.name.partition(".")[0], []).append(path)
        return self._listed

    def warn(self, error: OSError) -> None:
        """Say once that nothing can be kept."""
        if not self._warned:
            _log.warning("the cache %s cannot be written, so examples will run again: %s", self.folder, error)
            self._warned = True


def _read(path: Path) -> dict[str, Any] | None:
    """A whole entry of this format, or None."""
    try:
        checksum, _, body = path.read_bytes().partition(b"\n")
        if digest(body).encode() != checksum:
            return None
        entry: dict[str, Any] = json.loads(body)
        return entry if entry["format"] == _FORMAT else None
    except (OSError, ValueError, KeyError):
        return None


def _age(path: Path) -> float:
    """Seconds since the file was written; a file that has just vanished counts as old."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return float("inf")
