"""Addresses last: what was published stands, or leads to where it went; no two are one where case does not count."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import yaml

from mseclf.site.check.ledger import line_of, parts_of, unreadable
from mseclf.site.check.links import Targets
from mseclf.site.defect import Defect, Place, Rule
from mseclf.site.publish.cite_page import page_address
from mseclf.site.publish.generated import MADE
from mseclf.site.publish.moved import LEDGER, PAGE_ADDRESS, STANDS, read_ledger
from mseclf.site.publish.site import Site

_TITLE: Final = re.compile(r'<h1 id="([^"]+)"')


def addresses(site: Site, targets: Targets) -> Iterator[Defect]:
    """Yield the addresses that were published and lead nowhere now, at their line."""
    try:
        _, published = parts_of(read_ledger(site.project.root))
    except (ValueError, yaml.YAMLError) as error:
        yield unreadable(error)
        return
    if not published:
        return
    text = (site.project.root / LEDGER).read_text(encoding="utf-8")
    pages = {page_address(path): path for path in targets.pages}
    for address, said in published.items():
        if found := _trouble(address, said, published, pages, targets):
            yield Defect(line_of(address, text), Rule.LINK, *found)


def _trouble(
    address: str, said: str, published: Mapping[str, str], pages: Mapping[str, str], targets: Targets
) -> tuple[str, str] | None:
    old, _, anchor = address.partition("#")
    if said != STANDS and (not PAGE_ADDRESS.fullmatch(address) or said not in pages or not said):
        return f"{address!r} cannot lead to {said!r}", "write `OLD/: NEW/` with the address of a page of the site"
    if said != STANDS and old in pages:
        return f"{address!r} is a page of the site and cannot lead to {said!r}", f"write `{address}: {STANDS}`"
    new = old if old in pages or published.get(old, STANDS) == STANDS else published[old]
    if new not in pages and anchor and old in published:
        return None  # the page is told at its own line
    if new not in pages:
        return f"no page has the address {old!r} any more", f"say here where it went, as `{old}: NEW/`"
    if anchor and not targets.has(pages[new], anchor):
        where = f"nothing on {pages[new]} has the address '#{anchor}' any more"
        return where, f'put <a id="{anchor}"></a> before what took its place'
    return None


def kept(site: Site, targets: Targets) -> dict[str, str]:
    """The addresses that the ledger has, and those that are new.

    Equations are in its other part; a title's address is the page's; nothing gives readers the address of a figure.

    Raises:
        ValueError, yaml.YAMLError: the ledger cannot be read, and where pages went is written nowhere else.
    """
    _, known = parts_of(read_ledger(site.project.root, merged=True))
    for path in site.pages.keys() - site.broken_pages.keys():
        if address := page_address(path):  # the home page does not go
            known.setdefault(address, STANDS)
        if not path.startswith(MADE):
            equations = {equation.id for equation in site.pages[path].equations}
            title = _TITLE.findall(site.project.converter.html(site.pages[path].without(())))
            for anchor in targets.anchors(path) - equations - set(title):
                if not anchor.startswith("fig-"):
                    known.setdefault(f"{page_address(path)}#{anchor}", STANDS)
    return known


def one_where_case_does_not_count(site: Site, targets: Targets) -> Iterator[Defect]:
    """Yield what would be one file of the site where case does not count, and two elsewhere."""
    figures = {
        f"{run.name}-{figure.name}": f"examples/{run.name}.py" for run in site.runs.values() for figure in run.figures
    }
    for names in ({path: path for path in (*targets.pages, *targets.files)}, figures):
        for first, second in _alike(names):
            message = f"{second!r} and {first!r} differ in case only, and are one file on many machines"
            yield Defect(Place(names[second], 1), Rule.FILE, message, "give one of them another name")


def _alike(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for name in sorted(names):
        if (first := seen.setdefault(name.casefold(), name)) != name:
            yield first, name
