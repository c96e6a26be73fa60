"""Pages to a report: jobs, the cache of verdicts, the ledger, and the inline formulas."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from mseclf.pages import DisplayEquation, Page, Place
from mseclf.proving import workers
from mseclf.proving.jobs import Job, jobs_of
from mseclf.proving.notation import Notation, load_notation
from mseclf.proving.verdict import Binding, Report, Status, Verdict

Progress = Callable[[int, int], None]
RELATIONAL = ("=", "<", ">", r"\le", r"\ge", r"\ne", r"\neq", r"\leq", r"\geq", r"\approx", r"\sim", r"\in", r"\to")


def check_pages(
    pages: Sequence[Page], *, root: Path, cache: Path | None = None, progress: Progress | None = None
) -> Report:
    """Check every display and inline formula of some pages.

    Args:
        pages: as `mseclf.pages.read_page` gives them.
        root: the repository; its docs/notation.yml is the symbol table.
        cache: where verdicts are kept between runs, or None.
        progress: called with (done, all) as displays are decided.
    """
    notation = load_notation(root / "docs" / "notation.yml")
    store = _Store(cache, _fingerprint(root))
    jobs = [job for page in pages for job in jobs_of(page)]
    unique = list({job.signature: job for job in jobs if job.signature not in store.records}.values())
    if unique:
        from mseclf.proving.judge import judge  # SymPy is loaded only when something is new

        work = partial(judge, notation=notation, root=root)
        for done, (place, record) in enumerate(workers.run(unique, work), 1):
            store.records[unique[place].signature] = record
            if progress is not None:
                progress(done, len(unique))
    verdicts = tuple(_verdict(job, store.records[job.signature]) for job in jobs)
    errors = [v.message for v in verdicts if v.status.fails]
    errors += _unused(jobs, store)
    parsed, unchecked, inline = _inline(pages, notation, store)
    store.save()
    return Report(verdicts, tuple(errors + inline), parsed, unchecked)


def _fingerprint(root: Path) -> str:
    """The symbol table and every source that a verdict depends on: the prover, and the functions it compares with."""
    here = Path(__file__).parent
    files = [*here.glob("*.*"), *here.parent.glob("*.py"), root / "docs" / "notation.yml"]
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()


class _Store:
    """Verdicts by content. A file that does not read is made again; writing is atomic."""

    def __init__(self, folder: Path | None, fingerprint: str) -> None:
        self.path = folder / "verdicts.json" if folder is not None else None
        self.fingerprint = fingerprint
        self.records = self._read()
        self.known = set(self.records)

    def _read(self) -> dict[str, dict[str, Any]]:
        with suppress(ValueError, KeyError, TypeError, AttributeError, OSError):
            data = json.loads(self.path.read_text(encoding="utf-8")) if self.path else {}
            if data["for"] == self.fingerprint:
                return {key: r for key, r in data["records"].items() if r["status"] in set(Status)}
        return {}

    def save(self) -> None:
        """Write atomically, successes only."""
        if self.path is None or self.known == self.records.keys():
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        good = {k: r for k, r in self.records.items() if not Status(r["status"]).fails}
        handle, name = tempfile.mkstemp(dir=self.path.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"for": self.fingerprint, "records": good}, file)
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _verdict(job: Job, record: dict[str, Any]) -> Verdict:
    status = Status(record["status"])
    binding = Binding(*record["binding"]) if record.get("binding") else None
    message = ""
    if status.fails:
        message = f"{place_of(job.equation, record.get('offset'))}: {job.equation.id}, {record.get('detail', '')}"
    used = tuple(h.tex for h in job.hypotheses if h.tex in record.get("uses", ()))
    return Verdict(job.equation, job.path, status, record.get("method", ""), used, binding, message,
                   record.get("counterexample", ""), record.get("steps", 0))  # fmt: skip


def place_of(equation: DisplayEquation, offset: int | None) -> Place:
    """Line and column of a character of a display's TeX."""
    before = equation.tex[: offset or 0]
    return Place(
        equation.tex_place.path,
        equation.tex_place.line + before.count("\n"),
        equation.tex_place.column + len(before) - (before.rfind("\n") + 1),
    )


def _unused(jobs: Sequence[Job], store: _Store) -> list[str]:
    """Hypotheses that no claim in their scope speaks of."""
    used: dict[tuple[str, Place], bool] = {}
    for job in jobs:
        record = store.records[job.signature]
        doubtful = Status(record["status"]).fails or record["status"] == "skipped"
        for hypothesis in job.hypotheses:
            at = (hypothesis.tex, hypothesis.place)
            used[at] = used.get(at, False) or doubtful or hypothesis.tex in record.get("uses", ())
    return [f"{place}: the hypothesis {tex} is used by no claim" for (tex, place), seen in used.items() if not seen]


def _inline(pages: Sequence[Page], notation: Notation, store: _Store) -> tuple[int, int, list[str]]:
    """Parse the inline formulas that state something; count the rest."""
    parsed, unchecked, errors = 0, 0, []
    for page in pages:
        for formula in page.formulas:
            if not any(sign in formula.tex for sign in RELATIONAL):
                unchecked += 1
                continue
            parsed += 1
            key = hashlib.sha256(f"inline {formula.tex}".encode()).hexdigest()
            if key not in store.records:
                store.records[key] = _parsed_inline(formula.tex, notation)
            if store.records[key]["status"] != Status.PROVED:
                detail = store.records[key]["detail"]
                errors.append(f"{formula.place}: the inline formula ${formula.tex}$ does not parse: {detail}")
    return parsed, unchecked, errors


def _parsed_inline(tex: str, notation: Notation) -> dict[str, Any]:
    from mseclf.proving.errors import FormulaError
    from mseclf.proving.parse import parse

    try:
        parse(tex, notation, "inline")
    except FormulaError as error:
        return {"status": Status.NOT_UNDERSTOOD.value, "detail": error.message}
    return {"status": Status.PROVED.value}
