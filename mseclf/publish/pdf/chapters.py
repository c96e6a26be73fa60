"""Pages as chapters: pandoc's tree with every slot, link, fold and anchor turned into what the PDF needs.

Of HTML, only tags are dropped: text that pandoc would drop with them is an error, so that nothing is lost on paper.
"""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from markdown.extensions.toc import slugify, unique

from mseclf.pages import (
    DisplayEquation,
    ExampleImage,
    InlineFormula,
    Page,
    PageError,
    Place,
    Region,
    ValueSlot,
    place_of_words,
)
from mseclf.publish.cite_page import page_address
from mseclf.publish.figure_html import choose_figure
from mseclf.publish.markup import replace_regions
from mseclf.publish.pdf.columns import column_widths
from mseclf.publish.pdf.formulas import for_pandoc, functions
from mseclf.publish.pdf.pandoc import UnconvertedTex, read_tree, write_typst
from mseclf.publish.pdf.tree import Node, plain_text, split_chapters, typst_node, typst_string, walk
from mseclf.publish.site import Site, page_markdown

_FOLD = re.compile(r'<details class="(?P<kind>\w+)" markdown="1"><summary>(?P<title>[^<]*)</summary>')
_ANCHOR = re.compile(r'<a id="(?P<id>[^"]+)">')
_IMAGE = re.compile(r'<img src="(?:\.\./)*(?P<src>[^"]+)" alt="(?P<alt>[^"]*)"')
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<!--.*?-->", re.DOTALL)
_Formula = DisplayEquation | InlineFormula
_BOXES = ("answer", "credit", "proof", "reveal")
_CALLOUT = re.compile(r"\[!(?P<kind>NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]")


@dataclass
class Chapters:
    """The pages of one PDF.

    Attributes:
        site: where they come from.
        paths: the pages, in order.
        numbered: whether equation 9 of chapter 2 is (2.9), or (9) because there is one chapter only.
        labels: every place in the PDF that a link can lead to.
        files: the figures, by the name that the Typst source uses.
    """

    site: Site
    paths: tuple[str, ...]
    numbered: bool
    labels: set[str] = field(default_factory=set)
    files: dict[str, str] = field(default_factory=dict)

    def typst(self) -> str:
        """The chapters as Typst source.

        Raises:
            PageErrors: pandoc does not know a formula; the place is the formula's.
        """
        markdown = "\n\n".join(f"```{{=chapter}}\n{path}\n```\n\n{self._markdown(path)}" for path in self.paths)
        tree = read_tree(markdown)
        blocks: list[Node] = []
        for path, content in split_chapters(tree["blocks"]):
            blocks += _Chapter(self, path).blocks(content)
        tree["blocks"] = walk(blocks, self._resolve)
        try:
            source = write_typst(tree)
        except UnconvertedTex as error:
            raise self._placed(error) from error
        formulas = (r.tex for path in self.paths for r in self.site.pages[path].regions if isinstance(r, _Formula))
        return functions(formulas) + source

    def _markdown(self, path: str) -> str:
        text = page_markdown(self.site, path, _with_raw_slots)
        text = re.sub(r"\A---\n.*?^---\n", "", text, flags=re.DOTALL | re.MULTILINE)
        text = _FOLD.sub(lambda match: f'\n:::::: {{.{match["kind"]} title="{match["title"]}"}}\n', text)
        return text.replace("</details>", "\n::::::\n")

    def _resolve(self, node: Node) -> Node | None:
        """Turn a link to a place that is not in this PDF into the address on the site."""
        if node["t"] != "Link" or not node["c"][2][0].startswith("place:"):
            return None
        _, label, path, anchor = node["c"][2][0].split("|")
        address = f"{self.site.project.address}{page_address(path)}{f'#{anchor}' if anchor else ''}"
        target = f"#{label}" if label in self.labels else address
        return {"t": "Link", "c": [["", [], []], node["c"][1], [target, ""]]}

    def _placed(self, error: UnconvertedTex) -> PageError:
        for path in self.paths:
            for region in self.site.pages[path].regions:
                if isinstance(region, _Formula) and for_pandoc(region.tex).split() == error.tex.split():
                    return PageError(getattr(region, "tex_place", region.place), str(error))
        return PageError(self.site.pages[self.paths[0]].regions[0].place, str(error))


