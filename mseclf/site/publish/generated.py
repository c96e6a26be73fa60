"""What is made from results instead of written: tables in the place of a marker, and a page for each module.

A page says where a table goes with a comment: ``<!-- gallery -->``, ``<!-- notation -->``, ``<!-- literature -->`` or
``<!-- ledger -->``. On GitHub the page reads well without the table.
"""

import html
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from mseclf.site.page import Heading, InlineFormula, Page
from mseclf.site.page.tokens import tokens
from mseclf.site.proofs import Means, Notation, Sentence, Status, Verdict
from mseclf.site.publish.equation_html import MARKS, words
from mseclf.site.publish.highlight import python_html
from mseclf.site.publish.literal import literal, words_of_line
from mseclf.site.publish.literature import cited_keys, literature_markdown
from mseclf.site.publish.pages import Pages
from mseclf.site.publish.work import Work
from mseclf.site.run.printable import printable

Sentences = Sequence[tuple[InlineFormula, Sentence]]
# The folders of the pages that nobody writes.
MADE: Final = ("docs/gallery/", "docs/source/")
# The modules that formulas are compared with; each has a page whose lines have addresses.
SOURCES: Final = ("links", "losses", "softmax", "family", "risk", "training", "flow", "efficiency")


def put_parts(text: str, parts: Mapping[str, Callable[[str], str]]) -> str:
    """Replace each ``<!-- name -->`` on a line of its own by what the part of that name makes of the text above it."""
    marker = re.compile(rf"^<!-- ({'|'.join(parts)}) -->$", re.MULTILINE)
    return marker.sub(lambda match: parts[match[1]](text[: match.start()]), text)


def with_tables(texts: Mapping[str, str], table: Notation, root: Path) -> dict[str, str]:
    """The pages with what is no result put into them: the symbol table and the contributors' guide."""
    parts = {"notation": lambda above: notation(table), "contributing": lambda above: contributing(root)}
    return {path: put_parts(text, parts) for path, text in texts.items()}


def below(text: str) -> str:
    """The marks of a heading one level below the last one in `text`: a level that is left out is refused on paper.

    >>> below("# Ledger"), below("# Ledger and ## what follows"), below("## Every equation")
    ('##', '##', '###')
    """
    above = re.findall(r"^(#{1,5})(?= )", text, flags=re.MULTILINE)
    return f"{above[-1] if above else ''}#"


def contributing(root: Path) -> str:
    """The contributors' guide, which GitHub looks for in .github/, without its title."""
    guide = root / ".github" / "CONTRIBUTING.md"
    return guide.read_text(encoding="utf-8").partition("\n")[2].strip() if guide.exists() else ""


def page_title(page: Page) -> str:
    """The page's first heading, else its file name."""
    titles = [region.text for region in page.headings if isinstance(region, Heading) and region.level == 1]
    return html.unescape(titles[0]) if titles else posixpath.basename(page.path)


def literature(works: Mapping[str, Work], pages: Pages) -> str:
    """The list of works, each with links to the pages that cite it."""
    citing: dict[str, dict[str, str]] = {}
    for page in pages.readable():
        for key in cited_keys(page):
            citing.setdefault(key, {})[page.path] = page_title(page)
    return literature_markdown(works, citing)


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
            parts += [words_of_line(text[position : token.start]), text[token.start : token.end]]
            position = token.end
    return "".join([*parts, words_of_line(text[position:])])


# What the checker says of its method, in as few words as fit a table; the equation's own panel has it whole.
SHORT: Final = {
    Means.ALGEBRA: "algebra",
    Means.SOLVER: "solver",
    Means.BALLS: "intervals",
    Means.LIMIT: "limit",
    Means.EXTREME: "extreme",
    Means.INTEGRAL: "integral",
    Means.DIGITS: "intervals",
    Means.EVERY_SIZE: "entry by entry",
    Means.TABLE: "as in the notation",
    Means.FIXES: "from there on",
}


