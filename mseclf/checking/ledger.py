"""The committed ledger against the verdicts: no claim slides to `skip` or `def`, and no permalink goes, unseen."""

import re
from collections.abc import Iterator
from typing import Final

from mseclf.checking.defect import Defect
from mseclf.checking.prose import place_of
from mseclf.pages import Place
from mseclf.proving.ledger import compare_ledger, read_ledger
from mseclf.publish.site import Site

LEDGER: Final = "docs/ledger.yml"


def ledger(site: Site) -> Iterator[Defect]:
    """Yield every difference at the equation's place, or at the ledger's line when the equation is gone.

    What was not decided, because it is outside the focus, counts as unchanged.
    """
    file = site.project.root / LEDGER
    if not file.exists():
        yield Defect(Place(LEDGER, 1), "there is no ledger: run `python -m mseclf check --update-ledger`", "ledger")
        return
    try:
        committed = read_ledger(file)
    except ValueError as error:
        yield Defect(Place(LEDGER, 1), str(error), "ledger")
        return
    places = {equation.id: equation.place for page in site.pages.values() for equation in page.equations}
    found = {name: committed[name] for name in committed.keys() & places.keys()}
    found |= {name: verdict.status.value for name, verdict in site.verdicts.items() if not verdict.status.fails}
    if site.broken_pages:  # their equations are not known: nothing can be said to be gone
        found = {**committed, **found}
    text = file.read_text(encoding="utf-8")
    for message in compare_ledger(committed, found):
        words = message.removeprefix(f"{LEDGER}: ")
        name = words.split(" ", 1)[0]
        yield Defect(places.get(name) or _line_of(name, text), f"ledger: {words}", "ledger")


def _line_of(name: str, text: str) -> Place:
    found = re.search(rf"^{re.escape(name)}:", text, re.MULTILINE)
    return place_of(LEDGER, text, found.start() if found else 0)
