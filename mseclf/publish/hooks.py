"""The only file that knows MkDocs: it hands the pages to `mseclf.publish.site` and the results to the theme.

Events used, in MkDocs' order: on_startup, on_config, on_files, on_page_markdown, on_page_content, on_page_context,
on_post_page; on_build_error is not needed: nothing is written before everything is known to be right.
"""

import os
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any, Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url, meta
from mkdocs.utils.templates import TemplateContext

from mseclf.pages import PageError
from mseclf.publish import assets, pdf
from mseclf.publish.markup import searchable
from mseclf.publish.page_html import PageHtml
from mseclf.publish.project import Project
from mseclf.publish.site import PDFS, Site, build, page_markdown


class _Build:
    """What has to survive from one event to the next."""

    serving = False
    project: Project
    site: Site


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Remember whether defects stop the build or are shown in their place."""
    _Build.serving = command == "serve"


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
    sources = {f"docs/{file.src_uri}": file.content_string for file in files if file.src_uri.endswith(".md")}
    site = _Build.site = build(_Build.project, sources)
    if site.errors and not _Build.serving:
        raise PluginError("\n" + "\n".join(site.errors))
    made = {path.removeprefix("docs/"): text for path, text in site.texts.items() if path not in sources}
    documents = pdf.kept(site.project) if _Build.serving else _documents(site, config.nav)
    contents: dict[str, str | bytes] = {**made, **assets.generate(site, Path(config.theme.dirs[-2])), **documents}
    for uri, content in contents.items():
        file = File.generated(config, uri, content=content)
        if uri == "notebook.md":
            file.edit_uri = "notebook.py"
        files.append(file)
    return files


def _documents(site: Site, nav: Any) -> Mapping[str, bytes]:
    """The PDFs. While serving, those of the last build are given instead: who writes looks at pages."""
    try:
        return pdf.documents(site, [path for path in _menu(nav) if path in site.pages])
    except (PageError, RuntimeError, ValueError) as error:
        raise PluginError(f"\n{error}") from error


def _menu(nav: Any) -> Iterator[str]:
    """The pages of the menu, in its order."""
    if isinstance(nav, str):
        yield f"docs/{nav}"
    for entry in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from _menu(entry)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Give Markdown a page in which our regions are empty slots."""
    path = f"docs/{page.file.src_uri}"
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
    return searchable(html, source, lambda image: image.alt) if source else html


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Draw what belongs into the slots."""
    source = _Build.site.pages.get(f"docs/{page.file.src_uri}")
    to_root = get_relative_url(".", page.url)
    if source:
        output = PageHtml(_Build.site, source, to_root if to_root.endswith("/") else f"{to_root}/").finish(output)
    return assets.mend(output)
