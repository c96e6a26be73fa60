"""A small repository around a page, checked as the site is."""

import sys
from pathlib import Path

import pytest

from mseclf.site.page import read_page
from mseclf.site.proofs import check_pages

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(Path(__file__).parent))  # mutants.py and oracle.py are tools of these tests, not tests


@pytest.fixture
def check():
    """Check the Markdown of one page; return the report."""

    def run(text, cache=None):
        return check_pages([read_page("docs/page.md", text)], root=ROOT, cache=cache)

    return run


@pytest.fixture
def display(check):
    """Check one display; return its verdict. The keywords are the fields of its comment."""

    def run(tex, *fields):
        comment = f"<!-- eq: it{''.join(f' | {f}' for f in fields)} -->\n"
        (verdict,) = check(f"# Page\n\n{comment}```math\n{tex}\n```\n").verdicts
        return verdict

    return run


@pytest.fixture
def in_this_process(monkeypatch):
    """Displays are decided here, where the grammar is known already: a worker for each takes four times as long."""
    monkeypatch.setattr("mseclf.site.proofs.check.answers", lambda work, tasks, **_: map(work, tasks))
