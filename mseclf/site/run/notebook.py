"""A script as a Jupyter notebook: its docstring as text, its parts as cells; the same bytes for the same script."""

import ast
import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from mseclf.site.run.example import DOCSTRING_FIELDS

_FIELD_LINE = re.compile(rf"^({'|'.join(DOCSTRING_FIELDS)}):", re.MULTILINE)


def notebook(script: str) -> str:
    """Turn an example's script into the JSON of an .ipynb (format 4.5).

    The docstring becomes text. A cell of code ends after the imports, and before each comment that opens a paragraph.
    `plots.finish()` is left out: a notebook shows its figures itself.

    Raises:
        SyntaxError: The script is not Python.
    """
    tree = ast.parse(script)
    docstring = ast.get_docstring(tree)
    lines = script.splitlines()
    statements = tree.body[1:] if docstring else tree.body
    cells = [_cell("markdown", _as_markdown(docstring))] if docstring else []
    cells += [_cell("code", text) for text in _paragraphs(lines, statements)]
    for position, cell in enumerate(cells):
        cell["id"] = hashlib.sha256(f"{position}\n{cell['source']}".encode()).hexdigest()[:12]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    document = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _cell(kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": text.strip("\n").splitlines(keepends=True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _as_markdown(docstring: str) -> str:
    title, _, rest = docstring.partition("\n")
    return f"# {title.strip()}\n\n" + _FIELD_LINE.sub(r"\n**\1:**", rest).strip("\n")


def _paragraphs(lines: list[str], statements: list[ast.stmt]) -> Iterator[str]:
    """The text of the statements, cut where a reader would pause."""
    paragraph: list[str] = []
    imports = True
    for statement in statements:
        first = _first_line(statement)
        comment = first
        while comment > 1 and lines[comment - 2].startswith("#"):
            comment -= 1
        after_imports = imports and not isinstance(statement, ast.Import | ast.ImportFrom)
        if paragraph and (after_imports or comment < first):
            yield "\n".join(paragraph)
            paragraph = []
        elif paragraph and not lines[first - 2].strip():
            paragraph.append("")
        imports = imports and not after_imports
        text = lines[comment - 1 : statement.end_lineno]
        if text != ["plots.finish()"]:
            paragraph += text
    if paragraph:
        yield "\n".join(paragraph)


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])
