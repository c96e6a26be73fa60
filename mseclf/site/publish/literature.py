"""The literature: a .bib file in, author-year links on the pages and the list on the Literature page out.

Authors write ``[@auer1995]``, ``[@auer1995; @sima2002]`` or, with a locator, ``[@vandervaart1998, Theorem 5.21]``.
Every function here is pure: text in, text out.
"""

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, urlsplit

from pybtex.database import BibliographyData, BibliographyDataError, Entry, Person, parse_string
from pybtex.scanner import PybtexSyntaxError

from mseclf.site.defect import Defect, Defects, Place, Rule, Trouble, nearest
from mseclf.site.page import Citation, Page, Region
from mseclf.site.page.source import Source
from mseclf.site.publish.literal import literal
from mseclf.site.publish.work import Work

LITERATURE_PAGE = "docs/literature.md"

_WORK_KEY = re.compile(r"[a-z][a-z0-9_]*")
_DOI = re.compile(r"10\.\d+(?:\.\d+)*/\S+")
_WEB = re.compile(r"https?://[\w.-]+(?::\d+)?(?:/\S*)?")
_IN_ADDRESSES = "%/:?#@!$&'*+,;=~"  # all that may stand in an address, but brackets, which would end a link


def read_literature(path: str, text: str) -> dict[str, Entry]:
    """Read a .bib file.

    Raises:
        Defects: the file cannot be parsed, repeats a key, or an entry lacks its author, title, year, or every one of
            doi, eprint and url; the place is the entry's line.
    """
    try:
        bibliography: BibliographyData = parse_string(text, "bibtex")
    except PybtexSyntaxError as error:
        place = Place(path, error.lineno or 1)
        raise Defects(Defect(place, Rule.LITERATURE, f"this is not BibTeX: {_parser_said(error, path)}")) from error
    except BibliographyDataError as error:
        raise Defects(Defect(_second_of_a_key(path, text), Rule.LITERATURE, str(error))) from error
    works: dict[str, Work] = {}
    for key, entry in bibliography.entries.items():
        try:
            works[key] = _work(key, entry)
        except Trouble as trouble:
            raise Defects(trouble.at(_place_of_key(path, text, key), Rule.LITERATURE)) from None
    return works


def _parser_said(error: PybtexSyntaxError, path: str) -> str:
    """What the parser says; it calls a file that it was given as a text by a name of its own."""
    return str(error).replace("<unicode string>", path)


def _place_of_key(path: str, text: str, key: str) -> Place:
    found = re.search(rf"^@\w+\s*\{{\s*{re.escape(key)}\s*,", text, re.MULTILINE)
    return Source(path, text).place_of(found.start() if found else 0)


def _second_of_a_key(path: str, text: str) -> Place:
    seen: set[str] = set()
    for entry in re.finditer(r"^@\w+\s*\{\s*([^,\s]+)\s*,", text, re.MULTILINE):
        if entry[1].lower() in seen:
            return Source(path, text).place_of(entry.start())
        seen.add(entry[1].lower())
    return Place(path, 1)


def _work(key: str, entry: Entry) -> Work:
    fields = {
        name.lower(): " ".join(value.replace("{", "").replace("}", "").split()) for name, value in entry.fields.items()
    }
    missing = [name for name in ("title", "year") if not fields.get(name)]
    if not entry.persons.get("author"):
        missing.insert(0, "author")
    if not any(fields.get(name) for name in ("doi", "eprint", "url")):
        missing.append("doi, eprint or url")
    if missing:
        raise Trouble(f"{key} has no {', no '.join(missing)}")
    if not _WORK_KEY.fullmatch(key):
        raise Trouble(f"the key {key!r} must be small letters, digits and _, and begin with a letter")
    if fields.get("url") and not _WEB.fullmatch(fields["url"]):
        raise Trouble(f"the url {fields['url']!r} of {key} is no address of the web")
    if fields.get("doi") and not _DOI.fullmatch(fields["doi"]):
        raise Trouble(f"the doi {fields['doi']!r} of {key} is none", "it begins with 10., without https://doi.org/")
    return Work(
        key=key,
        authors=tuple(_author(person) for person in entry.persons["author"]),
        title=fields["title"],
        within=_venue(fields),
        date=fields["year"],
        doi=fields.get("doi", ""),
        arxiv=fields.get("eprint", ""),
        url=fields.get("url", ""),
    )


