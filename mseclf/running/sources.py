"""What a file's text says about what it needs: the modules it imports, and the data files an example declares.

Both follow from the text alone, so they can be remembered under its digest (`Memory`): reading many examples again
needs no parser then.
"""

import ast
import hashlib
import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mseclf.running.files import write_whole

_REMEMBERED: Final = 2000
# CPython 3.11 counts the parser's recursion for all threads together: parsing in two at once can raise SystemError.
_PARSING: Final = threading.Lock()


@dataclass(frozen=True)
class Source:
    """What was read from a text.

    Attributes:
        imports: Every module it may import: `mseclf.losses.mse_loss`, or relative `..losses`.
        docstring: Its docstring, "" if it has none.
        line: The line on which the docstring begins.
    """

    imports: tuple[str, ...]
    docstring: str
    line: int


class Memory:
    """Sources by digest, kept in one file; whatever is wrong with the file, it is only slower."""

    def __init__(self, path: Path | None, version: str) -> None:
        self._path = path
        self._version = version
        self._known = self._load()
        self._used: dict[str, Source] = {}

    def source(self, text: bytes) -> Source:
        """Read the text, or remember it.

        Raises:
            SyntaxError: It is not Python.
        """
        digest = hashlib.sha256(text).hexdigest()
        self._used[digest] = self._used.get(digest) or self._known.get(digest) or read_source(text)
        return self._used[digest]

    def save(self) -> None:
        """Write what was new.

        Raises:
            OSError: The file cannot be written.
        """
        if self._path is not None and not self._used.keys() <= self._known.keys():
            newest = list((self._known | self._used).items())[-_REMEMBERED:]
            sources = {digest: (source.imports, source.docstring, source.line) for digest, source in newest}
            write_whole(self._path, json.dumps({"version": self._version, "sources": sources}).encode())

    def _load(self) -> dict[str, Source]:
        try:
            record: Any = json.loads(self._path.read_bytes()) if self._path else {}
            if record.get("version") != self._version:
                return {}
            sources = record["sources"].items()
            return {digest: Source(tuple(imports), docstring, line) for digest, (imports, docstring, line) in sources}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}


def read_source(text: bytes) -> Source:
    """Parse the text.

    Raises:
        SyntaxError: It is not Python.
    """
    with _PARSING:
        tree = ast.parse(text)
    line = tree.body[0].lineno if tree.body else 1
    return Source(tuple(sorted(set(_imports(tree)))), ast.get_docstring(tree) or "", line)


def _imports(tree: ast.Module) -> Iterator[str]:
    """Every import statement counts, wherever it stands: one too many costs a run, one too few costs the truth."""
    for node in _statements(tree.body):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            stem = "." * node.level + (node.module or "")
            # What stands after `import` may be a module or a name in one.
            yield from (f"{stem}.{alias.name}" if node.module else f"{stem}{alias.name}" for alias in node.names)


def _statements(body: Iterable[Any]) -> Iterator[Any]:
    for node in body:
        yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from _statements(getattr(node, block, ()))
