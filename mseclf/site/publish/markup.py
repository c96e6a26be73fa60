"""From a page's Markdown to its final HTML, in two steps around the Markdown converter.

Before it, each region becomes an empty element that knows its number: converters leave those alone. After it, the
elements are filled, first with plain TeX for the search index, last with the drawings. So no drawing passes through
Markdown, and readers find a formula by its TeX. The index begins an entry at each heading: what a reader may look for
by itself, a display or a word of the glossary, has a heading while the index is made, and none on the page.
"""

import html
import re
from collections.abc import Callable, Mapping

from mseclf.site.page import (
    Citation,
    DisplayEquation,
    Dollar,
    ExampleImage,
    Fold,
    InlineFormula,
    Page,
    Region,
    ValueSlot,
)

# An empty slot, or one that holds words. A paragraph around a block is Markdown's and goes. Inside a folded proof
# Markdown writes the attributes anew, in its own order.
_FULL_SLOT = re.compile(
    r'(?:<p>\s*)?<div(?: id="[^"]*")? data-region="(?P<block>\d+)"(?: id="[^"]*")?>[^<]*</div>(?:\s*</p>)?'
    r'|<span data-region="(?P<inline>\d+)">[^<]*</span>'
)
_ENTRY = re.compile(r'<h6 data-entry id="[^"]*">[^<]*</h6>')
# A word that is explained: an item that begins with an address and the word in bold, with a colon after it.
_EXPLAINED = re.compile(r'(?<=<li>)\s*(?=<a id="(?P<id>[^"]+)"></a>(?P<word><strong>.*?</strong>):)')
_PROGRAM = '<details class="mkdocstrings-source"'  # behind a function in the reference

# Makes a page's Markdown with something in the place of its regions; the values come formatted.
Slots = Callable[[Page, Mapping[Region, str]], str]


def with_slots(page: Page, value_text: Mapping[Region, str]) -> str:
    """Return the page's Markdown with a slot for each figure, display and formula, and the rest filled in.

    Args:
        page: the page.
        value_text: what stands for its values and citations.
    """
    return replace_regions(page, lambda number, region: slot(page, number, region, value_text))


def replace_regions(page: Page, replacement: Callable[[int, Region], str | None]) -> str:
    """Return the page's Markdown with something in the place of each region that `replacement` gives a text for.

    What stands for a display or a figure becomes a block of its own.
    """
    parts: list[str] = []
    position = 0
    for number, region in enumerate(page.regions):
        text = replacement(number, region)
        if text is not None:
            block = isinstance(region, DisplayEquation | ExampleImage)
            parts += [page.text[position : region.start], _block(page, region, text) if block else text]
            position = region.end
    parts.append(page.text[position:])
    return "".join(parts)


def slot(page: Page, number: int, region: Region, value_text: Mapping[Region, str]) -> str | None:
    """What the converter finds in a region's place; None for what stays as it is."""
    match region:
        case DisplayEquation():
            return f'<div id="{region.id}" data-region="{number}"></div>'
        case ExampleImage():
            return f'<div data-region="{number}"></div>'
        case InlineFormula():
            return f'<span data-region="{number}"></span>'
        case ValueSlot():
            return f'<span class="value">{value_text[region]}</span>'
        case _:
            return without_slot(page, region, value_text)


def without_slot(page: Page, region: Region, value_text: Mapping[Region, str]) -> str | None:
    """What stands for a region on the site and on paper alike; None for what stays as it is."""
    match region:
        case Citation():
            return value_text[region]
        case Dollar():
            return "$"
        case Fold():
            tag = page.text[region.start : region.end]
            return tag if "markdown" in tag else f'{tag[:-1]} markdown="1">'  # as GitHub reads it
        case _:
            return None


def _block(page: Page, region: Region, slot: str) -> str:
    """Put blank lines around a block, so that Markdown sees one, and keep what stands before its lines."""
    if isinstance(region, DisplayEquation):
        empty = region.prefix.rstrip()
        above = page.text[: region.start].rpartition("\n")[0].rpartition("\n")[2]
        begun = region.prefix and above.strip("> \t")  # a sentence of the same list or quote
        return f"{f'{empty}{chr(10)}' if begun else ''}{region.prefix}{slot}\n{empty}\n"
    line_start = page.text.rfind("\n", 0, region.start) + 1
    before = page.text[line_start : region.start]
    if before.strip():  # inside a sentence or a table: leave the line whole
        return slot
    return f"{slot}\n\n{before}"


def filled(content: str) -> frozenset[int]:
    """The numbers of the regions that have a slot in a page's HTML."""
    return frozenset(int(found["block"] or found["inline"]) for found in _FULL_SLOT.finditer(content))


def fill(content: str, render: Callable[[int], str]) -> str:
    """Replace each slot, empty or holding words, by what `render` returns for its number; drop the index's headings."""
    content = _ENTRY.sub("", content)
    return _FULL_SLOT.sub(lambda match: render(int(match["block"] or match["inline"])), content)


def searchable(
    content: str,
    page: Page,
    described: Callable[[ExampleImage], str],
    plain: Callable[[InlineFormula], str | None],
) -> str:
    r"""Return the HTML that the search index shall read.

    It has TeX and alternative texts in the slots' places, headings where entries shall begin, and a mark at programs,
    whose words are about other things than the page. A formula in a sentence has its plain text after ``\=``.
    """

    def words(number: int) -> str:
        region = page.regions[number]
        match region:
            case DisplayEquation():
                heading = _heading(region.id, f"Equation ({page.numbers[region.id]}): {region.id}")
                return f'<div data-region="{number}">{heading}\\[{html.escape(region.tex)}\\]</div>'
            case InlineFormula():
                text = html.escape(f"{region.tex}\\={plain(region) or region.tex}")
                return f'<span data-region="{number}">\\({text}\\)</span>'
            case ExampleImage():
                return f'<div data-region="{number}">{html.escape(described(region))}</div>'
            case _:
                return ""

    content = fill(content, words).replace(_PROGRAM, f'{_PROGRAM} data-search-exclude="1"')
    return _EXPLAINED.sub(lambda match: _heading(match["id"], re.sub("<[^>]*>", "", match["word"])), content)


def _heading(address: str, title: str) -> str:
    return f'<h6 data-entry id="{address}">{title}</h6>'
