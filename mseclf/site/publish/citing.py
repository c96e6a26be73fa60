"""How to cite: the site in BibTeX, APA and CFF, the works it is based on in BibTeX and APA, an equation in BibTeX.

Everything comes from CITATION.cff; the permalink is added to it. Every function here is pure.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import yaml

from mseclf.site.publish.work import Work

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
# Stands in a template where a script puts an equation's number and id. BibTeX and JSON leave it as it is.
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


def site_work(citation: Mapping[str, Any], address: str) -> Work:
    """The site itself. `citation` is the content of CITATION.cff, `address` the site's root."""
    return Work(
        key=f"mseclf{str(citation['date-released'])[:4]}",
        authors=_authors(citation),
        title=citation["title"],
        within="",
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
        authors=authors,
        title=reference["title"],
        within=reference["publisher"]["name"] if "publisher" in reference else "",
        date=date,
        url=reference["url"],
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


def equation_work(page: Work, number: str, equation_id: str) -> Work:
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
    """A reference to a whole work in the style of the American Psychological Association, as plain text."""
    authors = [f"{family}, {_initials(first)}" if first else family for first, family in work.authors]
    listed = ", ".join(authors[:-1]) + (", & " if len(authors) > 1 else "") + authors[-1]
    version = f" (Version {work.version})" if work.version else ""
    parts = [listed, f"({_apa_date(work.date)})", f"{work.title}{version}", work.within]
    return " ".join([*(part if part[-1] in ".?!" else f"{part}." for part in parts if part), work.url])


def _initials(names: str) -> str:
    return " ".join("-".join(f"{part[0]}." for part in name.split("-")) for name in names.split())


def _apa_date(date: str) -> str:
    if len(date) == 4:
        return date
    year, month, day = date.split("-")
    return f"{year}, {MONTHS[int(month) - 1]} {int(day)}"


def cff(citation: Mapping[str, Any], address: str, commit: str = "") -> str:
    """The project's CITATION.cff with the site's address and the commit, when it is known."""
    built = {"commit": commit} if commit else {}
    return yaml.safe_dump({**citation, "url": address, **built}, sort_keys=False, allow_unicode=True, width=100)


def equation_template(page: Work) -> str:
    """The JSON from which a page's script makes the BibTeX entry of each of its equations."""
    return as_script_data(bibtex(equation_work(page, NUMBER, ID)))


def as_script_data(data: Any) -> str:
    """JSON that can stand in a ``script`` element: nothing in it ends the element or opens a comment."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
