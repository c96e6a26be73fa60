"""The rules of pages, which a check and a strict build ask alike: markup, links, numbers and doctests."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from mseclf.site.check.addresses import addresses, one_where_case_does_not_count
from mseclf.site.check.assets import assets
from mseclf.site.check.doctests import doctests
from mseclf.site.check.layout import layout
from mseclf.site.check.links import Targets, links
from mseclf.site.check.markup import markup
from mseclf.site.check.numbers import typed_numbers
from mseclf.site.check.shown import shown
from mseclf.site.check.style import pasted
from mseclf.site.defect import Defect, Place, Rule
from mseclf.site.page import Page
from mseclf.site.publish.generated import MADE
from mseclf.site.publish.notebook_page import PAGE
from mseclf.site.publish.site import PACK, PDFS, Focus, Site
from mseclf.site.run import example_names


def written(site: Site, sources: Mapping[str, str]) -> Mapping[str, Page]:
    """The pages that somebody wrote, and the walk-through."""
    return {p: page for p, page in site.pages.items() if (p in sources and not p.startswith(MADE)) or p == PAGE}


def refused(site: Site, sources: Mapping[str, str]) -> Iterator[Defect]:
    """Yield what is wrong with the pages of a site, beyond what its making has told."""
    targets = targets_of(site)
    for path in sources:
        if path.startswith(MADE):
            message = f"the pages of {path[: path.rindex('/') + 1]} are made while building"
            yield Defect(Place(path, 1), Rule.FILE, message, "put this one elsewhere in docs/")
    # What the making stumbles over can make the rest of its line look wrong: that is told when it is mended.
    stumbles = {(defect.place.path, defect.place.line) for defect in site.defects}
    for page in written(site, sources).values():
        found = [*links(page, targets), *typed_numbers(page, site.runs), *pasted(page), *markup(page), *layout(page)]
        told = stumbles | {(defect.place.path, defect.place.line) for defect in found}
        found += [raw for raw in shown(page, site) if (raw.place.path, raw.place.line) not in told]
        for defect in map(site.notebook.relocate, found):
            if defect.rule is not Rule.MARKUP or (defect.place.path, defect.place.line) not in stumbles:
                yield defect
    yield from addresses(site, targets)
    yield from assets(site.project.root)
    yield from one_where_case_does_not_count(site, targets)


def tested(site: Site, focus: Focus | None) -> tuple[int, list[Defect]]:
    """How many pages and modules have doctests, and what fails of them."""
    root: Path = site.project.root
    pages = [page for path, page in site.pages.items() if not path.startswith(MADE)]
    pages = [page for page in pages if focus is None or page.path in focus.pages]
    modules = sorted((root / "mseclf").rglob("*.py")) if focus is None else []
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in modules}
    count, failures = doctests(root, pages, texts, site.project.cache)
    return count, list(map(site.notebook.relocate, failures))


def targets_of(site: Site) -> Targets:
    """What links may lead to."""
    root = site.project.root
    made = {f"docs/gallery/{name}.md" for name in example_names(root)}
    files = {path.relative_to(root).as_posix() for path in (root / "docs").rglob("*") if path.is_file()}
    pages = set(site.pages) | made
    return Targets(site, pages, files - pages, {f"docs/{file}" for file in (*PDFS.values(), PACK)})
