"""A display equation on its page: the drawing, its number and address, and what was checked about it."""

import html
from dataclasses import dataclass

from mseclf.pages import DisplayEquation
from mseclf.rendering import Formula

# Status -> (mark, the word beside it). The mark is quiet; the words are for whoever opens it.
MARKS = {
    "proved": ("✓", "Proved"),
    "proved-at-fixed-shapes": ("✓", "Proved at fixed shapes"),
    "numeric": ("≈", "Measured to 50 digits"),
    "definition": ("≔", "Definition"),
    "refuted": ("✗", "Refuted: the page shows this to be wrong"),
    "skipped": ("–", "Not checked"),
    "false": ("✗", "False"),
    "not-understood": ("?", "Not understood"),
    "waiting": ("?", "Waiting on a definition"),
}


@dataclass(frozen=True)
class Checked:
    """What the checker says about a display, in words and links that are ready to be shown.

    Attributes:
        status: a key of `MARKS`.
        lines: sentences, as HTML.
        failure: the message that fails the build; shown in place while serving.
    """

    status: str
    lines: tuple[str, ...] = ()
    failure: str | None = None


def equation_html(
    equation: DisplayEquation, number: int, formula: Formula | str, checked: Checked | None, to_root: str
) -> str:
    """Return the block for one display.

    Args:
        equation: the display.
        number: its number on the page.
        formula: its drawing, or an error message when MathJax refused it.
        checked: what the checker says.
        to_root: relative address of the site's root, such as ``../``.
    """
    if isinstance(formula, str):
        body = f'<p class="build-error">{html.escape(formula)}</p>'
    else:
        label = f'role="group" aria-label="Equation {number}"'
        body = f'<div class="tex tex-display" {label}>{formula.html}</div>'
    failure = checked.failure if checked else None
    wrong = f'<pre class="build-error" tabindex="0">{html.escape(failure)}</pre>' if failure else ""
    struck = " equation-false" if equation.is_false else ""
    return (
        f'<div class="equation{struck}" id="{equation.id}">'
        f"{body}"
        f'<a class="equation-number" href="#{equation.id}" title="Permanent address">({number})</a>'
        f"{_more(equation, number, checked, to_root)}{wrong}</div>"
    )


def _more(equation: DisplayEquation, number: int, checked: Checked | None, to_root: str) -> str:
    status = checked.status if checked else "unchecked"
    mark, word = MARKS.get(status, ("…", "Details"))
    lines = "".join(f"<p>{line}</p>" for line in checked.lines) if checked else ""
    tex = html.escape(equation.tex)
    return (
        f'<details class="equation-more" data-status="{status}" data-search-exclude>'
        f'<summary aria-label="Equation {number}: {word}. Details" title="{word}: symbols, TeX, citation">'
        f'<span aria-hidden="true">{mark}</span></summary>'
        f'<div class="equation-facts"><p class="equation-status"><strong>{word}.</strong> '
        f"<code>{equation.id}</code></p>{lines}"
        f'<pre class="equation-tex" tabindex="0">{tex}</pre>'
        f'<p class="equation-cite"><a href="{to_root}cite/#one-equation">How to cite this equation</a></p>'
        "</div></details>"
    )
