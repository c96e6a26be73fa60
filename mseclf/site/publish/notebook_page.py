"""The walk-through notebook as an ordinary page: executed by mkdocs-jupyter, shown by our own pipeline.

mkdocs-jupyter's own page carries 574 KB of inline CSS, raw TeX and pictures without alternative text, and its cache
does not notice a change of the package. So its converter only executes; the cells become Markdown like any page's,
and formulas, figures, errors and the cache follow the rules of every other page.
"""

import html
import json
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from mseclf.site.defect import Defect, Place, Rule, text_of
from mseclf.site.memory import Memory
from mseclf.site.publish.literal import fenced
from mseclf.site.run.inputs import digest_of_code, digest_of_file
from mseclf.site.run.printable import printable
from mseclf.site.run.svg import themed

NOTEBOOK: Final = "docs/notebook.py"
PAGE: Final = "docs/notebook.md"
_CELL_MARK = re.compile(r"^# %%(?P<markdown> \[markdown\])?[ \t]*$", re.MULTILINE)
_FIGURE_ALT = re.compile(r"<!--\s*alt:\s*(?P<words>.*?)\s*-->", re.DOTALL)
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
        defect: when a cell failed or a figure has no alternative text.
    """

    markdown: str
    lines: tuple[int, ...]
    figures: Mapping[str, str]
    ipynb: str
    defect: Defect | None = None

    def relocate(self, defect: Defect) -> Defect:
        """Turn a place on the made page into one in the notebook's source."""
        if defect.place.path != PAGE:
            return defect
        return replace(defect, place=Place(NOTEBOOK, self.lines[defect.place.line - 1]))


@dataclass(frozen=True)
class _Cell:
    line: int  # of its first line
    is_markdown: bool
    source: str


def notebook_page(root: Path, cache: Path, execute: bool = True) -> NotebookPage:
    """Execute the notebook, or take the result of the same notebook with the same package from the cache.

    Args:
        root: the repository.
        cache: where builds remember.
        execute: else the page has no outputs and no download: enough to check its words, links and formulas.
    """
    text = text_of(root, NOTEBOOK)
    if not execute:
        source = cells(text)
        return _page(source, [[] for _ in source], "")
    memory = Memory(cache / "notebook")
    key = _notebook_key(root, text)
    if known := memory.get(key):
        stored = json.loads(known)
        return NotebookPage(**{**stored, "lines": tuple(stored["lines"])})
    page = _executed(text, root)
    if page.defect is None:
        memory.put(key, json.dumps(asdict(page)).encode())
        memory.prune()
    return page


def _notebook_key(root: Path, text: str) -> str:
    """Everything that decides the result: the notebook, the package's mathematics and figures, the lock, Python."""
    package = root / "mseclf"
    code = [digest_of_code(path) for path in (*sorted(package.glob("*.py")), package / "site" / "run" / "svg.py")]
    files = [Path(__file__), package / "mseclf.mplstyle", root / "requirements.lock"]
    return "\0".join([sys.version, text, *code, *map(digest_of_file, files)])


def cells(text: str) -> list[_Cell]:
    """Split the percent format into its cells; what stands above the first is the header."""
    marks = list(_CELL_MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    found = []
    for mark, end in zip(marks, ends, strict=True):
        first = mark.end() + 1
        source = text[first:end].rstrip("\n")
        if mark["markdown"]:
            source = re.sub(r"^# ?", "", source, flags=re.MULTILINE)
        found.append(_Cell(text.count("\n", 0, first) + 1, bool(mark["markdown"]), source))
    return found


def _executed(text: str, root: Path) -> NotebookPage:
    # Imported here: together they take longer to load than everything else in a build, and a warm build needs none.
    import jupytext
    from jupyter_core.utils import ensure_event_loop
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
    loop = ensure_event_loop()
    with tempfile.TemporaryDirectory() as folder:
        try:
            executor = ExecutePreprocessor(config=settings, timeout=120, extra_arguments=[_QUIET])
            executor.preprocess(book, {"metadata": {"path": folder}})
        except CellExecutionError as error:
            line = _failing_line(source, book.cells[1:], error.traceback)
            defect = Defect(Place(NOTEBOOK, line), Rule.NOTEBOOK, f"{error.ename}: {error.evalue}")
            return NotebookPage("# Walk-through\n", (1, 1), {}, download, defect)
        finally:
            if not loop.is_running():  # it was made for this, and nothing else would close it
                loop.close()
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
    alt = ""
    defect: Defect | None = None
    for cell, results in zip(source, outputs, strict=True):
        if cell.is_markdown:
            words = _FIGURE_ALT.search(cell.source)
            alt = " ".join(words["words"].split()) if words else ""
        rows += _cell_rows(cell)
        last = cell.line + cell.source.count("\n")
        for result in _coalesced(results):
            if "image/svg+xml" in result.get("data", {}):
                address = f"assets/figures/notebook-{len(figures) + 1}.svg"
                try:
                    svg, width, height = themed(result["data"]["image/svg+xml"])
                except ValueError as refusal:
                    defect = Defect(Place(NOTEBOOK, cell.line), Rule.NOTEBOOK, str(refusal))
                    continue
                figures[address] = svg
                if not alt:
                    missing = "this cell's figure has no alternative text"
                    defect = Defect(Place(NOTEBOOK, cell.line), Rule.NOTEBOOK, missing, "put <!-- alt: ... --> above")
                size = f'width="{width}" height="{height}" loading="lazy"'
                picture = f'<img src="../{address}" alt="{html.escape(alt)}" {size}>'
                rows += [(line, last) for line in ("", f'<figure class="example">{picture}</figure>', "")]
                alt = ""
            elif result.output_type == "stream":
                printed = fenced("text", printable(result["text"]).rstrip("\n"))
                rows += [(line, last) for line in (*printed.split("\n"), "")]
    text = "\n".join(row for row, _ in rows) + "\n"
    return NotebookPage(text, tuple(line for _, line in rows), figures, download, defect)


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


def _cell_rows(cell: _Cell) -> list[tuple[str, int]]:
    """The cell's lines as Markdown, each with the line it came from."""
    lines = [(line, cell.line + number) for number, line in enumerate(cell.source.split("\n"))]
    last = lines[-1][1]
    if cell.is_markdown:
        return [*lines, ("", last)]
    opening, *_, closing = fenced("python", cell.source).split("\n")
    return [(opening, cell.line), *lines, (closing, last), ("", last)]