def _author(person: Person) -> tuple[str, str]:
    first = " ".join(person.first_names + person.middle_names)
    family = " ".join(person.prelast_names + person.last_names + person.lineage_names)
    return first.replace("{", "").replace("}", ""), family.replace("{", "").replace("}", "")


def _venue(fields: Mapping[str, str]) -> str:
    """Journal or proceedings with volume, number and pages, as far as the entry has them."""
    kinds = ("journal", "booktitle", "publisher", "institution", "howpublished")
    venue = next(filter(None, map(fields.get, kinds)), "")
    if volume := fields.get("volume"):
        venue += f" {volume}"
        if number := fields.get("number"):
            venue += f"({number})"
    if pages := fields.get("pages"):
        venue += f", {pages.replace('--', '–')}"
    return venue


def cited_keys(page: Page) -> frozenset[str]:
    """The keys of the works that a page cites."""
    return frozenset(key for citation in page.citations for key, _ in citation.items)


def uncited(path: str, text: str, pages: Iterable[Page], works: Mapping[str, Work]) -> Iterator[Defect]:
    """Yield the works that no page cites or tries to cite, at their line in the .bib file."""
    texts = [page.text for page in pages]
    for key in sorted(key for key in works if not any(f"@{key}" in page for page in texts)):
        message, remedy = f"no page cites {key}", f"write [@{key}] where its reader is served, or take the entry away"
        yield Defect(_place_of_key(path, text, key), Rule.LITERATURE, message, remedy)


def cited(page: Page, works: Mapping[str, Work]) -> dict[Region, str]:
    """What stands for each citation of a page.

    Raises:
        Defects: works are not in the literature.
    """
    links: dict[Region, str] = {}
    unknown = []
    for citation in page.citations:
        try:
            links[citation] = cite(page.path, citation, works)
        except Trouble as trouble:
            unknown.append(trouble.at(citation.place, Rule.CITATION))
    if unknown:
        raise Defects(*unknown)
    return links


def cite(path: str, citation: Citation, works: Mapping[str, Work]) -> str:
    """A citation as author-year links into the Literature page.

    Raises:
        Trouble: a key is not in the literature; the nearest one is named.
    """
    target = posixpath.relpath(LITERATURE_PAGE, posixpath.dirname(path) or ".")
    links = []
    for key, locator in citation.items:
        if key not in works:
            near = nearest(key, works, cutoff=0.0)
            remedy = f"the nearest key is {near!r}" if near else ""
            raise Trouble(f"no work has the key {key!r} in the literature", remedy)
        links.append(f"[{literal(works[key].label)}]({target}#{key})" + (f", {locator}" if locator else ""))
    return f"({'; '.join(links)})"


def literature_markdown(works: Mapping[str, Work], citing: Mapping[str, Mapping[str, str]]) -> str:
    """The list of works, by first author and year, each with links back to the pages that cite it.

    Args:
        works: by key.
        citing: for each key the titles of the pages that cite it, by path.
    """
    ordered = sorted(works.values(), key=_order)
    return "\n\n".join(_item(work, citing.get(work.key, {})) for work in ordered) + "\n"


def _order(work: Work) -> tuple[str, str, str]:
    """By family name without its accents, so that Šíma stands under S."""
    letters = unicodedata.normalize("NFKD", work.authors[0][1])
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.casefold(), work.year, work.key


def _item(work: Work, pages: Mapping[str, str]) -> str:
    authors = literal(", ".join(work.names))
    stop = "" if work.title[-1] in ".?!" else "."
    venue = f" *{literal(work.within)}*, " if work.within else " "
    lines = [f'- <a id="{work.key}"></a>{authors}. **{literal(work.title)}**{stop}{venue}{literal(work.date)}.']
    if links := " · ".join(_links(work)):
        lines.append(f"  {links}.")
    if pages:
        folder = posixpath.dirname(LITERATURE_PAGE)
        back = ", ".join(f"[{literal(title)}]({posixpath.relpath(path, folder)})" for path, title in pages.items())
        lines.append(f"  Cited in {back}.")
    return "\n".join(lines)


def _links(work: Work) -> Iterator[str]:
    if work.doi:
        yield f"[doi:{literal(work.doi)}]({work.address})"
    if work.arxiv:
        yield f"[arXiv:{literal(work.arxiv)}](https://arxiv.org/abs/{quote(work.arxiv)})"
    if work.url:
        yield f"[{literal(urlsplit(work.url).hostname or '')}]({quote(work.url, safe=_IN_ADDRESSES)})"
