"""The walk-through notebook as an ordinary page: executed by mkdocs-jupyter, shown by our own pipeline.

mkdocs-jupyter's own page carries 574 KB of inline CSS, raw TeX and pictures without alternative text, and its cache
does not notice a change of the package. So its converter only executes; the cells become Markdown like any page's,
and formulas, figures, errors and the cache follow the rules of every other page.
"""

import hashlib
import html
import json
import re
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from mseclf.running.files import write_whole
from mseclf.running.printable import printable
from mseclf.running.svg import themed

NOTEBOOK: Final = "docs/notebook.py"
PAGE: Final = "docs/notebook.md"
_CELL = re.compile(r"^# %%(?P<markdown> \[markdown\])?[ \t]*$", re.MULTILINE)
_ALT = re.compile(r"<!--\s*alt:\s*(?P<words>.*?)\s*-->", re.DOTALL)
# Figures as SVG with the same bytes each time; the tag keeps the cell off the page.
_SETUP = """%config InlineBackend.figure_formats = ["svg"]
%config InlineBackend.print_figure_kwargs = {"bbox_inches": None, "metadata": {"Date": None}}
import matplotlib
matplotlib.rcParams["svg.hashsalt"] = "notebook"
"""

# The kernel warns that its port is not encrypted. The port is this machine's own, and open for some seconds.
_QUIET: Final = "--IPKernelApp.log_level=ERROR"


@dataclass(frozen=True)
class NotebookPage:
    """The notebook, executed.

    Attributes:
        markdown: the page's text; figures are images below ``assets/figures/``.
        lines: for each line of `markdown`, the line of docs/notebook.py that it came from.
        figures: address to SVG.
        ipynb: the notebook to download, with its outputs left out.
        error: ``docs/notebook.py:LINE: ...`` when a cell failed or a figure has no alternative text.
    """

    markdown: str
    lines: tuple[int, ...]
    figures: Mapping[str, str]
    ipynb: str
    error: str | None = None

    def relocate(self, message: str) -> str:
        """Turn places on the made page into places in the notebook's source."""
        return re.sub(
            rf"{re.escape(PAGE)}:(\d+)(?::\d+)?", lambda match: f"{NOTEBOOK}:{self.lines[int(match[1]) - 1]}", message
        )


@dataclass(frozen=True)
class _Cell:
    line: int  # of its first line
    is_markdown: bool
    source: str


