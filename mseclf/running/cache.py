"""Results on disk: one file per example and key. Only successes; whole or not there; checked when read.

A file is the SHA-256 of the rest on its first line, then one line of JSON. It is written under another name and moved
into place, so a reader meets the old file, the new one or none, whoever else is writing and whenever anybody is killed.
"""

import contextlib
import hashlib
import json
import logging
import os
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mseclf.running.inputs import Inputs, difference, key
from mseclf.running.outcome import ExampleRun

_FORMAT: Final = 1
_KEPT: Final = 4
"""Entries kept for each example: enough to go back and forth between branches."""

_STALE_PART: Final = ".part"
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

    def find(self, name: str, parts: Inputs) -> ExampleRun | Miss:
        """The run with exactly these inputs, or why there is none."""
        if self.folder is None:
            return Miss("there is no cache")
        exact = self._path(name, parts)
        damaged = False
        if exact.exists():
            entry = _read(exact)
            if entry is not None and entry["inputs"] == parts:
                return ExampleRun.from_record(entry["run"], reason="cached")
            damaged = True
        for path in self._entries(name):
            entry = None if path == exact else _read(path)
            if entry is not None:
                reason = "entry was damaged" if damaged else difference(entry["inputs"], parts)
                return Miss(reason, entry["run"]["seconds"])
        return Miss("entry was damaged" if damaged else "never run")

    def store(self, run: ExampleRun, parts: Inputs) -> None:
        """Keep a success. A folder that cannot be written is warned of once; the build goes on."""
        if self.folder is None:
            return
        body = json.dumps({"format": _FORMAT, "inputs": parts, "run": run.to_record()}).encode()
        data = hashlib.sha256(body).hexdigest().encode() + b"\n" + body
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _write_whole(self._path(run.name, parts), data)
        except OSError as error:
            self._warn(error)

    def prune(self, names: Iterable[str]) -> None:
        """Remove all but the newest entries of each example, and those of examples that are gone."""
        if self.folder is None:
            return
        known = set(names)
        seen: dict[str, int] = {}
        for path in sorted(self.folder.glob("*.json"), key=_age):
            name = path.name.partition(".")[0]
            seen[name] = seen.get(name, 0) + 1
            if name not in known or seen[name] > _KEPT:
                _remove(path)
        for path in self.folder.glob(f"*{_STALE_PART}"):
            # Left behind by a build that was killed while writing; a live one is done within seconds.
            if _age(path) > 3600:
                _remove(path)

    def _path(self, name: str, parts: Inputs) -> Path:
        assert self.folder is not None
        return self.folder / f"{name}.{key(parts)[:32]}.json"

    def _entries(self, name: str) -> list[Path]:
        assert self.folder is not None
        return sorted(self.folder.glob(f"{name}.*.json"), key=_age)

    def _warn(self, error: OSError) -> None:
        if not self._warned:
            _log.warning("the cache %s cannot be written, so examples will run again: %s", self.folder, error)
            self._warned = True


def _read(path: Path) -> dict[str, Any] | None:
    """A whole entry of this format, or None."""
    try:
        checksum, _, body = path.read_bytes().partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != checksum:
            return None
        entry: dict[str, Any] = json.loads(body)
        return entry if entry["format"] == _FORMAT else None
    except (OSError, ValueError, KeyError):
        return None


def _write_whole(path: Path, data: bytes) -> None:
    descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=_STALE_PART)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(part).replace(path)
    except BaseException:
        _remove(Path(part))
        raise


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):  # somebody else's build was faster, or the folder is read-only
        path.unlink()


def _age(path: Path) -> float:
    """Seconds since the file was written; a file that has just vanished counts as old."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return float("inf")
