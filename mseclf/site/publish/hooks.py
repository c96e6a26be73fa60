"""The only file that knows MkDocs: it hands the pages to `mseclf.site.publish.site` and the results to the theme.

Events used, in MkDocs' order: on_startup, on_config, on_files, on_page_markdown, on_page_content, on_env,
on_page_context, on_post_page, on_post_template, on_post_build; on_build_error is not needed: nothing is written before
everything is known to be right.
"""

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url, meta
from mkdocs.utils.templates import TemplateContext

from mseclf.site import pdf
from mseclf.site.check.pages import refused, tested
from mseclf.site.defect import Defect, Defects, Place, Rule, Trouble
from mseclf.site.memory import Memory
from mseclf.site.page import place_of_words
from mseclf.site.publish import assets
from mseclf.site.publish.cite_page import page_address
from mseclf.site.publish.copies import copies, has_copy
from mseclf.site.publish.embedded import said_aside
from mseclf.site.publish.feed import feed
from mseclf.site.publish.harmless import harm
from mseclf.site.publish.markup import searchable
from mseclf.site.publish.moved import moved, moved_page, read_ledger
from mseclf.site.publish.page_html import PageHtml
from mseclf.site.publish.policy import scripts_of, with_policy
from mseclf.site.publish.project import Project
from mseclf.site.publish.questions import question_tag
from mseclf.site.publish.serving import Server, broken_page, refuse_taken
from mseclf.site.publish.sheet import Used, without_unused
from mseclf.site.publish.site import PACK, PDFS, Site, build, page_markdown
from mseclf.site.publish.templates import Compiled
from mseclf.site.run.printable import printable

log = get_plugin_logger("mseclf")
# The pages of these folders are not in the menu: whose they are.
_OWNERS = {"gallery": "gallery.md", "source": "reference.md"}
_OWN_TEMPLATES = Path(__file__).parent / "theme"


class _Build:
    """What has to survive from one event to the next, and while serving from one build to the next."""

    server: Server | None = None
    marked: Page | None = None  # the owner of a page that the menu does not have, while that is written
    project: Project
    site: Site
    documents: Future[Mapping[str, bytes]]
    templates: Memory


_build = _Build()


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Remember whether defects stop the build or are shown in their place."""
    if command == "serve":
        _build.server = Server()
    else:
        gc.set_threshold(100_000)  # most objects of a build live to its end: looking for garbage took a twentieth of it


def on_config(config: MkDocsConfig) -> None:
    """Take from the environment what differs between forks, and make "now" the commit's date."""
    if _build.server and not _build.server.site:
        _check_address(config)
    project = _build.project = Project(Path(config.config_file_path).parent, config.site_url or "")
    config.site_url = project.address
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(project.timestamp))
    if project.repository:
        config.repo_url = project.repository
        config.edit_uri = "edit/main/docs/"
    try:
        version = project.citation["version"]
    except Defects as found:
        if not (_build.server and _build.server.site):
            raise PluginError(f"\n{found}") from found
        log.warning(found)
        project = _build.project = _build.server.site.project
        version = project.citation["version"]
    config.extra |= {"commit": project.commit, "repository": project.repository, "version_number": version}


def _check_address(config: MkDocsConfig) -> None:
    try:
        refuse_taken(*config.dev_addr)
    except Trouble as trouble:
        raise PluginError(str(trouble)) from trouble


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Do all the work; add what was made to the site's files."""
    sources = {f"docs/{file.src_uri}": _page_text(file) for file in files if file.src_uri.endswith(".md")}
    site = _build.site = _site_of(sources)
    if site.defects and not _build.server:
        raise PluginError(f"\n{Defects(*site.defects)}")
    for defect in site.defects:
        log.warning(defect)
    for line in said_aside(site.runs):
        log.info(line)
    made = {path.removeprefix("docs/"): page.text for path, page in site.pages.items() if path not in sources}
    documents = pdf.kept(site.project) if _build.server else _begun(site, config.nav)
    contents: dict[str, str | bytes] = {**made, **assets.generate(site, _theme(config)), **documents}
    for uri, content in contents.items():
        file = File.generated(config, uri, content=content)
        if uri == "notebook.md":
            file.edit_uri = "notebook.py"
        files.append(file)
    if _build.server:
        if site.pages is (_build.server.site and _build.server.site.pages):  # the last one: nothing could be made
            _mark_changed(files, frozenset())
            return files
        for path in _build.server.gone(site):  # a build that makes what changed leaves the rest as it is
            Path(config.site_dir, page_address(path), "index.html").unlink(missing_ok=True)
        _mark_changed(files, _build.server.changed_pages(site))
        return files
    for file in files:
        if file.src_uri.startswith("assets/") and file.src_uri.endswith((".js", ".css")):
            file.content_string = assets.minified(file.src_uri, file.content_string)
    return files


