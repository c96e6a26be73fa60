# ruff: noqa: E501 - a formula is not broken into lines
"""What the prover proves, in each kind of statement, and what it finds false; with the counterexample's words."""

import pytest

from mseclf.site.proofs import Sentence, Status

pytestmark = pytest.mark.usefixtures("in_this_process")

PROVED = [
    r"\hat y = \sigma(z)",
    r"z = \theta^\top x",
    r"\frac{\partial L}{\partial \theta} = \frac{\partial L}{\partial \hat y}\frac{\partial \hat y}{\partial z}\frac{\partial z}{\partial \theta}",
    r"\frac{\partial L_{\mathrm{MSE}}}{\partial \theta} = (\hat y - y)\,\hat y (1-\hat y)\,x",
    r"\frac{\partial L_{\mathrm{BCE}}}{\partial \hat y} = -\frac{y}{\hat y} + \frac{1-y}{1-\hat y} = \frac{\hat y - y}{\hat y(1-\hat y)}",
    r"\sigma'(z) = \frac{1}{4\cosh^2(z/2)} \le \frac14",
    r"\sigma''(z) = \sigma'(z) (1 - 2\sigma(z))",
    r"1 - \sigma(z) = \sigma(-z) = \frac{1}{2} \left(1 - \tanh(z/2)\right)",
    r"L_{\mathrm{BCE}} = \log(1 + e^{z}) - y z = \max(z, 0) - y z + \log(1 + e^{-|z|})",
    r"\frac{\partial^2 L_{\mathrm{MSE}}}{\partial z^2} = \sigma'(z) \left( \sigma'(z) + (\hat y - y)(1 - 2\hat y) \right)",
    r"\left|\frac{\partial L_{\mathrm{MSE}}}{\partial z}\right| \le \frac{4}{27}",
    r"\frac{\partial^2 L_{\mathrm{MSE}}}{\partial z^2} \ge 0 \iff z \ge -\log 2 \qquad (y = 1)",
    r"\max_{p} p (1-p)^2 = \frac{4}{27}, \quad \arg\max_{p} p (1-p)^2 = \frac13",
    r"\arg\max_{z} \sigma(z) (1 - \sigma(z))^2 = -\log 2",
    r"\sup_{z} \hat y = 1, \quad \inf_{z} \hat y = 0",
    r"p (1-p)^2 \sim p \qquad (p \to 0)",
    r"\lim_{z \to -\infty} \frac{\partial L_{\mathrm{BCE}}}{\partial z} = -y",
    r"\sigma(z) \to 1 \qquad (z \to \infty)",
    r"T_{\mathrm{MSE}}(a) = e^a + 3a + \frac52 - 3e^{-a} - \frac12 e^{-2a}",
    r"T_{\mathrm{BCE}}(a) = \int_{-a}^{0} (1 + e^{z}) \, dz = a + 1 - e^{-a} < a + 1",
    r"\mathbb{E}\left[(\hat y - Y)^2\right] = (\hat y - q)^2 + q(1-q)",
    r"2(p - q)^2 \le q \log\left(\frac{q}{p}\right) + (1-q)\log\left(\frac{1-q}{1-p}\right)",
    r"z \left(\sigma(z) - \frac12\right) \ge 0",
    r"e^z \ge 1 + z",
    r"\log(1 + e^z) > z",
    r"\hat y \in (0, 1)",
    r"\left. \frac{\partial L_{\mathrm{MSE}}}{\partial z} \right|_{z = 0} = \frac14 \left. \frac{\partial L_{\mathrm{BCE}}}{\partial z} \right|_{z = 0}",
    r"\frac{\partial L_{\mathrm{MSE}}}{\partial y} = y - \hat y",
    r"\nabla_\theta \mathcal{L}_{\mathrm{BCE}} = \frac1m X^\top (\hat{\mathbf y} - \mathbf y) = \frac1m \sum_{i=1}^m (\hat y^{(i)} - y^{(i)}) x^{(i)}",
    r"\nabla_\theta^2 \mathcal{L}_{\mathrm{BCE}} = \frac1m X^\top \mathrm{diag}(\sigma'(\mathbf z)) X = \frac1m \sum_{i=1}^m \sigma'(z^{(i)}) x^{(i)} x^{(i)\top}",
    r"\sum_{i=1}^{m} \sigma(\theta^\top x)^2 = m\, \sigma(\theta^\top x)^2",
    r"\frac{\partial \mathcal{L}}{\partial \theta_j} = \frac1m \sum_{i=1}^m \frac{\partial L^{(i)}}{\partial z^{(i)}} x^{(i)}_j",
    r"\lVert x \rVert^2 = x^\top x = \sum_{j=1}^{n} x_j^2",
    r"|z| = \begin{cases} z & z \ge 0 \\ -z & z < 0 \end{cases}",
    r"|w - 1| = \begin{cases} 1 - w & 0 < w < 1 \\ |1 - w| & w \le 0 \\ w - 1 & w \ge 1 \end{cases}",
    r"|\hat y - 1| = 1 - \hat y",
    r"\frac{\hat y - y}{\cancel{\hat y(1-\hat y)}}\,\cancel{\hat y(1-\hat y)} = \hat y - y",
]  # fmt: skip
CLASSES = [
    r"\frac{\partial p_k}{\partial z_k} = p_k (1 - p_k)",
    r"\frac{\partial p_k}{\partial z_l} = p_k (\delta_{kl} - p_l)",
    r"\frac{\partial}{\partial \vec z} \left( -\sum_{l=1}^{K} y_l \log(p_l) \right) = \vec p - \vec y",
    r"\sum_{k=1}^{K} p_k = 1",
    r"-\sum_{k=1}^{K} y_k \log p_k \ge 0",
]
FIXED_SHAPES = [
    r"\frac{\partial \vec p}{\partial \vec z} = \mathrm{diag}(\vec p) - \vec p\,\vec p^\top",
    r"1 - p_k = \sum_{l \ne k} p_l",
    r"\prod_{k=1}^{K} e^{z_k} = \exp\left(\sum_{k=1}^{K} z_k\right)",
]
FALSE = {
    r"\frac{\partial L_{\mathrm{BCE}}}{\partial z} = y - \hat y": "with z = 2, y = 1/4, the left side is 0.6308, the right side -0.6308",
    r"\frac{\partial L_{\mathrm{MSE}}}{\partial \theta} = (\hat y - y)\,\hat y\,x": "step 1 is false",
    r"\hat y = \sigma(z) = \sigma(-z)": "step 2 is false: with z = 2, the left side is 0.8808, the right side 0.1192",
    r"\frac{\partial^2 L_{\mathrm{MSE}}}{\partial z^2} \ge 0": "step 1 is false",
    r"\frac{\partial^2 L_{\mathrm{MSE}}}{\partial z^2} \ge 0 \iff z > -\log 2 \qquad (y = 1)": "step 1 is false",
    r"p (1-p)^2 < \frac{4}{27}": "with p = 1/3",
    r"p^3 - \frac{6}{5} p^2 + \frac{12}{25} p - \frac{8}{125} \ne 0": "with p = 2/5",
    r"\max_{p} p (1-p)^2 = \frac{8}{27}": "the maximum is 4/27, not 8/27",
    r"\lim_{z \to -\infty} \frac{\partial L_{\mathrm{BCE}}}{\partial z} = y": "step 1 is false",
    r"T_{\mathrm{MSE}}(a) = e^a + 3a + \frac52 - 3e^{-a} - e^{-2a}": "step 1 is false: with a = 2",
    r"\sum_{k=1}^{K} p_k^2 = 1": "step 1 is false",
    r"\nabla_\theta \mathcal{L}_{\mathrm{BCE}} = X^\top (\hat{\mathbf y} - \mathbf y)": "step 1 is false",
    r"\frac{\partial L}{\partial z} = \hat y - y": "step 1 is false",
    r"y^2 = y": "with y = 1/4",
    r"\frac{\hat y - y}{\cancel{\hat y(1-\hat y)}}\,\cancel{\hat y} = \hat y - y": "step 1 is false",
    r"\log(p + q) = \log(p) + \log(q)": "step 1 is false",
    r"|z| = z": "with z = -3",
    r"\max(z, 0) > 0": "step 1 is false",
}


