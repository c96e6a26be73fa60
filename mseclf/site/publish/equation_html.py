"""A display equation on its page: the drawing, its number and address, and what was checked about it."""

import html
from collections.abc import Callable, Iterator, Mapping

from mseclf.site.defect import Defect
from mseclf.site.formulas import Formula
from mseclf.site.page import DisplayEquation
from mseclf.site.proofs import Status, Verdict
from mseclf.site.publish.counterexample import counterexample_html, with_minus

Drawing = Callable[[str], Formula | Defect | None]
"""From TeX to how it is drawn in a sentence."""

# Status -> (mark, the word beside it). The mark is quiet; the words are for whoever opens it.
MARKS = {
    Status.PROVED: ("✓", "Proved"),
    Status.AT_SIZES: ("✓", "Proved at sizes"),
    Status.MEASURED: ("≈", "Measured"),
    Status.DEFINITION: ("≔", "Definition"),
    Status.REFUTED: ("✗", "Refuted: the page shows this to be wrong"),
    Status.SKIPPED: ("–", "Not checked"),
    Status.FALSE: ("✗", "False"),
    Status.NOT_SHOWN: ("?", "Not shown"),
    Status.NOT_UNDERSTOOD: ("?", "Not understood"),
    Status.WAITING: ("?", "Waiting on a definition"),
}


def words(status: Status) -> str:
    """A status in words."""
    return MARKS[status][1].split(":")[0]


def equation_html(
    equation: DisplayEquation,
    number: str,
    formula: Formula | Defect,
    verdict: Verdict | None,
    drawing: Drawing,
    numbers: Mapping[str, str],
    to_root: str,
) -> str:
    """Return the block for one display.

    Args:
        equation: the display.
        number: its number on the page.
        formula: its drawing, or why MathJax refused it.
        verdict: what the checker says.
        drawing: of the hypotheses that the verdict names.
        numbers: of the page's displays.
        to_root: relative address of the site's root, such as ``../``.
    """
    if isinstance(formula, Defect):
        body = f'<p class="build-error">{html.escape(str(formula))}</p>'
    else:
        label = f'role="group" aria-label="Equation {number}"'
        # A paragraph, because what looks for the words of a page finds them in paragraphs.
        body = f'<div class="tex tex-display" {label}>{formula.drawings}<p>{formula.text}</p></div>'
    failure = html.escape(verdict.message) if verdict else ""
    wrong = f'<pre class="build-error" tabindex="0">{failure}</pre>' if failure else ""
    struck = " equation-false" if equation.is_false else ""
    lines = "".join(f"<p>{line}</p>" for line in _sentences(verdict, drawing, numbers, to_root)) if verdict else ""
    return (
        # Not a division: what looks for the words of a page drops short ones that hold a link.
        f'<section class="equation{struck}" id="{equation.id}">'
        f"{body}"
        f'<a class="equation-number" href="#{equation.id}" title="Permanent address">({number})</a>'
        f"{_panel(equation, number, verdict, lines, to_root)}{wrong}"
        f"{counterexample_html(verdict) if verdict else ''}</section>"
    )


def _panel(equation: DisplayEquation, number: str, verdict: Verdict | None, lines: str, to_root: str) -> str:
    mark, word = MARKS[verdict.status] if verdict else ("…", "Details")
    status = verdict.status if verdict else "unchecked"
    return (
        f'<details class="equation-more" data-status="{status}" data-search-exclude>'
        f'<summary aria-label="Equation {number}: {word}. Details" title="{word}: symbols, TeX, citation">'
        f'<span aria-hidden="true">{mark}</span></summary>'
        f'<div class="equation-facts" data-tex="{html.escape(equation.tex)}">'
        f'<p class="equation-status"><strong>{word}.</strong> '
        f"<code>{equation.id}</code></p>{lines}"
        f'<noscript><p><a href="{to_root}cite/#one-equation">How to cite this equation</a></p></noscript>'
        "</div></details>"
    )


def _sentences(verdict: Verdict, drawing: Drawing, numbers: Mapping[str, str], to_root: str) -> Iterator[str]:
    """What was checked about a display, as sentences of HTML."""
    # That it is refuted stands above, and the point is part of the sentence that says where.
    if method := str(verdict.method):
        yield html.escape(with_minus(method[:1].upper() + method[1:])) + "."
    if verdict.points > 1 and verdict.status is not Status.DEFINITION:
        yield f"Attacked first at {verdict.points} points, in vain."
    if verdict.definitions:
        links = [f'<a href="#{name}">({numbers[name]})</a>' for name in verdict.definitions]
        listed = " and ".join(filter(None, [", ".join(links[:-1]), links[-1]]))
        yield f"By the definition{'s' * (len(links) > 1)} {listed}."
    if verdict.hypotheses:
        shown = (
            inline_html(formula) if (formula := drawing(tex)) else f"<code>{html.escape(tex)}</code>"
            for tex in verdict.hypotheses
        )
        yield f"Given {', '.join(shown)}."
    if bound := verdict.binding:
        yield (
            f'Compared with <a href="{to_root}source/{bound.module}/#line-{bound.line}">'
            f"<code>{html.escape(bound.function)}</code>, line {bound.line}</a>, at {bound.points} points, "
            f"to a relative error of {bound.tolerance:.0e}."
        )


def inline_html(formula: Formula | Defect) -> str:
    """An inline formula, or the error that stands for it."""
    if isinstance(formula, Defect):
        return f'<span class="build-error">{html.escape(str(formula))}</span>'
    return f'<span class="tex">{formula.html}</span>'
