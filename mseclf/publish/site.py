"""One build without MkDocs: read the pages, run the examples, prove the equations, typeset the formulas.

Everything that can be wrong is found here, before any page is written, so that an author sees all of it at once.
"""

import html
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from mseclf.pages import (
    DisplayEquation,
    InlineFormula,
    Page,
    PageError,
    PageErrors,
    Place,
    Region,
    ValueSlot,
    read_page,
)
from mseclf.proving import UNBALANCED, Notation, Report, Verdict, check_pages, load_notation
from mseclf.publish import generated
from mseclf.publish.cite_page import Citing
from mseclf.publish.embedded import Examples, wrong_examples, wrong_images
from mseclf.publish.gallery import ExamplePages, gallery
from mseclf.publish.linear import linear
from mseclf.publish.literature import Entry, cite_markdown, read_literature
from mseclf.publish.markup import Slots, with_slots
from mseclf.publish.notebook_page import NOTEBOOK, PAGE, NotebookPage, notebook_page, unexecuted
from mseclf.publish.project import Project
from mseclf.publish.values import format_value
from mseclf.rendering import Formula, Renderer, TexError
from mseclf.running import ExampleFailure, ExampleRun, example_names, run_examples
from mseclf.running.printable import printable_failure, printable_run

# The pages that are PDF documents too, the first one as a booklet with all the others, and where they are.
PDFS: Final = {"docs/index.md": "assets/mse-or-cross-entropy.pdf", "docs/demonstration.md": "assets/demonstration.pdf"}


@dataclass(frozen=True)
class Focus:
    """The part of the site whose slow parts an author waits for: proofs, runs and typesetting.

    Attributes:
        pages: by path; the notebook is ``docs/notebook.md``.
        examples: that run in any case; those that the pages show run too.
    """

    pages: frozenset[str]
    examples: frozenset[str] = frozenset()


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


def build(project: Project, sources: Mapping[str, str], focus: Focus | None = None) -> Site:
    """Do everything but write pages.

    Args:
        project: the repository.
        sources: the text of each page by its path in the repository, such as ``docs/index.md``.
        focus: do what is slow for this part only; None for the whole site. Whatever is quick is done for every page.

    Returns:
        The site; `Site.errors` holds every defect, in the words that an author reads.
    """
    docs = project.root / "docs"
    bibliography = docs / "literature.bib"
    site = Site(
        project,
        load_notation(docs / "notation.yml"),
        read_literature("docs/literature.bib", bibliography.read_text(encoding="utf-8")),
        notebook_page(project.root, project.cache)
        if focus is None or PAGE in focus.pages
        else unexecuted((project.root / NOTEBOOK).read_text(encoding="utf-8")),
    )
    site.errors += [
        f"{path}:1: this leads out of the repository: put a file in its place" for path in project.links_out()
    ]
    made_parts = {
        "notation": generated.notation(site.notation),
        "contributing": generated.contributing(project.root),
    }
    _read(site, {path: generated.put_all(text, made_parts) for path, text in sources.items()})
    _read(site, {PAGE: site.notebook.markdown})
    _run(site, example_names(project.root) if focus is None else _needed(site, focus))
    titles = {path: generated.page_title(page) for path, page in site.pages.items()}
    made = ExamplePages(site.runs, titles).texts()
    made |= {f"docs/source/{name}.md": generated.source_page(name) for name in generated.SOURCES}
    _read(site, made)
    site.errors += _repeated_ids(site.pages.values())
    near = [page for path, page in site.pages.items() if focus is None or path in focus.pages or path in made]
    _check(site, near)
    _typeset(site, near, whole=focus is None)
    _look_up(site, near)
    _embed(site, near)
    _cite(site)
    site.errors = [site.notebook.relocate(error) for error in (*site.errors, site.notebook.error) if error]
    return site


def page_markdown(site: Site, path: str, slots: Slots = with_slots) -> str:
    """The page as the Markdown converter shall read it: slots for regions, values, citations and tables filled in."""
    if path in site.broken_pages:
        return site.texts[path]
    text = cite_markdown(path, slots(site.pages[path], site.values), site.literature)
    pages = [page for name, page in site.pages.items() if name not in site.broken_pages]
    if path == "docs/literature.md":
        text = generated.put(text, "literature", generated.literature(site.literature, pages))
    if path == "docs/ledger.md":
        marks = generated.below(text.partition("<!-- ledger -->")[0])
        text = generated.put(text, "ledger", generated.ledger(tuple(site.verdicts.values()), site.pages, marks))
    if path.startswith("docs/source/"):
        text = generated.put(text, "source", generated.source(site.project.root, path))
    if path == "docs/gallery.md":
        text = generated.put(text, "gallery", gallery(site.runs))
    return site.citing.fill(path, text)


