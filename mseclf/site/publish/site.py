"""One build without MkDocs: read the pages, run the examples, prove the equations, typeset the formulas.

    texts -> Pages -> Examples -> Pages of the examples -> Report, Drawings, values -> Site

Everything that can be wrong is found here, before any page is written, so that an author sees all of it at once.
"""

import html
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Final

from mseclf.site.defect import Defect, text_of
from mseclf.site.formulas import Formula, Renderer
from mseclf.site.frameworks import FrameworkRun, as_markdown, not_run, read_runs
from mseclf.site.page import DisplayEquation, InlineFormula, Page, Region, ValueSlot
from mseclf.site.proofs import Notation, Sentence, Verdict, check_pages, load_notation
from mseclf.site.publish import generated
from mseclf.site.publish.cite_page import Citing
from mseclf.site.publish.downloads import hosted, install
from mseclf.site.publish.embedded import misnamed, run_all, wrong_examples, wrong_images
from mseclf.site.publish.gallery import ExamplePages, gallery
from mseclf.site.publish.lists import as_on_github
from mseclf.site.publish.literal import literal
from mseclf.site.publish.literature import cited, read_literature, uncited
from mseclf.site.publish.markup import Slots, with_slots
from mseclf.site.publish.notebook_page import PAGE, NotebookPage, notebook_page
from mseclf.site.publish.pages import Pages, look_up, read_pages
from mseclf.site.publish.project import Project
from mseclf.site.publish.typeset import Drawings, draw, typeset
from mseclf.site.publish.uses import REFERENCE, Uses
from mseclf.site.publish.wall import Wall
from mseclf.site.publish.work import Work
from mseclf.site.run import ExampleFailure, ExampleRun

# The pages that are PDF documents too, the first one as a booklet with all the others, and where they are.
PDFS: Final = {
    "docs/index.md": "assets/mse-or-cross-entropy.pdf",
    "docs/demonstration.md": "assets/demonstration.pdf",
    "docs/sheet.md": "assets/sheet.pdf",
    "docs/slides.md": "assets/slides.pdf",
}
_BIBLIOGRAPHY: Final = "docs/literature.bib"
# Where all figures are to be had at once.
PACK: Final = "assets/figures.zip"


@dataclass(frozen=True)
class Focus:
    """The part of the site whose slow parts an author waits for: proofs, runs and typesetting.

    Attributes:
        pages: by path; the notebook is ``docs/notebook.md``.
        examples: that run in any case; those that the pages show run too.
    """

    pages: frozenset[str]
    examples: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Site:
    """All that the pages show, and all that is wrong with it.

    Attributes:
        project: the repository.
        notation: docs/notation.yml.
        literature: docs/literature.bib.
        notebook: the walk-through.
        pages: by path, those that are made too; a page that cannot be read has no regions.
        broken_pages: what is wrong with those.
        runs: what examples gave, by name.
        failures: why others gave nothing.
        verdicts: by the id of the equation.
        formulas: how TeX is drawn.
        values: what stands for each value slot, as Markdown.
        frameworks: what the blocks to paste gave, by script.
        defects: all that is wrong.
        sentences: what is known of the relations in running text.
    """

    project: Project
    notation: Notation
    literature: Mapping[str, Work]
    notebook: NotebookPage
    pages: Mapping[str, Page]
    broken_pages: Mapping[str, tuple[Defect, ...]]
    runs: Mapping[str, ExampleRun]
    failures: Mapping[str, ExampleFailure]
    verdicts: Mapping[str, Verdict]
    formulas: Drawings
    values: Mapping[Region, str]
    frameworks: Mapping[str, FrameworkRun] = field(default_factory=dict)
    defects: tuple[Defect, ...] = ()
    sentences: tuple[tuple[InlineFormula, Sentence], ...] = ()

    @cached_property
    def citing(self) -> Citing:
        """How the site, its pages and its equations are cited."""
        project = self.project
        return Citing(project.citation, project.address, project.commit, self.literature, self.pages, self.plain, PDFS)

    def plain(self, region: Region) -> str | None:
        """A formula or a value as plain text; None for other regions."""
        if isinstance(region, DisplayEquation | InlineFormula):
            formula = self.formula(region)
            return formula.plain if isinstance(formula, Formula) else region.tex
        return html.unescape(self.values[region]) if isinstance(region, ValueSlot) else None

    def formula(self, region: DisplayEquation | InlineFormula) -> Formula | Defect:
        """The drawing of a formula, or what is wrong with it."""
        return self.formulas[region.tex, isinstance(region, DisplayEquation)]


