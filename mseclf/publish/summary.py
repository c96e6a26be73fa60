"""A page in one or two sentences, for search engines and previews."""

import re
from collections.abc import Callable, Iterator

from mseclf.pages import Page, Region
from mseclf.pages.fences import Prose, split

_NOT_PROSE = re.compile(r"[<>|!]|[-*+] |\d+\.")  # HTML, quotes, tables, images, lists


def description(page: Page, otherwise: str, word: Callable[[Region], str | None], limit: int = 300) -> str:
    """The page's first paragraph as plain text, cut after a sentence.

    Args:
        page: the page.
        otherwise: what to say of a page that does not begin with a paragraph.
        word: the text in the place of a region; None where the page's own text is right.
        limit: the most characters, where one sentence is not longer; search engines show about half of it.
    """
    kept = ""
    for sentence in re.findall(r".+?[.?!](?=\s|$)", _plain(next(_opening(page, word), ""))):
        if kept and len(kept) + len(sentence) > limit:
            break
        kept += sentence
    return kept or otherwise


def _opening(page: Page, word: Callable[[Region], str | None]) -> Iterator[str]:
    """The paragraphs between the title and the first section."""
    for part in split(page.path, page.text):
        if isinstance(part, Prose):
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


def _plain(markdown: str) -> str:
    """Markdown without its marks: link texts, no citations, no emphasis, no code."""
    text = re.sub(r"\s*\[@[^\]]*\]", "", markdown)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"\*+|`", "", text).split())