def _needed(site: Site, focus: Focus) -> list[str]:
    shown = {
        name
        for path in focus.pages & site.pages.keys()
        for name in (
            *(image.name for image in site.pages[path].images),
            *(slot.example for slot in site.pages[path].values),
        )
    }
    return [name for name in example_names(site.project.root) if name in shown | focus.examples]


def _run(site: Site, names: Iterable[str]) -> None:
    outcomes = run_examples(names, root=site.project.root, cache=site.project.cache / "examples")
    for name, outcome in outcomes.items():
        if isinstance(outcome, ExampleRun):
            site.runs[name] = printable_run(outcome)
        else:
            site.failures[name] = printable_failure(outcome)


def _read(site: Site, texts: Mapping[str, str]) -> None:
    site.texts |= texts
    for path, text in texts.items():
        try:
            page = read_page(path, text)
            cite_markdown(path, text, site.literature)  # for its errors: here the places are those of the file
        except PageErrors as error:
            _break(site, path, text, error.errors)
        except PageError as error:
            _break(site, path, text, (error,))
        else:
            site.pages[path] = page


def _repeated_ids(pages: Iterable[Page]) -> list[str]:
    """An id that two pages give: everything keeps verdicts, numbers and citations by id."""
    first: dict[str, Place] = {}
    errors = []
    for page in pages:
        for equation in page.equations:
            known = first.setdefault(equation.id, equation.place)
            if known != equation.place:
                errors.append(f"{equation.place}: {equation.id} stands already at {known}: name one anew")
    return errors


def _break(site: Site, path: str, text: str, errors: tuple[PageError, ...]) -> None:
    site.broken_pages[path] = errors
    site.errors += map(str, errors)
    site.pages[path] = Page(path, text, ())


def _check(site: Site, pages: Iterable[Page]) -> None:
    readable = [page for page in pages if page.path not in site.broken_pages]
    report: Report = check_pages(readable, root=site.project.root, cache=site.project.cache)
    site.verdicts = {verdict.equation.id: verdict for verdict in report.verdicts}
    site.errors += report.errors


def _typeset(site: Site, pages: Iterable[Page], whole: bool) -> None:
    renderer = Renderer(site.notation.macros, site.project.cache / "tex.json")
    for page in pages:
        regions: tuple[DisplayEquation | InlineFormula, ...] = (*page.equations, *page.formulas)
        for region in regions:
            display = isinstance(region, DisplayEquation)
            if (region.tex, display) in site.formulas:
                continue
            try:
                site.formulas[region.tex, display] = renderer.render(region.tex, display)
            except TexError as error:
                place = region.tex_place if isinstance(region, DisplayEquation) else region.place
                message = f"{place}: MathJax cannot typeset this formula: {error}"
                site.formulas[region.tex, display] = message
                if not _brace_is_told(site, region):
                    site.errors.append(message)
    for tex in dict.fromkeys(tex for verdict in site.verdicts.values() for tex in verdict.hypotheses):
        if (tex, False) not in site.formulas:
            with suppress(TexError):  # then its TeX is shown
                site.formulas[tex, False] = renderer.render(tex, display=False)
    renderer.save(forget=whole)


def _brace_is_told(site: Site, region: DisplayEquation | InlineFormula) -> bool:
    """Whether the checker has said already, and where, that a brace has no other."""
    if isinstance(region, DisplayEquation):
        return region.id in site.verdicts and site.verdicts[region.id].message.endswith(UNBALANCED)
    return any(error.startswith(f"{region.place}: ") and error.endswith(UNBALANCED) for error in site.errors)


def _cite(site: Site) -> None:
    """Each marker on a page names something that can be cited."""
    for path, page in tuple(site.pages.items()):
        try:
            site.citing.fill(path, page.text)
        except PageError as error:
            _break(site, path, page.text, (error,))


def _look_up(site: Site, pages: Iterable[Page]) -> None:
    for page in pages:
        for slot in page.values:
            try:
                site.values[slot] = format_value(slot, site.runs, site.failures)
            except ValueError as error:
                site.values[slot] = "?"
                site.errors.append(f"{slot.place}: {error}")


def _embed(site: Site, pages: Iterable[Page]) -> None:
    """Each image names a figure that exists; each example is embedded by a page that somebody wrote."""
    examples = Examples(example_names(site.project.root), site.runs, site.failures)
    written = [page for page in site.pages.values() if not page.path.startswith("docs/gallery/")]
    site.errors += wrong_images(pages, examples)
    site.errors += wrong_examples(written, examples, complete=not site.broken_pages)