@pytest.mark.parametrize("tex", PROVED + CLASSES)
def test_proved_for_every_size(tex, display):
    verdict = display(tex)
    assert (verdict.status, verdict.message) == (Status.PROVED, "")
    assert verdict.method


@pytest.mark.parametrize("tex", FIXED_SHAPES)
def test_what_has_no_typical_entry_is_proved_at_sizes(tex, display):
    verdict = display(tex)
    assert (verdict.status, verdict.message) == (Status.AT_SIZES, "")
    assert "K = 4 and K = 3" in str(verdict.method)


@pytest.mark.parametrize(("tex", "words"), FALSE.items(), ids=FALSE)
def test_false(tex, words, display):
    verdict = display(tex)
    assert verdict.status == Status.FALSE, (verdict.status, verdict.message)
    assert words in verdict.message
    assert verdict.message.startswith("docs/page.md:5:")


def test_the_column_of_a_false_step_is_that_of_its_right_side(display):
    verdict = display("\\begin{aligned}\n\\hat y &= \\sigma(z) \\\\\n&= \\sigma(-z)\n\\end{aligned}")
    assert verdict.message.startswith("docs/page.md:7:4: eq-it, step 2 is false")


@pytest.mark.parametrize(
    ("tex", "given"),
    [
        (r"y^2 = y", r"y \in \{0, 1\}"),
        (r"\frac{\partial L_{\mathrm{BCE}}}{\partial \theta} = \hat y x", "y = 0"),
        (r"\frac12 (y - \hat y)^2 = 0", r"y = \sigma(z)"),
        (r"\sigma(z) < \frac12", "z < 0"),
        (r"|z| = z", r"z \ge 0"),
        (r"\lvert y - \hat y \rvert = \begin{cases} \hat y & y = 0 \\ 1 - \hat y & y = 1 \end{cases}", r"y \in \{0, 1\}"),
        (r"\sum_{k=1}^{K} (p_k - y_k)^2 = 2 (p_1 - y_1)^2", "K = 2"),
        (r"\nabla_\theta \mathcal{L}_{\mathrm{MSE}} = \frac14 \nabla_\theta \mathcal{L}_{\mathrm{BCE}}", r"\theta = 0"),
        (r"\mathrm{MSE} = \frac1m \sum_{i : y^{(i)} = 0} \left( \hat y^{(i)} \right)^2 + \frac1m \sum_{i : y^{(i)} = 1} \left( 1 - \hat y^{(i)} \right)^2",
         r"y \in \{0, 1\}"),
    ],
)  # fmt: skip
def test_true_under_a_hypothesis_and_only_then(tex, given, display):
    verdict = display(tex, f"given: {given}")
    assert verdict.status in (Status.PROVED, Status.AT_SIZES), verdict.message
    assert verdict.hypotheses == (given,)
    assert display(tex).status.fails


