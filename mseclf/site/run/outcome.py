"""What an example left behind: its figures, output and values, or why it failed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any

Scalar = int | float | str | bool


@dataclass(frozen=True)
class Figure:
    """One figure that follows the theme; `width` and `height` in CSS pixels."""

    name: str
    svg: str
    width: int
    height: int


@dataclass(frozen=True)
class ExampleRun:
    """A finished example. `seconds` and `peak_bytes` belong to the run's report, never to a page."""

    name: str
    title: str
    claim: str
    source: str
    topics: tuple[str, ...]
    script: str
    figures: tuple[Figure, ...]
    stdout: str
    stderr: str
    values: Mapping[str, Scalar]
    reason: str
    seconds: float
    peak_bytes: int

    def to_record(self) -> dict[str, Any]:
        """Everything as JSON can hold it, without the reason, which belongs to one build."""
        record = asdict(replace(self, values={}))
        del record["reason"]
        return record | {"values": dict(self.values)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any], reason: str) -> "ExampleRun":
        """The inverse of `to_record`."""
        lists = {
            "figures": tuple(Figure(**figure) for figure in record["figures"]),
            "topics": tuple(record["topics"]),
            "values": MappingProxyType(dict(record["values"])),
        }
        return cls(**{**record, **lists, "reason": reason})


@dataclass(frozen=True)
class ExampleFailure:
    """An example that failed. `str()` is ``examples/NAME.py:LINE: ZeroDivisionError: division by zero``."""

    name: str
    line: int | None
    message: str
    traceback: str = ""
    stdout: str = ""
    stderr: str = ""
    reason: str = field(default="", compare=False)

    @property
    def path(self) -> str:
        """The script, relative to the repository."""
        return f"examples/{self.name}.py"

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.message}"


Outcome = ExampleRun | ExampleFailure
