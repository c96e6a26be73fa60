"""A file's text, which knows where each of its characters stands."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from mseclf.site.defect import Defect, Place, Rule


@dataclass(frozen=True)
class Source:
    """A text of the repository. `path` is relative to it, with forward slashes."""

    path: str
    text: str

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def place_of(self, offset: int) -> Place:
        """Line and column of a character."""
        line = bisect_right(self._starts, offset)
        return Place(self.path, line, offset - self._starts[line - 1] + 1)

    def defect(self, offset: int, rule: Rule, message: str, remedy: str = "") -> Defect:
        """What is wrong at a character."""
        return Defect(self.place_of(offset), rule, message, remedy)