def test_a_false_claim_must_be_refuted(display):
    verdict = display(r"1 - (1 - \sigma(z)) = 1 - 1 - \sigma(z)", "false")
    assert verdict.status == Status.REFUTED
    assert verdict.counterexample == "z = 2"
    true = display(r"1 - (1 - \sigma(z)) = \sigma(z)", "false")
    assert true.status.fails
    assert "seems to be true" in true.message


def test_skip_keeps_its_reason(display):
    verdict = display(r"\int\int = \dots", "skip: measure theory")
    assert (verdict.status, verdict.method.note) == (Status.SKIPPED, "measure theory")


def test_approximate_numbers_are_numeric(display):
    assert display(r"\log(2) \approx 0.6931").status == Status.MEASURED


def test_definitions_scope_and_order(check):
    report = check(r"""
# One

<!-- eq: d | def -->
```math
L = \frac{1}{2} (y - \hat y)^2
```

## Below

<!-- eq: a -->
```math
\frac{\partial L}{\partial \hat y} = \hat y - y
```

# Two

<!-- eq: b -->
```math
\frac{\partial L}{\partial \hat y} = \hat y - y
```
""")
    assert [v.status for v in report.verdicts] == [Status.DEFINITION, Status.PROVED, Status.FALSE]


@pytest.mark.parametrize("name", ["aligned", "split"])
@pytest.mark.parametrize("left", [r"L(y, \hat y) &= ", r"&\quad L(y, \hat y) \\ &= ", r"L &= "])
def test_a_definition_in_rows_is_a_definition(name, left, check):
    rows = f"\\begin{{{name}}}\n{left} y \\\\\n&\\quad - \\hat y\n\\end{{{name}}}"
    report = check(f"# A\n\n<!-- eq: d | def -->\n```math\n{rows}\n```\n\n```math\nL = y - \\hat y\n```\n")
    assert [v.status for v in report.verdicts] == [Status.DEFINITION, Status.PROVED], report.defects