def build(project: Project, sources: Mapping[str, str], focus: Focus | None = None) -> Site:
    """Do everything but write pages.

    Args:
        project: the repository.
        sources: the text of each page by its path in the repository, such as ``docs/index.md``.
        focus: do what is slow for this part only; None for the whole site. Whatever is quick is done for every page.

    Returns:
        The site; `Site.defects` holds all that is wrong with it.

    Raises:
        Defects: the settings, the notation or the literature cannot be read, so nothing can be made.
    """
    _ = project.converter  # for its errors
    docs = project.root / "docs"
    notation = load_notation(docs / "notation.yml")
    bibliography = text_of(project.root, _BIBLIOGRAPHY)
    literature = read_literature(_BIBLIOGRAPHY, bibliography)
    for part in sorted((docs / "includes").glob("*.md")):
        text_of(project.root, f"docs/includes/{part.name}")  # for its errors: the converter reads it
    with ThreadPoolExecutor(1) as beside:  # it leaves a core to the examples
        executed = focus is None or PAGE in focus.pages
        reading = beside.submit(notebook_page, project.root, project.cache, executed)
        everything = run_all(project, None) if focus is None else None
    notebook = reading.result()
    texts = {**generated.with_tables(sources, notation, project.root), PAGE: notebook.markdown}
    written = read_pages(texts, literature)
    examples = everything or run_all(project, {*_examples_shown(focus, written), *focus.examples} if focus else None)
    titles = {path: generated.page_title(page) for path, page in written.all.items()}
    uses = Uses({name: run.script for name, run in examples.runs.items()}, written.all)
    made = read_pages({**ExamplePages(examples.runs, titles, uses).texts(), **generated.source_pages()}, literature)
    pages = written | made
    near = [p for p in pages.readable() if focus is None or p.path in focus.pages or p.path in made.all]
    renderer = Renderer(notation.macros, project.cache / "formulas")
    with ThreadPoolExecutor(1) as beside:  # it waits for the workers that prove; V8 stays where it is begun
        checking = beside.submit(check_pages, near, root=project.root, cache=project.cache)
        drawn = draw(near, renderer)
    report = checking.result()
    found = [*project.links_out(), *misnamed(project.root), *pages.defects(), *report.defects]
    formulas = typeset(drawn, near, report, notation, renderer, found.append)
    if focus is None:
        renderer.memory.prune()
    blocks = read_runs(project.root)
    found += not_run(project.root)
    values = look_up(near, examples, blocks, found.append)
    found += [*wrong_images(near, examples), *wrong_examples(written.all.values(), examples, not pages.broken)]
    verdicts = {verdict.equation.id: verdict for verdict in report.verdicts}
    site = Site(
        project, notation, literature, notebook, pages.all, pages.broken, examples.runs, examples.failures, verdicts,
        formulas, values, blocks, sentences=report.sentences,
    )  # fmt: skip
    if not pages.broken:  # what they cite is not known
        found += uncited(_BIBLIOGRAPHY, bibliography, pages.all.values(), literature)
    found += [*site.citing.unknown(), *filter(None, [notebook.defect])]
    return replace(site, defects=tuple(map(notebook.relocate, found)))


def _examples_shown(focus: Focus, pages: Pages) -> Iterator[str]:
    """The examples that the pages in focus show."""
    for path in focus.pages & pages.all.keys():
        yield from (image.name for image in pages.all[path].images)
        yield from (slot.example for slot in pages.all[path].values)


def _wall(site: Site) -> Wall:
    return Wall(site.pages, generated.page_title, site.formula, generated.short_method)


def _ledger(site: Site, marks: str, drawn: bool) -> str:
    """Every display and what was found out about it: a wall of drawings on the site, a table where one reads text."""
    verdicts = tuple(site.verdicts.values())
    counted = generated.sentences_table(site.sentences, site.pages, marks)
    if not drawn:
        return f"{generated.ledger_tables(verdicts, site.pages, marks)}\n\n{counted}"
    return f"{_wall(site).markdown(verdicts, generated.totals(verdicts), marks)}\n\n{counted}"


def _as_it_is(block: str, above: str) -> str:
    return block


def page_markdown(site: Site, path: str, slots: Slots = with_slots, drawn: bool = True) -> str:
    """The page as the Markdown converter shall read it: slots for regions, values, citations and tables filled in.

    Args:
        site: all pages.
        path: of the page.
        slots: makes the places of its regions.
        drawn: the ledger is a wall of drawings, which the reference shows too; else, for text, a table and TeX.
    """
    page = site.pages[path]
    if path in site.broken_pages:
        return page.text
    tables: dict[str, Callable[[str], str]] = {
        "literature": lambda above: generated.literature(site.literature, Pages(site.pages, site.broken_pages)),
        "ledger": lambda above: _ledger(site, generated.below(above), drawn),
        "source": lambda above: generated.source(site.project.root, path),
        "gallery": lambda above: gallery(site.runs),
        "install": lambda above: install(site.project),
        "hosted": lambda above: hosted(site.project),
    }
    tables |= {name: partial(_as_it_is, block) for name, block in as_markdown(site.frameworks).items()}
    text = slots(page, {**site.values, **cited(page, site.literature)})
    if path == REFERENCE:
        uses = Uses({name: run.script for name, run in site.runs.items()}, {path: page})
        titles = {name: literal(run.title) for name, run in site.runs.items()}
        text = uses.with_examples(text, titles, _wall(site).formulas(site.verdicts.values(), drawn))
    return as_on_github(site.citing.fill(path, generated.put_parts(text, tables)))
