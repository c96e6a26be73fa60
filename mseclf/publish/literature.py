"""The literature: a .bib file in, author-year links on the pages and the list on the Literature page out.

Authors write ``[@auer1995]``, ``[@auer1995; @sima2002]`` or, with a locator, ``[@vandervaart1998, Theorem 5.21]``.
Every function here is pure: text in, text out.
"""

import difflib
import posixpath
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from pybtex.database import BibliographyData, BibliographyDataError, Person, parse_string
from pybtex.database import Entry as BibEntry
from pybtex.scanner import PybtexSyntaxError

from mseclf.pages.fences import Fence, split
from mseclf.pages.place import PageError, Place
from mseclf.publish.literal import literal

LITERATURE_PAGE = "docs/literature.md"

# From left to right, as in Markdown: a comment, an escape, an image or a code span hides what is inside it.
_TOKEN = re.compile(
    r"""
      <!--.*?-->
    | \\.
    | (?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)
    | !\[(?:[^\[\]\\]|\\.|\[[^\]]*\])*\]\([^)]*\)
    | (?P<citation>\[(?P<inside>@[^\[\]]*)\])
    """,
    re.VERBOSE | re.DOTALL,
)
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_WEB = re.compile(r"https?://[\w.-]+(?::\d+)?(?:/\S*)?")
_IN_ADDRESSES = "%/:?#@!$&'*+,;=~"  # all that may stand in an address, but brackets, which would end a link
_ITEM = re.compile(r"\s*@(?P<key>[a-z][a-z0-9_]*)\s*(?:,\s*(?P<locator>[^;@]*?))?\s*")


@dataclass(frozen=True)
class Entry:
    """One work. `authors` are (first names, family name); `venue` is empty for a book without one."""

    key: str
    authors: tuple[tuple[str, str], ...]
    title: str
    venue: str
    year: str
    doi: str = ""
    arxiv: str = ""
    url: str = ""

    @property
    def label(self) -> str:
        """Short name for running text: ``Sima 2002``, ``Mei et al. 2018``."""
        families = [family for _, family in self.authors]
        if len(families) > 2:
            return f"{families[0]} et al. {self.year}"
        return f"{' & '.join(families)} {self.year}"


@dataclass(frozen=True)
class CitingPage:
    """A page that cites: `path` is relative to the repository."""

    path: str
    title: str


@dataclass(frozen=True)
class Citation:
    """One ``[@...]`` in a page: its span in the text, and a key with its locator for each work."""

    start: int
    end: int
    items: tuple[tuple[str, str], ...]


def read_literature(path: str, text: str) -> dict[str, Entry]:
    """Read a .bib file.

    Raises:
        PageError: the file cannot be parsed, repeats a key, or an entry lacks its author, title, year, or every one of
            doi, eprint and url; the place is the entry's line.
    """
    try:
        bibliography: BibliographyData = parse_string(text, "bibtex")
    except PybtexSyntaxError as error:
        raise PageError(Place(path, error.lineno or 1), f"this is not BibTeX: {error}") from error
    except BibliographyDataError as error:
        raise PageError(Place(path, 1), str(error)) from error
    return {key: _entry(key, entry, _place_of_key(path, text, key)) for key, entry in bibliography.entries.items()}


def _place_of_key(path: str, text: str, key: str) -> Place:
    found = re.search(rf"^@\w+\s*\{{\s*{re.escape(key)}\s*,", text, re.MULTILINE)
    return Place(path, text.count("\n", 0, found.start()) + 1 if found else 1)


def _entry(key: str, entry: BibEntry, place: Place) -> Entry:
    fields = {
        name.lower(): " ".join(value.replace("{", "").replace("}", "").split()) for name, value in entry.fields.items()
    }
    missing = [name for name in ("title", "year") if not fields.get(name)]
    if not entry.persons.get("author"):
        missing.insert(0, "author")
    if not any(fields.get(name) for name in ("doi", "eprint", "url")):
        missing.append("doi, eprint or url")
    if missing:
        raise PageError(place, f"{key} has no {', no '.join(missing)}")
    if not _KEY.fullmatch(key):
        raise PageError(place, f"the key {key!r} must be small letters, digits and _, and begin with a letter")
    if fields.get("url") and not _WEB.fullmatch(fields["url"]):
        raise PageError(place, f"the url {fields['url']!r} of {key} is no address of the web")
    return Entry(
        key=key,
        authors=tuple(_name(person) for person in entry.persons["author"]),
        title=fields["title"],
        venue=_venue(fields),
        year=fields["year"],
        doi=fields.get("doi", ""),
        arxiv=fields.get("eprint", ""),
        url=fields.get("url", ""),
    )


def _name(person: Person) -> tuple[str, str]:
    first = " ".join(person.first_names + person.middle_names)
    family = " ".join(person.prelast_names + person.last_names + person.lineage_names)
    return first.replace("{", "").replace("}", ""), family.replace("{", "").replace("}", "")


