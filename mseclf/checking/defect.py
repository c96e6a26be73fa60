"""One thing to mend: where it is, which rule it breaks, and how to mend it."""

import re
from dataclasses import dataclass

from mseclf.pages import Place

_PLACED = re.compile(
    r"(?P<path>[\w.][\w./-]*\.\w+)(?::(?P<line>\d+))?(?::(?P<column>\d+))?: (?P<message>.+)", re.DOTALL
)


@dataclass(frozen=True, order=True)
class Defect:
    """Something to mend. `str()` gives ``docs/page.md:LINE:COL: what is wrong and how to mend it``."""

    place: Place
    message: str
    rule: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def from_text(text: str, rule: str) -> Defect:
    """Read a message of the build, which begins with ``path:line:column:``, ``path:line:`` or ``path:``.

    A message that names no file is kept whole and put at the site's settings: nothing that was found may get lost.
    """
    found = _PLACED.fullmatch(text)
    if found is None:
        return Defect(Place("mkdocs.yml", 1), text, rule)
    place = Place(found["path"], int(found["line"] or 1), int(found["column"] or 1))
    return Defect(place, found["message"], rule)