def ledger_tables(verdicts: Sequence[Verdict], pages: Mapping[str, Page], marks: str) -> str:
    """Every display of the site after a line of totals: a table for each page, in the order of its equations.

    Args:
        verdicts: about the displays, those of one page together.
        pages: the site's pages by path.
        marks: those of the tables' headings.
    """
    parts = [totals(verdicts)]
    for path, group in groupby(verdicts, lambda verdict: verdict.path):
        numbers = pages[path].numbers
        address = posixpath.relpath(path, "docs")
        rows = [_ledger_row(verdict, numbers[verdict.equation.id], address) for verdict in group]
        parts += [
            f"{marks} {literal(page_title(pages[path]))}",
            "\n".join(["| No. | Equation | Status | How | Compared with |", "|---|---|---|---|---|", *rows]),
        ]
    return "\n\n".join(['<div class="ledger as-cards" data-search-exclude="1" markdown="1">', *parts, "</div>"])


def totals(verdicts: Sequence[Verdict]) -> str:
    """How many displays there are of each status, in a sentence."""
    counts = {status: sum(verdict.status == status for verdict in verdicts) for status in MARKS}
    claims = [verdict for verdict in verdicts if verdict.status != Status.DEFINITION]
    proved = sum(verdict.status in (Status.PROVED, Status.AT_SIZES, Status.REFUTED) for verdict in claims)
    bound = sum(verdict.binding is not None for verdict in verdicts)
    # The one noun among adjectives.
    named = {status: words(status).lower() for status in MARKS} | {Status.DEFINITION: "definitions"}
    total = ", ".join(f"{count} {named[status]}" for status, count in counts.items() if count)
    return (
        f"**{len(verdicts)} displays**: {total}. Of the {len(claims)} that claim something, "
        f"{proved / max(1, len(claims)):.1%} are proved or refuted as the page says; {bound} displays are also "
        "compared with the NumPy code."
    )


def sentences_table(sentences: Sentences, pages: Mapping[str, Page], marks: str) -> str:
    """How many relations in the sentences of each page were decided, and how many were not."""
    shown = (Sentence.TRUE, Sentence.NUMBERS, Sentence.OPEN)
    counts: dict[str, Counter[Sentence]] = {}
    for formula, known in sentences:
        counts.setdefault(formula.place.path, Counter())[known] += 1
    total = Counter(known for _, known in sentences)
    rows = [("All pages", total), *((literal(page_title(pages[path])), own) for path, own in counts.items())]
    head = ["| Page | True for every value | Between numbers, true | Not checked |", "|---|---|---|---|"]
    lines = [f"| {name} | {' | '.join(str(own[k]) for k in shown)} |" for name, own in rows]
    return "\n".join([f"{marks} In sentences", "", *head, *lines])


def _ledger_row(verdict: Verdict, number: str, address: str) -> str:
    equation = verdict.equation.id
    code = ""
    if verdict.binding:
        code = f"[`{verdict.binding.name}`](source/{verdict.binding.module}.md#line-{verdict.binding.line})"
    cells = (
        f"[({number})]({address}#{equation})",
        f"`{equation}`",
        words(verdict.status),
        literal(short_method(verdict)),
        code,
    )
    return f"| {' | '.join(cells)} |"


def short_method(verdict: Verdict) -> str:
    """How a display was checked, in a few words."""
    if verdict.status == Status.REFUTED:
        return "counterexample"
    parts = dict.fromkeys(SHORT[means] for means in verdict.method.means)
    return ", ".join(filter(None, (*parts, verdict.method.sizes, verdict.method.note)))


def source_pages() -> dict[str, str]:
    """The modules of the package as pages: their text comes in the marker's place, with an address for each line.

    A search leaves them out: what the functions say of themselves is found in the reference.
    """
    head = "---\nsearch: {exclude: true}\n---\n\n"
    return {f"docs/source/{name}.md": f"{head}# mseclf/{name}.py\n\n<!-- source -->\n" for name in SOURCES}


def source(root: Path, path: str) -> str:
    """The module that a source page shows; line 12 is ``source/losses/#line-12``."""
    module = posixpath.basename(path).removesuffix(".md")
    return python_html((root / "mseclf" / f"{module}.py").read_text(encoding="utf-8"), prefix="line")
