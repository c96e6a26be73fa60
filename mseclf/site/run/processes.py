"""End an example's process with everything it has started."""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36
_PATIENCE: Final = 5.0  # seconds for the system to end what was killed


def adopt_orphans() -> None:
    """Become the parent of every process that a descendant leaves behind, so that `end_strangers` finds it.

    Linux only; elsewhere a process that starts a session of its own and outlives its parent escapes.
    """
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """Be killed when the parent dies, should somebody kill it. Linux only."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def end_group(group: int) -> None:
    """Kill the process group, on Windows the tree of processes."""
    if sys.platform == "win32":
        import subprocess

        subprocess.run(["taskkill", "/T", "/F", "/PID", str(group)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def end_strangers(spared: Collection[int]) -> None:
    """Kill the children of this process that are not spared, with their descendants, and wait until they are gone.

    Args:
        spared: Examples that still run. An orphan in the session of one is its own.
    """
    if sys.platform != "linux":
        return
    deadline = time.monotonic() + _PATIENCE
    while (strangers := list(_strangers(spared))) and time.monotonic() < deadline:
        for process in strangers:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):  # a grandchild
                os.waitpid(process, os.WNOHANG)
        time.sleep(0.002)


def _strangers(spared: Collection[int]) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The second field is the name in parentheses, which may hold anything; the parent's id comes two later.
            fields = entry.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        process, parent, session = int(entry.parent.name), int(fields[1]), int(fields[3])
        if parent != os.getpid() or not {process, session} & set(spared):
            children.setdefault(parent, []).append(process)
    found = list(children.get(os.getpid(), ()))
    for process in found:
        yield process
        found.extend(children.get(process, ()))
