"""From pages to a report: memory, worker processes, time limit."""

import subprocess
import sys
from pathlib import Path

import pytest

from mseclf.site.page import InlineFormula, read_page
from mseclf.site.pool import Failure, Why, answers
from mseclf.site.proofs import Status, Verdict, check_pages
from mseclf.site.proofs import check as checking

ROOT = Path(__file__).parents[3]
ANSWERS = "mseclf.site.proofs.check.answers"
PAGE = r"""# A

<!-- eq: one -->
```math
\hat y = \sigma(z)
```

<!-- eq: two -->
```math
\hat y = \sigma(-z)
```
"""


def asked_of(monkeypatch):
    """The tasks that are given to workers from now on."""
    asked = []
    monkeypatch.setattr(ANSWERS, lambda work, tasks, **how: asked.extend(tasks) or answers(work, tasks, **how))
    return asked


def test_only_successes_are_kept(check, tmp_path, monkeypatch):
    page = PAGE + "\nThat is $1 < 2$, and $2 < 1$ is not.\n"
    first = check(page, cache=tmp_path)
    assert len(list((tmp_path / "verdicts").iterdir())) == 2
    asked = asked_of(monkeypatch)
    assert check(page, cache=tmp_path) == first
    assert [task.tex if isinstance(task, InlineFormula) else task.equation.id for task in asked] == ["eq-two", "2 < 1"]


def test_nothing_is_loaded_when_all_is_known(check, tmp_path):
    page = "# A\n\n```math\n\\hat y = \\sigma(z)\n```\n"
    script = f"""
import multiprocessing
import sys
from pathlib import Path
from mseclf.site.page import read_page
from mseclf.site.proofs import check_pages
report = check_pages([read_page("docs/page.md", {page!r})], root=Path("."), cache=Path(sys.argv[1]))
print(report.verdicts[0].status, "sympy" in sys.modules, multiprocessing.active_children())
"""
    known = check(page, cache=tmp_path)
    call = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True)
    assert known.verdicts[0].status == Status.PROVED
    assert done.stdout == "proved False []\n"


def test_a_verdict_comes_back_as_it_was(check, tmp_path):
    page = (
        "# A\n\n<!-- eq: one | given: y = 0 | code: mse_loss(0, z) -->\n```math\n"
        "\\frac{1}{2} (y - \\sigma(z))^2 = \\frac{1}{2} \\sigma(z)^2\n```\n\n"
        "<!-- eq: two | false -->\n```math\n\\sigma(z) = 2\n```\n\n"
        "<!-- eq: three | skip: it is told in words -->\n```math\nL(\n```\n"
    )
    verdicts = check(page).verdicts
    assert [verdict.status for verdict in verdicts] == [Status.PROVED, Status.REFUTED, Status.SKIPPED]
    assert verdicts[0].hypotheses and verdicts[0].binding and verdicts[0].steps  # noqa: PT018 - nothing is trivial
    assert [Verdict.known(verdict.equation, verdict.kept()) for verdict in verdicts] == list(verdicts)


def test_an_edit_of_the_mathematics_asks_only_for_what_is_compared_with_it(check, tmp_path, monkeypatch):
    page = (
        "# A\n\n<!-- eq: bound | code: mse_loss(y, z) -->\n```math\n\\frac{1}{2} (\\sigma(z) - y)^2 = "
        "\\frac{1}{2} (y - \\sigma(z))^2\n```\n\n<!-- eq: free -->\n```math\n\\hat y = \\sigma(z)\n```\n"
    )
    check(page, cache=tmp_path)
    digest = checking._digest

    def as_edited(files):
        files = list(files)
        return digest(files) + "edited" * any(file.name == "losses.py" for file in files)

    asked = asked_of(monkeypatch)
    check(page, cache=tmp_path)
    monkeypatch.setattr(checking, "_digest", as_edited)
    check(page, cache=tmp_path)
    assert [task.equation.id for task in asked] == ["eq-bound"]


@pytest.mark.parametrize("damage", [b"", b"{", b"\x00\x01"])
def test_a_damaged_cache_is_made_again(damage, check, tmp_path):
    good = check(PAGE, cache=tmp_path)
    (kept,) = (tmp_path / "verdicts").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    assert check(PAGE, cache=tmp_path) == good
    assert kept.read_bytes() == whole


