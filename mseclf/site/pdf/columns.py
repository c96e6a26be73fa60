"""How wide the columns of a table shall be, from what stands in them."""

import math
import re
from typing import Any, Final

from mseclf.site.pdf.tree import Node, plain_text

FITS: Final = 88  # so many letters stand in one line of a table


def column_widths(rows: Any, count: int) -> list[Node]:
    """Widths for a table that is too wide for the page; else each column takes what it needs.

    Args:
        rows: head, bodies and foot of pandoc's table.
        count: the number of columns.
    """
    cells: list[list[str]] = [[] for _ in range(count)]
    for row in _table_rows(rows):
        for column, cell in zip(cells, row, strict=False):
            column.append(plain_text(cell))
    longest = [max(map(len, column), default=1) for column in cells]
    if sum(longest) <= FITS:
        return [{"t": "ColWidthDefault"}] * count
    least = [_longest_word(column) for column in cells]
    wanted = [max(0.0, _typical(column) - word) for column, word in zip(cells, least, strict=True)]
    spare = max(0, FITS - sum(least)) / max(1.0, sum(wanted))
    widths = [word + spare * more for word, more in zip(least, wanted, strict=True)]
    return [{"t": "ColWidth", "c": round(width / sum(widths), 4)} for width in widths]


def _longest_word(column: list[str]) -> int:
    """Letters of the longest word, which must not break, and some room; names in code break at their marks."""
    return 3 + max((len(word) for cell in column for word in re.split(r"(?<=[\s_.,(=-])", cell)), default=1)


def _typical(column: list[str]) -> float:
    """Between the longest cell and the usual one: a single long cell may take more lines."""
    lengths = [len(cell) for cell in column if cell] or [1]
    return math.sqrt(max(lengths) * sum(lengths) / len(lengths))


def _table_rows(node: Any) -> list[list[Any]]:
    """Every row below a node, as its cells' contents: pandoc writes a row as [attributes, cells]."""
    if not isinstance(node, list):
        return []
    if len(node) == 2 and isinstance(node[1], list) and node[1] and all(map(_is_cell, node[1])):
        return [[cell[4] for cell in node[1]]]
    return [row for part in node for row in _table_rows(part)]


def _is_cell(node: Any) -> bool:
    return isinstance(node, list) and len(node) == 5 and isinstance(node[1], dict)
