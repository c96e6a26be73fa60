"""A position in a file of the repository, and the errors that name one."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: repository-relative POSIX path, line and column, both counted from 1."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


def place_of_words(path: str, text: str, words: str) -> Place:
    """Where words stand in a text, in small or large letters or as entities; its first line when they do not."""
    wanted = words.lower()
    offset = text.lower().find(wanted)
    if offset >= 0:
        return Place(path, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
    for number, line in enumerate(text.split("\n"), start=1):
        if wanted in re.sub(r"[\x00-\x20]+", "", html.unescape(line)).lower():
            return Place(path, number)
    return Place(path, 1)


class PageError(ValueError):
    """A page breaks a rule. `str()` gives ``docs/page.md:LINE:COL: what is wrong and how to mend it``."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.message = message


class PageErrors(ValueError):
    """Every defect that was found in one page, so that an author mends them in one round."""

    def __init__(self, errors: Iterable[PageError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: error.place))
        super().__init__("\n".join(map(str, self.errors)))
