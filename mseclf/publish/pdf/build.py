"""From Typst source to PDF: the same site gives the same bytes, nothing is fetched, and what is up to date is kept."""

import hashlib
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import typst

from mseclf.pages import PageError, place_of_words
from mseclf.publish.generated import page_title
from mseclf.publish.pdf.chapters import Chapters
from mseclf.publish.project import Project
from mseclf.publish.site import PDFS, Site
from mseclf.running.files import write_whole

TEMPLATE: Final = Path(__file__).with_name("template.typ")
# Pages that are tables for a screen: their figures and functions are elsewhere in the booklet, or on the site.
LEFT_OUT: Final = ("docs/gallery.md", "docs/reference.md")
COVER: Final = ("gradient_size", "gradient")
_NO_GLYPH = re.compile(r'the text `"(?:\\u\{(?P<code>[0-9a-f]+)\}|(?P<text>[^"]+))"` could not be displayed')
_VARIABLE = re.compile(r"(--[\w-]+):([^;}]+)")
_DARK = re.compile(r"@media \(prefers-color-scheme:\s*dark\)\s*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")


@dataclass(frozen=True)
class Document:
    """Everything that decides the bytes of one PDF.

    Attributes:
        body: the chapters as Typst source.
        about: what stands on its cover and in its metadata.
        figures: SVG by file name.
        timestamp: seconds since 1970 that stand for "now".
    """

    body: str
    about: Mapping[str, Any]
    figures: Mapping[str, str]
    timestamp: int

    def compile(self) -> bytes:
        """Set the type.

        Raises:
            RuntimeError: Typst refuses the source; its message says why.
        """
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for figure, svg in self.figures.items():
                (folder / figure).write_text(on_paper(svg), encoding="utf-8")
            (folder / TEMPLATE.name).write_bytes(TEMPLATE.read_bytes())
            (folder / "about.json").write_text(json.dumps(dict(self.about)), encoding="utf-8")
            main = f'#import "{TEMPLATE.name}": *\n#show: book.with(json("about.json"))\n\n{self.body}'
            (folder / "main.typ").write_text(main, encoding="utf-8")
            try:
                return typst.compile(
                    folder / "main.typ",
                    root=folder,
                    ignore_system_fonts=True,
                    pdf_standards=["ua-1"],
                    timestamp=datetime.fromtimestamp(self.timestamp, UTC),
                )
            except typst.TypstError as error:
                raise RuntimeError(f"Typst cannot set {self.about['title']!r}: {error.diagnostic or error}") from error


def on_paper(svg: str) -> str:
    """A figure in its light colours: paper has no dark theme, and Typst no CSS variables."""
    svg = _DARK.sub("", svg)
    colours = {name: value.strip() for name, value in _VARIABLE.findall(svg)}
    return re.sub(r"var\((--[\w-]+)\)", lambda match: colours[match[1]], svg)


def documents(site: Site, pages: Sequence[str]) -> dict[str, bytes]:
    """The site's PDF documents by their address from the site's root.

    Args:
        site: a site without defects.
        pages: the pages' paths in the order of the menu.

    Returns:
        The booklet with all of `pages` that suit paper, and the demonstration; from the cache where nothing changed.
    """
    chapters = tuple(path for path in pages if path not in LEFT_OUT)
    booklet, alone = PDFS["docs/index.md"], PDFS["docs/demonstration.md"]
    return {booklet: _made(site, chapters, booklet), alone: _made(site, ("docs/demonstration.md",), alone)}


def kept(project: Project) -> dict[str, bytes]:
    """The documents that the last build made, by address; those that were never made are missing."""
    entries = {address: project.cache / "pdf" / Path(address).name for address in PDFS.values()}
    return {address: entry.read_bytes() for address, entry in entries.items() if entry.is_file()}


def _made(site: Site, paths: tuple[str, ...], address: str) -> bytes:
    key = _key(site, paths)
    entry = site.project.cache / "pdf" / Path(address).name
    stamp = entry.with_suffix(".key")
    try:
        if stamp.read_text(encoding="utf-8") == key:
            return entry.read_bytes()
    except OSError:
        pass  # never made
    try:
        made = document(site, paths, whole=len(paths) > 1).compile()
    except RuntimeError as error:
        raise _placed(site, paths, error) from error
    with suppress(OSError):  # a cache that cannot be written costs time, not truth
        stamp.unlink(missing_ok=True)  # first the old key goes, last the new one comes: killed in between, all is right
        write_whole(entry, made)
        write_whole(stamp, key.encode())
    return made


def _placed(site: Site, paths: tuple[str, ...], error: RuntimeError) -> Exception:
    """The refusal of a character that the fonts lack, told where an author wrote it; other refusals as they are."""
    if found := _NO_GLYPH.search(str(error)):
        character = chr(int(found["code"], 16)) if found["code"] else found["text"]
        for path in paths:
            if character in site.texts[path]:
                place = place_of_words(path, site.texts[path], character)
                return PageError(place, f"the PDF has no letters for {character!r}: say it in other words")
    return error


def document(site: Site, paths: tuple[str, ...], whole: bool) -> Document:
    """The booklet, or a document of one page."""
    chapters = Chapters(site, paths, numbered=whole)
    body = chapters.typst()
    figures = dict(chapters.files)
    if whole:
        name, figure = COVER
        figures["cover.svg"] = next(drawn.svg for drawn in site.runs[name].figures if drawn.name == figure)
    return Document(body, _about(site, paths, whole), figures, site.project.timestamp)


def _about(site: Site, paths: tuple[str, ...], whole: bool) -> dict[str, Any]:
    citation = site.project.citation
    title, _, subtitle = citation["title"].partition("? ")
    return {
        "whole": whole,
        "title": f"{title}?" if whole else page_title(site.pages[paths[0]]),
        "subtitle": subtitle if whole else f"{title}?",
        "authors": [author["name"] for author in citation["authors"]],
        "description": " ".join(citation["abstract"].split()) if whole else site.citing.description(paths[0]),
        "keywords": citation["keywords"],
        "version": str(citation["version"]),
        "released": str(citation["date-released"]),
        "commit": site.project.commit[:10],
        "address": site.project.address if whole else site.citing.page(paths[0]).url,
        "basis": [
            {"author": " ".join(filter(None, work.authors[0])), "title": work.title, "year": work.year, "url": work.url}
            for work in site.citing.basis
        ],
    }


def _key(site: Site, paths: tuple[str, ...]) -> str:
    """Everything that decides the result, without making it."""
    digest = hashlib.sha256(f"{version('typst')}\0{version('pypandoc_binary')}\0{site.project.timestamp}\0".encode())
    code = Path(__file__).parent
    for source in (*sorted(code.glob("*.py")), *sorted(code.glob("*.typ")), *sorted(code.parent.glob("*.py"))):
        digest.update(source.read_bytes())
    for path in paths:
        values = [site.values[slot] for slot in site.pages[path].values]
        figures = [f.svg for image in site.pages[path].images for f in site.runs[image.name].figures]
        digest.update(json.dumps([path, site.texts[path], values, figures]).encode())
    ledger = [(verdict.equation.id, str(verdict.status), verdict.method) for verdict in site.verdicts.values()]
    about = [_about(site, paths, whole=True), ledger, list(site.notebook.figures.items()), site.project.commit]
    digest.update(json.dumps(about, default=str).encode())
    digest.update((site.project.root / "docs" / "literature.bib").read_bytes())
    return digest.hexdigest()