def _page_text(file: File) -> str:
    """The text of a page; what is not UTF-8 in it becomes a character that no page may have."""
    try:
        return file.content_string
    except UnicodeDecodeError:
        file.content_string = file.content_bytes.decode("utf-8", errors="replace")
        return file.content_string


def _site_of(sources: Mapping[str, str]) -> Site:
    """The site. While literature.bib or notation.yml cannot be read, a server shows the last one."""
    try:
        site = build(_build.project, sources)
        if _build.server:  # it has no time for doctests: they are told by the check
            return replace(site, defects=(*site.defects, *refused(site, sources)))
        with ThreadPoolExecutor(1) as beside:  # doctests run in a process of their own
            testing = beside.submit(tested, site, None)
            found = [*site.defects, *refused(site, sources)]
        return replace(site, defects=(*found, *testing.result()[1]))
    except Defects as found:
        if not (_build.server and _build.server.site):
            raise PluginError(f"\n{found}") from found
        return replace(_build.server.site, defects=found.defects)


def _mark_changed(files: Files, changed: frozenset[str]) -> None:
    """Tell `mkdocs serve --dirty` which pages to make again: by what they show, not by the age of their files."""
    for file in files.documentation_pages():
        path = f"docs/{file.src_uri}"
        file.is_modified = lambda path=path: path in changed  # type: ignore[method-assign, misc]


def _begun(site: Site, nav: Any) -> Mapping[str, bytes]:
    """Empty places for the PDFs and the pack of figures, which are made while MkDocs converts pages.

    While serving, the PDFs of the last build are given instead: who writes looks at pages.
    """
    paths = [path for path in _menu(nav) if path in site.pages]
    beside = ThreadPoolExecutor(1)
    _build.documents = beside.submit(_documents, site, paths)
    beside.shutdown(wait=False)
    return dict.fromkeys([*(address for path, address in PDFS.items() if path in paths), PACK], b"")


def _documents(site: Site, paths: Sequence[str]) -> Mapping[str, bytes]:
    try:
        with ThreadPoolExecutor(1) as beside:
            pack = beside.submit(pdf.figure_pack, site)
            return {**pdf.documents(site, paths), **pack.result()}
    except (RuntimeError, ValueError) as error:
        found = Defects(*map(site.notebook.relocate, pdf.unset(site, paths, whole=False)))
        raise PluginError(f"\n{found if found.defects else error}") from error


def _menu(nav: Any) -> Iterator[str]:
    """The pages of the menu, in its order."""
    if isinstance(nav, str):
        yield f"docs/{nav}"
    for entry in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from _menu(entry)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Give Markdown a page in which our regions are empty slots."""
    path = f"docs/{page.file.src_uri}"
    for name, value in page.meta.items():  # the theme's templates take it for HTML, also inside attributes
        if isinstance(value, str):
            page.meta[name] = escape(printable(value), quote=name != "title")
    if path not in _build.site.pages:
        return markdown
    if path in _build.site.broken_pages:
        return broken_page(_build.site.broken_pages[path], _build.site.pages[path].text)
    text, _ = meta.get_data(page_markdown(_build.site, path))
    return text


def on_page_context(context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation) -> TemplateContext:
    """Put into the page's head what it says about itself, and how it is cited."""
    path = f"docs/{page.file.src_uri}"
    _mark_in_menu(page, nav)
    if path in _build.site.pages and path not in _build.site.broken_pages:
        page.meta["has_copy"] = has_copy(_build.site, path) and not _build.server
        page.meta["pdf"] = PDFS.get(path, PDFS["docs/index.md"])
        page.meta["head_tags"] = _build.site.citing.head(path)
        if page.meta.get("questions"):
            page.meta["head_tags"] += f"\n  {question_tag(page.content or '')}"
        page.meta.setdefault("description", escape(_build.site.citing.description(path)))
    return context


