"""docs/ledger.yml, every equation's status: no claim slides to `skip` or `def`, and no permalink goes, unseen."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import yaml

from mseclf.site.defect import Defect, Place, Rule
from mseclf.site.page.source import Source
from mseclf.site.publish.site import Site

LEDGER: Final = "docs/ledger.yml"
UPDATE: Final = "`make ledger`"
_PREFACE: Final = """\
# Every display equation of the site, its status, and the function that it agrees with. Made by `make ledger`; read the
# diff before committing it: a claim that was proved and no longer is, or a permalink that is gone, shows here.
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
        committed = read_ledger(file)
    except (ValueError, yaml.YAMLError) as error:
        message = f"the ledger cannot be read: {' '.join(str(error).split())}"
        yield Defect(Place(LEDGER, 1), Rule.LEDGER, message, f"run {UPDATE}: it is written anew from the pages")
        return
    places = {equation.id: equation.place for page in site.pages.values() for equation in page.equations}
    found = {name: committed[name] for name in committed.keys() & places.keys()}
    found |= stands(site)
    if site.broken_pages:  # their equations are not known: nothing can be said to be gone
        found = {**committed, **found}
    text = file.read_text(encoding="utf-8")
    for name, words in compare_ledger(committed, found):
        place = places.get(name) or _line_of(name, text)
        yield Defect(place, Rule.LEDGER, f"ledger: {words}", f"if that is meant, run {UPDATE} and commit the change")


def stands(site: Site) -> dict[str, str]:
    """What the ledger says of each equation that was decided: its status, and the function that it agrees with."""
    return {
        name: f"{verdict.status.value}{f', as {verdict.equation.code}' if verdict.equation.code else ''}"
        for name, verdict in site.verdicts.items()
        if not verdict.status.fails
    }


def _line_of(name: str, text: str) -> Place:
    found = re.search(rf"^{re.escape(name)}:", text, re.MULTILINE)
    return Source(LEDGER, text).place_of(found.start() if found else 0)


def read_ledger(path: Path) -> dict[str, str]:
    """Identity to status; empty if there is no ledger yet."""
    if not path.exists():
        return {}
    data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    if not isinstance(data, dict):
        raise ValueError(f"{path.name}: expected a mapping of equation ids to statuses")
    return {str(key): str(value) for key, value in data.items()}


def compare_ledger(committed: Mapping[str, str], found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the name of each equation that differs, and the difference in words."""
    for key in sorted(committed.keys() | found.keys()):
        if key not in found:
            yield key, f"{key} ({committed[key]}) is gone from the pages, and its permalink with it"
        elif key not in committed:
            yield key, f"{key} ({found[key]}) is new"
        elif committed[key] != found[key]:
            yield key, f"{key} was {committed[key]} and is {found[key]} now"


def write_ledger(path: Path, found: Mapping[str, str]) -> None:
    """Write the ledger, sorted by identity so that a diff shows changes only."""
    body = "".join(f"{key}: {status}\n" for key, status in sorted(found.items()))
    path.write_text(_PREFACE + body, encoding="utf-8")
