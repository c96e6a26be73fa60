"""All checks of a repository, or of the part of it that was edited."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import yaml

from mseclf.checking.anchors import Anchors
from mseclf.checking.defect import Defect, from_text
from mseclf.checking.doctests import doctests
from mseclf.checking.edited import focus_of
from mseclf.checking.hints import with_hint
from mseclf.checking.ledger import ledger
from mseclf.checking.links import Targets, links, menu
from mseclf.checking.markup import markup
from mseclf.checking.numbers import numbers
from mseclf.checking.scripts import scripts
from mseclf.checking.spelling import Spelling, read_list, spelling
from mseclf.checking.style import style
from mseclf.pages import Page, PageError, PageErrors, Place, read_page
from mseclf.proving.notation import NotationError
from mseclf.publish.notebook_page import PAGE
from mseclf.publish.project import Project
from mseclf.publish.site import PDFS, Focus, Site, build
from mseclf.running import example_names

_TEXTS: Final = (
    "docs/**/*.md",
    "docs/*.yml",
    "docs/*.bib",
    "docs/*.txt",
    ".github/**/*.md",
    ".github/**/*.yml",
    "*.md",
)
_SCRIPTS: Final = ("docs/*.py", "examples/*.py", "mseclf/**/*.py")


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
    focus = None if files is None else focus_of(set(files), project.root, dict(_readable(sources)))
    found = [*_plain(project.root)]
    site = None
    tested = 0
    try:
        site = build(project, sources, focus)
    except (PageError, PageErrors, NotationError, yaml.YAMLError, OSError) as error:
        found += _fatal(error, project.root)
    else:
        told = [from_text(text, "build") for text in dict.fromkeys(site.errors) if not _follows(text, site)]
        found += [replace(defect, message=with_hint(defect.message)) for defect in told]
        # What the build stumbles over can make the rest of its line look wrong: that is told when it is mended.
        stumbles = {(defect.place.path, defect.place.line) for defect in told}
        of_site = [*_of_site(site, sources)]
        found += [d for d in of_site if d.rule != "markup" or (d.place.path, d.place.line) not in stumbles]
        tested, failures = _doctests(site, focus)
        found += [from_text(site.notebook.relocate(str(failure)), failure.rule) for failure in failures]
    return Checked(tuple(sorted(set(found))), site, focus, tested, time.perf_counter() - began)


def page_sources(root: Path) -> dict[str, str]:
    """The text of each page that somebody wrote, by path; docs/includes/ are parts of pages."""
    files = sorted(path for path in (root / "docs").rglob("*.md") if "includes" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8", errors="replace") for path in files}


def _readable(sources: Mapping[str, str]) -> Iterator[tuple[str, Page]]:
    for path, text in sources.items():
        try:
            yield path, read_page(path, text)
        except (PageError, PageErrors):
            yield path, Page(path, text, ())


def _plain(root: Path) -> Iterator[Defect]:
    """What can be said of each file by itself."""
    for path in _files(root, (*_TEXTS, *_SCRIPTS)):
        yield from style(path, (root / path).read_bytes())
    yield from scripts(root, _files(root, _SCRIPTS))


def _files(root: Path, patterns: Sequence[str]) -> list[str]:
    found = {path.relative_to(root).as_posix() for pattern in patterns for path in root.glob(pattern)}
    return sorted(found)


def _follows(error: str, site: Site) -> bool:
    """Whether an error only says that a failed example, which is told once, gives no value."""
    return any(error.endswith(f": {failure.path} failed") for failure in site.failures.values())


def _of_site(site: Site, sources: Mapping[str, str]) -> Iterator[Defect]:
    """Words, links, numbers and the ledger of the pages that could be read."""
    root = site.project.root
    pages = {path: page for path, page in site.pages.items() if path in sources or path == PAGE}
    texts = {path: sources.get(path, page.text) for path, page in pages.items()}  # what somebody wrote, not tables
    texts |= {path: (root / path).read_text(encoding="utf-8", errors="replace") for path in _beside(root)}
    examples = [f"examples/{name}.py" for name in example_names(root)]
    scripts = [(path, (root / path).read_text(encoding="utf-8", errors="replace")) for path in examples]
    own = Spelling(read_list(root), site.literature)
    targets = _targets(site)
    found = [
        *spelling(own, texts, scripts),
        *menu((root / "mkdocs.yml").read_text(encoding="utf-8"), targets.pages, pages),
    ]
    for page in pages.values():
        found += [*links(page, targets), *numbers(page, site.runs), *markup(page)]
    found += ledger(site)
    for defect in found:
        yield from_text(site.notebook.relocate(str(defect)), defect.rule)


def _beside(root: Path) -> list[str]:
    """Texts that are read, but are not pages of their own."""
    return _files(root, ("docs/includes/*.md", "docs/notation.yml", ".github/*.md", "README.md"))


def _targets(site: Site) -> Targets:
    root = site.project.root
    made = {f"docs/gallery/{name}.md" for name in example_names(root)}
    files = {path.relative_to(root).as_posix() for path in (root / "docs").rglob("*") if path.is_file()}
    anchors = Anchors(site.pages, site.literature, frozenset(site.broken_pages))
    pages = set(site.pages) | made
    return Targets(pages, files - pages, {f"docs/{pdf}" for pdf in PDFS.values()}, anchors)


def _doctests(site: Site, focus: Focus | None) -> tuple[int, list[Defect]]:
    root = site.project.root
    made = ("docs/gallery/", "docs/source/")
    pages = [page for path, page in site.pages.items() if not path.startswith(made)]
    pages = [page for page in pages if focus is None or page.path in focus.pages]
    modules = _files(root, ("mseclf/**/*.py",)) if focus is None else []
    texts = {path: (root / path).read_text(encoding="utf-8") for path in modules}
    return doctests(root, pages, texts, site.project.cache)


def _fatal(error: Exception, root: Path) -> Iterator[Defect]:
    """What keeps the build from beginning: the literature, the notation, the citation."""
    if isinstance(error, PageErrors):
        yield from (Defect(one.place, one.message, "build") for one in error.errors)
    elif isinstance(error, PageError):
        yield Defect(error.place, error.message, "build")
    elif isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        path = Path(error.problem_mark.name).resolve()
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else "docs/notation.yml"
        place = Place(name, error.problem_mark.line + 1, error.problem_mark.column + 1)
        yield Defect(place, f"this is not YAML: {error.problem}", "build")
    elif isinstance(error, OSError):
        yield Defect(Place(Path(error.filename or "docs").name, 1), f"cannot be read: {error.strerror}", "build")
    else:
        yield Defect(Place("docs/notation.yml", 1), str(error).removeprefix("notation.yml: "), "build")
