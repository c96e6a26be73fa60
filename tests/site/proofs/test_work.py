"""Counted work decides, and not the clock: a question has the same answer on a slow machine and after other ones."""

import time

import pytest
import sympy as sp
import z3

from mseclf.site.proofs import reals
from mseclf.site.proofs.decide import Proved, Unknown, decide
from mseclf.site.proofs.decision import Spent
from mseclf.site.proofs.reals import ENOUGH, Work
from mseclf.site.proofs.relations import Decider

p, q, w = sp.symbols("p q w", real=True)
INSIDE = (p > 0, p < 1, q > 0, q < 1)
PINSKER = q * sp.log(q / p) + (1 - q) * sp.log((1 - q) / (1 - p)) >= 2 * (p - q) ** 2  # by the slope, from p = q
EXPONENTIAL = sp.exp(w) + sp.exp(-w) >= 2 + w**2
QUESTIONS = [(PINSKER, INSIDE), (EXPONENTIAL, ()), (p * (1 - p) ** 2 <= sp.Rational(4, 27), INSIDE[:2])]


def asked(question):
    """The answer, and the work that it took."""
    decider = Decider()
    before = decider.work.left
    return decider.decide(*question), before - decider.work.left


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_a_question_takes_the_same_work_again_and_after_others(question):
    first = asked(question)
    assert isinstance(first[0], Proved)
    assert first[1] > 0
    for other in QUESTIONS:
        asked(other)
    assert asked(question) == first


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_the_last_step_of_work_decides(monkeypatch, question):
    _, work = asked(question)
    monkeypatch.setattr(reals, "ENOUGH", work + 1)
    assert isinstance(decide(*question), Proved)
    monkeypatch.setattr(reals, "ENOUGH", work)
    assert decide(*question) == Unknown("it takes too much work")


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_a_machine_that_takes_an_hour_for_each_step_decides_the_same(monkeypatch, question):
    hours = iter(range(0, 10**9, 3600))
    for clock in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
        monkeypatch.setattr(time, clock, lambda: float(next(hours)))
    assert isinstance(decide(*question), Proved)


def test_a_solver_that_is_lost_ends_the_question(monkeypatch):
    monkeypatch.setattr(reals, "LOST", 1)
    work = Work()
    names = z3.Reals("a b c d e f", work.solver)
    powers = sum(name**4 for name in names)
    clauses = [powers + names[0] * names[1] == names[2] ** 5 + 7, names[5] ** 3 * names[1] == names[2] + names[3] ** 7]
    with pytest.raises(Spent):
        work.check([*clauses, names[0] ** 3 + names[4] ** 5 == names[3] * names[5]], ENOUGH, nonlinear=True)


def test_a_solver_that_gives_up_by_its_own_count_is_not_lost():
    work = Work()
    names = z3.Reals("a b c d e f", work.solver)
    for nonlinear in (True, False):
        clauses = [sum(name**4 for name in names) + names[0] * names[1] == names[2] ** 5 + 7]
        assert work.check([*clauses, names[0] ** 3 * names[1] > names[4] ** 5], 100, nonlinear)[0] == z3.unknown
    assert ENOUGH - 1000 < work.left < ENOUGH - 200
