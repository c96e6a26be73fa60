"""Where citations meet the site: the blocks of the Cite page, and what each page says about itself in its head.

A page says where a citation goes with a comment: ``<!-- cite: site -->``, the key of a work under ``references`` in
CITATION.cff, or the id of an equation.
"""

import html
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from mseclf.site.defect import Defect, Rule, did_you_mean
from mseclf.site.page import Page, Region
from mseclf.site.page.source import Source
from mseclf.site.publish import citing
from mseclf.site.publish.generated import below, page_title
from mseclf.site.publish.head_tags import Described, description, head_tags
from mseclf.site.publish.literal import fenced
from mseclf.site.publish.literature import cited_keys
from mseclf.site.publish.work import Work

_CFF_FOLD: Final = '<details class="reveal" markdown="1"><summary>CITATION.cff</summary>'
_MARKER = re.compile(r"^<!-- cite: (?P<name>[^ ]+) -->$", re.MULTILINE)


@dataclass(frozen=True)
class Citing:
    """Cites one build of the site.

    Attributes:
        citation: the content of CITATION.cff.
        address: the address of the site's root, with a slash at its end.
        commit: that the site was built from; empty when it is not known.
        literature: the works that pages cite, by key.
        pages: the site's pages by path.
        word: the plain text that stands for a formula or a value; None for other regions.
        pdfs: the addresses, from the site's root, of the pages that are PDF documents too, by path.
    """

    citation: Mapping[str, Any]
    address: str
    commit: str
    literature: Mapping[str, Work]
    pages: Mapping[str, Page]
    word: Callable[[Region], str | None]
    pdfs: Mapping[str, str]

    @cached_property
    def site(self) -> Work:
        """The site itself."""
        return citing.site_work(self.citation, self.address)

    @cached_property
    def basis(self) -> tuple[Work, ...]:
        """The works that the site is based on."""
        return citing.basis_works(self.citation)

    def page(self, path: str) -> Work:
        """The page at `path`, such as ``docs/demonstration.md``."""
        title = page_title(self.pages[path])
        return citing.page_work(self.site, title, self.address + page_address(path))

    def head(self, path: str) -> str:
        """What a page's head says about it, and the template from which its equations are cited."""
        page = self.pages[path]
        work = self.page(path)
        cited = [self.literature[key] for key in sorted(cited_keys(page) & self.literature.keys())]
        known = {one.address for one in self.basis}
        pdf = self.pdfs.get(path)
        described = Described(
            work=work,
            site=self.site,
            description=self.description(path),
            basis=self.basis,
            cited=[one for one in cited if one.address not in known],
            keywords=self.citation["keywords"],
            pdf=self.address + pdf if pdf else "",
        )
        tags = head_tags(described)
        if page.equations:
            tags += f'\n  <script type="application/json" id="citation">{citing.equation_template(work)}</script>'
        return tags

    def description(self, path: str) -> str:
        """The page at `path` in a sentence or two: its own, else the site's."""
        return description(self.pages[path], " ".join(self.citation["abstract"].split()), self.word)

    @cached_property
    def works(self) -> Mapping[str, Work]:
        """Everything of the site that can be cited, by the name that a marker gives it."""
        works = {"site": self.site, **{work.key: work for work in self.basis}}
        for path, page in self.pages.items():
            for name, number in page.numbers.items():
                works[name] = citing.equation_work(self.page(path), number, name)
        return works

    def fill(self, path: str, text: str) -> str:
        """Replace the markers in the text of the page at `path` by citations; a wrong one by what is wrong with it."""

        def block(match: re.Match[str]) -> str:
            if match["name"] in self.works:
                return self._block(self.works[match["name"]], below(text[: match.start()]))
            return f'<p class="build-error">{html.escape(str(self._unknown(path, text, match)))}</p>'

        return _MARKER.sub(block, text)

    def unknown(self) -> Iterator[Defect]:
        """Yield each marker on a page that names nothing that can be cited."""
        for path, page in self.pages.items():
            for match in _MARKER.finditer(page.text):
                if match["name"] not in self.works:
                    yield self._unknown(path, page.text, match)

    def _unknown(self, path: str, text: str, marker: re.Match[str]) -> Defect:
        message = f"there is nothing to cite by the name {marker['name']!r}"
        remedy = did_you_mean(marker["name"], self.works)
        return Source(path, text).defect(marker.start(), Rule.CITATION, message, remedy)

    def _block(self, work: Work, marks: str) -> str:
        """A heading for each format. Every block can be copied; the long one is folded."""
        parts = ['<div class="reference" markdown="1">']
        if not (work.version and work.within):  # no part of the site
            apa = fenced("text", citing.apa(work))
            parts.append(f'{marks} APA\n\n<div class="apa" markdown="1">\n\n{apa}\n\n</div>')
        parts.append(f"{marks} BibTeX\n\n{fenced('bibtex', citing.bibtex(work))}")
        if work == self.site:
            file = fenced("yaml", citing.cff(self.citation, work.url, self.commit).rstrip("\n"))
            parts.append(f"{marks} CFF\n\n{_CFF_FOLD}\n\n{file}\n\n</details>")
        return "\n\n".join([*parts, "</div>"])


def page_address(path: str) -> str:
    """The address of a page from the site's root: ``docs/beyond/index.md`` is at ``beyond/``."""
    stem = posixpath.splitext(path.removeprefix("docs/"))[0]
    folder = posixpath.dirname(stem) if posixpath.basename(stem) == "index" else stem
    return f"{folder}/" if folder else ""
