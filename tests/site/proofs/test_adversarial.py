"""Every vacuous, ambiguous or false form on adversarial.md is refused, for the reason that the page gives."""

from pathlib import Path

from mseclf.site.page import read_page
from mseclf.site.proofs import check_pages

ROOT = Path(__file__).parents[3]


def reasons(text):
    """The paragraph above each display."""
    blocks = [b.strip() for b in text.split("\n\n")]
    return [blocks[n - 1] for n, block in enumerate(blocks) if block.startswith("```math")]


def test_all_refused_for_the_right_reason():
    text = Path(__file__).with_name("adversarial.md").read_text(encoding="utf-8")
    report = check_pages([read_page("docs/adversarial.md", text)], root=ROOT)
    expected = reasons(text)
    assert len(expected) == len(report.verdicts) > 60
    wrong = [
        f"{verdict.equation.tex}\n   expected: {reason}\n   got: {verdict.status} {verdict.message}"
        for verdict, reason in zip(report.verdicts, expected, strict=True)
        if not verdict.status.fails or reason not in verdict.message
    ]
    assert not wrong, "\n".join(wrong)
    assert all(v.message.startswith("docs/adversarial.md:") for v in report.verdicts)
