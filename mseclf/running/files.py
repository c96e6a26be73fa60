"""Files that appear whole or not at all, and digests of files."""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

PART: Final = ".part"
"""Suffix of a file that is being written; one is left behind when a build is killed."""


def write_whole(path: Path, data: bytes) -> None:
    """Write under another name and move into place, so that a reader meets the old file, the new one or none.

    Raises:
        OSError: The folder is read-only or the disk is full; nothing is left behind then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=PART)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(part).replace(path)
    except BaseException:
        remove(Path(part))
        raise


def remove(path: Path) -> None:
    """Remove a file if that is possible: another build may have been faster, or the folder may be read-only."""
    with contextlib.suppress(OSError):
        path.unlink()


def digest(data: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file; the word "missing" when it cannot be read."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return "missing"