def notebook_page(root: Path, cache: Path) -> NotebookPage:
    """Execute the notebook, or take the result of the same notebook with the same package from the cache."""
    text = (root / NOTEBOOK).read_text(encoding="utf-8")
    entry = cache / "notebook.json"
    key = _key(root, text)
    try:
        stored = json.loads(entry.read_text(encoding="utf-8"))
        if stored.pop("key") == key:
            return NotebookPage(**{**stored, "lines": tuple(stored["lines"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # never made, damaged or from another version: make it again
    page = _execute(text, root)
    if page.error is None:
        with suppress(OSError):  # a cache that cannot be written costs time, not truth
            write_whole(entry, json.dumps({"key": key, **asdict(page)}).encode())
    return page


def unexecuted(text: str) -> NotebookPage:
    """The notebook's page without outputs and download: enough to check its words, links and formulas."""
    source = cells(text)
    return _page(source, [[] for _ in source], "")


def _key(root: Path, text: str) -> str:
    """Everything that decides the result: the notebook, the package's mathematics and figures, the lock, Python."""
    package = root / "mseclf"
    sources = sorted([*package.glob("*.py"), *package.glob("*.mplstyle"), Path(__file__)])
    digest = hashlib.sha256(f"{sys.version}\0{text}\0".encode())
    for path in (*sources, root / "requirements.lock", package / "running" / "svg.py"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def cells(text: str) -> list[_Cell]:
    """Split the percent format into its cells; what stands above the first is the header."""
    marks = list(_CELL.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    found = []
    for mark, end in zip(marks, ends, strict=True):
        first = mark.end() + 1
        source = text[first:end].rstrip("\n")
        if mark["markdown"]:
            source = re.sub(r"^# ?", "", source, flags=re.MULTILINE)
        found.append(_Cell(text.count("\n", 0, first) + 1, bool(mark["markdown"]), source))
    return found


def _execute(text: str, root: Path) -> NotebookPage:
    # Imported here: together they take longer to load than everything else in a build, and a warm build needs none.
    import jupytext
    from mkdocs_jupyter.nbconvert2 import get_nbconvert_app
    from nbconvert.preprocessors import CellExecutionError, ExecutePreprocessor
    from nbformat import v4

    source = cells(text)
    book: Any = jupytext.reads(text, fmt="py:percent")
    download = jupytext.writes(_numbered(book), fmt="ipynb")
    settings = get_nbconvert_app(execute=True, allow_errors=False, kernel_name="python3").config
    # The package that the key was made from, wherever the installed one lies.
    setup = f"import sys\nsys.path.insert(0, {str(root.resolve())!r})\n{_SETUP}"
    book.cells.insert(0, v4.new_code_cell(setup))
    with tempfile.TemporaryDirectory() as folder:
        try:
            executor = ExecutePreprocessor(config=settings, timeout=120, extra_arguments=[_QUIET])
            executor.preprocess(book, {"metadata": {"path": folder}})
        except CellExecutionError as error:
            line = _failing_line(source, book.cells[1:], error.traceback)
            message = f"{NOTEBOOK}:{line}: {error.ename}: {error.evalue}"
            return NotebookPage("# Walk-through\n", (1, 1), {}, download, message)
    return _page(source, [cell.get("outputs", []) for cell in book.cells[1:]], download)


def _numbered(book: Any) -> Any:
    """Give cells ids that depend on nothing but their order."""
    for number, cell in enumerate(book.cells):
        cell["id"] = f"cell-{number}"
    return book


def _failing_line(source: list[_Cell], executed: list[Any], traceback: str) -> int:
    failed = next(i for i, c in enumerate(executed) if any(o.output_type == "error" for o in c.get("outputs", [])))
    inside = re.findall(r"^-+> (\d+) ", printable(traceback), flags=re.MULTILINE)
    return source[failed].line + (int(inside[0]) - 1 if inside else 0)


def _page(source: list[_Cell], outputs: list[list[Any]], download: str) -> NotebookPage:
    rows: list[tuple[str, int]] = []
    figures: dict[str, str] = {}
    alt, error = "", None
    for cell, results in zip(source, outputs, strict=True):
        if cell.is_markdown:
            words = _ALT.search(cell.source)
            alt = " ".join(words["words"].split()) if words else ""
        rows += _rows(cell)
        last = cell.line + cell.source.count("\n")
        for result in _coalesced(results):
            if "image/svg+xml" in result.get("data", {}):
                address = f"assets/figures/notebook-{len(figures) + 1}.svg"
                try:
                    svg, width, height = themed(result["data"]["image/svg+xml"])
                except ValueError as refusal:
                    error = f"{NOTEBOOK}:{cell.line}: {refusal}"
                    continue
                figures[address] = svg
                if not alt:
                    missing = "this cell's figure has no alternative text: put <!-- alt: ... --> above"
                    error = f"{NOTEBOOK}:{cell.line}: {missing}"
                size = f'width="{width}" height="{height}" loading="lazy"'
                picture = f'<img src="../{address}" alt="{html.escape(alt)}" {size}>'
                rows += [(line, last) for line in ("", f'<figure class="example">{picture}</figure>', "")]
                alt = ""
            elif result.output_type == "stream":
                rows += [(line, last) for line in (*_fenced("text", printable(result["text"]).rstrip("\n")), "")]
    text = "\n".join(row for row, _ in rows) + "\n"
    return NotebookPage(text, tuple(line for _, line in rows), figures, download, error)


def _coalesced(results: list[Any]) -> list[Any]:
    """The outputs with neighbouring pieces of one stream put together: where a kernel cuts it depends on the clock."""
    whole: list[Any] = []
    for result in results:
        last = whole[-1] if whole else {}
        if result["output_type"] == last.get("output_type") == "stream" and result["name"] == last["name"]:
            whole[-1] = type(last)({**last, "text": last["text"] + result["text"]})
        else:
            whole.append(result)
    return whole


def _rows(cell: _Cell) -> list[tuple[str, int]]:
    """The cell's lines as Markdown, each with the line it came from."""
    lines = [(line, cell.line + number) for number, line in enumerate(cell.source.split("\n"))]
    last = lines[-1][1]
    if cell.is_markdown:
        return [*lines, ("", last)]
    opening, *_, closing = _fenced("python", cell.source)
    return [(opening, cell.line), *lines, (closing, last), ("", last)]


def _fenced(language: str, text: str) -> list[str]:
    """A fenced block, with a fence that is longer than any in the text."""
    ticks = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
    return [f"{ticks}{language}", *text.split("\n"), ticks]