def _venue(fields: Mapping[str, str]) -> str:
    """Journal or proceedings with volume, number and pages, as far as the entry has them."""
    venue = (
        fields.get("journal") or fields.get("booktitle") or fields.get("publisher") or fields.get("howpublished", "")
    )
    if volume := fields.get("volume"):
        venue += f" {volume}"
        if number := fields.get("number"):
            venue += f"({number})"
    if pages := fields.get("pages"):
        venue += f", {pages.replace('--', '–')}"
    return venue


def citations(path: str, text: str) -> Iterator[Citation]:
    """Yield the page's citations in order; code, comments and images are left alone.

    Raises:
        PageError: what stands between the brackets is not a list of ``@key``.
    """
    for part in split(path, text):
        if isinstance(part, Fence) or "[@" not in text[part.start : part.end]:
            continue
        for match in _TOKEN.finditer(text, part.start, part.end):
            if match["citation"]:
                items = [_ITEM.fullmatch(item) for item in match["inside"].split(";")]
                if None in items:
                    message = f"{match['citation']!r} is not a citation: write [@key], [@key; @key] or [@key, page 3]"
                    raise PageError(_place(path, text, match.start()), message)
                found = tuple((item["key"], item["locator"] or "") for item in items if item)
                yield Citation(match.start(), match.end(), found)


def cite_markdown(path: str, text: str, entries: Mapping[str, Entry]) -> str:
    """Replace the page's citations by author-year links into the Literature page.

    Args:
        path: the page's path, relative to the repository; the links are relative to its folder.
        text: the page.
        entries: the literature, by key.

    Raises:
        PageError: a citation is malformed, or its key is not in the literature; the nearest key is named.
    """
    parts, position = [], 0
    target = posixpath.relpath(LITERATURE_PAGE, posixpath.dirname(path) or ".")
    for citation in citations(path, text):
        links = []
        for key, locator in citation.items:
            if key not in entries:
                raise PageError(_place(path, text, citation.start), _unknown(key, entries))
            links.append(f"[{literal(entries[key].label)}]({target}#{key})" + (f", {locator}" if locator else ""))
        parts += [text[position : citation.start], f"({'; '.join(links)})"]
        position = citation.end
    return "".join([*parts, text[position:]])


def _unknown(key: str, entries: Mapping[str, Entry]) -> str:
    near = difflib.get_close_matches(key, entries, n=1, cutoff=0.0)
    hint = f"; the nearest key is {near[0]!r}" if near else ""
    return f"no work has the key {key!r} in the literature{hint}"


def _place(path: str, text: str, offset: int) -> Place:
    starts = [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]
    line = bisect_right(starts, offset)
    return Place(path, line, offset - starts[line - 1] + 1)


def literature_markdown(entries: Mapping[str, Entry], citing_pages: Mapping[str, Sequence[CitingPage]]) -> str:
    """Render the list of works, by first author and year, each with links back to the pages that cite it."""
    ordered = sorted(entries.values(), key=_order)
    return "\n\n".join(_item(entry, citing_pages.get(entry.key, ())) for entry in ordered) + "\n"


def _order(entry: Entry) -> tuple[str, str, str]:
    """By family name without its accents, so that Šíma stands under S."""
    letters = unicodedata.normalize("NFKD", entry.authors[0][1])
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return plain.casefold(), entry.year, entry.key


def _item(entry: Entry, pages: Sequence[CitingPage]) -> str:
    authors = literal(", ".join(" ".join(filter(None, name)) for name in entry.authors))
    year = literal(entry.year)
    venue = f" *{literal(entry.venue)}*, {year}." if entry.venue else f" {year}."
    lines = [f'- <a id="{entry.key}"></a>{authors}. **{literal(entry.title)}**{_stop(entry.title)}{venue}']
    if links := " · ".join(_links(entry)):
        lines.append(f"  {links}.")
    if pages:
        back = ", ".join(f"[{literal(page.title)}]({_from_literature(page.path)})" for page in pages)
        lines.append(f"  Cited in {back}.")
    return "\n".join(lines)


def _stop(title: str) -> str:
    return "" if title[-1] in ".?!" else "."


def _links(entry: Entry) -> Iterator[str]:
    if entry.doi:
        address = quote(entry.doi, safe="/:;")
        yield f"[doi:{literal(entry.doi)}](https://doi.org/{address})"
    if entry.arxiv:
        yield f"[arXiv:{literal(entry.arxiv)}](https://arxiv.org/abs/{quote(entry.arxiv)})"
    if entry.url:
        yield f"[{literal(urlsplit(entry.url).hostname or '')}]({quote(entry.url, safe=_IN_ADDRESSES)})"


def _from_literature(path: str) -> str:
    return posixpath.relpath(path, posixpath.dirname(LITERATURE_PAGE))
