"""One build without MkDocs: read the pages, run the examples, prove the equations, typeset the formulas.

Everything that can be wrong is found here, before any page is written, so that an author sees all of it at once.
"""

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mseclf.pages import (
    DisplayEquation,
    ExampleImage,
    InlineFormula,
    Page,
    PageError,
    PageErrors,
    Place,
    Region,
    ValueSlot,
    read_page,
)
from mseclf.proving import Notation, Report, Verdict, check_pages, load_notation
from mseclf.publish import generated
from mseclf.publish.cite_page import Citing
from mseclf.publish.figure_html import choose_figure
from mseclf.publish.linear import linear
from mseclf.publish.literature import Entry, cite_markdown, read_literature
from mseclf.publish.markup import with_slots
from mseclf.publish.notebook_page import PAGE, NotebookPage, notebook_page
from mseclf.publish.project import Project
from mseclf.publish.values import format_value
from mseclf.rendering import Formula, Renderer, TexError
from mseclf.running import ExampleFailure, ExampleRun, example_names, run_examples

# The pages that are PDF documents too, the first one as a booklet with all the others, and where they are.
PDFS: Final = {"docs/index.md": "assets/mse-or-cross-entropy.pdf", "docs/demonstration.md": "assets/demonstration.pdf"}


@dataclass
class Site:
    """All that the pages show, and all that is wrong with it."""

    project: Project
    notation: Notation
    literature: Mapping[str, Entry]
    notebook: NotebookPage
    texts: dict[str, str] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    runs: dict[str, ExampleRun] = field(default_factory=dict)
    failures: dict[str, ExampleFailure] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    formulas: dict[tuple[str, bool], Formula | str] = field(default_factory=dict)
    values: dict[Region, str] = field(default_factory=dict)
    broken_pages: dict[str, tuple[PageError, ...]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def citing(self) -> Citing:
        """How the site, its pages and its equations are cited."""
        project = self.project
        return Citing(project.citation, project.address, project.commit, self.literature, self.pages, self.plain, PDFS)

    def plain(self, region: Region) -> str | None:
        """A formula or a value as plain text; None for other regions."""
        if isinstance(region, DisplayEquation | InlineFormula):
            formula = self.formula(region)
            return linear(formula.mathml) if isinstance(formula, Formula) else region.tex
        return html.unescape(self.values[region]) if isinstance(region, ValueSlot) else None

    def formula(self, region: DisplayEquation | InlineFormula) -> Formula | str:
        """The drawing of a formula, or the message of the error that stands for it."""
        return self.formulas[region.tex, isinstance(region, DisplayEquation)]


def build(project: Project, sources: Mapping[str, str]) -> Site:
    """Do everything but write pages.

    Args:
        project: the repository.
        sources: the text of each page by its path in the repository, such as ``docs/index.md``.

    Returns:
        The site; `Site.errors` holds every defect, in the words that an author reads.
    """
    docs = project.root / "docs"
    bibliography = docs / "literature.bib"
    site = Site(
        project,
        load_notation(docs / "notation.yml"),
        read_literature("docs/literature.bib", bibliography.read_text(encoding="utf-8")),
        notebook_page(project.root, project.cache),
    )
    _run(site)
    site.texts = {
        path: generated.put(text, "notation", generated.notation(site.notation)) for path, text in sources.items()
    }
    site.texts[PAGE] = site.notebook.markdown
    site.texts |= {f"docs/gallery/{run.name}.md": generated.example_page(run) for run in site.runs.values()}
    site.texts |= {f"docs/source/{name}.md": generated.source_page(project.root, name) for name in generated.SOURCES}
    for path, text in site.texts.items():
        _read(site, path, text)
    _check(site)
    _typeset(site)
    _look_up(site)
    _embed(site)
    _cite(site)
    site.errors = [site.notebook.relocate(error) for error in (*site.errors, site.notebook.error) if error]
    return site


def page_markdown(site: Site, path: str) -> str:
    """The page as the Markdown converter shall read it: slots for regions, values, citations and tables filled in."""
    if path in site.broken_pages:
        return site.texts[path]
    text = cite_markdown(path, with_slots(site.pages[path], site.values), site.literature)
    pages = [page for name, page in site.pages.items() if name not in site.broken_pages]
    if path == "docs/literature.md":
        text = generated.put(text, "literature", generated.literature(site.literature, pages))
    if path == "docs/ledger.md":
        titles = {page.path: generated.page_title(page) for page in pages}
        text = generated.put(text, "ledger", generated.ledger(tuple(site.verdicts.values()), titles))
    if path == "docs/gallery.md":
        text = generated.put(text, "gallery", generated.gallery(site.runs))
    return site.citing.fill(path, text)


def _run(site: Site) -> None:
    root = site.project.root
    outcomes = run_examples(example_names(root), root=root, cache=site.project.cache / "examples")
    for name, outcome in outcomes.items():
        if isinstance(outcome, ExampleRun):
            site.runs[name] = outcome
        else:
            site.failures[name] = outcome


def _read(site: Site, path: str, text: str) -> None:
    try:
        page = read_page(path, text)
        cite_markdown(path, text, site.literature)  # for its errors: here the places are those of the file
    except PageErrors as error:
        _break(site, path, text, error.errors)
    except PageError as error:
        _break(site, path, text, (error,))
    else:
        site.pages[path] = page


def _break(site: Site, path: str, text: str, errors: tuple[PageError, ...]) -> None:
    site.broken_pages[path] = errors
    site.errors += map(str, errors)
    site.pages[path] = Page(path, text, ())


def _check(site: Site) -> None:
    readable = [page for path, page in site.pages.items() if path not in site.broken_pages]
    report: Report = check_pages(readable, root=site.project.root, cache=site.project.cache)
    site.verdicts = {verdict.equation.id: verdict for verdict in report.verdicts}
    site.errors += report.errors


def _typeset(site: Site) -> None:
    renderer = Renderer(site.notation.macros, site.project.cache / "tex.json")
    for page in site.pages.values():
        for region in (*page.equations, *page.formulas):
            display = isinstance(region, DisplayEquation)
            if (region.tex, display) in site.formulas:
                continue
            try:
                site.formulas[region.tex, display] = renderer.render(region.tex, display)
            except TexError as error:
                place = region.tex_place if isinstance(region, DisplayEquation) else region.place
                message = f"{place}: MathJax cannot typeset this formula: {error}"
                site.formulas[region.tex, display] = message
                site.errors.append(message)
    renderer.save()


def _cite(site: Site) -> None:
    """Each marker on a page names something that can be cited."""
    for path, page in tuple(site.pages.items()):
        try:
            site.citing.fill(path, page.text)
        except PageError as error:
            _break(site, path, page.text, (error,))


def _look_up(site: Site) -> None:
    for page in site.pages.values():
        for slot in page.values:
            try:
                site.values[slot] = format_value(slot, site.runs, site.failures)
            except ValueError as error:
                site.values[slot] = "?"
                site.errors.append(f"{slot.place}: {error}")


def _embed(site: Site) -> None:
    """Each image names a figure that exists; each example is embedded by a page that somebody wrote."""
    used: dict[str, Place] = {}
    for page in site.pages.values():
        for image in page.images:
            if not page.path.startswith("docs/gallery/"):
                used.setdefault(image.name, image.place)
            known = image.name in site.runs or image.name in site.failures
            message = _embedding_error(site, image) if known else f"there is no script examples/{image.name}.py"
            if message:
                site.errors.append(f"{image.place}: {message}")
    for name, failure in site.failures.items():
        by = f" (embedded at {used[name]})" if name in used else ""
        site.errors.append(f"{failure}{by}")
    if not site.broken_pages:
        site.errors += _unused(used, (*site.runs, *site.failures))


def _embedding_error(site: Site, image: ExampleImage) -> str | None:
    if image.name not in site.runs:
        return None  # its failure is told once, with its own place
    try:
        choose_figure(image, site.runs[image.name])
    except ValueError as error:
        return str(error)
    return None


def _unused(used: Mapping[str, Place], names: Iterable[str]) -> list[str]:
    return [
        f"{Path('examples', name).as_posix()}.py:1: no page embeds this example" for name in names if name not in used
    ]
