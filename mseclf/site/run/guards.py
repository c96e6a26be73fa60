"""What an example may not do: change the repository, read or list what it did not declare, reach the network.

These are Python audit hooks: they stop mistakes, and name the line, but they are no sandbox. A Python that the example
starts, such as a worker of joblib, is guarded too (`guard_workers`); compiled code and other programs are not seen.
"""

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
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
_LISTINGS: Final = frozenset({"os.listdir", "os.scandir"})
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
    """An example did what no example may do; `line` of the script, where it is known."""

    line: int | None = None

    def __str__(self) -> str:
        return str(self.args[0])  # `shutil.rmtree` sets a file name since Python 3.13, and OSError shows that instead

    def __reduce__(self) -> tuple[type[PermissionError], tuple[Any, ...]]:
        return PermissionError, self.args  # from a worker to the example, which may not import this module


def guard(root: str, reads: Iterable[str], own: str, tell: Callable[[GuardError], None]) -> None:
    """Guard this process from now on; an audit hook cannot be taken away again.

    Args:
        root: The repository.
        reads: The files below it that may be read.
        own: The folder that belongs to this run, wherever it lies.
        tell: Gets each error, for a library may swallow it and go on without what it asked for.
    """
    look = _folder_check(os.path.realpath(root), os.path.realpath(own))
    check = _file_check(os.path.realpath(root), frozenset(map(os.path.realpath, reads)), os.path.realpath(own))

    def inspect(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = args
            check(path, None, _writes(mode, flags))
        elif event in _LISTINGS:
            look(args[0])
        elif event in _CHANGES:
            for position, folder in _CHANGES[event]:
                check(args[position], None if folder is None else args[folder], True)
        elif event in _NETWORK and not _is_local(args):
            raise GuardError(f"{event}: an example runs without a network")

    watched = frozenset({"open", *_LISTINGS, *_CHANGES, *_NETWORK})

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event not in watched:
            return  # thousands of these come from drawing one figure
        if event in _LISTINGS and "importlib" in sys._getframe(1).f_code.co_filename:
            return  # Python looks for a module: it reads what it finds, and that is checked
        try:
            inspect(event, args)
        except GuardError as error:
            tell(error)
            raise

    sys.addaudithook(hook)


def guard_workers(root: str, reads: Iterable[str], own: str, told: Path) -> None:
    """Have each Python that this process starts guard itself, and write what it was refused to the file `told`.

    A fresh interpreter imports the `sitecustomize` that it finds first.
    """
    folder = Path(own, "workers")
    folder.mkdir()
    arguments = ", ".join(map(repr, (root, tuple(reads), own, str(told))))
    text = f"import runpy\n\nrunpy.run_path({__file__!r})['guard_worker']({arguments})\n"
    (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
    found = [str(folder), root, os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, found))
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"


def guard_worker(root: str, reads: Iterable[str], own: str, told: str) -> None:
    """Guard a process of which the example will only see what it returns."""
    guard(root, reads, own, lambda error: note(Path(told), error))


def note(told: Path, error: GuardError) -> None:
    """Write a refusal down for the process of the example."""
    with told.open("a", encoding="utf-8") as file:
        file.write(f"{error}\n")


def _folder_check(root: str, own: str) -> Callable[[Any], None]:
    free = (own, *_installed(root))

    def look(folder: Any) -> None:
        if not isinstance(folder, str | bytes | os.PathLike):
            return  # an open folder, or the working one
        real = os.path.realpath(os.fsdecode(folder))
        if real == root or (real.startswith(root + os.sep) and not (real + os.sep).startswith(free)):
            shown = Path(real).relative_to(root).as_posix()
            remedy = f"open each file by its name, and name each in the docstring: `Data: {shown}/one.csv, ...`"
            why = "a file that is added later would not be noticed"
            raise GuardError(f"{shown}: an example must not list a folder, for {why}; {remedy}")

    return look


def _file_check(root: str, reads: frozenset[str], own: str) -> Callable[[Any, Any, bool], None]:
    inside = root + os.sep
    installed = _installed(root)

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


def _installed(root: str) -> tuple[str, ...]:
    """A virtual environment often lies in the repository; its packages are pinned by the lock file."""
    return tuple(os.path.realpath(path) + os.sep for path in {sys.prefix, sys.base_prefix} if path != root)


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
