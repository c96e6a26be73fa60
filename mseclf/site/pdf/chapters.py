"""Pages as chapters: pandoc's tree of the site's own HTML, with slots, links, folds and notes as the PDF needs them.

Nothing is lost on paper: what has no place there is an error, or a link to it.
"""

import posixpath
import re
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from mseclf.site.defect import Defect, Defects, Place, Rule
from mseclf.site.formulas import Formula
from mseclf.site.page import DisplayEquation, ExampleImage, InlineFormula, place_of_words
from mseclf.site.page.fences import front_matter
from mseclf.site.pdf.columns import column_widths
from mseclf.site.pdf.emoji import spoken
from mseclf.site.pdf.pandoc import UnconvertedTex, for_pandoc, functions, read_tree, write_typst
from mseclf.site.pdf.tree import Node, plain_text, split_chapters, typst_node, typst_string, walk
from mseclf.site.publish.cite_page import page_address
from mseclf.site.publish.figure_html import choose_figure
from mseclf.site.publish.site import Site, page_markdown

# What pandoc reads otherwise than a browser, or not at all.
_TAGS: Final = (
    (re.compile(r'<details(?: class="(?P<kind>[^"]*)")?[^>]*>'), r'<div class="fold \g<kind>">'),
    (re.compile("</details>"), "</div>"),
    (re.compile(r'<a class="moved"[^>]*></a>'), ""),  # an old address; what it led to has its own place on paper
    (re.compile(r"<(?P<tag>summary|label)\b[^>]*>(?P<title>.*?)</(?P=tag)>", re.DOTALL), r"<p>\g<title></p>"),
    (re.compile(r'<pre class="highlight"><code class="language-([^"]*)">'), r'<pre class="\g<1>"><code>'),
    (re.compile(r'<video\b[^>]*?\bsrc="([^"]+)".*?(?:</video>|$)', re.DOTALL), r'<a href="film:\g<1>">A film</a>'),
)
_ID: Final = re.compile(r"""(<[a-z][^<>]*?\sid=")(?!eq-)""")
_LOST: Final = re.compile(r"<(?:script|style|svg|canvas|audio)\b[^>]*>\s*(?P<words>[^<]*)")
_Formula = DisplayEquation | InlineFormula
_QUOTES: Final = ('"', "'")
_ON_PAPER: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")  # what Typst draws
_BOXES: Final = ("answer", "credit")


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
    files: dict[str, str | bytes] = field(default_factory=dict)

    def typst(self) -> str:
        """The chapters as Typst source.

        Raises:
            Defects: pandoc does not know a formula; the place is the formula's.
        """
        tree = read_tree("".join(f'<div data-chapter="{path}">{self._html(path)}</div>' for path in self.paths))
        blocks: list[Node] = []
        for path, content in split_chapters(tree["blocks"]):
            blocks += _Chapter(self, path).chapter(content)
        tree["blocks"] = walk(blocks, self._resolve)
        try:
            source = write_typst(tree)
        except UnconvertedTex as error:
            raise self._placed(error) from error
        formulas = (r.tex for path in self.paths for r in self.site.pages[path].regions if isinstance(r, _Formula))
        return functions(formulas) + source

    def _html(self, path: str) -> str:
        text = page_markdown(self.site, path, drawn=False)
        made = self.site.project.converter.html(text[front_matter(text) :])
        for tag, plain in _TAGS:
            made = tag.sub(plain, made)
        if lost := _LOST.search(made):
            words = lost["words"].strip().split("\n")[0] or lost[0]
            place = place_of_words(path, self.site.pages[path].text, words)
            raise Defects(Defect(place, Rule.TYPESETTING, f"this HTML would be lost in the PDF: {words[:80]}"))
        return _ID.sub(lambda found: f"{found[1]}{label_of(path)}:", made)

    def _resolve(self, node: Node) -> Node | None:
        """Turn a link to a place that is not in this PDF into the address on the site."""
        if node["t"] != "Link" or not node["c"][2][0].startswith("place:"):
            return None
        _, label, path, anchor = node["c"][2][0].split("|")
        address = f"{self.site.project.address}{page_address(path)}{f'#{anchor}' if anchor else ''}"
        target = f"#{label}" if label in self.labels else address
        return {"t": "Link", "c": [["", [], []], node["c"][1], [target, ""]]}

    def _placed(self, error: UnconvertedTex) -> Defects:
        for path in self.paths:
            for region in self.site.pages[path].regions:
                if isinstance(region, _Formula) and for_pandoc(_tex(self.site, region)).split() == error.tex.split():
                    place = region.tex_place if isinstance(region, DisplayEquation) else region.place
                    return Defects(Defect(place, Rule.TYPESETTING, str(error)))
        return Defects(Defect(self.site.pages[self.paths[0]].regions[0].place, Rule.TYPESETTING, str(error)))


def label_of(path: str) -> str:
    """The label of a chapter."""
    return page_address(path).strip("/").replace("/", "-") or "home"