def _mark_in_menu(page: Page, nav: Navigation) -> None:
    """A page that the menu does not have is marked at the one that it belongs to, until it is written."""
    owner = _OWNERS.get(page.file.src_uri.partition("/")[0])
    _build.marked = next((other for other in nav.pages if other.file.src_uri == owner), None)
    if _build.marked:
        _build.marked.active = True


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Have the theme's templates compiled once, and wait for the PDFs: from now on files are written."""
    for address, content in _build.documents.result().items() if not _build.server else ():
        files.src_uris[address].content_bytes = content
    _build.templates = Memory(_build.project.cache / "templates")
    env.bytecode_cache = Compiled(_build.templates)
    return env


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Leave words in the slots, for the search index, which reads the page at this point."""
    source = _build.site.pages.get(f"docs/{page.file.src_uri}")
    return searchable(html, source, lambda image: image.alt, _build.site.plain) if source else html


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Draw what belongs into the slots."""
    if _build.marked:
        _build.marked.active = False
        _build.marked = None
    source = _build.site.pages.get(f"docs/{page.file.src_uri}")
    to_root = get_relative_url(".", page.url)
    if source:
        output = PageHtml(_build.site, source, to_root if to_root.endswith("/") else f"{to_root}/").finish(output)
    return _guarded(assets.finished(output), page.file.src_uri, config)


def on_post_build(config: MkDocsConfig) -> None:
    """Write the copies of the pages for those who read text: as files of the site they would be pages of their own.

    Then the sheets are made shorter, and a page is left at each address that went.
    """
    _build.templates.prune()
    if not _build.server:
        for address, text in {**copies(_build.site), **feed(_build.site)}.items():
            Path(config.site_dir, address).write_text(text, encoding="utf-8")
        _shorten_sheets(Path(config.site_dir))
        for old, new in moved(read_ledger(_build.project.root)):
            file = Path(config.site_dir, old, "index.html")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(moved_page(old, new), encoding="utf-8")


def _shorten_sheets(folder: Path) -> None:
    """Take from the theme's sheet what no page uses: now all of them are written."""
    pages, scripts, sheets = (
        tuple(path.read_text(encoding="utf-8") for path in sorted(folder.rglob(kind)))
        for kind in ("*.html", "*.js", "*.css")
    )
    used = Used(pages, scripts, sheets)
    for sheet in folder.glob("assets/stylesheets/main.*.css"):
        sheet.write_text(without_unused(sheet.read_text(encoding="utf-8"), used), encoding="utf-8")


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """The page for addresses that do not exist is a page like any other."""
    if not template_name.endswith(".html"):
        return output_content
    return _guarded(assets.finished(output_content), template_name, config)


def _guarded(output: str, name: str, config: MkDocsConfig) -> str:
    if _build.server:
        return output  # the server adds a script of its own to each page: the one that reloads it
    if found := harm(output):
        raise PluginError(str(Defect(_place(name, found.words), Rule.MARKUP, found.message)))
    try:
        return with_policy(output, scripts_of(_theme(config), _OWN_TEMPLATES))
    except ValueError as error:
        raise PluginError(str(Defect(_place(name, "<script"), Rule.MARKUP, str(error)))) from None


def _place(name: str, words: str) -> Place:
    page = _build.site.pages.get(f"docs/{name}")
    return place_of_words(f"docs/{name}", page.text if page else "", words)


def _theme(config: MkDocsConfig) -> Path:
    """The theme's own folder; the last one is MkDocs' and the first is ours."""
    return Path(config.theme.dirs[-2])
