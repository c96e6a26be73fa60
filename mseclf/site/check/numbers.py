"""Numbers typed by hand: they rot when the run that they came from changes, and a value slot does not."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from mseclf.site.defect import Defect, Rule
from mseclf.site.page import Page
from mseclf.site.run import ExampleRun

# A number in running text, with a point or with commas between thousands; no part of a name, version or date.
_NUMBER = re.compile(
    r"(?<![\w.,:/#-])(?P<sign>[-−]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<decimals>\d+))?(?![\w/]|[.,]\d|:\d)"
)
_DIGITS: Final = 3
_YEAR = re.compile(r"(?:19|20)\d\d")


def typed_numbers(page: Page, runs: Mapping[str, ExampleRun]) -> Iterator[Defect]:
    """Yield the numbers in a page's words that an example shown on this page has computed, to the digits typed.

    Only numbers of three or more significant digits count: a shorter one agrees by chance.
    """
    words = page.words
    for region in (*page.images, *page.headings):  # neither alternative text nor caption nor heading can hold a slot
        words = words[: region.start] + " " * (region.end - region.start) + words[region.end :]
    for match in _NUMBER.finditer(words):
        decimals = match["decimals"] or ""
        if not _is_distinctive(match["digits"], decimals):
            continue
        typed = float(match["digits"].replace(",", "") + "." + decimals + "0")
        for name in sorted(page.examples & runs.keys()):
            key = _value_of(runs[name], typed, len(decimals))
            if key is not None:
                comma = "," if "," in match["digits"] else ""
                slot = f"`{{{name}}} {key}:{comma}.{len(decimals)}f`"
                message = f"{match[0]} is typed by hand, and examples/{name}.py computes it: write {slot}"
                yield Defect(page.place_of(match.start()), Rule.NUMBER, message)
                break


def _is_distinctive(digits: str, decimals: str) -> bool:
    significant = (digits.replace(",", "") + decimals).strip("0")  # 1.00 is what many things come to
    return len(significant) >= _DIGITS and (bool(decimals) or not _YEAR.fullmatch(digits))


def _value_of(run: ExampleRun, typed: float, decimals: int) -> str | None:
    """The name of the value that reads like this when it is rounded to so many decimals."""
    for key, value in run.values.items():
        if isinstance(value, bool | str):
            continue
        if f"{abs(value):.{decimals}f}" == f"{typed:.{decimals}f}":
            return key
    return None
