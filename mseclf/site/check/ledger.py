"""docs/ledger.yml: no claim slides to `skip` or `def`, and no address goes, unseen."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import yaml

from mseclf.site.defect import Defect, Place, Rule
from mseclf.site.page.source import Source
from mseclf.site.publish.moved import LEDGER, read_ledger
from mseclf.site.publish.site import Site

UPDATE: Final = "`make ledger`"
_EQUATION: Final = "eq-"
_PREFACE: Final = f"""\
# What was published. Made by {UPDATE}; read the diff before committing it: a claim that was proved and no longer is
# shows here. First every display equation, its status, and the function that it agrees with. Then the addresses that
# readers may have kept: a page that goes leaves `OLD/: NEW/` here; a heading leaves <a id="old"></a> on its page.
"""


def ledger(site: Site) -> Iterator[Defect]:
    """Yield every difference at the equation's place, or at the ledger's line when the equation is gone.

    What was not decided, because it is outside the focus, counts as unchanged.
    """
    file = site.project.root / LEDGER
    if not file.exists():
        yield Defect(Place(LEDGER, 1), Rule.LEDGER, "there is no ledger", f"run {UPDATE}")
        return
    try:
        committed, _ = parts_of(read_ledger(site.project.root))
    except (ValueError, yaml.YAMLError) as error:
        yield unreadable(error)
        return
    places = {equation.id: equation.place for page in site.pages.values() for equation in page.equations}
    found = {name: committed[name] for name in committed.keys() & places.keys()}
    found |= stands(site)
    if site.broken_pages:  # their equations are not known: nothing can be said to be gone
        found = {**committed, **found}
    text = file.read_text(encoding="utf-8")
    for name, words in compare_ledger(committed, found):
        place = places.get(name) or line_of(name, text)
        yield Defect(place, Rule.LEDGER, f"ledger: {words}", f"if that is meant, run {UPDATE} and commit the change")


def parts_of(read: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The equations of a ledger, and its addresses."""
    equations = {name: said for name, said in read.items() if name.startswith(_EQUATION)}
    return equations, {name: said for name, said in read.items() if name not in equations}


def unreadable(error: Exception) -> Defect:
    """What is said of a ledger that cannot be read."""
    message = f"the ledger cannot be read: {' '.join(str(error).split())}"
    return Defect(Place(LEDGER, 1), Rule.LEDGER, message, f"mend the line, or run {UPDATE} where a merge left marks")


def stands(site: Site) -> dict[str, str]:
    """What the ledger says of each equation that was decided: its status, and the function that it agrees with."""
    return {
        name: f"{verdict.status.value}{f', as {verdict.equation.code}' if verdict.equation.code else ''}"
        for name, verdict in site.verdicts.items()
        if not verdict.status.fails
    }


def line_of(name: str, text: str) -> Place:
    """Where the ledger speaks of an equation or an address."""
    found = re.search(rf"^[\"']?{re.escape(name)}[\"']?:", text, re.MULTILINE)
    return Source(LEDGER, text).place_of(found.start() if found else 0)


def compare_ledger(committed: Mapping[str, str], found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the name of each equation that differs, and the difference in words."""
    for key in sorted(committed.keys() | found.keys()):
        if key not in found:
            yield key, f"{key} ({committed[key]}) is gone from the pages, and its permalink with it"
        elif key not in committed:
            yield key, f"{key} ({found[key]}) is new"
        elif committed[key] != found[key]:
            yield key, f"{key} was {committed[key]} and is {found[key]} now"


def write_ledger(root: Path, equations: Mapping[str, str], addresses: Mapping[str, str]) -> None:
    """Write the ledger, both parts sorted so that a diff shows changes only."""
    body = "".join(
        yaml.safe_dump(dict(part), allow_unicode=True, width=1000) for part in (equations, addresses) if part
    )
    (root / LEDGER).write_text(_PREFACE + body, encoding="utf-8")
