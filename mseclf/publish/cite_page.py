"""Where citations meet the site: the blocks of the Cite page, and what each page says about itself in its head.

A page says where a citation goes with a comment: ``<!-- cite: site -->``, the key of a work under ``references`` in
CITATION.cff, or the id of an equation.
"""

import difflib
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mseclf.pages import Page, PageError, Place, Region
from mseclf.publish import citing
from mseclf.publish.citing import Work
from mseclf.publish.generated import below, page_title
from mseclf.publish.head_tags import Described, cited_works, head_tags
from mseclf.publish.literature import Entry, citations
from mseclf.publish.summary import description

_FOLD: Final = '<details class="reveal" markdown="1"><summary>CITATION.cff</summary>'
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
    literature: Mapping[str, Entry]
    pages: Mapping[str, Page]
    word: Callable[[Region], str | None]
    pdfs: Mapping[str, str]

    @property
    def site(self) -> Work:
        """The site itself."""
        return citing.site_work(self.citation, self.address)

    @property
    def basis(self) -> tuple[Work, ...]:
        """The works that the site is based on."""
        return citing.basis_works(self.citation)

    def page(self, path: str) -> Work:
        """The page at `path`, such as ``docs/demonstration.md``."""
        title = page_title(self.pages[path])
        return citing.page_work(self.site, title, self.address + page_address(path))

    def head(self, path: str) -> str:
        """What a page's head says about it, and the templates from which its equations are cited."""
        page = self.pages[path]
        keys = {key for citation in citations(path, page.text) for key, _ in citation.items}
        work = self.page(path)
        pdf = self.pdfs.get(path)
        described = Described(
            work=work,
            site=self.site,
            description=self.description(path),
            basis=self.basis,
            cited=cited_works(self.literature, keys & self.literature.keys(), self.basis),
            keywords=self.citation["keywords"],
            pdf=self.address + pdf if pdf else "",
        )
        tags = head_tags(described)
        if page.equations:
            data = citing.equation_templates(self.citation, work, self.commit)
            tags += f'\n  <script type="application/json" id="citation">{data}</script>'
        return tags

    def description(self, path: str) -> str:
        """The page at `path` in a sentence or two: its own, else the site's."""
        return description(self.pages[path], " ".join(self.citation["abstract"].split()), self.word)

    def fill(self, path: str, text: str) -> str:
        """Replace the markers in the text of the page at `path` by citations.

        Raises:
            PageError: a marker names nothing that can be cited; the place is the marker's.
        """
        if not _MARKER.search(text):
            return text
        works = dict(self._works())

        def block(match: re.Match[str]) -> str:
            if match["name"] not in works:
                near = difflib.get_close_matches(match["name"], works, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                message = f"there is nothing to cite by the name {match['name']!r}{hint}"
                raise PageError(Place(path, text.count("\n", 0, match.start()) + 1), message)
            return self._block(works[match["name"]], below(text[: match.start()]))

        return _MARKER.sub(block, text)

    def _works(self) -> Iterator[tuple[str, Work]]:
        yield "site", self.site
        yield from ((work.key, work) for work in self.basis)
        for path, page in self.pages.items():
            for number, equation in enumerate(page.equations, start=1):
                yield equation.id, citing.equation_work(self.page(path), number, equation.id)

    def _block(self, work: Work, marks: str) -> str:
        """A heading for each format. Every block can be copied; the long one is folded."""
        own = work.url.startswith(self.address)
        parts = [
            '<div class="reference" markdown="1">',
            f'{marks} APA\n\n<div class="apa" markdown="1">\n\n{_block("text", citing.apa(work))}\n\n</div>',
            f"{marks} BibTeX\n\n{_block('bibtex', citing.bibtex(work))}",
        ]
        if own:
            file = _block("yaml", citing.cff(self.citation, work, self.commit).rstrip("\n"))
            parts.append(f"{marks} CFF\n\n{_FOLD}\n\n{file}\n\n</details>")
        return "\n\n".join([*parts, "</div>"])


def page_address(path: str) -> str:
    """The address of a page from the site's root: ``docs/beyond/index.md`` is at ``beyond/``."""
    stem = posixpath.splitext(path.removeprefix("docs/"))[0]
    folder = posixpath.dirname(stem) if posixpath.basename(stem) == "index" else stem
    return f"{folder}/" if folder else ""


def _block(language: str, text: str) -> str:
    """A fenced block that no line of the text can close."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"
