"""What an example may not do: change the repository, read files it did not declare, reach the network.

These are Python audit hooks: they stop mistakes, and name the line, but they are no sandbox. Compiled code and programs
that the example starts are not seen by them.
"""

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any, Final

_WRITE_FLAGS: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

# Audit event -> positions of the paths that it changes; the position of dir_fd follows each.
_CHANGES: Final[dict[str, tuple[tuple[int, int | None], ...]]] = {
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.link": ((1, 3),),
    "os.mkdir": ((0, 2),),
    "os.remove": ((0, 1),),
    "os.rename": ((0, 2), (1, 3)),
    "os.rmdir": ((0, 1),),
    "os.symlink": ((1, 2),),
    "os.truncate": ((0, None),),
    "os.utime": ((0, 3),),
    "sqlite3.connect": ((0, None),),
}
_NETWORK: Final = frozenset(
    {
        "socket.bind",
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyaddr",
        "socket.gethostbyname",
        "socket.getnameinfo",
        "socket.sendmsg",
        "socket.sendto",
    }
)


class GuardError(PermissionError):
    """An example did what no example may do."""


def install(root: str, reads: Iterable[str], own: str, refused: list[GuardError]) -> None:
    """Guard this process from now on; an audit hook cannot be taken away again.

    Args:
        root: The repository.
        reads: The files below it that may be read.
        own: The folder that belongs to this run, wherever it lies.
        refused: Gets each error, for a library may swallow it and go on without what it asked for.
    """
    check = _file_check(os.path.realpath(root), frozenset(map(os.path.realpath, reads)), os.path.realpath(own))

    def inspect(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = args
            check(path, None, _writes(mode, flags))
        elif event in _CHANGES:
            for position, folder in _CHANGES[event]:
                check(args[position], None if folder is None else args[folder], True)
        elif event in _NETWORK and not _is_local(args):
            raise GuardError(f"{event}: an example runs without a network")

    watched = frozenset({"open", *_CHANGES, *_NETWORK})

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event not in watched:
            return  # thousands of these come from drawing one figure
        try:
            inspect(event, args)
        except GuardError as error:
            refused.append(error)
            raise

    sys.addaudithook(hook)


def _file_check(root: str, reads: frozenset[str], own: str) -> Callable[[Any, Any, bool], None]:
    inside = root + os.sep
    # A virtual environment often lies in the repository; its packages are pinned by the lock file.
    installed = tuple(os.path.realpath(path) + os.sep for path in {sys.prefix, sys.base_prefix} if path != root)

    def check(path: Any, folder: Any, writes: bool) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # an open file descriptor: it was checked when it was opened
        real = os.path.realpath(os.path.join(_folder(folder), os.fsdecode(path)))  # noqa: PTH118 - bytes paths too
        if not (real + os.sep).startswith(inside) or (real + os.sep).startswith(own + os.sep):
            return
        shown = real.removeprefix(inside)
        if writes:
            raise GuardError(f"{shown}: an example must not write into the repository")
        if real in reads or real.startswith(installed) or os.path.isdir(real):  # noqa: PTH112 - a text, not a Path
            return
        if real.endswith(".pyc"):
            raise PermissionError(shown)  # Python then reads the source instead, and that is checked
        raise GuardError(f"{shown}: read, but not declared: add `Data: {shown}` to the docstring")

    return check


def _folder(descriptor: Any) -> str:
    if isinstance(descriptor, int) and descriptor >= 0:
        try:
            return os.readlink(f"/proc/self/fd/{descriptor}")  # noqa: PTH115 - not a path of ours
        except OSError:
            return ""
    return ""


def _writes(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & _WRITE_FLAGS)


def _is_local(args: tuple[Any, ...]) -> bool:
    # The sockets of multiprocessing stay on this machine: their address is a path, not a host and a port.
    family = getattr(args[0], "family", None)
    return getattr(family, "name", None) == "AF_UNIX"
