"""What a page says about itself to scholarly indexes, to those who share it, and to search engines."""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mseclf.site.page import Page, Region
from mseclf.site.page.fences import Prose
from mseclf.site.publish.citing import as_script_data
from mseclf.site.publish.work import Work

CARD = "assets/card.png"
CARD_SIZE = (1200, 630)
CARD_ALT = (
    "The gradient in the logit of a positive example: the squared error's dies where the model is sure and wrong, "
    "cross-entropy's goes to one."
)
_LICENSES = ("https://creativecommons.org/licenses/by/4.0/", "https://opensource.org/license/mit")
_NOT_PROSE = re.compile(r"[<>|!]|[-*+] |\d+\.")  # HTML, quotes, tables, images, lists


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
    for author in page.work.names:
        yield "citation_author", author
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
        names = "; ".join(f"citation_author={name}" for name in work.names)
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
        "citation": [*basis, *map(_cited, page.cited)],
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
        "url": work.address,
    }


def _cited(work: Work) -> dict[str, str]:
    """A work that is cited, by what finds it: who wrote it is told where it leads."""
    return {"@type": "CreativeWork", "name": work.title, "url": work.url}


def _people(work: Work) -> list[dict[str, str]]:
    return [
        {"@type": "Person", "givenName": first, "familyName": family, "name": f"{first} {family}"}
        if first
        else {"@type": "Organization", "name": family}
        for first, family in work.authors
    ]


def description(page: Page, otherwise: str, word: Callable[[Region], str | None], limit: int = 300) -> str:
    """The page's first paragraph as plain text, cut after a sentence.

    Args:
        page: the page.
        otherwise: what to say of a page that does not begin with a paragraph.
        word: the text in the place of a region; None where the page's own text is right.
        limit: the most characters, where one sentence is not longer; search engines show about half of it.
    """
    kept = ""
    for sentence in re.findall(r".+?[.?!](?=\s|$)", _without_marks(next(_opening(page, word), ""))):
        if kept and len(kept) + len(sentence) > limit:
            break
        kept += sentence
    return kept or otherwise


def _opening(page: Page, word: Callable[[Region], str | None]) -> Iterator[str]:
    """The paragraphs between the title and the first section."""
    for part in page.prose:
        for block in re.split(r"\n\s*\n", _worded(page, part, word)):
            text = block.strip()
            if text.startswith("##"):
                return
            if text and not text.startswith("#") and not _NOT_PROSE.match(text):
                yield text


def _worded(page: Page, part: Prose, word: Callable[[Region], str | None]) -> str:
    pieces, position = [], part.start
    for region in page.regions:
        text = word(region) if part.start <= region.start and region.end <= part.end else None
        if text is not None:
            pieces += [page.text[position : region.start], text]
            position = region.end
    return "".join([*pieces, page.text[position : part.end]])


def _without_marks(markdown: str) -> str:
    """Markdown without its marks: link texts, no citations, no emphasis, no code."""
    text = re.sub(r"\s*\[@[^\]]*\]", "", markdown)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"\*+|`", "", text).split())
