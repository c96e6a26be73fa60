"""What is made from results instead of written: tables in the place of a marker, and a page for each module.

A page says where a table goes with a comment: ``<!-- gallery -->``, ``<!-- notation -->``, ``<!-- literature -->`` or
``<!-- ledger -->``. On GitHub the page reads well without the table.
"""

import html
import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from mseclf.pages import Heading, Page
from mseclf.pages.tokens import tokens
from mseclf.proving import Notation, Verdict
from mseclf.publish.equation_html import MARKS
from mseclf.publish.highlight import python_html
from mseclf.publish.literal import literal, words
from mseclf.publish.literature import CitingPage, Entry, citations, literature_markdown
from mseclf.running.printable import printable

# The modules that formulas are compared with; each has a page whose lines have addresses.
SOURCES: Final = ("links", "losses", "family", "multiclass", "training", "efficiency")


def put(text: str, marker: str, replacement: str) -> str:
    """Replace ``<!-- marker -->`` on a line of its own."""
    return re.sub(rf"^<!-- {marker} -->$", lambda _: replacement, text, flags=re.MULTILINE)


def below(text: str) -> str:
    """The marks of a heading one level below the last one in `text`: a level that is left out is refused on paper.

    >>> below("# Ledger"), below("# Ledger and ## what follows"), below("## Every equation")
    ('##', '##', '###')
    """
    above = re.findall(r"^(#{1,5})(?= )", text, flags=re.MULTILINE)
    return f"{above[-1] if above else ''}#"


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
    """The symbol table as Markdown. Each row has its symbol's address, which becomes the row's own in the page."""
    rows = ["| Symbol | Meaning | Code | Values |", "|---|---|---|---|"]
    for symbol in table.symbols.values():
        code = f"`{symbol.python}`" if symbol.python else ""
        anchor = f'<a id="{symbol.anchor}"></a>'
        values = "0 or 1" if symbol.kind == "random" else symbol.domain
        rows.append(f"| {anchor}${symbol.tex}$ | {_with_formulas(symbol.meaning)} | {code} | {values} |")
    return "\n".join(['<div class="notation as-cards" markdown="1">', "", *rows, "", "</div>"])


def _with_formulas(meaning: str) -> str:
    """Plain words as Markdown, with the formulas between their dollars."""
    text = " ".join(printable(meaning).split())
    parts, position = [], 0
    for token in tokens(text, 0, len(text)):
        if token.kind == "math":
            parts += [words(text[position : token.start]), text[token.start : token.end]]
            position = token.end
    return "".join([*parts, words(text[position:])])


# What the checker says of its method, in as few words as fit a table; the equation's own panel has it whole.
SHORT: Final = {
    "identity of rational functions of exponentials and logarithms": "algebra",
    "entry by entry, for every size": "entry by entry",
    "for (m, n, K) = (3, 2, 3) and (2, 3, 2)": "",
    "limit by leading terms, confirmed by numbers on the way there": "leading terms",
    "signs between exactly isolated zeros": "signs between zeros",
    "truth on every piece between exactly isolated zeros": "pieces between zeros",
    "extreme among the exact zeros of the derivative and the ends": "zeros of the derivative",
    "differentiated in a parameter, and compared where the range is empty": "derivative in a parameter",
    "fixes its left side from here on": "from there on",
    "agrees with the table of symbols": "as in the notation",
}


def ledger(verdicts: Sequence[Verdict], pages: Mapping[str, Page], marks: str) -> str:
    """Every display of the site after a line of totals: a table for each page, in the order of its equations.

    Args:
        verdicts: about the displays, those of one page together.
        pages: the site's pages by path.
        marks: those of the tables' headings.
    """
    parts = [_totals(verdicts)]
    for path, group in groupby(verdicts, lambda verdict: verdict.path):
        numbers = {equation.id: number for number, equation in enumerate(pages[path].equations, start=1)}
        address = posixpath.relpath(path, "docs")
        rows = [_ledger_row(verdict, numbers[verdict.equation.id], address) for verdict in group]
        parts += [
            f"{marks} {literal(page_title(pages[path]))}",
            "\n".join(["| No. | Equation | Status | How | Compared with |", "|---|---|---|---|---|", *rows]),
        ]
    return "\n\n".join(['<div class="ledger as-cards" data-search-exclude="1" markdown="1">', *parts, "</div>"])


def _totals(verdicts: Sequence[Verdict]) -> str:
    counts = {status: sum(verdict.status == status for verdict in verdicts) for status in MARKS}
    claims = [verdict for verdict in verdicts if verdict.status != "definition"]
    proved = sum(verdict.status in ("proved", "proved-at-fixed-shapes", "refuted") for verdict in claims)
    bound = sum(verdict.binding is not None for verdict in verdicts)
    # The one noun among adjectives.
    named = {status: "definitions" if status == "definition" else _status(status).lower() for status in MARKS}
    total = ", ".join(f"{count} {named[status]}" for status, count in counts.items() if count)
    return (
        f"**{len(verdicts)} displays**: {total}. Of the {len(claims)} that claim something, "
        f"{proved / max(1, len(claims)):.1%} are proved or refuted as the page says; {bound} displays are also "
        "compared with the NumPy code."
    )


def _ledger_row(verdict: Verdict, number: int, address: str) -> str:
    equation = verdict.equation.id
    code = ""
    if verdict.binding:
        module = posixpath.basename(verdict.binding.source).removesuffix(".py")
        code = f"[`{verdict.binding.function.rpartition('.')[2]}`](source/{module}.md#line-{verdict.binding.line})"
    cells = (
        f"[({number})]({address}#{equation})",
        f"`{equation}`",
        _status(verdict.status),
        literal(short_method(verdict)),
        code,
    )
    return f"| {' | '.join(cells)} |"


def _status(status: str) -> str:
    return MARKS[status][1].split(":")[0]


def short_method(verdict: Verdict) -> str:
    """How a display was checked, in a few words."""
    if verdict.status == "refuted":
        return "counterexample"
    return ", ".join(filter(None, (SHORT.get(part, part) for part in verdict.method.split("; "))))


def source_page(module: str) -> str:
    """A module of the package as a page: its text comes in the marker's place, with an address for each line.

    A search leaves it out: what the functions say of themselves is found in the reference.
    """
    return f"---\nsearch: {{exclude: true}}\n---\n\n# mseclf/{module}.py\n\n<!-- source -->\n"


def source(root: Path, path: str) -> str:
    """The module that a source page shows; line 12 is ``source/losses/#line-12``."""
    module = posixpath.basename(path).removesuffix(".md")
    return python_html((root / "mseclf" / f"{module}.py").read_text(encoding="utf-8"), prefix="line")
