"""The pages of a site as they were read, and the numbers in their prose as they are shown."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from mseclf.site.defect import Defect, Defects, Place, Rule, Trouble
from mseclf.site.frameworks import FrameworkRun
from mseclf.site.page import Page, Region, already, page_of, read_markdown, unread
from mseclf.site.publish.embedded import Examples
from mseclf.site.publish.literature import cited
from mseclf.site.publish.values import format_value
from mseclf.site.publish.work import Work


@dataclass(frozen=True)
class Pages:
    """Pages by path. Of a page that cannot be read nothing is known but its text; `broken` says why."""

    all: Mapping[str, Page]
    broken: Mapping[str, tuple[Defect, ...]]

    def __or__(self, others: "Pages") -> "Pages":
        return Pages({**self.all, **others.all}, {**self.broken, **others.broken})

    def readable(self) -> Iterator[Page]:
        """Yield the pages that could be read."""
        yield from (page for path, page in self.all.items() if path not in self.broken)

    def defects(self) -> Iterator[Defect]:
        """Yield what is wrong with each page, and ids that two pages give: verdicts and citations are kept by id."""
        for found in self.broken.values():
            yield from found
        first: dict[str, Place] = {}
        for page in self.all.values():
            for equation in page.equations:
                if (known := first.setdefault(equation.id, equation.place)) != equation.place:
                    yield already(equation, known)


def read_pages(texts: Mapping[str, str], literature: Mapping[str, Work]) -> Pages:
    """Read each page; what it cites must be in the literature."""
    pages, broken = {}, {}
    for path, text in texts.items():
        markdown = read_markdown(path, text)
        try:
            pages[path] = page_of(markdown)
            cited(pages[path], literature)  # for its errors
        except Defects as found:
            pages[path], broken[path] = unread(markdown), found.defects
    return Pages(pages, broken)


def look_up(
    pages: Iterable[Page], examples: Examples, blocks: Mapping[str, FrameworkRun], tell: Callable[[Defect], None]
) -> dict[Region, str]:
    """What each value slot of these pages shows: a question mark where there is no such value, which is told."""
    computed = {name: run.values for name, run in examples.runs.items()}
    computed |= {name: run.values for name, run in blocks.items()}
    shown: dict[Region, str] = {}
    for slot in (slot for page in pages for slot in page.values):
        shown[slot] = "?"
        if slot.example in examples.failures:
            continue  # the failure is told once, where the script is
        try:
            shown[slot] = format_value(slot, computed)
        except Trouble as trouble:
            tell(trouble.at(slot.place, Rule.VALUE))
    return shown
