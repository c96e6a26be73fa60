"""Pages to a report: what is remembered of displays and inline formulas, the rest from worker processes."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

from mseclf.site.defect import Defect, Place, Rule
from mseclf.site.latex.notation import load_notation
from mseclf.site.memory import Memory
from mseclf.site.page import InlineFormula, Page
from mseclf.site.pool import Failure, Why, answers
from mseclf.site.proofs.jobs import Job, jobs_of
from mseclf.site.proofs.verdict import Report, Sentence, Status, Verdict, failed

SECONDS_PER_DISPLAY: Final = 30.0
"""Of a worker's processor time, for one display: a last guard, since the prover counts its work (reals.py)."""
# A verdict depends on each of these.
_DECIDING: Final = ("sympy", "mpmath", "gmpy2", "z3-solver", "python-flint", "numpy", "lark")
_RELATIONAL: Final = ("=", "<", ">", r"\le", r"\ge", r"\ne", r"\approx", r"\sim", r"\in", r"\to")
_Task = Job | InlineFormula
_Found = Verdict | Defect | Sentence  # of a display; of a formula in a sentence


def check_pages(pages: Sequence[Page], *, root: Path, cache: Path | None = None) -> Report:
    """Check every display, and every formula in a sentence that states something.

    Args:
        pages: as `mseclf.site.page.read_page` gives them.
        root: the repository; its docs/notation.yml is the symbol table.
        cache: where verdicts are kept between runs, or None.
    """
    jobs = [job for page in pages for job in jobs_of(page)]
    inline = [f for page in pages for f in page.formulas if any(sign in f.tex for sign in _RELATIONAL)]
    once = {formula.tex: formula for formula in inline}
    found = list(_found([*jobs, *once.values()], root, cache))
    verdicts = [verdict for verdict in found if isinstance(verdict, Verdict)]
    said = dict(zip(once, found[len(jobs) :], strict=True))
    wrong = {tex: defect for tex, defect in said.items() if isinstance(defect, Defect)}
    defects = [verdict.defect for verdict in verdicts if verdict.defect]
    defects += _unused(jobs, verdicts)
    defects += [replace(wrong[formula.tex], place=formula.place) for formula in inline if formula.tex in wrong]
    known = [(formula, said[formula.tex]) for formula in inline]
    sentences = [(f, k) for f, k in known if isinstance(k, Sentence) and k is not Sentence.SILENT]
    return Report(tuple(verdicts), tuple(defects), tuple(sentences))


def _found(tasks: Sequence[_Task], root: Path, cache: Path | None) -> Iterator[_Found]:
    """What is known of each task, in order. Only what is right is remembered."""
    memory = Memory(cache and cache / "verdicts", _fingerprint(root))
    names = _remembered_as(tasks)
    known = [memory.get(name) for name in names]
    new = [task for task, kept in zip(tasks, known, strict=True) if kept is None]
    preload = ("mseclf.site.proofs.judge", "mseclf.site.proofs.inline")
    decided = answers(partial(examine, root=root), new, seconds=SECONDS_PER_DISPLAY, preload=preload)
    for task, name, kept in zip(tasks, names, known, strict=True):
        if kept is not None:
            yield Verdict.known(task.equation, kept) if isinstance(task, Job) else Sentence(kept.decode())
            continue
        answer = next(decided)
        found = lost(task, answer) if isinstance(answer, Failure) else answer
        if isinstance(found, Sentence):
            memory.put(name, found.encode())
        elif isinstance(found, Verdict) and not found.defect:
            memory.put(name, found.kept())
        yield found
    if new:
        memory.prune()


def examine(task: _Task, root: Path) -> _Found:
    """What a worker finds out; SymPy is loaded there and nowhere else."""
    from mseclf.site.proofs.binding import renew
    from mseclf.site.proofs.inline import decided
    from mseclf.site.proofs.judge import judge

    notation = load_notation(root / "docs" / "notation.yml")
    if isinstance(task, InlineFormula):
        return decided(task, notation)
    renew()
    return judge(task, notation, root)


def lost(task: _Task, failure: Failure) -> _Found:
    """What is said of a task that a worker did not finish: a defect of the checker must not pass for a verdict."""
    if failure.why is Why.TIME:
        detail, remedy = f"not decided within {SECONDS_PER_DISPLAY:g} seconds", "state it in smaller steps"
    else:
        detail, remedy = f"the checker itself failed here: {failure.message}", ""
    if isinstance(task, InlineFormula):
        return Defect(task.place, Rule.EQUATION, f"the inline formula ${task.tex}$: {detail}", remedy)
    return failed(task.equation, Status.NOT_UNDERSTOOD, detail, remedy)


def _remembered_as(tasks: Sequence[_Task]) -> list[str]:
    """What each is remembered by. A display that says ``code:`` depends on the mathematics, and no other does."""
    core = _digest(Path(__file__).parents[2].glob("*.py"))
    return [
        f"inline {task.tex}" if isinstance(task, InlineFormula)
        else f"{task.signature} {core if task.equation.code else ''}"
        for task in tasks
    ]  # fmt: skip


def _fingerprint(root: Path) -> str:
    """What every verdict depends on: the symbol table, the prover and the libraries that decide."""
    here = Path(__file__).parent
    latex = here.parent / "latex"
    versions = "".join(f"{name} {version(name)};" for name in _DECIDING)
    return versions + _digest([*here.glob("*.*"), *latex.glob("*.*"), root / "docs" / "notation.yml"])


def _digest(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()


def _unused(jobs: Sequence[Job], verdicts: Sequence[Verdict]) -> list[Defect]:
    """Hypotheses that no claim in their scope speaks of."""
    used: dict[tuple[str, Place], bool] = {}
    for job, verdict in zip(jobs, verdicts, strict=True):
        doubtful = verdict.status.fails or verdict.status is Status.SKIPPED
        for hypothesis in job.hypotheses:
            at = (hypothesis.tex, hypothesis.place)
            used[at] = used.get(at, False) or doubtful or hypothesis.tex in verdict.hypotheses
    remedy = "take the `given:` away, or put it above the claim that needs it"
    return [
        Defect(place, Rule.HYPOTHESIS, f"the hypothesis {tex} is used by no claim", remedy)
        for (tex, place), seen in used.items()
        if not seen
    ]
