"""What a reader of a page of formulas pays: bytes over the wire, and the time until all mathematics is drawn.

The page is the demonstration of this site. For the peers it is a page with the same display equations and nothing
else, made as their documentation says: by MathJax in the reader's browser. Every file comes from this machine, so the
time of a network, which MathJax's megabyte would take, is not in these numbers.
"""

import gzip
import shutil
import statistics
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Route, sync_playwright
from projects import JUPYTER_BOOK, MATERIAL, MKDOCS, SPHINX

from mseclf.site.page import read_page
from tests.conftest import serve

ROOT = Path(__file__).parents[3]
MATHJAX = Path(str(distribution("sphinx-mathjax-offline").locate_file("sphinx-mathjax-offline/static/mathjax")))
SLOWER = 4  # a processor as much slower as a phone's
VISITS = 5
# Until each display has a size and no font is on its way; `window.__drawn` is then the time since the visit began.
WATCH = """
window.__drawn = null;
const look = () => {
  const displays = [...document.querySelectorAll(".tex-display > svg, mjx-container[display=true]")];
  const drawn = displays.filter((display) =>
    display.getBoundingClientRect().height > 4 || display.closest("details:not([open])"));
  if (drawn.length >= COUNT && document.fonts.status === "loaded") window.__drawn = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
WAIT = """async () => {
  while (window.__drawn === null) await new Promise(requestAnimationFrame);
  return window.__drawn;
}"""
ARITHMATEX = """
markdown_extensions:
  - pymdownx.arithmatex: {generic: true}
extra_javascript:
  - mathjax.js
  - https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-mml-chtml.js
"""
SETTINGS = """window.MathJax = {
  tex: { inlineMath: [["\\\\(", "\\\\)"]], displayMath: [["\\\\[", "\\\\]"]], processEscapes: true },
  options: { ignoreHtmlClass: ".*|", processHtmlClass: "arithmatex" }
};
"""


@dataclass(frozen=True)
class Book:
    """A page of formulas by one tool: its files, the command that builds it, and where the page lies then."""

    name: str
    write: Callable[[Path, list[str]], None]
    command: tuple[str, ...]
    page: str
    python: str = "requirements.txt"


def _material(folder: Path, displays: list[str]) -> None:
    (folder / "docs").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(MATERIAL + ARITHMATEX)
    (folder / "docs" / "mathjax.js").write_text(SETTINGS)
    (folder / "docs" / "index.md").write_text("# Formulas\n\n" + "\n\n".join(f"$$\n{tex}\n$$" for tex in displays))


def _sphinx(folder: Path, displays: list[str]) -> None:
    folder.mkdir(parents=True)
    (folder / "conf.py").write_text(
        "extensions = ['sphinx.ext.mathjax']\nproject = 'bench'\n"
        "mathjax_path = 'https://cdn.jsdelivr.net/npm/mathjax@3/es5/tex-mml-chtml.js'\n"
    )
    blocks = (".. math::\n\n" + "".join(f"   {line}\n" for line in tex.splitlines()) for tex in displays)
    (folder / "index.rst").write_text("Formulas\n========\n\n" + "\n".join(blocks))


def _jupyter_book(folder: Path, displays: list[str]) -> None:
    folder.mkdir(parents=True)
    (folder / "_config.yml").write_text("title: bench\nonly_build_toc_files: true\n")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (folder / "index.md").write_text("# Formulas\n\n" + "\n\n".join(f"$$\n{tex}\n$$" for tex in displays))


BOOKS = (
    Book("Material for MkDocs", _material, MKDOCS, "site/"),
    Book("Sphinx", _sphinx, SPHINX, "site/"),
    Book("Jupyter Book", _jupyter_book, JUPYTER_BOOK, "_build/html/", "requirements-jupyter-book.txt"),
)


def reading(folder: Path, interpreters: dict[str, Path | str], site: Path) -> dict[str, dict[str, float]]:
    """Kilobytes and milliseconds of the page of formulas, for this site and for each of the peers.

    Args:
        folder: a place for the peers' projects.
        interpreters: those that the projects name.
        site: this site, built.
    """
    path = "docs/demonstration.md"
    source = read_page(path, (ROOT / path).read_text(encoding="utf-8"))
    displays = [equation.tex for equation in source.equations]
    pages = {"mseclf": (site, "demonstration/")}
    for book in BOOKS:
        project = folder / book.name
        book.write(project, displays)
        subprocess.run([interpreters[book.python], *book.command], cwd=project, check=True, capture_output=True)
        pages[book.name] = (project, book.page)
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        results = {name: _measured(browser, *page, len(displays)) for name, page in pages.items()}
        browser.close()
    return results


def _measured(browser: Browser, folder: Path, page: str, displays: int) -> dict[str, float]:
    with serve(folder) as address:
        visits = [_visit(browser, f"{address}{page}", displays) for _ in range(VISITS)]
    return {
        "kilobytes": round(visits[0][0] / 1000, 1),
        "milliseconds": round(statistics.median(milliseconds for _, milliseconds in visits)),
    }


def _visit(browser: Browser, url: str, displays: int) -> tuple[int, float]:
    """Bytes of a first visit without figures, as a server gzips them, and milliseconds until all is drawn."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.route(lambda address: not address.startswith("http://127.0.0.1"), _from_here)
    page.add_init_script(WATCH.replace("COUNT", str(displays)))
    bodies: dict[str, Any] = {}
    page.on("requestfinished", lambda request: bodies.setdefault(request.url, request.response()))
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url, wait_until="networkidle")
    drawn = page.evaluate(WAIT)
    pictures = (".svg", ".png", ".webp", ".ico")
    weight = sum(_wire(response.body()) for name, response in list(bodies.items()) if not name.endswith(pictures))
    context.close()
    return weight, drawn


def _wire(body: bytes) -> int:
    return min(len(body), len(gzip.compress(body, 9, mtime=0)))


def _from_here(route: Route) -> None:
    """MathJax from the folder it is installed in, whatever server a page asks for it; nothing else."""
    _, found, path = route.request.url.partition("mathjax@3/es5/")
    file = MATHJAX / path.partition("?")[0]
    if found and file.is_file():
        route.fulfill(path=file)
    else:
        route.abort()
