"""The last step for tables: what a reader needs to scan them, decided by what stands in their cells.

The theme styles tables without a class, and its script puts each into a box while the page loads. With a class of our
own they are left to docs/assets/site.css, and nothing is moved.
"""

import html
import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

_TABLE: Final = re.compile(r"<table>.*?</table>", re.DOTALL)
_CELL: Final = re.compile(r"<(?P<tag>t[hd])(?P<attributes>(?: [^<>]*)?)>(?P<inside>.*?)</(?P=tag)>", re.DOTALL)
_ANY_TAG: Final = re.compile(r"<[^>]*>")
_CODE: Final = re.compile(r"<code>([^<]*)</code>")
# An address that Markdown can only put inside the first cell.
_ROW_ANCHOR: Final = re.compile(r'<tr>(?P<before>\s*<td[^<>]*>)<a id="(?P<id>[\w-]+)"></a>')
_LOSSES: Final = {
    "of-mse": re.compile(r"\bMSE\b|\b(?i:squared error)\b"),
    "of-bce": re.compile(r"\bBCE\b|\b(?i:cross-entropy)\b"),
}
# A cell that is a loss's name, with the words that may belong to a name.
_LOSS_NAME: Final = re.compile(
    r"(?i:half |mean |binary )*(?:MSE|BCE|(?i:squared error|cross-entropy))(?: \((?:MSE|BCE)\))?"
)
# Cells with more letters than this leave a phone no room for a second column of words.
LONG: Final = 60


def tables(output: str) -> str:
    """The page with each of its plain tables ready to be read."""
    return _TABLE.sub(lambda match: _table(match[0]), output)


def _table(table: str) -> str:
    table = _ROW_ANCHOR.sub(lambda match: f'<tr id="{match["id"]}">{match["before"]}', table)
    heads = [cell_words(cell["inside"]) for cell in _CELL.finditer(table.partition("</thead>")[0])]
    wordy = any(len(cell_words(cell["inside"])) > LONG for cell in _CELL.finditer(table))
    table = _CODE.sub(lambda match: f"<code>{breakable(match[1])}</code>", table)
    table = re.sub(
        r"<tr[^<>]*>.*?</tr>", lambda match: _marked_row(match[0], heads if wordy else []), table, flags=re.DOTALL
    )
    box = f'<div class="{"table as-cards" if wordy else "table"}">'  # docs/assets/site.js gives keys to what scrolls
    return box + table.replace("<table>", '<table class="rows">', 1) + "</div>"


def _marked_row(row: str, heads: list[str]) -> str:
    """A row whose cells say which loss they name, and with `heads`, below which words they stand."""

    def cells() -> Iterator[str]:
        for cell, head in zip_longest(_CELL.finditer(row), heads):
            if cell is None:
                return
            is_head = cell["tag"] == "th"
            name = (
                "" if "<svg" in cell["inside"] and not is_head else loss(cell_words(cell["inside"]), whole=not is_head)
            )
            label = f' data-label="{html.escape(head)}"' if head and not is_head else ""
            kind = f' class="{name}"' if name else ""
            yield f"<{cell['tag']}{cell['attributes']}{kind}{label}>{cell['inside']}</{cell['tag']}>"

    made = cells()
    return _CELL.sub(lambda _: next(made), row)


def cell_words(inside: str) -> str:
    """The words of a cell."""
    return " ".join(html.unescape(_ANY_TAG.sub("", inside)).split())


def loss(said: str, whole: bool) -> str:
    """The class of a cell that speaks of one loss; empty when it speaks of none or of both.

    Args:
        said: the cell's words.
        whole: the words must be the loss's name and nothing else.
    """
    if whole and not _LOSS_NAME.fullmatch(said):
        return ""
    found = [name for name, spoken in _LOSSES.items() if spoken.search(said)]
    return found[0] if len(found) == 1 else ""


def breakable(code: str) -> str:
    """Code, as HTML, whose line may break after an underline, a point or a hyphen between words, and nowhere else.

    >>> breakable("mse_gradient.theta-1e-8")
    'mse_<wbr>gradient.<wbr>theta-1e-8'
    """
    return re.sub(r"(?<=\w)(_+|[.-](?=[A-Za-z]))(?=\w)", r"\1<wbr>", code)
