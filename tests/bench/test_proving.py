"""How long checking takes: 60 displays cold and warm, and whether the time grows in proportion to the displays."""

import random
import time
from pathlib import Path

import pytest

from mseclf.site.page import read_page
from mseclf.site.proofs import check_pages
from mseclf.site.proofs.check import SECONDS_PER_DISPLAY
from mseclf.site.proofs.jobs import jobs_of

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.bench


def site_pages():
    """The pages of the site."""
    files = sorted((ROOT / "docs").rglob("*.md"))
    return [read_page(f.relative_to(ROOT).as_posix(), f.read_text(encoding="utf-8")) for f in files]


def some_displays(count, rng):
    """One page with `count` of the site's stand-alone claims, none the same: each gets a neutral factor of its own."""
    jobs = [j for page in site_pages() for j in jobs_of(page)]
    plain = [
        j.equation
        for j in jobs
        if not (j.definitions or j.hypotheses or j.equation.is_definition or j.equation.is_false)
    ]
    lines = ["# Bench", ""]
    for number in range(count):
        equation = rng.choice(plain) if count > len(plain) else plain[number]
        code = f" | code: {equation.code}" if equation.code else ""
        lines += [
            f"<!-- eq: bench-{number}{code} -->",
            "```math",
            equation.tex + r" \," * (number // len(plain)),
            "```",
            "",
        ]
    return read_page("docs/bench.md", "\n".join(lines))


def seconds(page, cache=None):
    started = time.perf_counter()
    report = check_pages([page], root=ROOT, cache=cache)
    assert len(report.verdicts) == len(page.equations)
    assert not report.defects, report.defects[:3]
    return time.perf_counter() - started


def test_sixty_displays(tmp_path):
    page = some_displays(60, random.Random(1))
    cold = seconds(page, tmp_path)
    warm = seconds(page, tmp_path)
    print(f"\n60 displays: {cold:.2f} s cold, {warm:.3f} s warm")
    assert cold < 6
    assert warm < 0.1


def test_growth_is_linear():
    times = {count: seconds(some_displays(count, random.Random(2))) for count in (125, 250, 500, 1000)}
    print("\n" + ", ".join(f"{count} displays: {t:.1f} s" for count, t in times.items()))
    assert times[1000] < 3 * 2 * times[250]


def test_no_display_of_the_site_takes_long():
    from mseclf.site.latex.notation import load_notation
    from mseclf.site.proofs.judge import judge

    notation = load_notation(ROOT / "docs" / "notation.yml")
    slowest = []
    for page in site_pages():
        for job in jobs_of(page):
            started = time.perf_counter()
            judge(job, notation, ROOT)
            slowest.append((time.perf_counter() - started, job.equation.id))
    slowest.sort(reverse=True)
    print("\n" + ", ".join(f"{name} {t:.2f} s" for t, name in slowest[:5]))
    assert slowest[0][0] < SECONDS_PER_DISPLAY / 2