@dataclass
class _Chapter:
    whole: Chapters
    path: str
    notes: dict[str, list[Node]] = field(default_factory=dict)  # by their address; those that were shown are empty

    def blocks(self, blocks: list[Node]) -> list[Node]:
        changed: list[Node] = walk(blocks, self._change)
        return changed

    def chapter(self, blocks: list[Node]) -> list[Node]:
        """A whole page: its notes stand at its end, and on paper where they are called."""
        last = blocks[-1] if blocks else {}
        if last.get("t") == "Div" and "footnote" in last["c"][0][1]:
            blocks = blocks[:-1]
            items = (item for part in last["c"][1] if part["t"] == "OrderedList" for item in part["c"][1])
            self.notes = {item[0]["c"][0][0]: item[0]["c"][1] for item in items}
        return self.blocks(blocks)

    def _change(self, node: Node) -> Node | list[Node] | None:
        handler = getattr(self, f"_{node['t'].lower()}", None)
        changed: Node | list[Node] | None = handler(node["c"]) if handler else None
        return changed

    def _label(self, label: str) -> str:
        self.whole.labels.add(label)
        return label

    def _anchor(self, anchor: str, inline: bool) -> list[Node]:
        return [typst_node(f"#anchor({typst_string(self._label(anchor))});", inline)] if anchor else []

    def _header(self, content: list[Any]) -> list[Node]:
        level, (anchor, _, _), inlines = content
        title = {"t": "Header", "c": [level, [self._label(anchor), [], []], self.blocks(inlines)]}
        if level > 1:
            return [title]
        self.whole.labels.add(label_of(self.path))  # a link to the page leads to its title
        return [title, typst_node(f"#anchor({typst_string(label_of(self.path))});", inline=False)]

    def _str(self, text: str) -> list[Node]:
        """Words: Typst sets their quotation marks as a book has them."""
        parts = re.split("([\"'])", spoken(text))
        return [typst_node(part) if part in _QUOTES else {"t": "Str", "c": part} for part in parts if part]

    def _span(self, content: list[Any]) -> list[Node]:
        (anchor, classes, attributes), inlines = content
        if number := dict(attributes).get("region"):
            return self._region(int(number))
        inside = self.blocks(inlines)
        if "mark" in classes:
            inside = [{"t": "Span", "c": [["", ["mark"], []], inside]}]
        return [*self._anchor(anchor, inline=True), *inside]

    def _div(self, content: list[Any]) -> list[Node]:
        (anchor, classes, attributes), blocks = content
        if number := dict(attributes).get("region"):
            return [{"t": "Para", "c": self._region(int(number))}]
        kind = next((name for name in ("explorer", "fold", "admonition", "tabbed-set") if name in classes), "")
        if kind:
            return self._boxed(kind, anchor, classes, blocks)
        box = next((name for name in _BOXES if name in classes), None)
        inside = self._box(f"#{box}[", blocks) if box else self.blocks(blocks)
        return [*self._anchor(anchor, inline=False), *inside]

    def _boxed(self, kind: str, anchor: str, classes: list[str], blocks: list[Node]) -> list[Node]:
        title = typst_string(plain_text(blocks[0])) if blocks else ""
        match kind:
            case "explorer":
                address = f"{self.whole.site.project.address}{page_address(self.path)}#{anchor.partition(':')[2]}"
                return [*self.blocks(blocks), typst_node(f"#live({typst_string(address)})", inline=False)]
            case "fold":
                return self._box(f"#{'proof' if 'proof' in classes else 'reveal'}({title})[", blocks[1:])
            case "admonition":
                if not blocks or blocks[0]["t"] != "Para":
                    return self._box('#callout("Note")[', blocks)
                level = "Warning" if {"warning", "caution", "danger"} & set(classes) else "Note"
                return self._box(f"#callout({typst_string(level)}, title: {title})[", blocks[1:])
            case _:
                *_, labels, parts = blocks
                pairs = zip(labels["c"][1], parts["c"][1], strict=True)
                boxes = (self._box(f"#reveal({typst_string(plain_text(t))})[", part["c"][1]) for t, part in pairs)
                return [node for box in boxes for node in box]

    def _box(self, opening: str, blocks: list[Node]) -> list[Node]:
        return [typst_node(opening, inline=False), *self.blocks(blocks), typst_node("]", inline=False)]

    def _superscript(self, content: list[Node]) -> list[Node] | None:
        called = content[0]["c"] if len(content) == 1 and content[0]["t"] == "Link" else None
        if not called or "footnote-ref" not in called[0][1]:
            return None
        key = f"{label_of(self.path)}:{unquote(called[2][0].removeprefix('#'))}"
        label = f"note-{label_of(self.path)}-{list(self.notes).index(key) + 1}"
        if not self.notes[key]:
            return [typst_node(f"#footnote(label({typst_string(label)}));")]
        note, self.notes[key] = self.blocks(walk(self.notes[key], _without_way_back)), []
        return [{"t": "Note", "c": note}, typst_node(f"#label({typst_string(label)});")]

    def _place(self, words: str) -> Place:
        return place_of_words(self.path, self.whole.site.pages[self.path].text, words)

    def _region(self, number: int) -> list[Node]:
        site, page = self.whole.site, self.whole.site.pages[self.path]
        region = page.regions[number]
        match region:
            case InlineFormula(tex=tex):
                return self._formula(f"#m({typst_string(site.plain(region) or '')})[", tex, "InlineMath")
            case DisplayEquation():
                tex = _tex(site, region)
                label = page.numbers[region.id]
                chapter = f"{self.whole.paths.index(self.path) + 1}." if self.whole.numbered else ""
                words = f"{typst_string(self._label(region.id))}, {typst_string(f'({chapter}{label})')}"
                words += f", {typst_string(site.plain(region) or '')}, {str(region.is_false).lower()}"
                return self._formula(f"#eqn({words})[", tex, "DisplayMath")
            case ExampleImage():
                run = site.runs[region.name]
                figure = choose_figure(region, run)
                self._label(f"{label_of(self.path)}:fig-{run.name}{'' if region.figure is None else f'-{figure.name}'}")
                name = f"{run.name}-{figure.name}.svg"
                self.whole.files[name] = figure.svg
                return [picture(name, region.alt, region.caption or run.claim)]
            case _:
                raise ValueError(f"{region.place}: this region has no slot")

    @staticmethod
    def _formula(opening: str, tex: str, kind: str) -> list[Node]:
        return [typst_node(opening), {"t": "Math", "c": [{"t": kind}, for_pandoc(tex)]}, typst_node("];")]

    def _figure(self, content: list[Any]) -> list[Node]:
        _, (_, caption), inside = content
        return self.blocks([*inside, *caption])

    def _image(self, content: list[Any]) -> Node:
        source = content[2][0]
        file = posixpath.normpath(posixpath.join(page_address(self.path), unquote(source)))
        drawn: str | bytes | None = self.whole.site.notebook.figures.get(file)
        if drawn is None:  # a picture of an author's own
            if posixpath.splitext(file)[1] not in _ON_PAPER:
                remedy = f"use one of {', '.join(_ON_PAPER)}"
                raise Defects(Defect(self._place(source), Rule.FIGURE, f"{source!r} cannot stand in the PDF", remedy))
            drawn = (self.whole.site.project.root / "docs" / file).read_bytes()
        name = file.replace("/", "-")
        self.whole.files[name] = drawn
        return picture(name, plain_text(content[1]), "")

    def _link(self, content: list[Any]) -> list[Node]:
        (anchor, _, _), inlines, (target, _) = content
        link = {"t": "Link", "c": [["", [], []], self.blocks(inlines), [self._target(target), ""]]}
        return [*self._anchor(anchor, inline=True), link]

    def _target(self, target: str) -> str:
        address = self.whole.site.project.address
        if target.startswith("film:"):  # a screen's address, as seen from the finished page
            return address + posixpath.normpath(posixpath.join(page_address(self.path), target.removeprefix("film:")))
        if re.match(r"[a-z][a-z+.-]*:", target):
            return target
        file, _, anchor = unquote(target).partition("#")
        if target.startswith("?"):
            return f"{address}{page_address(self.path)}{target}"
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), file)) if file else self.path
        if not path.endswith(".md"):
            return address + path.removeprefix("docs/")
        label = anchor if anchor.startswith("eq-") else f"{label_of(path)}:{anchor}" if anchor else label_of(path)
        return f"place:|{label}|{path}|{anchor}"

    def _table(self, content: list[Any]) -> Node:
        attributes, caption, columns, *rows = content
        plain, left = {"t": "AlignDefault"}, {"t": "AlignLeft"}
        filled = self.blocks(rows)
        widths = column_widths(filled, len(columns))
        aligned = [left if alignment == plain else alignment for alignment, _ in columns]
        return {"t": "Table", "c": [attributes, caption, list(zip(aligned, widths, strict=True)), *filled]}


def picture(name: str, alt: str, caption: str) -> Node:
    """A file of the PDF, shown as a figure."""
    return typst_node(f"#fig({typst_string(name)}, {typst_string(alt)}, {typst_string(caption)});")


def _without_way_back(node: Node) -> list[Node] | None:
    """Behind a note on a screen stands where it was called."""
    if node["t"] == "Link" and "footnote-backref" in node["c"][0][1]:
        return []
    if node["t"] == "Str" and node["c"].endswith("\N{NO-BREAK SPACE}"):
        return [{"t": "Str", "c": node["c"].rstrip()}]
    return None


def _tex(site: Site, region: DisplayEquation | InlineFormula) -> str:
    """The TeX of a formula as it is set on paper: a long display in lines."""
    formula = site.formula(region)
    return (formula.paper if isinstance(formula, Formula) else "") or region.tex
