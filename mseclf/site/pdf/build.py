"""From Typst source to PDF: the same site gives the same bytes, nothing is fetched, and what is up to date is kept."""

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import typst

from mseclf.site.defect import Defect, Defects, Place, Rule
from mseclf.site.memory import Memory
from mseclf.site.page import place_of_words
from mseclf.site.page.fences import front_matter
from mseclf.site.pdf.chapters import Chapters
from mseclf.site.pool import cores
from mseclf.site.publish.generated import page_title
from mseclf.site.publish.project import Project
from mseclf.site.publish.site import PDFS, Site
from mseclf.site.run.svg import THEME

TEMPLATE: Final = Path(__file__).with_name("template.typ")
# Pages that are tables for a screen: their figures and functions are elsewhere in the booklet, or on the site.
LEFT_OUT: Final = ("docs/gallery.md", "docs/reference.md")
_NOT_ON_PAPER = re.compile(r"^pdf:[ ]*false[ ]*$", re.MULTILINE)  # in a page's front matter
# Documents that are no book: one page, and slides.
FORMS: Final = {"docs/sheet.md": "sheet", "docs/slides.md": "slides"}
COVER: Final = ("gradient_size", "gradient")
_NO_GLYPH = re.compile(r'the text `"(?:\\u\{(?P<code>[0-9a-f]+)\}|(?P<text>[^"]+))"` could not be displayed')
_VARIABLE = re.compile(r"(--[\w-]+):([^;}]+)")


def on_paper(svg: str) -> str:
    """A figure in its own colours, which are light: Typst has no CSS variables."""
    return _painted(svg, {})


def in_the_dark(svg: str) -> str:
    """A figure in the colours for dark ground."""
    return _painted(svg, {name: dark for name, _, dark in THEME.values()})


def _painted(svg: str, others: dict[str, str]) -> str:
    """An SVG with the colours that it names, but for others."""
    colours = {name: value.strip() for name, value in _VARIABLE.findall(svg)} | others
    return re.sub(r"var\((--[\w-]+)\)", lambda match: colours[match[1]], svg)


def documents(site: Site, pages: Sequence[str]) -> dict[str, bytes]:
    """The site's PDF documents by their address from the site's root.

    Args:
        site: a site without defects.
        pages: the pages' paths in the order of the menu.

    Returns:
        The booklet with all of `pages` that suit paper, and the documents of one page; from the cache where nothing
        changed.
    """
    chapters = tuple(_on_paper(site, pages))
    memory = Memory(site.project.cache / "pdf")
    wanted = {
        address: chapters if path == "docs/index.md" else (path,) for path, address in PDFS.items() if path in pages
    }
    with ThreadPoolExecutor(cores()) as pool:  # Typst and pandoc do most of it, outside of Python
        made = pool.map(partial(_document_made, site, memory), wanted, wanted.values())
        found = dict(zip(wanted, made, strict=True))
    memory.prune()
    return found


def unset(site: Site, paths: Sequence[str], whole: bool = True) -> Iterator[Defect]:
    """Yield what keeps pages from being set, as far as it is known with its place, else with its page.

    Args:
        site: a site without other defects.
        paths: the pages.
        whole: make the documents, and look at single pages only when that fails; else single pages at once.
    """
    with suppress(RuntimeError, ValueError):
        if whole:
            documents(site, paths)
            return
    for path in _on_paper(site, paths):
        try:
            document(site, (path,), whole=False)
        except Defects as found:
            yield from found.defects
        except RuntimeError as error:
            placed = _placed(site, (path,), error)
            told = placed.defects if isinstance(placed, Defects) else ()
            yield from told or [Defect(Place(path, 1), Rule.TYPESETTING, " ".join(str(error).split()))]


def _on_paper(site: Site, paths: Sequence[str]) -> Iterator[str]:
    """The pages that the booklet has."""
    for path in paths:
        text = site.pages[path].text
        if path not in LEFT_OUT and not _NOT_ON_PAPER.search(text, 0, front_matter(text)):
            yield path


