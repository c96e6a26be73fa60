"""End a process with everything it has started."""

import contextlib
import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36


def adopt_orphans() -> None:
    """Become the parent of every process that a descendant leaves behind, so that `end_descendants` finds it.

    Linux only; elsewhere a process that starts a session of its own and outlives its parent escapes.
    """
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """Be killed when the parent dies, should somebody kill it. Linux only."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def end_descendants(group: int, patience: float = 5.0) -> None:
    """Kill the process group and all descendants of this process, and wait until they are gone."""
    deadline = time.monotonic() + patience
    while True:
        if sys.platform != "linux":
            _kill_group(group)  # what is left of it need not be a child of this process
        if _reaped_all() or time.monotonic() > deadline:
            return
        if sys.platform == "linux":
            for process in _descendants(os.getpid()):
                _kill(process)
        time.sleep(0.002)


def _reaped_all() -> bool:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return True
    return False


def _descendants(ancestor: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The second field is the name in parentheses, which may hold anything; the parent's id comes two later.
            fields = entry.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    found = [ancestor]
    for process in found:
        found.extend(children.get(process, []))
    return found[1:]


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(process, signal.SIGKILL)


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
