"""What is made from results instead of written: tables in the place of a marker, and a page for each example.

A page says where a table goes with a comment: ``<!-- gallery -->``, ``<!-- notation -->``, ``<!-- literature -->`` or
``<!-- ledger -->``. On GitHub the page reads well without the table.
"""

import html
import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from mseclf.pages import Heading, Page
from mseclf.proving import Notation, Verdict
from mseclf.publish.equation_html import MARKS
from mseclf.publish.highlight import python_html
from mseclf.publish.literal import literal
from mseclf.publish.literature import CitingPage, Entry, citations, literature_markdown
from mseclf.running import ExampleRun

# The modules that formulas are compared with; each has a page whose lines have addresses.
SOURCES: Final = ("links", "losses", "family", "multiclass", "training", "efficiency")


def put(text: str, marker: str, replacement: str) -> str:
    """Replace ``<!-- marker -->`` on a line of its own."""
    return re.sub(rf"^<!-- {marker} -->$", lambda _: replacement, text, flags=re.MULTILINE)


def put_all(text: str, parts: Mapping[str, str]) -> str:
    """Replace the markers of several parts."""
    for marker, replacement in parts.items():
        text = put(text, marker, replacement)
    return text


def contributing(root: Path) -> str:
    """The contributors' guide, which GitHub looks for in .github/, without its title."""
    guide = root / ".github" / "CONTRIBUTING.md"
    return guide.read_text(encoding="utf-8").partition("\n")[2].strip() if guide.exists() else ""


def page_title(page: Page) -> str:
    """The page's first heading, else its file name."""
    titles = [region.text for region in page.headings if isinstance(region, Heading) and region.level == 1]
    return html.unescape(titles[0]) if titles else posixpath.basename(page.path)


def literature(entries: Mapping[str, Entry], pages: Iterable[Page]) -> str:
    """The list of works, each with links to the pages that cite it."""
    citing: dict[str, list[CitingPage]] = {}
    for page in pages:
        keys = {key for citation in citations(page.path, page.text) for key, _ in citation.items}
        for key in keys:
            citing.setdefault(key, []).append(CitingPage(page.path, page_title(page)))
    return literature_markdown(entries, citing)


def notation(table: Notation) -> str:
    """The symbol table as Markdown."""
    rows = ["| Symbol | Name in code | Values | Meaning |", "|---|---|---|---|"]
    for symbol in table.symbols.values():
        code = f"`{symbol.python}`" if symbol.python else ""
        rows.append(f"| ${symbol.tex}$ | {code} | {symbol.domain} | {literal(symbol.meaning)} |")
    return "\n".join(rows)


def gallery(runs: Mapping[str, ExampleRun]) -> str:
    """Every example as a card: thumbnail, title, claim, topics."""
    topics = sorted({topic for run in runs.values() for topic in run.topics})
    buttons = "".join(
        f'<button type="button" data-topic="{html.escape(topic)}" aria-pressed="false">{html.escape(topic)}</button>'
        for topic in topics
    )
    cards = "".join(_card(run) for run in runs.values())
    return (
        f'<div class="gallery-topics" role="group" aria-label="Show only a topic">{buttons}</div>\n'
        f'<ul class="gallery">{cards}</ul>'
    )


def _card(run: ExampleRun) -> str:
    topics = html.escape(" ".join(topic.replace(" ", "-") for topic in run.topics))
    image = ""
    if run.figures:
        figure = run.figures[0]
        image = (
            f'<img src="../{figure_file(run, figure.name)}" alt="" loading="lazy" '
            f'width="{figure.width:g}" height="{figure.height:g}">'
        )
    return (
        f'<li data-topics="{topics}"><a href="{run.name}/">{image}<strong>{html.escape(run.title)}</strong></a>'
        f"<p>{html.escape(run.claim)}</p></li>"
    )


def figure_file(run: ExampleRun, name: str) -> str:
    """The address of a figure's file, from the site's root."""
    return f"assets/figures/{run.name}{'' if len(run.figures) == 1 else f'-{name}'}.svg"


def example_page(run: ExampleRun) -> str:
    """The Markdown of an example's own page; its figures come by the same syntax as anywhere."""
    title, claim = literal(run.title), literal(run.claim)
    parts = ["---\nsearch: {boost: 0.5}\n---", f"# {title}", claim]
    several = len(run.figures) > 1
    for figure in run.figures:
        fragment = f"#{figure.name}" if several else ""
        label = f"{title}: {figure.name}" if several else title
        parts.append(f'![{label}](../../examples/{run.name}.py{fragment} "{claim}")')
    if run.values:
        rows = [f"| `{key}` | `{{{run.name}}} {key}` |" for key in run.values]
        parts += ["## Values", "\n".join(["| Name | Value |", "|---|---|", *rows])]
    if run.source:
        parts += ["## Source", literal(run.source)]
    return "\n\n".join(parts) + "\n"


def ledger(verdicts: Sequence[Verdict], titles: Mapping[str, str]) -> str:
    """Every display of the site: page, id, status, method and bound function, after a line of totals."""
    counts = {status: sum(verdict.status == status for verdict in verdicts) for status in MARKS}
    claims = [verdict for verdict in verdicts if verdict.status != "definition"]
    proved = sum(verdict.status in ("proved", "proved-at-fixed-shapes", "refuted") for verdict in claims)
    bound = sum(verdict.binding is not None for verdict in verdicts)
    total = ", ".join(f"{count} {MARKS[status][1].split(':')[0].lower()}" for status, count in counts.items() if count)
    rows = [
        f"**{len(verdicts)} displays**: {total}. Of the {len(claims)} that claim something, "
        f"{proved / max(1, len(claims)):.1%} are proved or refuted as the page says; {bound} displays are also "
        "compared with the NumPy code.",
        "",
        '<div data-search-exclude="1" markdown="1">',  # a search finds the equations themselves
        "",
        "| Equation | Page | Status | How | Compared with |",
        "|---|---|---|---|---|",
    ]
    for verdict in verdicts:
        path = posixpath.relpath(verdict.path, "docs")
        code = f"`{verdict.binding.function}`" if verdict.binding else ""
        rows.append(
            f"| [`{verdict.equation.id}`]({path}#{verdict.equation.id}) | {literal(titles[verdict.path])} "
            f"| {MARKS[verdict.status][1].split(':')[0]} | {literal(verdict.method)} | {code} |"
        )
    return "\n".join([*rows, "", "</div>"])


def source_page(module: str) -> str:
    """A module of the package as a page: its text comes in the marker's place, with an address for each line.

    A search leaves it out: what the functions say of themselves is found in the reference.
    """
    return f"---\nsearch: {{exclude: true}}\n---\n\n# mseclf/{module}.py\n\n<!-- source -->\n"


def source(root: Path, path: str) -> str:
    """The module that a source page shows; line 12 is ``source/losses/#line-12``."""
    module = posixpath.basename(path).removesuffix(".md")
    return python_html((root / "mseclf" / f"{module}.py").read_text(encoding="utf-8"), prefix="line")
