"""No false mutant of the site's own equations, nor of the textbooks', is accepted.

Each display is edited in every way of mutants.py. What the checker accepts must be true in the eyes of oracle.py, which
shares nothing with the checker but docs/notation.yml. A sample runs with the other tests, everything under the marker
`bench`.
"""

import random
from collections import Counter
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pytest
from cases import FILES, pages_of
from mutants import mutants
from oracle import judge as oracle
from reading import Unread

from mseclf.site.page import read_page
from mseclf.site.pool import Failure, answers
from mseclf.site.proofs.check import SECONDS_PER_DISPLAY, examine, lost
from mseclf.site.proofs.jobs import jobs_of

ROOT = Path(__file__).parents[3]
FAILS = ("false", "not-understood", "not-shown", "waiting", "skipped", "definition")


def jobs_in(pages):
    """The claims of some pages, in order."""
    for path, text in pages:
        for job in jobs_of(read_page(path, text)):
            if not (job.equation.is_definition or job.equation.is_false or job.equation.skip):
                yield job


def site_jobs():
    """The claims of the site."""
    files = sorted((ROOT / "docs").rglob("*.md"))
    return list(jobs_in((f.relative_to(ROOT).as_posix(), f.read_text(encoding="utf-8")) for f in files))


def textbook_jobs():
    """The claims of true.md."""
    return list(jobs_in(("docs/true.md", text) for file in FILES["true"] for text in pages_of(file)))


@cache
def mutants_of(kind, notation):
    """(operator, job) for every mutant of every claim; what cannot be cut into tokens is left out."""
    rng, found = random.Random(20220210), []
    for job in site_jobs() if kind == "site" else textbook_jobs():
        try:
            edited = mutants(job.equation.tex, notation, rng)
        except Exception:  # the original is not read either: another test says so
            continue
        found += [
            (operator, replace(job, equation=replace(job.equation, tex=tex, code=None))) for operator, tex in edited
        ]
    return found


def accepted_falsehoods(chosen):
    """What was accepted and is not true, as lines to read; and how many of each status there were."""
    jobs = [job for _, job in chosen]
    wrong, counts = [], Counter()
    answered = answers(partial(examine, root=ROOT), jobs, seconds=SECONDS_PER_DISPLAY)
    for (operator, job), answer in zip(chosen, answered, strict=True):
        verdict = lost(job, answer) if isinstance(answer, Failure) else answer
        counts[verdict.status] += 1
        if verdict.status not in FAILS and (why := opinion(job)) != "true":
            wrong.append(f"{job.equation.id} ({operator}): {job.equation.tex}\n   {verdict.status}, but {why}")
        if "the checker itself failed" in verdict.message:
            wrong.append(f"{job.equation.id} ({operator}): {verdict.message}: {job.equation.tex}")
    return wrong, counts


def opinion(job):
    """What the oracle thinks of a claim."""
    given = [h.tex for h in job.hypotheses]
    try:
        return oracle(job.equation.tex, given, [(d.equation.tex, d.equation.given) for d in job.definitions])
    except Unread as error:
        return f"not read: {error}"


@pytest.mark.parametrize(("kind", "size"), [("site", 90)])
def test_a_sample_of_mutants(kind, size, notation):
    everything = mutants_of(kind, notation)
    assert len(everything) >= 1000
    wrong, counts = accepted_falsehoods(random.Random(7).sample(everything, size))
    assert not wrong, "\n".join(wrong)
    assert counts["false"] > size // 4


@pytest.mark.bench
@pytest.mark.parametrize("kind", ["site", "textbooks"])
def test_every_mutant(kind, notation):
    everything = mutants_of(kind, notation)
    wrong, counts = accepted_falsehoods(everything)
    print(f"\n{len(everything)} mutants of {kind}: {dict(counts)}")
    assert not wrong, "\n".join(wrong)
