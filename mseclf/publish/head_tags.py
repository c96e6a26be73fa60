"""What a page says about itself to scholarly indexes, to those who share it, and to search engines."""

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from mseclf.publish.citing import Work, as_script_data
from mseclf.publish.literature import Entry

CARD = "assets/card.png"
CARD_SIZE = (1200, 630)
CARD_ALT = (
    "The gradient in the logit of a positive example: the squared error's dies where the model is sure and wrong, "
    "cross-entropy's goes to one."
)
_LICENSES = ("https://creativecommons.org/licenses/by/4.0/", "https://opensource.org/license/mit")


@dataclass(frozen=True)
class Described:
    """A page as others shall see it.

    Attributes:
        work: the page as something to cite.
        site: the site as something to cite.
        description: one or two sentences.
        basis: the works that the site is based on.
        cited: the other works that the page cites.
        keywords: of the site.
        pdf: the address of the same text as PDF; empty when there is none.
    """

    work: Work
    site: Work
    description: str
    basis: Sequence[Work]
    cited: Sequence[Work]
    keywords: Sequence[str]
    pdf: str = ""


def head_tags(page: Described) -> str:
    """The tags of one page, ready for its head: citation_*, Open Graph, and schema.org as JSON-LD."""
    lines = [_meta("name", name, value) for name, value in _scholar(page)]
    lines += [_meta("property", name, value) for name, value in _open_graph(page)]
    lines.append(_meta("name", "twitter:card", "summary_large_image"))
    lines.append(f'<script type="application/ld+json">{as_script_data(_schema(page))}</script>')
    return "\n  ".join(lines)


def _meta(attribute: str, name: str, value: str) -> str:
    return f'<meta {attribute}="{name}" content="{html.escape(value)}">'


def _scholar(page: Described) -> Iterable[tuple[str, str]]:
    """Highwire Press tags, the ones that Google Scholar and Zotero read."""
    yield "citation_title", page.work.title
    for first, family in page.work.authors:
        yield "citation_author", " ".join(filter(None, (first, family)))
    yield "citation_publication_date", page.work.date.replace("-", "/")
    yield "citation_language", "en"
    yield "citation_public_url", page.work.url
    if page.work.within:
        yield "citation_inbook_title", page.work.within
    if page.pdf:
        yield "citation_pdf_url", page.pdf
    for keyword in page.keywords:
        yield "citation_keywords", keyword
    for work in page.basis:
        names = "; ".join(f"citation_author={' '.join(filter(None, name))}" for name in work.authors)
        yield "citation_reference", f"citation_title={work.title}; {names}; citation_publication_date={work.date}"


def _open_graph(page: Described) -> Iterable[tuple[str, str]]:
    yield "og:type", "article" if page.work.within else "website"
    yield "og:site_name", page.site.title
    yield "og:title", page.work.title
    yield "og:description", page.description
    yield "og:url", page.work.url
    yield "og:locale", "en_GB"
    yield "og:image", page.site.url + CARD
    yield "og:image:width", str(CARD_SIZE[0])
    yield "og:image:height", str(CARD_SIZE[1])
    yield "og:image:alt", CARD_ALT


def _schema(page: Described) -> dict[str, Any]:
    """The page as a schema.org work that is based on the original document and the article, and cites both."""
    basis = [_creative_work(work) for work in page.basis]
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle" if page.work.within else "WebSite",
        "@id": page.work.url,
        "headline": page.work.title,
        "description": page.description,
        "url": page.work.url,
        "author": _people(page.work),
        "datePublished": page.work.date,
        "version": page.work.version,
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "license": list(_LICENSES),
        "keywords": list(page.keywords),
        "image": page.site.url + CARD,
        "isBasedOn": basis,
        "citation": [*basis, *map(_creative_work, page.cited)],
    }
    if page.work.within:
        data["isPartOf"] = {"@type": "WebSite", "@id": page.site.url, "name": page.site.title, "url": page.site.url}
    if page.pdf:
        data["encoding"] = {"@type": "MediaObject", "contentUrl": page.pdf, "encodingFormat": "application/pdf"}
    return data


def _creative_work(work: Work) -> dict[str, Any]:
    return {
        "@type": "CreativeWork",
        "name": work.title,
        "author": _people(work),
        "datePublished": work.date,
        "url": work.url,
    }


def _people(work: Work) -> list[dict[str, str]]:
    return [
        {"@type": "Person", "givenName": first, "familyName": family, "name": f"{first} {family}"}
        if first
        else {"@type": "Organization", "name": family}
        for first, family in work.authors
    ]


def cited_works(entries: Mapping[str, Entry], keys: Iterable[str], basis: Sequence[Work]) -> tuple[Work, ...]:
    """The literature's entries with these keys as works, without those that are in `basis`."""
    known = {work.url for work in basis}
    found = (entries[key] for key in sorted(keys))
    works = (Work(e.key, e.title, e.authors, e.year, _address(e), within=e.venue) for e in found)
    return tuple(work for work in works if work.url not in known)


def _address(entry: Entry) -> str:
    if entry.doi:
        return f"https://doi.org/{quote(entry.doi, safe='/:;')}"
    return entry.url or f"https://arxiv.org/abs/{entry.arxiv}"