def label_of(path: str) -> str:
    """The label of a chapter."""
    return page_address(path).strip("/").replace("/", "-") or "home"


def _with_raw_slots(page: Page, values: Mapping[Region, str]) -> str:
    """Slots that pandoc leaves alone: raw text in a format that no writer knows."""
    shown = DisplayEquation | InlineFormula | ExampleImage | ValueSlot
    return replace_regions(page, lambda number, region: f"`{number}`{{=region}}" if isinstance(region, shown) else None)


@dataclass
class _Chapter:
    whole: Chapters
    path: str
    slugs: set[str] = field(default_factory=set)

    def blocks(self, blocks: list[Node]) -> list[Node]:
        changed: list[Node] = walk(blocks, self._change)
        return changed

    def _change(self, node: Node) -> Node | list[Node] | None:
        handler = getattr(self, f"_{node['t'].lower()}", None)
        changed: Node | list[Node] | None = handler(node["c"]) if handler else None
        return changed

    def _label(self, anchor: str) -> str:
        label = anchor if anchor.startswith("eq-") else f"{label_of(self.path)}:{anchor}"
        self.whole.labels.add(label)
        return label

    def _header(self, content: list[Any]) -> list[Node]:
        level, _, inlines = content
        label = self._label(unique(slugify(plain_text(inlines), "-"), self.slugs))
        title = {"t": "Header", "c": [level, [label, [], []], self.blocks(inlines)]}
        if level > 1:
            return [title]
        self.whole.labels.add(label_of(self.path))  # a link to the page leads to its title
        return [title, typst_node(f"#anchor({typst_string(label_of(self.path))});", inline=False)]

    def _rawinline(self, content: list[str]) -> list[Node] | None:
        kind, text = content
        if kind == "html":
            return self._html(text, inline=True)
        return self._region(int(text)) if kind == "region" else None

    def _rawblock(self, content: list[str]) -> list[Node] | None:
        kind, text = content
        return self._html(text, inline=False) if kind == "html" else None

    def _html(self, text: str, inline: bool) -> list[Node]:
        if anchor := _ANCHOR.fullmatch(text.strip()):
            return [typst_node(f"#anchor({typst_string(self._label(anchor['id']))});", inline)]
        found = [self._picture(match["src"], unescape(match["alt"]), "", inline) for match in _IMAGE.finditer(text)]
        if rest := _TAG.sub("", text).strip():
            raise ValueError(f"{self._place(rest[:20])}: this HTML would be lost in the PDF: {rest[:80]}")
        return found

    def _place(self, words: str) -> Place:
        return place_of_words(self.path, self.whole.site.texts[self.path], words)

    def _region(self, number: int) -> list[Node]:
        site, page = self.whole.site, self.whole.site.pages[self.path]
        region = page.regions[number]
        match region:
            case ValueSlot():
                return [{"t": "Str", "c": unescape(site.values[region])}]
            case InlineFormula(tex=tex):
                return self._formula(f"#m({typst_string(site.plain(region) or '')})[", tex, "InlineMath")
            case DisplayEquation(tex=tex):
                number = page.equations.index(region) + 1
                chapter = f"{self.whole.paths.index(self.path) + 1}." if self.whole.numbered else ""
                words = f"{typst_string(self._label(region.id))}, {typst_string(f'({chapter}{number})')}"
                words += f", {typst_string(site.plain(region) or '')}, {str(region.is_false).lower()}"
                return self._formula(f"#eqn({words})[", tex, "DisplayMath")
            case ExampleImage():
                run = site.runs[region.name]
                figure = choose_figure(region, run)
                self._label(f"fig-{run.name}{'' if region.figure is None else f'-{figure.name}'}")
                name = f"{run.name}-{figure.name}.svg"
                self.whole.files[name] = figure.svg
                return [self._picture(name, region.alt, region.caption or run.claim, inline=True)]
            case _:
                raise ValueError(f"{region.place}: this region has no slot")

    @staticmethod
    def _formula(opening: str, tex: str, kind: str) -> list[Node]:
        return [typst_node(opening), {"t": "Math", "c": [{"t": kind}, for_pandoc(tex)]}, typst_node("];")]

    def _picture(self, source: str, alt: str, caption: str, inline: bool) -> Node:
        name = posixpath.basename(source)
        if name not in self.whole.files:
            drawn = self.whole.site.notebook.figures
            if source not in drawn:
                raise self._undrawn(source)
            self.whole.files[name] = drawn[source]
        return typst_node(f"#fig({typst_string(name)}, {typst_string(alt)}, {typst_string(caption)});", inline)

    def _image(self, content: list[Any]) -> None:
        raise self._undrawn(content[2][0])  # the reader of pages lets none through but by reference

    def _undrawn(self, source: str) -> ValueError:
        message = f"{source!r} is drawn by no script: embed one that draws it, as ../examples/NAME.py"
        return ValueError(f"{self._place(source)}: {message}")

    def _link(self, content: list[Any]) -> Node:
        _, inlines, (target, _) = content
        return {"t": "Link", "c": [["", [], []], self.blocks(inlines), [self._target(target), ""]]}

    def _target(self, target: str) -> str:
        if re.match(r"[a-z][a-z+.-]*:", target):
            return target
        address = self.whole.site.project.address
        file, _, anchor = target.partition("#")
        if target.startswith("?"):
            return f"{address}{page_address(self.path)}{target}"
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), file)) if file else self.path
        if not path.endswith(".md"):
            return address + path.removeprefix("docs/")
        label = anchor if anchor.startswith("eq-") else f"{label_of(path)}:{anchor}" if anchor else label_of(path)
        return f"place:|{label}|{path}|{anchor}"

    def _blockquote(self, content: list[Node]) -> list[Node] | None:
        first = content[0]["c"] if content and content[0]["t"] == "Para" else []
        callout = _CALLOUT.fullmatch(first[0]["c"]) if first and first[0]["t"] == "Str" else None
        if not callout:
            return None
        inside = [{"t": "Para", "c": first[2:]}, *content[1:]]
        return self._box(f"#callout({typst_string(callout['kind'].capitalize())})[", inside)

    def _div(self, content: list[Any]) -> list[Node]:
        (_, classes, attributes), blocks = content
        if "explorer" in classes:
            address = f"{self.whole.site.project.address}{page_address(self.path)}#{content[0][0]}"
            return [*self.blocks(blocks), typst_node(f"#live({typst_string(address)})", inline=False)]
        kind = next((name for name in classes if name in _BOXES), None)
        if kind is None:
            return self.blocks(blocks)
        title = dict(attributes).get("title", "")
        return self._box(f"#{kind}({typst_string(title)})[" if title else f"#{kind}[", blocks)

    def _box(self, opening: str, blocks: list[Node]) -> list[Node]:
        return [typst_node(opening, inline=False), *self.blocks(blocks), typst_node("]", inline=False)]

    def _table(self, content: list[Any]) -> Node:
        attributes, caption, columns, *rows = content
        plain, left = {"t": "AlignDefault"}, {"t": "AlignLeft"}
        filled = self.blocks(rows)
        widths = column_widths(filled, len(columns))
        aligned = [left if alignment == plain else alignment for alignment, _ in columns]
        return {"t": "Table", "c": [attributes, caption, list(zip(aligned, widths, strict=True)), *filled]}