def test_a_hypothesis_ends_at_the_next_heading(check):
    report = check(
        "# A\n\n<!-- eq: a | given: y = 0 -->\n```math\n1 - y = 1 + y\n```\n\n## B\n\n<!-- eq: b -->\n```math\n1 - y = 1 + y\n```\n"
    )
    assert [v.status for v in report.verdicts] == [Status.PROVED, Status.FALSE]


def test_a_hypothesis_ends_with_its_folded_block_and_goes_on_through_another(check):
    display = "<!-- eq: {} -->\n```math\n1 - y = 1 + y\n```\n\n"
    inside = f"<details>\n\n{display.format('a | given: y = 0')}</details>\n\n{display.format('b')}"
    around = (
        f"{display.format('a | given: y = 0')}<details>\n\n{display.format('b')}</details>\n\n{display.format('c')}"
    )
    assert [v.status for v in check(f"# A\n\n{inside}").verdicts] == [Status.PROVED, Status.FALSE]
    assert [v.status for v in check(f"# A\n\n{around}").verdicts] == [Status.PROVED] * 3


@pytest.mark.parametrize("heading", ["B\n===", "B\n---", "<h2>B</h2>", "## B", "> ## B"])
def test_a_hypothesis_ends_at_a_heading_of_any_kind(check, heading):
    display = "<!-- eq: {} -->\n```math\n1 - y = 1 + y\n```\n\n"
    page = f"# A\n\n{display.format('a | given: y = 0')}{heading}\n\n{display.format('b')}"
    assert [v.status for v in check(page).verdicts] == [Status.PROVED, Status.FALSE]


def test_a_bad_definition_is_said_once_and_its_dependants_wait(check):
    report = check(r"""
# One

<!-- eq: d | def -->
```math
L = \frac12 (y - \hatt y)^2
```

<!-- eq: a -->
```math
\frac{\partial L}{\partial \hat y} = \hat y - y
```

<!-- eq: b -->
```math
\sigma(0) = \frac12
```
""")
    assert [v.status for v in report.verdicts] == [Status.NOT_UNDERSTOOD, Status.WAITING, Status.PROVED]
    assert "undeclared symbol \\hatt" in report.defects[0].message
    assert report.defects[1].message == "eq-a, waiting on the definition eq-d"


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"L = L + 1", "defined by itself"),
        (r"L_{\mathrm{MSE}} = (y - \hat y)^2", "is false"),
        (r"D = y", "undeclared"),
        (r"L = x", "declared otherwise"),
        (r"L > 0", "a definition is an equality"),
        (r"1 + y = L", "one symbol"),
    ],
)
def test_refused_definitions(tex, words, display):
    verdict = display(tex, "def")
    assert verdict.status.fails
    assert words in verdict.message


def test_an_unused_hypothesis_is_an_error(check):
    report = check("# A\n\n<!-- eq: a | given: a > 1 -->\n```math\n\\hat y = \\sigma(z)\n```\n")
    (defect,) = report.defects
    assert str(defect) == (
        "docs/page.md:3:1: the hypothesis a > 1 is used by no claim; "
        "take the `given:` away, or put it above the claim that needs it"
    )


def test_inline_statements_must_parse(check):
    report = check("# A\n\nIf $\\hat y = \\sigma(zz$ then $y = 1$, and $\\theta$ stays.\n")
    assert len(report.defects) == 1
    assert str(report.defects[0]).startswith("docs/page.md:3:4: the inline formula")


def test_relations_in_sentences_are_decided_where_nothing_around_them_matters(check):
    text = r"Since $\log 3 \approx 1.0986$ and $\sigma(0) = \frac12$, and $\hat y < 1$, at $z = 0$ with $\theta^\top x$"
    report = check(f"# A\n\n{text} as $z > 0 \\implies \\hat y > \\frac12$ says.\n")
    assert not report.defects
    found = [known for _, known in report.sentences]
    assert found == [Sentence.NUMBERS, Sentence.NUMBERS, Sentence.TRUE, Sentence.OPEN, Sentence.TRUE]


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\log 3 = 1.0986", "the left side is 1.09861228867, the right side 1.0986"),
        (r"\sigma(0) = \frac13", "the left side is 0.5, the right side 0.3333"),
        (r"z > 0 \implies z > 1", "one statement holds and the other does not"),
    ],
)
def test_what_is_false_whatever_the_sentence_says_is_an_error(tex, words, check):
    (defect,) = check(f"# A\n\nWe see that ${tex}$ holds.\n").defects
    assert words in str(defect)
