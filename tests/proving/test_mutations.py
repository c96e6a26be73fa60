"""No false mutant of the site's own equations is accepted.

Each display is edited in every way of mutants.py. What the checker accepts must be true in the eyes of oracle.py, a
numeric judge that shares only the parser with it. A sample runs with the other tests, everything under the marker
`bench`.
"""

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from mutants import mutants
from oracle import NoValue, is_true

from mseclf.pages import read_page
from mseclf.proving import workers
from mseclf.proving.jobs import jobs_of
from mseclf.proving.judge import judge

ROOT = Path(__file__).parents[2]
ACCEPTED = ("proved", "proved-at-fixed-shapes", "numeric")


def site_jobs():
    """The claims of the site, in order."""
    for file in sorted((ROOT / "docs").rglob("*.md")):
        for job in jobs_of(read_page(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))):
            if not (job.equation.is_definition or job.equation.is_false or job.equation.skip):
                yield job


def all_mutants(notation):
    """(operator, job) for every mutant of every claim."""
    rng = random.Random(20220210)
    return [
        (operator, replace(job, equation=replace(job.equation, tex=tex, code=None)))
        for job in site_jobs()
        for operator, tex in mutants(job.equation.tex, notation, rng)
    ]


def judged(jobs, notation):
    """The record of each job."""
    records = [None] * len(jobs)
    for place, record in workers.run(jobs, lambda job: judge(job, notation, ROOT)):
        records[place] = record
    return records


def accepted_falsehoods(chosen, notation):
    """What was accepted and is not true, as lines to read; and how many of each status there were."""
    records = judged([job for _, job in chosen], notation)
    wrong = []
    for (operator, job), record in zip(chosen, records, strict=True):
        if record["status"] in ACCEPTED and not confirmed(job, notation):
            wrong.append(f"{job.equation.id} ({operator}): {job.equation.tex}")
        if "the checker itself failed" in record.get("detail", ""):
            wrong.append(f"{job.equation.id} ({operator}): {record['detail']}: {job.equation.tex}")
    return wrong, Counter(record["status"] for record in records)


def confirmed(job, notation):
    """Whether the independent judge finds it true."""
    try:
        return is_true(job, notation)
    except NoValue:
        return False


def test_a_sample_of_mutants(notation):
    everything = all_mutants(notation)
    assert len(everything) >= 1500
    chosen = random.Random(7).sample(everything, 120)
    wrong, counts = accepted_falsehoods(chosen, notation)
    assert not wrong, "\n".join(wrong)
    assert counts["false"] > 40


@pytest.mark.bench
def test_every_mutant(notation):
    everything = all_mutants(notation)
    wrong, counts = accepted_falsehoods(everything, notation)
    print(f"\n{len(everything)} mutants: {dict(counts)}")
    assert not wrong, "\n".join(wrong)


def test_the_judge_itself_tells_true_from_false(notation):
    jobs = list(site_jobs())
    chosen = random.Random(3).sample(jobs, 12)
    assert all(confirmed(job, notation) for job in chosen)
    turned = [replace(job, equation=replace(job.equation, tex=r"\hat y = \sigma(-z)")) for job in chosen[:1]]
    assert not confirmed(turned[0], notation)
