"""All checks of a repository, or of the part of it that was edited."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mseclf.site import pdf
from mseclf.site.check.edited import focus_of
from mseclf.site.check.ledger import ledger
from mseclf.site.check.links import menu, menu_order
from mseclf.site.check.pages import refused, targets_of, tested, written
from mseclf.site.check.spelling import right_words, spelling
from mseclf.site.check.style import scripts, style
from mseclf.site.defect import Defect, Defects
from mseclf.site.page import Page, read_markdown, read_page, unread
from mseclf.site.page.source import Source
from mseclf.site.publish.project import Project
from mseclf.site.publish.site import Focus, Site, build
from mseclf.site.run import example_names

_TEXTS: Final = (
    "docs/**/*.md",
    "docs/*.yml",
    "docs/*.bib",
    "docs/*.txt",
    ".github/**/*.md",
    ".github/**/*.yml",
    "*.md",
)
_PYTHON: Final = ("docs/*.py", "examples/*.py", "mseclf/**/*.py")


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Attributes:
        defects: in the order of their places.
        site: what the build made; None when it could not even begin.
        focus: the part that was looked at closely; None for everything.
        doctests: how many pages and modules have doctests that hold or fail.
        seconds: that it took.
    """

    defects: tuple[Defect, ...]
    site: Site | None
    focus: Focus | None
    doctests: int
    seconds: float


def check(project: Project, files: Iterable[str] | None = None) -> Checked:
    """Check a repository.

    What takes long (proofs, runs, typesetting, doctests) is done for what depends on `files` only, and remembered in
    the project's cache, which the build shares. Everything else takes no time and is done for all pages.

    Args:
        project: the repository.
        files: paths relative to the repository; None for everything.
    """
    began = time.perf_counter()
    sources = page_sources(project.root)
    focus = None if files is None else focus_of(set(files), project.root, dict(_read_alone(sources)))
    found = [*_of_files(project.root)]
    site = None
    doctested = 0
    try:
        site = build(project, sources, focus)
    except Defects as fatal:  # the notation or the literature cannot be read: nothing else can be made
        found += fatal.defects
    else:
        found += site.defects
        with ThreadPoolExecutor(1) as beside:  # doctests run in a process of their own
            testing = beside.submit(tested, site, focus)
            found += [*refused(site, sources), *_of_site(site, sources)]
            if not found:
                menu_pages = menu_order(_text(project.root / "mkdocs.yml"), site.pages)
                near = [path for path in menu_pages if focus is None or path in focus.pages]
                found += map(site.notebook.relocate, pdf.unset(site, near, whole=focus is None))
        doctested, failures = testing.result()
        found += failures
    return Checked(tuple(sorted(set(found))), site, focus, doctested, time.perf_counter() - began)


def page_sources(root: Path) -> dict[str, str]:
    """The text of each page that somebody wrote, by path; docs/includes/ are parts of pages."""
    files = sorted(path for path in (root / "docs").rglob("*.md") if "includes" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8", errors="replace") for path in files}


def _read_alone(sources: Mapping[str, str]) -> Iterator[tuple[str, Page]]:
    for path, text in sources.items():
        try:
            yield path, read_page(path, text)
        except Defects:
            yield path, unread(read_markdown(path, text))


def _of_files(root: Path) -> Iterator[Defect]:
    """What can be said of each file by itself."""
    for path in _files(root, (*_TEXTS, *_PYTHON)):
        yield from style(path, (root / path).read_bytes())
    yield from scripts(root, _files(root, _PYTHON))


def _files(root: Path, patterns: Sequence[str]) -> list[str]:
    found = {path.relative_to(root).as_posix() for pattern in patterns for path in root.glob(pattern)}
    return sorted(found)


def _of_site(site: Site, sources: Mapping[str, str]) -> Iterator[Defect]:
    """Words, menu and ledger."""
    root = site.project.root
    pages = written(site, sources)
    # The words of a page into which a table was put are read from its file, as are texts that are no pages.
    tabled = [path for path, page in pages.items() if sources.get(path, page.text) != page.text]
    whole = [page for path, page in pages.items() if path not in tabled]
    others = _files(root, ("docs/includes/*.md", ".github/*.md", "README.md"))
    beside = [read_markdown(path, _text(root / path)) for path in (*others, *tabled)]
    scripts = [Source(f"examples/{name}.py", _text(root / f"examples/{name}.py")) for name in example_names(root)]
    notation = Source("docs/notation.yml", _text(root / "docs/notation.yml"))
    found = [
        *spelling([*whole, *beside], scripts, notation, right_words(root, site.literature)),
        *menu(_text(root / "mkdocs.yml"), targets_of(site).pages, pages),
        *ledger(site),
    ]
    yield from map(site.notebook.relocate, found)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