def kept(project: Project) -> dict[str, bytes]:
    """The documents that were made last, by address; those that were never made are missing."""
    memory = Memory(project.cache / "pdf")
    found = {address: memory.get(address) for address in PDFS.values()}
    return {address: document for address, document in found.items() if document is not None}


def _document_made(site: Site, memory: Memory, address: str, paths: tuple[str, ...]) -> bytes:
    key = _document_key(site, paths)
    made = memory.get(key)
    if made is None:
        try:
            made = document(site, paths, whole=len(paths) > 1)
        except RuntimeError as error:
            raise _placed(site, paths, error) from error
        memory.put(key, made)
    if memory.get(address) != made:
        memory.put(address, made)
    return made


def _placed(site: Site, paths: tuple[str, ...], error: RuntimeError) -> Exception:
    """The refusal of a character that the fonts lack, told where an author wrote it; other refusals as they are."""
    if found := _NO_GLYPH.search(str(error)):
        character = chr(int(found["code"], 16)) if found["code"] else found["text"]
        for path in paths:
            if character in site.pages[path].text:
                place = place_of_words(path, site.pages[path].text, character)
                message = f"the PDF has no letters for {character!r}"
                remedy = "say it in other words, or write `pdf: false` into the page's front matter"
                return Defects(Defect(place, Rule.TYPESETTING, message, remedy))
    return error


def document(site: Site, paths: tuple[str, ...], whole: bool) -> bytes:
    """The booklet, or a document of one page.

    Raises:
        Defects: something on a page cannot stand in it.
        RuntimeError: Typst refuses the source; its message says why.
    """
    chapters = Chapters(site, paths, numbered=whole)
    body, about = chapters.typst(), _about(site, paths, whole)
    figures = dict(chapters.files)
    if whole:
        name, figure = COVER
        figures["cover.svg"] = next(drawn.svg for drawn in site.runs[name].figures if drawn.name == figure)
    form = "book" if whole else FORMS.get(paths[0], "book")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for file, drawn in figures.items():
            (folder / file).write_bytes(on_paper(drawn).encode() if isinstance(drawn, str) else drawn)
        (folder / TEMPLATE.name).write_bytes(TEMPLATE.read_bytes())
        (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
        main = f'#import "{TEMPLATE.name}": *\n#show: {form}.with(json("about.json"))\n\n{body}'
        (folder / "main.typ").write_text(main, encoding="utf-8")
        now = datetime.fromtimestamp(site.project.timestamp, UTC)
        try:
            return typst.compile(
                folder / "main.typ", root=folder, ignore_system_fonts=True, pdf_standards=["ua-1"], timestamp=now
            )
        except typst.TypstError as error:
            raise RuntimeError(f"Typst cannot set {about['title']!r}: {error.diagnostic or error}") from error


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
            {"author": work.names[0], "title": work.title, "year": work.year, "url": work.url}
            for work in site.citing.basis
        ],
    }


def _document_key(site: Site, paths: tuple[str, ...]) -> str:
    """Everything that decides the result, without making it."""
    digest = hashlib.sha256(f"{version('typst')}\0{version('pypandoc_binary')}\0{site.project.timestamp}\0".encode())
    code = Path(__file__).parent
    for source in sorted((*code.glob("*.py"), *code.glob("*.typ"), *(code.parent / "publish").glob("*.py"))):
        digest.update(source.read_bytes())
    for path in paths:
        values = [site.values[slot] for slot in site.pages[path].values]
        figures = [f.svg for image in site.pages[path].images for f in site.runs[image.name].figures]
        digest.update(json.dumps([path, site.pages[path].text, values, figures]).encode())
    ledger = [(verdict.equation.id, str(verdict.status), str(verdict.method)) for verdict in site.verdicts.values()]
    about = [_about(site, paths, whole=True), ledger, list(site.notebook.figures.items()), site.project.commit]
    digest.update(json.dumps(about, default=str).encode())
    digest.update((site.project.root / "docs" / "literature.bib").read_bytes())
    return digest.hexdigest()
