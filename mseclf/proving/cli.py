"""``python -m mseclf check [PAGES] [--json] [--update-ledger]``."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from mseclf.pages import PageError, PageErrors, read_page
from mseclf.proving.check import check_pages
from mseclf.proving.ledger import compare_ledger, read_ledger, write_ledger
from mseclf.proving.verdict import Report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `check`."""
    parser.add_argument("pages", nargs="*", type=Path, metavar="PAGES", help="pages to check; all of docs/ by default")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the repository (default: here)")
    parser.add_argument("--json", action="store_true", help="print the verdicts as JSON")
    parser.add_argument("--no-cache", action="store_true", help="decide everything again")
    parser.add_argument("--update-ledger", action="store_true", help="rewrite docs/ledger.yml")


def run(arguments: argparse.Namespace) -> int:
    """Check pages; 0 if every claim stands."""
    root: Path = arguments.root.resolve()
    files = [p.resolve() for p in arguments.pages] or sorted((root / "docs").rglob("*.md"))
    try:
        pages = [read_page(_relative(file, root), file.read_text(encoding="utf-8")) for file in files]
    except (PageError, PageErrors) as error:
        for defect in error.exceptions if isinstance(error, PageErrors) else [error]:
            print(defect, file=sys.stderr)
        return 1
    report = check_pages(pages, root=root, cache=None if arguments.no_cache else root / ".cache" / "proving")
    errors = list(report.errors)
    ledger = root / "docs" / "ledger.yml"
    if arguments.update_ledger:
        write_ledger(ledger, report.ledger)
    elif not arguments.pages:
        errors += compare_ledger(read_ledger(ledger), report.ledger)
    print(_as_json(report, errors) if arguments.json else _as_text(report, errors))
    return 1 if errors else 0


def _relative(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix()


def _as_text(report: Report, errors: Sequence[str]) -> str:
    counts = ", ".join(f"{n} {status}" for status, n in report.counts.items()) or "no display equations"
    lines = [*errors, f"{len(report.verdicts)} displays: {counts}; {report.inline_parsed} inline formulas parsed"]
    return "\n".join(lines)


def _as_json(report: Report, errors: Sequence[str]) -> str:
    rows = [
        {
            "id": v.equation.id, "page": v.path, "line": v.equation.place.line, "status": v.status.value, "method": v.method,
            "hypotheses": list(v.hypotheses), "binding": asdict(v.binding) if v.binding else None, "steps": v.steps,
            "counterexample": v.counterexample, "message": v.message,
        }
        for v in report.verdicts
    ]  # fmt: skip
    return json.dumps({"counts": dict(report.counts), "errors": list(errors), "equations": rows}, indent=1)
