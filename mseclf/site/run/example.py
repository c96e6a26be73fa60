"""An example as it is written: the script, and what its docstring says about it."""

import ast
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DOCSTRING_FIELDS: Final = ("Claim", "Source", "Topics", "Time limit", "Data")
DEFAULT_TIME_LIMIT: Final = 60.0

_FIELD = re.compile(r"(?P<name>[A-Z][a-z]+(?: [a-z]+)?):(?:\s+(?P<text>.*))?$")
_SECONDS = re.compile(r"(\d+(?:\.\d+)?) s")
_SCRIPT_NAME = re.compile(r"[a-z][a-z0-9_]*")
# CPython 3.11 counts the parser's recursion for all threads together: parsing in two at once can raise SystemError.
_PARSING: Final = threading.Lock()


@dataclass(frozen=True)
class Example:
    """A script in examples/ before it runs. `data` are paths relative to the repository."""

    name: str
    script: str
    title: str
    claim: str
    source: str
    topics: tuple[str, ...]
    time_limit: float
    data: tuple[str, ...]


class ExampleError(ValueError):
    """A script that is not an example; `line` says where."""

    def __init__(self, line: int | None, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def example_names(root: Path) -> tuple[str, ...]:
    """Every example of the repository, sorted."""
    return tuple(sorted(path.stem for path in (root / "examples").glob("*.py") if _SCRIPT_NAME.fullmatch(path.stem)))


def nameless(root: Path) -> tuple[str, ...]:
    """The scripts in examples/ that are not run, for their names are none that a page can write."""
    return tuple(
        sorted(path.name for path in (root / "examples").glob("*.py") if not _SCRIPT_NAME.fullmatch(path.stem))
    )


def read_script(name: str, root: Path) -> bytes:
    """The bytes of `examples/NAME.py`.

    Raises:
        ExampleError: There is no such file, it is a link out of examples/, or it cannot be read.
    """
    if not _SCRIPT_NAME.fullmatch(name):
        raise ExampleError(None, f"{name!r} is not a name: lower-case letters, digits and underscores only")
    path = root / "examples" / f"{name}.py"
    try:
        if path.resolve().parent != path.parent.resolve():
            raise ExampleError(None, "is a link to a file outside of examples/")
        return path.read_bytes()
    except FileNotFoundError:
        raise ExampleError(None, "there is no such example") from None
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead to each other
        raise ExampleError(None, f"cannot be read: {error}") from error


def parse_example(name: str, script: bytes) -> Example:
    """Read the docstring of a script.

    The first line is the title. A line `Claim:`, `Source:`, `Topics:`, `Time limit:` or `Data:` opens a field, which
    ends at a blank line or at the next field; everything else is for who reads the script.

    Args:
        name: The example's name.
        script: Its bytes, in UTF-8.

    Raises:
        ExampleError: The script is not Python, or its docstring lacks a title or a claim.
    """
    try:
        with _PARSING:
            tree = ast.parse(script)
        text = script.decode()
    except SyntaxError as error:
        raise ExampleError(error.lineno, f"{type(error).__name__}: {error.msg}") from error
    except ValueError as error:
        raise ExampleError(None, f"{type(error).__name__}: {error}") from error
    docstring = ast.get_docstring(tree) or ""
    if not docstring.partition("\n")[0].strip():
        raise ExampleError(1, "needs a docstring: a title, a blank line, then `Claim: ...`")
    line = tree.body[0].lineno
    title, *rest = docstring.splitlines()
    fields = _fields(rest, first_line=line + 1)
    if not fields.get("Claim"):
        raise ExampleError(line, "its docstring lacks `Claim: ...`, the sentence that it checks")
    return Example(
        name=name,
        script=text,
        title=title.strip().rstrip("."),
        claim=fields["Claim"],
        source=fields.get("Source", ""),
        topics=_listed(fields.get("Topics", "")),
        time_limit=_time_limit(fields.get("Time limit"), line),
        data=_listed(fields.get("Data", "")),
    )


def _fields(lines: list[str], first_line: int) -> dict[str, str]:
    fields: dict[str, str] = {}
    current = None
    for number, line in enumerate(lines, start=first_line):
        match = _FIELD.fullmatch(line.strip())
        if match:
            current = match["name"]
            if current not in DOCSTRING_FIELDS or current in fields:
                problem = "appears twice" if current in fields else f"is none of {', '.join(DOCSTRING_FIELDS)}"
                raise ExampleError(number, f"field `{current}:` {problem}")
            fields[current] = match["text"] or ""
        elif not line.strip():
            current = None
        elif current:
            fields[current] = f"{fields[current]} {line.strip()}".strip()
    return fields


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _time_limit(text: str | None, line: int) -> float:
    if text is None:
        return DEFAULT_TIME_LIMIT
    match = _SECONDS.fullmatch(text)
    if match is None:
        raise ExampleError(line, f"`Time limit: {text}` is not a number of seconds such as `Time limit: 120 s`")
    return float(match[1])
