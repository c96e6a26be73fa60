"""Typical slips, each one change of a real page: caught on its line, in words that say how to mend it."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

PAGE = "docs/beyond/gradient-size.md"
SCRIPT = "examples/gradient_size.py"
NEGATIVE = r"\frac{\partial L_{\mathrm{MSE}}}{\partial z} = \left(1-\hat y\right) \hat y^{2} \qquad (y = 0)"
LARGEST = "```math\n\\max_{p \\in (0, 1)} p \\left(1-p\\right)^{2} = \\frac{4}{27}\n```\n"
ALT = (
    "The size of the gradient against the logit of a positive example. Cross-entropy rises to one on the left, where "
    "the model is wrong. Squared error peaks at 4/27 at z = minus 0.69 and falls to zero on both sides."
)


@dataclass(frozen=True)
class Slip:
    """`old` becomes `new` in `path`; the message stands on the line of `old`, `below` lines further down.

    `says` are parts of the message: what is wrong, and how to mend it. `column` is given where it helps, and
    `messages` is how many the slip may cause in all.
    """

    old: str
    new: str
    says: tuple[str, ...]
    path: str = PAGE
    below: int = 0
    column: int | None = None
    messages: int = 1


SLIPS = {
    "wrong sign": Slip(
        NEGATIVE, NEGATIVE.replace("= ", "= -"), ("eq-size-negative", "is false", "left", "right", "mend")
    ),
    "lost factor": Slip(
        r"= -\left(1-\hat y\right) \qquad",
        r"= -\hat y \left(1-\hat y\right) \qquad",
        ("eq-size-bce-positive", "is false"),
    ),
    "missing brace": Slip(
        NEGATIVE,
        NEGATIVE.replace("^{2}", "^{2"),
        ("eq-size-negative", "this brace is never closed"),
        column=NEGATIVE.index("{2}") + 1,
    ),
    "brace too many": Slip(
        NEGATIVE,
        NEGATIVE.replace("^{2}", "^{2}}"),
        ("eq-size-negative", "this brace closes nothing"),
        column=NEGATIVE.index("{2}") + 4,
    ),
    "missing brace in running text": Slip(
        r"hardest at $p = \frac{1}{3}$",
        r"hardest at $p = \frac{1}{3$",
        ("inline formula", "this brace is never closed"),
    ),
    "renamed symbol": Slip(
        NEGATIVE, NEGATIVE.replace(r"\hat y^", r"\hat q^"), ("eq-size-negative, undeclared symbol", "docs/notation.yml")
    ),
    "code with arguments swapped": Slip(
        "code: mse_gradient_logit(0, z)",
        "code: mse_gradient_logit(z, 0)",
        ("eq-size-negative", "disagrees", "code:"),
        below=2,
    ),
    "code with a misspelt function": Slip(
        "code: mse_gradient_logit(0, z)",
        "code: mse_gradiant_logit(0, z)",
        ("mse_gradiant_logit", "docs/reference.md"),
        below=2,
    ),
    "comment misspelt": Slip(
        "<!-- eq: size-negative |",
        "<!-- eqn: size-negative |",
        ("unknown field 'eqn'", "eq, def, code, given"),
        column=1,
    ),
    "comment away from its display": Slip(
        "<!-- eq: size-where -->\n", "<!-- eq: size-where -->\n\n", ("no ```math block follows directly",), column=1
    ),
    "equation id twice": Slip(
        "eq: size-negative",
        "eq: size-positive",
        ("eq-size-positive stands already at docs/beyond/gradient-size.md:", "name"),
    ),
    "heading with a formula": Slip(
        "## One number says it all", "## One number $p$ says it all", ("a heading cannot hold a formula",), column=1
    ),
    "formula pasted with \\( \\)": Slip("is the logit $z = -\\log(2)$", "is the logit \\(z = -\\log(2)\\)", ("$...$",)),
    "formula pasted with $$": Slip(
        "is the logit $z = -\\log(2)$", "is the logit $$z = -\\log(2)$$", ("'$$'", "```math")
    ),
    "display between $$, with its comment": Slip(
        "<!-- eq: size-gap ", "<!-- eq: size-gap -->\n$$\nz = 1\n$$\n\n<!-- eq: size-gap ", ("'$$'", "```math"), below=1
    ),
    "formula pasted with \\[ \\]": Slip("## Measured", "\\[ z = -\\log(2) \\]\n\n## Measured", ("```math",), column=1),
    "formula without its second dollar": Slip(
        "$z = -\\log(2)$", "$z = -\\log(2)", ("a dollar without its other", "\\$ for the sign")
    ),
    "minus sign pasted into a formula": Slip(
        "$z = -\\log(2)$", "$z = −\\log(2)$", ("undeclared symbol −", "- for a minus")
    ),
    "Greek letter pasted into a formula": Slip(
        "$z = -\\log(2)$", "$z = -\\log(θ)$", ("undeclared symbol θ", "\\theta for a Greek letter")
    ),
    "non-breaking space in a formula": Slip(
        "$z = -\\log(2)$", "$z =\u00a0-\\log(2)$", ("non-breaking space (U+00A0)", "an ordinary blank")
    ),
    "formula pasted as an environment": Slip(
        "```math\n\\max_", "\\begin{equation}\n\\max_", ("TeX outside a formula", "```math"), messages=2
    ),
    "formula pasted in a LaTeX fence": Slip(
        "<!-- eq: size-where -->\n```math", "```latex", ("'latex'", "```math"), column=1, messages=2
    ),
    "fence never closed": Slip(LARGEST, LARGEST.removesuffix("```\n"), ("not closed before line", "add ```")),
    "comment never closed": Slip(
        "<!-- eq: size-where -->", "<!-- eq: size-where", ("this comment is not closed", "add -->"), column=1
    ),
    "heading without a blank": Slip("## Measured", "##Measured", ("a heading needs a blank behind its #",), column=1),
    "heading twice": Slip(
        "## Measured",
        "## One number says it all\n\nIt does.\n\n## Measured",
        ("stands already in line", "one anew"),
    ),
    "title twice": Slip("## Measured", "# Measured", ("a page has one title", "write ##"), column=1),
    "link never closed": Slip("(when-mse-is-fine.md)", "(when-mse-is-fine.md", ("this link is not closed", "add )")),
    "link to one's own machine": Slip(
        "(when-mse-is-fine.md)",
        "(http://127.0.0.1:8000/beyond/when-mse-is-fine/)",
        ("on your machine only", "relative to this page"),
    ),
    "link to the root": Slip("(when-mse-is-fine.md)", "(/beyond/when-mse-is-fine/)", ("is absolute", "../practice.md")),
    "link to HTML": Slip("(when-mse-is-fine.md)", "(when-mse-is-fine.html)", ("did you mean 'when-mse-is-fine.md'?",)),
    "script in a page": Slip(
        "## Measured", "<script>x()</script>\n\n## Measured", ("no script", "docs/assets/"), column=1
    ),
    "handler in a page": Slip("## Measured", "<p onclick='x()'>a</p>\n\n## Measured", ("'onclick'", "into a file")),
    "picture from elsewhere": Slip(
        "## Measured",
        "![A cat.](http://example.org/cat.png)\n\n## Measured",
        ("is drawn by no script", "../../examples/"),
    ),
    "broken anchor": Slip(
        "escape-time.md#a-larger-learning-rate",
        "escape-time.md#a-large-learning-rate",
        ("docs/beyond/escape-time.md has nothing", "did you mean '#a-larger-learning-rate'?"),
    ),
    "link to a page that is not there": Slip(
        "(when-mse-is-fine.md)",
        "(when-mse-is-good.md)",
        ("no file docs/beyond/when-mse-is-good.md", "did you mean 'when-mse-is-fine.md'?"),
    ),
    "link to a folder": Slip("(../experiments.md)", "(../experiments/)", ("write '../experiments.md'",)),
    "empty link": Slip(
        "[curvature and local minima](curvature.md)", "[curvature and local minima]()", ("this link is empty",)
    ),
    "link without words": Slip(
        "[curvature and local minima](curvature.md)", "[](curvature.md)", ("this link has no words",)
    ),
    "alternative text missing": Slip(ALT, "", ("no alternative text", "say between the brackets what it shows")),
    "figure with a folder too few": Slip(
        "(../../examples/gradient_size.py", "(../examples/gradient_size.py", ("write ../../examples/gradient_size.py",)
    ),
    "figure in large letters": Slip(
        "examples/gradient_size.py#", "examples/Gradient_Size.py#", ("write ../../examples/gradient_size.py",)
    ),
    "drawing instead of its script": Slip(
        "examples/gradient_size.py#",
        "examples/gradient_size.svg#",
        ("by no script", "../../examples/gradient_size"),
    ),
    "example with another name": Slip(
        "gradient_size.py#gradient",
        "gradient_sise.py#gradient",
        ("there is no script examples/gradient_sise.py",),
        messages=2,
    ),
    "figure that is not drawn": Slip(
        "gradient_size.py#gradient", "gradient_size.py#gradients", ("draws no figure 'gradients'", "it draws")
    ),
    "value that does not exist": Slip(
        "`{gradient_size} peak:.6f`", "`{gradient_size} peek:.6f`", ("no value 'peek'", "did you mean 'peak'?")
    ),
    "value of an unknown example": Slip(
        "`{gradient_size} peak:.6f`",
        "`{gradient_sice} peak:.6f`",
        ("no example 'gradient_sice'", "did you mean 'gradient_size'?"),
    ),
    "format that does not fit": Slip(
        "`{gradient_size} peak:.6f`", "`{gradient_size} peak:.6q`", ("'.6q' does not fit peak",)
    ),
    "slot without a key": Slip("`{gradient_size} peak:.6f`", "`{gradient_size}peak:.6f`", ("{example} key",)),
    "slot without backticks": Slip(
        "`{gradient_size} peak:.6f`", "{gradient_size} peak:.6f", ("a value stands in backticks",)
    ),
    "slot without its second backtick": Slip(
        "`{gradient_size} peak:.6f`", "`{gradient_size} peak:.6f", ("is its closing backtick missing?",)
    ),
    "number typed by hand": Slip(
        "`{gradient_size} peak_z:.4f`", "−0.6931", ("−0.6931 is typed by hand", "write `{gradient_size} peak_z:.4f`")
    ),
    "unknown citation": Slip(
        "[@nielsen2015]", "[@nielson2015]", ("no work has the key 'nielson2015'", "'nielsen2015'")
    ),
    "citation that is none": Slip("[@nielsen2015]", "[@nielsen2015, @kline2005]", ("is not a citation",)),
    "citation without brackets": Slip("[@nielsen2015]", "@nielsen2015", ("in brackets, [@key]",)),
    "word misspelt": Slip(
        "The middle is fine", "The midle is fine", ("'midle'", "did you mean 'middle'?", "[tool.codespell]")
    ),
    "word misspelt in the notation": Slip(
        "the input, a column", "the imput, a column", ("'imput'", "did you mean 'input'?"), "docs/notation.yml"
    ),
    "doctest that fails": Slip("-0.148148, -0.0]", "-0.148149, -0.0]", ("prints", "-0.148148", "-0.148149"), below=-1),
    "doctest that raises": Slip(
        "mse_gradient_logit(1.0, z)), 6)", "mse_gradient_logit(7.0, z)), 6)", ("raises ValueError",)
    ),
    "tab": Slip("- **The middle is fine.**", "-\t**The middle is fine.**", ("a tab",), column=2),
    "blanks at the end of a line": Slip("## Measured", "## Measured  ", ("blanks at the end",)),
    "non-breaking space": Slip("The middle is fine", "The\u00a0middle is fine", ("non-breaking space (U+00A0)",)),
    "hypothesis that nothing uses": Slip(
        "<!-- eq: size-bce-wrong -->",
        "<!-- eq: size-bce-wrong | given: y = 0 -->",
        ("hypothesis y = 0 is used by no claim",),
    ),
    "permalink renamed": Slip(
        "eq: size-gap ", "eq: size-distance ", ("eq-size-distance (proved) is new", "make ledger"), messages=2
    ),
    "code that goes": Slip(
        "<!-- eq: size-negative | code: mse_gradient_logit(0, z) -->",
        "<!-- eq: size-negative -->",
        ("eq-size-negative was proved, as mse_gradient_logit(0, z) and is proved now", "make ledger"),
    ),
    "claim that slides to a skip": Slip(
        "eq: size-gap ",
        "eq: size-gap | skip: too long ",
        ("eq-size-gap was proved and is skipped now", "make ledger"),
    ),
    "typographer's quotes in a doctest": Slip(
        ">>> from mseclf", ">>> print(\u201ca\u201d)\n>>> from mseclf", ("invalid character", "mend the code")
    ),
    "typographer's quotes in a script": Slip(
        "y = 1.0", "y = \u20181.0\u2019", ("SyntaxError: invalid character '\u2018'", "embedded at"), SCRIPT
    ),
    "script that raises": Slip("y = 1.0", "yy = 1.0", ("NameError", "'y'", "embedded at"), SCRIPT, below=2, messages=2),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_slip(editor, slip):
    line = editor.replace(slip.path, slip.old, slip.new) + slip.below
    found = editor.defects()
    told = "\n".join(map(str, found))
    hits = [defect.place for defect in found if all(part in defect.words for part in slip.says)]
    assert hits, told or "nothing was found"
    assert (hits[0].path, hits[0].line) == (slip.path, line), told
    assert slip.column in (None, hits[0].column), told
    assert len(found) <= slip.messages, f"one slip, more to read than it needs:\n{told}"


GUIDE = Path(__file__).parents[3] / ".github" / "CONTRIBUTING.md"
SHOWN = dict(re.findall(r"<!-- slip: (.+?) -->\n```text\n(.+?)\n```", GUIDE.read_text(encoding="utf-8"), re.DOTALL))


def without_numbers_of_lines(text):
    """A message whose place may move when a page is edited."""
    return re.sub(r":\d+:\d+:", ":", " ".join(text.split()), count=1)


def test_the_guide_shows_five_mistakes():
    assert len(SHOWN) == 5


@pytest.mark.parametrize("name", SHOWN)
def test_the_guide_shows_what_is_printed(editor, name):
    slip = SLIPS[name]
    editor.replace(slip.path, slip.old, slip.new)
    assert without_numbers_of_lines(SHOWN[name]) in [without_numbers_of_lines(str(found)) for found in editor.defects()]
