"""The only file that knows MkDocs: it hands the pages to `mseclf.publish.site` and the results to the theme.

Events used, in MkDocs' order: on_startup, on_config, on_files, on_page_markdown, on_page_content, on_page_context,
on_post_page, on_post_template, on_post_build; on_build_error is not needed: nothing is written before everything is
known to be right.
"""

import gc
import os
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any, ClassVar, Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url, meta
from mkdocs.utils.templates import TemplateContext

from mseclf.pages import PageError, Place, place_of_words
from mseclf.proving import NotationError
from mseclf.publish import assets, pdf, serving, stylesheets
from mseclf.publish.harmless import harm
from mseclf.publish.markup import searchable
from mseclf.publish.page_html import PageHtml
from mseclf.publish.policy import Policy
from mseclf.publish.project import Project
from mseclf.publish.site import PDFS, Site, build, page_markdown
from mseclf.running.printable import printable

log = get_plugin_logger("mseclf")
_OWN_TEMPLATES = Path(__file__).parent / "theme"


class _Build:
    """What has to survive from one event to the next, and while serving from one build to the next."""

    serving = False
    project: Project
    site: Site
    fingerprints: ClassVar[dict[str, str]] = {}
    classes: ClassVar[set[str]] = set()


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Remember whether defects stop the build or are shown in their place."""
    _Build.serving = command == "serve"
    if not _Build.serving:
        gc.set_threshold(100_000)  # most objects of a build live to its end: looking for garbage took a twentieth of it


def on_config(config: MkDocsConfig) -> None:
    """Take from the environment what differs between forks, and make "now" the commit's date."""
    project = _Build.project = Project(Path(config.config_file_path).parent, config.site_url or "")
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(project.timestamp))
    if project.repository:
        config.repo_url = project.repository
        config.edit_uri = "edit/main/docs/"
    version = project.citation["version"]
    config.extra |= {"commit": project.commit, "repository": project.repository, "version_number": version}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Do all the work; add what was made to the site's files."""
    if _Build.serving:
        serving.reload_core()
    sources = {f"docs/{file.src_uri}": file.content_string for file in files if file.src_uri.endswith(".md")}
    try:
        site = _Build.site = build(_Build.project, sources)
    except (PageError, NotationError) as error:  # literature.bib or notation.yml cannot be read: there is no site
        raise PluginError(f"\n{error}") from error
    if site.errors and not _Build.serving:
        raise PluginError("\n" + "\n".join(site.errors))
    for defect in site.errors:
        log.warning(defect)
    made = {path.removeprefix("docs/"): text for path, text in site.texts.items() if path not in sources}
    documents = pdf.kept(site.project) if _Build.serving else _documents(site, config.nav)
    contents: dict[str, str | bytes] = {**made, **assets.generate(site, _theme(config)), **documents}
    for uri, content in contents.items():
        file = File.generated(config, uri, content=content)
        if uri == "notebook.md":
            file.edit_uri = "notebook.py"
        files.append(file)
    if _Build.serving:
        _mark_changed(files, site)
        return files
    for file in files:
        if file.src_uri.endswith(".js"):
            file.content_string = assets.smaller(file.content_string)
    return files


def _mark_changed(files: Files, site: Site) -> None:
    """Tell `mkdocs serve --dirty` which pages to make again: by what they show, not by the age of their files."""
    changed = serving.changed_pages(site, _Build.fingerprints)
    for file in files.documentation_pages():
        path = f"docs/{file.src_uri}"
        file.is_modified = lambda path=path: path in changed  # type: ignore[method-assign, misc]


def _documents(site: Site, nav: Any) -> Mapping[str, bytes]:
    """The PDFs. While serving, those of the last build are given instead: who writes looks at pages."""
    try:
        return pdf.documents(site, [path for path in _menu(nav) if path in site.pages])
    except (PageError, RuntimeError, ValueError) as error:
        raise PluginError(f"\n{site.notebook.relocate(str(error))}") from error


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
    if path not in _Build.site.pages:
        return markdown
    text, _ = meta.get_data(page_markdown(_Build.site, path))
    if path in _Build.site.broken_pages:
        defects = "\n".join(f"    {error}" for error in _Build.site.broken_pages[path])
        return f"# This page cannot be read\n\n{defects}\n\n{text}"
    return text


def on_page_context(context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation) -> TemplateContext:
    """Put into the page's head what it says about itself, and how it is cited."""
    path = f"docs/{page.file.src_uri}"
    if path in _Build.site.pages:
        page.meta["pdf"] = PDFS.get(path, PDFS["docs/index.md"])
        page.meta["head_tags"] = _Build.site.citing.head(path)
        page.meta.setdefault("description", escape(_Build.site.citing.description(path)))
    return context


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Leave words in the slots, for the search index, which reads the page at this point."""
    source = _Build.site.pages.get(f"docs/{page.file.src_uri}")
    return searchable(html, source, lambda image: image.alt, _Build.site.plain) if source else html


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Draw what belongs into the slots."""
    source = _Build.site.pages.get(f"docs/{page.file.src_uri}")
    to_root = get_relative_url(".", page.url)
    if source:
        output = PageHtml(_Build.site, source, to_root if to_root.endswith("/") else f"{to_root}/").finish(output)
    return _guarded(assets.mend(output), page.file.src_uri, config)


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    """The page for addresses that do not exist is a page like any other."""
    if not template_name.endswith(".html"):
        return output_content
    return _guarded(assets.mend(output_content), template_name, config)


def on_post_build(config: MkDocsConfig) -> None:
    """Drop from the theme's sheets what no page has and no script makes."""
    if _Build.serving:
        return
    built = Path(config.site_dir)
    scripts = (script.read_text(encoding="utf-8") for script in built.glob("assets/**/*.js"))
    used = _Build.classes.union(*map(stylesheets.words, scripts))
    for sheet in built.glob("assets/stylesheets/*.css"):
        sheet.write_text(stylesheets.without_unused(sheet.read_text(encoding="utf-8"), used), encoding="utf-8")


def _guarded(output: str, name: str, config: MkDocsConfig) -> str:
    if _Build.serving:
        return output  # the server adds a script of its own to each page: the one that reloads it
    _Build.classes |= stylesheets.classes(output)
    if found := harm(output):
        raise PluginError(f"{_place(name, found.words)}: {found.message}")
    try:
        return Policy.of_theme(_theme(config), _OWN_TEMPLATES).add(output)
    except ValueError as error:
        raise PluginError(f"{_place(name, '<script')}: {error}") from None


def _place(name: str, words: str) -> Place:
    return place_of_words(f"docs/{name}", _Build.site.texts.get(f"docs/{name}", ""), words)


def _theme(config: MkDocsConfig) -> Path:
    """The theme's own folder; the last one is MkDocs' and the first is ours."""
    return Path(config.theme.dirs[-2])
