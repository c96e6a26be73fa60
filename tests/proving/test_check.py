"""From pages to a report: cache, worker processes, time limit, ledger, command line."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from mseclf.pages import read_page
from mseclf.proving import Status, check, check_pages, compare_ledger, read_ledger, workers, write_ledger

ROOT = Path(__file__).parents[2]
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


def test_only_successes_are_kept(check, tmp_path, monkeypatch):
    first = check(PAGE, cache=tmp_path)
    kept = json.loads((tmp_path / "verdicts.json").read_text())["records"]
    assert [r["status"] for r in kept.values()] == ["proved"]
    asked = []
    original = workers.run
    monkeypatch.setattr(workers, "run", lambda jobs, work: asked.extend(jobs) or original(jobs, work))
    assert check(PAGE, cache=tmp_path) == first
    assert [job.equation.id for job in asked] == ["eq-two"]


def test_nothing_is_loaded_when_all_is_known(tmp_path):
    script = """
import sys
from pathlib import Path
from mseclf.pages import read_page
from mseclf.proving import check_pages
page = read_page("docs/a.md", r"# A//```math/\\hat y = \\sigma(z)/```/".replace("/", chr(10)))
report = check_pages([page], root=Path("."), cache=Path(sys.argv[1]))
print(report.counts, "sympy" in sys.modules)
"""
    call = [sys.executable, "-c", script, str(tmp_path)]
    runs = [subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert runs == ["{'proved': 1} True\n", "{'proved': 1} False\n"]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"for": 1}', '{"for": "x", "records": 3}', "\x00\x01"])
def test_a_damaged_cache_is_made_again(damage, check, tmp_path):
    good = check(PAGE, cache=tmp_path)
    (tmp_path / "verdicts.json").write_text(damage)
    assert check(PAGE, cache=tmp_path) == good
    assert json.loads((tmp_path / "verdicts.json").read_text())["records"]


def test_a_record_with_an_unknown_status_is_made_again(check, tmp_path):
    good = check(PAGE, cache=tmp_path)
    file = tmp_path / "verdicts.json"
    data = json.loads(file.read_text())
    data["records"] = {key: {"status": "true because I say so"} for key in data["records"]}
    file.write_text(json.dumps(data))
    assert check(PAGE, cache=tmp_path) == good


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
    assert not check_pages([read_page("docs/a.md", page)], root=ROOT, cache=tmp_path).errors
    edited = page.replace(*edits[change])
    assert edited != page
    assert check_pages([read_page("docs/a.md", edited)], root=ROOT, cache=tmp_path).errors


def test_a_moved_display_keeps_its_verdict_but_not_its_place(check, tmp_path):
    check(PAGE, cache=tmp_path)
    moved = check("# A\n\nNew text.\n\n" + PAGE.removeprefix("# A\n\n"), cache=tmp_path)
    assert moved.errors[0].startswith("docs/page.md:12:10: eq-two, step 1 is false: with z = 2")


def test_a_display_that_takes_too_long_is_named():
    started = time.monotonic()
    done = dict(workers.run(["quick", "slow", "quick"], _work, seconds=0.5, processes=2))
    assert done[0] == done[2] == {"status": "proved"}
    assert done[1]["status"] == "not-understood"
    assert "not decided within 0.5 seconds" in done[1]["detail"]
    assert time.monotonic() - started < 30


def _work(job):
    if job == "slow":
        sum(range(10**11))  # stuck in C, where no signal handler runs
    if job == "dies":
        sys.exit(3)
    if job == "fails":
        raise ValueError("a defect")
    return {"status": "proved"}


def test_a_crash_of_the_checker_is_no_verdict():
    done = dict(workers.run(["dies", "fails", "quick"], _work, seconds=20, processes=1))
    assert done[0]["status"] == done[1]["status"] == "not-understood"
    assert "the checker itself failed here: ValueError: a defect" in done[1]["detail"]
    assert done[2] == {"status": "proved"}


def test_progress_counts(tmp_path):
    seen = []
    check_pages([read_page("docs/a.md", PAGE)], root=ROOT, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_every_display_has_a_verdict(check):
    report = check(PAGE + "\n```math\nL(\n```\n")
    assert len(report.verdicts) == 3
    assert report.verdicts[2].status == Status.NOT_UNDERSTOOD


def test_ledger_differences_say_how_to_mend():
    errors = compare_ledger(
        {"eq-a": "proved", "eq-b": "proved", "eq-gone": "numeric"},
        {"eq-a": "proved", "eq-b": "skipped", "eq-new": "proved"},
    )
    assert len(errors) == 3
    assert errors[0].startswith("docs/ledger.yml: eq-b was proved and is skipped now")
    assert errors[1].startswith("docs/ledger.yml: eq-gone (numeric) is gone from the pages, and its permalink with it")
    assert errors[2].startswith("docs/ledger.yml: eq-new (proved) is new")
    assert all("--update-ledger" in error for error in errors)


def test_ledger_round_trip(tmp_path):
    file = tmp_path / "ledger.yml"
    assert read_ledger(file) == {}
    write_ledger(file, {"eq-b": "proved", "eq-a": "definition"})
    assert read_ledger(file) == {"eq-a": "definition", "eq-b": "proved"}
    assert file.read_text().splitlines()[-2:] == ["eq-a: definition", "eq-b: proved"]


def test_the_store_leaves_no_half_written_file(tmp_path, monkeypatch):
    store = check._Store(tmp_path, "x")
    store.records["key"] = {"status": "proved"}
    monkeypatch.setattr(check.os, "replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        store.save()
    assert list(tmp_path.iterdir()) == []


def test_places_count_lines_and_columns():
    (equation,) = read_page("docs/a.md", "# A\n\n```math\na\n  = k\n```\n").equations
    assert str(check.place_of(equation, 0)) == "docs/a.md:4:1"
    assert str(check.place_of(equation, 4)) == "docs/a.md:5:3"
    assert str(check.place_of(replace(equation, tex="ab"), None)) == "docs/a.md:4:1"
