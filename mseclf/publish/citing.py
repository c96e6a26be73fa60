"""How to cite: BibTeX, APA and CFF, for the site, a page, an equation and the works that the site is based on.

Everything comes from CITATION.cff; the permalink is added to it. Every function here is pure.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import yaml

MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]  # APA's words
# Stands in a template where a script puts an equation's number and id. BibTeX, APA and JSON leave it as it is.
NUMBER: Final = "@number@"
ID: Final = "@id@"
_LATEX: Final = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces, also escaped ones
    "}": r"\textbraceright{}",
    **{character: f"\\{character}" for character in "&%$#_"},
}


class _Plain(yaml.SafeDumper):
    """Writes what occurs twice twice: an alias is YAML that few readers know."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@dataclass(frozen=True)
class Work:
    """One thing that can be cited.

    Attributes:
        key: its key in BibTeX.
        title: its title, as plain text.
        authors: pairs of first names and family name; a group has no first names.
        date: ``2026-11-23``, or only the year.
        url: its permanent address.
        version: of the site; empty for other works.
        within: the title of the work that it is a part of, or who publishes it.
    """

    key: str
    title: str
    authors: tuple[tuple[str, str], ...]
    date: str
    url: str
    version: str = ""
    within: str = ""

    @property
    def year(self) -> str:
        """The year of the date."""
        return self.date[:4]


def site_work(citation: Mapping[str, Any], address: str) -> Work:
    """The site itself. `citation` is the content of CITATION.cff, `address` the site's root."""
    return Work(
        key=f"mseclf{str(citation['date-released'])[:4]}",
        title=citation["title"],
        authors=_authors(citation),
        date=str(citation["date-released"]),
        url=address,
        version=str(citation["version"]),
    )


def basis_works(citation: Mapping[str, Any]) -> tuple[Work, ...]:
    """The works under ``references``: the document that the site corrects, and the article that it reviewed."""
    return tuple(_reference(reference) for reference in citation["references"])


def _reference(reference: Mapping[str, Any]) -> Work:
    authors = _authors(reference)
    date = str(reference.get("date-released", reference["year"]))
    return Work(
        key=f"{authors[0][1].split()[-1].lower()}{date[:4]}",
        title=reference["title"],
        authors=authors,
        date=date,
        url=reference["url"],
        within=reference["publisher"]["name"] if "publisher" in reference else "",
    )


def _authors(fields: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        ("", author["name"]) if "name" in author else (author["given-names"], author["family-names"])
        for author in fields["authors"]
    )


def page_work(site: Work, title: str, address: str) -> Work:
    """One page of the site; `address` is its own address."""
    name = address.removeprefix(site.url).strip("/").replace("/", "-")
    return replace(site, key=f"{site.key}-{name}", title=title, url=address, within=site.title) if name else site


def equation_work(page: Work, number: int | str, equation_id: str) -> Work:
    """One display equation of a page: its number on the page, its id, and the address that never changes."""
    return replace(
        page,
        key=f"{page.key.split('-')[0]}-{equation_id}",
        title=f"Equation ({number}) of \N{LEFT DOUBLE QUOTATION MARK}{page.title}\N{RIGHT DOUBLE QUOTATION MARK}",
        url=f"{page.url}#{equation_id}",
        within=page.within or page.title,
    )


def bibtex(work: Work) -> str:
    """An entry that BibTeX and BibLaTeX read: ``@misc``, because BibTeX knows no software."""
    authors = [
        f"{_latex(family)}, {_latex(first)}" if first else f"{{{_latex(family)}}}" for first, family in work.authors
    ]
    fields = {
        "author": f"{{{' and '.join(authors)}}}",
        "title": f"{{{_protected(_latex(work.title))}}}",
        "howpublished": f"{{{_latex(work.within)}}}" if work.within else "",
        "version": f"{{{_latex(work.version)}}}" if work.version else "",
        "year": f"{{{work.year}}}",
        "month": MONTHS[int(work.date[5:7]) - 1][:3].lower() if len(work.date) > 4 else "",
        "url": f"{{{work.url}}}",
    }
    lines = [f"  {name} = {value}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{work.key},", *lines, "}"])


def _latex(text: str) -> str:
    escaped = "".join(_LATEX.get(character, character) for character in text)
    return escaped.replace("\N{LEFT DOUBLE QUOTATION MARK}", "``").replace("\N{RIGHT DOUBLE QUOTATION MARK}", "''")


def _protected(title: str) -> str:
    """Keep the capitals of abbreviations: bibliography styles turn the others into small letters."""
    return re.sub(r"\b([A-Z]{2,})\b", r"{\1}", title)


def apa(work: Work) -> str:
    """A reference in the style of the American Psychological Association, as plain text."""
    authors = [f"{family}, {_initials(first)}" if first else family for first, family in work.authors]
    listed = ", ".join(authors[:-1]) + (", & " if len(authors) > 1 else "") + authors[-1]
    version = f" (Version {work.version})" if work.version else ""
    title = f"{work.title}{'' if work.within and version else version}"
    within = f"In {work.within}{version}" if version else work.within
    parts = [listed, f"({_apa_date(work.date)})", title, within if work.within else ""]
    return " ".join([*(part if part[-1] in ".?!" else f"{part}." for part in parts if part), work.url])


def _initials(names: str) -> str:
    return " ".join("-".join(f"{part[0]}." for part in name.split("-")) for name in names.split())


def _apa_date(date: str) -> str:
    if len(date) == 4:
        return date
    year, month, day = date.split("-")
    return f"{year}, {MONTHS[int(month) - 1]} {int(day)}"


def cff(citation: Mapping[str, Any], work: Work, commit: str = "") -> str:
    """A CITATION.cff file: the project's own with the address, and what is preferred to be cited if it is a part.

    Args:
        citation: the content of the project's CITATION.cff.
        work: the site, or a part of it.
        commit: of the build; left out when it is not known.
    """
    built = {"commit": commit} if commit else {}
    if not work.within:
        return _yaml({**citation, "url": work.url, **built})
    shared = ("cff-version", "message", "type", "title", "authors", "version", "date-released")
    part = {
        "type": "generic",
        "title": work.title,
        "authors": [*citation["authors"]],
        "collection-title": work.within,
        "version": work.version,
        "date-released": work.date,
        "url": work.url,
    }
    return _yaml({**{name: citation[name] for name in shared}, **built, "preferred-citation": part})


def _yaml(data: Mapping[str, Any]) -> str:
    return str(yaml.dump(data, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100))


def equation_templates(citation: Mapping[str, Any], page: Work, commit: str = "") -> str:
    """The JSON from which a page's script makes the citation of each of its equations; see `cff` for the arguments."""
    work = equation_work(page, NUMBER, ID)
    return as_script_data({"bibtex": bibtex(work), "apa": apa(work), "cff": cff(citation, work, commit)})


def as_script_data(data: Mapping[str, Any] | Sequence[Any]) -> str:
    """JSON that can stand in a ``script`` element: nothing in it ends the element or opens a comment."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
