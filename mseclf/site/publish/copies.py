"""The site for those who read text: a Markdown copy of each page at its address, and lists of them for assistants.

A copy has the values filled in, formulas as TeX between dollars, figures as their descriptions, and nothing that only
the build understands. ``llms.txt`` names all copies, ``llms-full.txt`` holds them.
"""

import html
import inspect
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Final

import mseclf
from mseclf.site.page import DisplayEquation, ExampleImage, Fold, InlineFormula, Page, Region, ValueSlot, read_markdown
from mseclf.site.page.fences import Prose
from mseclf.site.publish.cite_page import page_address
from mseclf.site.publish.figure_html import choose_figure, figure_path
from mseclf.site.publish.generated import page_title
from mseclf.site.publish.markup import replace_regions, without_slot
from mseclf.site.publish.site import Site, page_markdown
from mseclf.site.publish.uses import ENTRY

COPY: Final = "index.md"
# What only converters read: boxes for the style sheets, comments, attributes, and whether a fold holds Markdown.
_ONLY_BUILT: Final = re.compile(
    r'</?(?:div|span|nav)\b[^>]*>\n?|<!--.*?-->\n?|(?<=[)*`])\{[:.#][^}\n]*\}| markdown="1"|<a id="[^"]*"></a>',
    re.DOTALL | re.MULTILINE,
)
_PAGE_LINK: Final = re.compile(r"\]\((?![a-z]+:|#)(?P<path>[^)\s#]+)(?P<rest>#[^)\s]*)?\)")


def copies(site: Site) -> dict[str, str]:
    """Each readable page's copy, and the two lists of them, by address from the site's root."""
    paths = [path for path in site.pages if has_copy(site, path)]
    made = {f"{page_address(path)}{COPY}": markdown_copy(site, path) for path in paths}
    return {**made, "llms.txt": _list(site, paths), "llms-full.txt": "\n\n".join(made.values())}


def has_copy(site: Site, path: str) -> bool:
    """Whether the page can be read as Markdown: a listing of a module is a file already, an include is a part."""
    no_page = ("docs/source/", "docs/includes/")
    return path in site.pages and path not in site.broken_pages and not path.startswith(no_page)


def markdown_copy(site: Site, path: str) -> str:
    """The page at `path` as Markdown that needs nothing of this site's build."""
    if path == "docs/gallery.md":
        return f"# {page_title(site.pages[path])}\n\n{_examples(site)}\n"
    text = page_markdown(site, path, lambda page, values: _without_slots(site, page, values), drawn=False)
    parts = [(block, text[block.start : block.end]) for block in read_markdown(path, text).blocks]
    kept = [_readable(site, path, part) if isinstance(block, Prose) else part for block, part in parts]
    return re.sub(r"\n{3,}", "\n\n", "".join(kept)).strip() + "\n"


def _examples(site: Site) -> str:
    """The gallery in words: what each example claims."""
    at = f"{site.project.address}gallery/"
    return "\n".join(f"- [{run.title}]({at}{name}/): {run.claim}" for name, run in site.runs.items())


def _without_slots(site: Site, page: Page, values: Mapping[Region, str]) -> str:
    return replace_regions(page, lambda number, region: _in_markdown(site, page, region, values))


def _in_markdown(site: Site, page: Page, region: Region, values: Mapping[Region, str]) -> str | None:
    match region:
        case DisplayEquation():
            return f"$$\n{region.tex}\n$$"
        case InlineFormula():
            return f"${region.tex}$"
        case ValueSlot():
            return html.unescape(values[region])
        case ExampleImage():
            return _figure(site, region)
        case Fold():
            return None
        case _:
            return without_slot(page, region, values)


def _figure(site: Site, image: ExampleImage) -> str:
    """The figure's description, its address and its caption."""
    run = site.runs.get(image.name)
    if run is None:
        return image.alt
    address = f"{site.project.address}{figure_path(run, choose_figure(image, run))}"
    return f"![{image.alt}]({address})" + (f"\n\n*{image.caption}*" if image.caption else "")


def _readable(site: Site, path: str, text: str) -> str:
    text = ENTRY.sub(_documented, _ONLY_BUILT.sub("", text))
    return _PAGE_LINK.sub(lambda match: f"]({_address(site, path, match['path'])}{match['rest'] or ''})", text)


def _address(site: Site, path: str, target: str) -> str:
    """Where a link of the page at `path` leads, as a whole address."""
    if target.startswith("?"):  # a state of an explorer on the page itself
        return f"{site.project.address}{page_address(path)}{target}"
    full = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return site.project.address + (page_address(full) if full.endswith(".md") else full.removeprefix("docs/"))


def _documented(match: re.Match[str]) -> str:
    """A function or class of the reference with its own words."""
    return f"### {match['name']}\n\n{inspect.getdoc(getattr(mseclf, match['name'], None)) or ''}"


def _list(site: Site, paths: list[str]) -> str:
    """The form of llmstxt.org: a title, a sentence, and the copies with what each answers."""
    about = " ".join(site.project.citation["abstract"].split())
    return "\n".join([f"# {site.project.citation['title']}", "", f"> {about}", "", *_rows(site, paths), ""])


def _rows(site: Site, paths: list[str]) -> Iterator[str]:
    yield "## Pages\n"
    for path in paths:
        address = f"{site.project.address}{page_address(path)}{COPY}"
        yield f"- [{page_title(site.pages[path])}]({address}): {site.citing.description(path)}"
