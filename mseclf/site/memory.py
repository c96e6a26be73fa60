"""Memory on disk: results by content, one file each, whole or not there, checked when read.

    memory = Memory(folder, version)         # version: a digest of all that decides a result, but for the key
    found = memory.get(key)                  # bytes, or None: make it, then
    memory.put(key, value)                   # keep it; successes only
    memory.prune()                           # after a whole build: the oldest of what it did not use go

Two builds may share a folder, and each may be killed at any moment: a file is moved into place when it is whole. What
is damaged is forgotten. What cannot be written is told once, and costs the saving only.
"""

import contextlib
import hashlib
import logging
import os
import time
from pathlib import Path
from typing import Final

LIMIT: Final = 64 * 1024**2
"""Bytes that a folder holds after `prune`, unless one build uses more."""

_PART: Final = ".part"
_ABANDONED: Final = 3600.0
_logger = logging.getLogger(__name__)


class Memory:
    """Results in a folder of its own; None remembers nothing.

    Args:
        folder: Where they are kept. It need not exist.
        version: What is the same for all keys; results of another version are not found, but kept until `prune` needs
            their room, so that going back to an older commit costs nothing.
        limit: Bytes that `prune` leaves.
    """

    def __init__(self, folder: Path | None, version: str = "", limit: int = LIMIT) -> None:
        self.folder = folder
        self._version = version
        self._limit = limit
        self._used: set[str] = set()
        self._told = False

    def get(self, key: str) -> bytes | None:
        """What was put under the key; None when nothing was, or when it is damaged."""
        if self.folder is None:
            return None
        name = self._name(key)
        try:
            data = (self.folder / name).read_bytes()
        except OSError:
            return None
        if data[:32] != _seal(name, data[32:]):
            return None
        self._used.add(name)
        return data[32:]

    def put(self, key: str, value: bytes) -> None:
        """Keep a value; a folder that cannot be written is told of once."""
        if self.folder is None:
            return
        name = self._name(key)
        try:
            write_whole(self.folder / name, _seal(name, value) + value)
            self._used.add(name)
        except OSError as error:
            if not self._told:
                _logger.warning("the cache %s cannot be written, so its results are made again: %s", self.folder, error)
            self._told = True

    def prune(self) -> None:
        """Remove what this memory has not used, the oldest first, until the limit is kept."""
        now, entries = time.time(), []
        with contextlib.suppress(OSError):
            for entry in os.scandir(self.folder) if self.folder else ():
                with contextlib.suppress(OSError):  # another build was faster, or the folder is read-only
                    status = entry.stat(follow_symlinks=False)
                    if entry.name in self._used:
                        os.utime(entry.path)
                    elif not entry.name.endswith(_PART):
                        entries.append((status.st_mtime, status.st_size, entry.path))
                    elif now - status.st_mtime > _ABANDONED:  # of a build that was killed while it wrote
                        remove(Path(entry.path))
        room = self._limit
        for _, size, path in sorted(entries, reverse=True):
            room -= size
            if room < 0:
                remove(Path(path))

    def _name(self, key: str) -> str:
        return hashlib.sha256(f"{self._version}\0{key}".encode()).hexdigest()[:40]


def _seal(name: str, value: bytes) -> bytes:
    """The digest of a value and its name: an entry that was moved to another name is not believed."""
    return hashlib.sha256(name.encode() + value).digest()


def write_whole(path: Path, data: bytes) -> None:
    """Write under another name and move into place, so that a reader meets the old file, the new one or none.

    Raises:
        OSError: The folder is read-only or the disk is full; nothing is left behind then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.urandom(6).hex()}{_PART}")
    try:
        part.write_bytes(data)
        part.replace(path)
    except BaseException:
        remove(part)
        raise


def remove(path: Path) -> None:
    """Remove a file if that is possible: another build may have been faster, or the folder may be read-only."""
    with contextlib.suppress(OSError):
        path.unlink()