@pytest.mark.parametrize("change", ["definition", "hypothesis", "formula", "code", "flag"])
def test_a_changed_context_is_decided_again(change, tmp_path):
    page = (
        "# A\n\n<!-- eq: d | def -->\n```math\nL = \\frac{1}{2} (y - \\hat y)^2\n```\n\n"
        "<!-- eq: one | given: y = 0 | code: mse_loss(0, z) -->\n```math\nL = \\frac{1}{2} \\hat y^2\n```\n"
    )
    edits = {
        "definition": (r"\frac{1}{2} (y", r"\frac{1}{3} (y"),
        "hypothesis": ("y = 0", "y = 1"),
        "formula": (r"\hat y^2", r"\hat y^3"),
        "code": ("mse_loss", "bce_loss"),
        "flag": ("eq: one |", "eq: one | false |"),
    }
    assert not check_pages([read_page("docs/a.md", page)], root=ROOT, cache=tmp_path).defects
    edited = page.replace(*edits[change])
    assert edited != page
    assert check_pages([read_page("docs/a.md", edited)], root=ROOT, cache=tmp_path).defects


def test_a_moved_display_keeps_its_verdict_but_not_its_place(check, tmp_path):
    check(PAGE, cache=tmp_path)
    moved = check("# A\n\nNew text.\n\n" + PAGE.removeprefix("# A\n\n"), cache=tmp_path)
    assert str(moved.defects[0]).startswith("docs/page.md:12:10: eq-two, step 1 is false: with z = 2")


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (Failure(Why.TIME, "not finished"), "not decided within 30 seconds; state it in smaller steps"),
        (Failure(Why.ERROR, "ValueError: a defect"), "the checker itself failed here: ValueError: a defect"),
        (Failure(Why.DEATH, "its process died: SIGSEGV"), "the checker itself failed here: its process died: SIGSEGV"),
    ],
)
def test_a_worker_that_is_lost_is_no_verdict(failure, words, check, tmp_path, monkeypatch):
    monkeypatch.setattr(ANSWERS, lambda work, tasks, **how: iter([failure] * len(tasks)))
    report = check(PAGE + "\nThat is $1 < 2$.\n", cache=tmp_path)
    assert [verdict.status for verdict in report.verdicts] == [Status.NOT_UNDERSTOOD] * 2
    assert [defect.words for defect in report.defects] == [
        f"eq-one, {words}", f"eq-two, {words}", f"the inline formula $1 < 2$: {words}"
    ]  # fmt: skip
    assert not (tmp_path / "verdicts").exists()


def test_a_display_has_its_processor_time_and_no_more(check, monkeypatch):
    monkeypatch.setattr("mseclf.site.proofs.check.SECONDS_PER_DISPLAY", 0.0001)
    assert {verdict.defect.message for verdict in check(PAGE).verdicts} == {
        "eq-one, not decided within 0.0001 seconds", "eq-two, not decided within 0.0001 seconds"
    }  # fmt: skip


def test_every_display_has_a_verdict(check):
    report = check(PAGE + "\n```math\nL(\n```\n")
    assert len(report.verdicts) == 3
    assert report.verdicts[2].status == Status.NOT_UNDERSTOOD


def test_places_count_lines_and_columns():
    (equation,) = read_page("docs/a.md", "# A\n\n```math\na\n  = k\n```\n").equations
    assert str(equation.place_in(0)) == "docs/a.md:4:1"
    assert str(equation.place_in(4)) == "docs/a.md:5:3"


def test_a_verdict_says_where_it_was_attacked_through_which_definitions_and_how_it_fails(check):
    page = r"""# A

<!-- eq: first | def -->
```math
L = (y - \hat y)^2
```

<!-- eq: through -->
```math
\frac{\partial L}{\partial \hat y} = 2(\hat y - y)
```

<!-- eq: apart -->
```math
\sigma(-z) = 1 - \sigma(z)
```

<!-- eq: wrong | false -->
```math
\sigma(-z) > \sigma(z)
```
"""
    first, through, apart, wrong = check(page).verdicts
    assert through.definitions == ("eq-first",)
    assert first.definitions == apart.definitions == ()
    assert through.points > apart.points > 10, "two symbols have more points than one"
    left, sign, right = wrong.sides
    assert sign == ">"
    assert float(left) <= float(right)
    assert apart.sides == ()
