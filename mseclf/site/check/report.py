"""What a check found, as text for people and as JSON for programs."""

import json
from collections import Counter
from dataclasses import asdict

from mseclf.site.check.check import Checked
from mseclf.site.publish.embedded import said_aside
from mseclf.site.publish.site import Site


def as_text(checked: Checked) -> str:
    """Every defect on its line, what examples said aside, and one line of summary."""
    aside = said_aside(checked.site.runs) if checked.site else ()
    return "\n".join([*map(str, checked.defects), *aside, summary(checked)])


def summary(checked: Checked) -> str:
    """One line: how much was looked at, how much is wrong."""
    files = len({defect.place.path for defect in checked.defects})
    wrong = f"{_plural(len(checked.defects), 'error')} in {_plural(files, 'file')}" if checked.defects else "no errors"
    if checked.site is None:
        return f"{wrong}; the rest was not looked at"
    site = checked.site
    what = [
        f"{_plural(len(site.verdicts), 'display')}{_statuses(site)}",
        _plural(len(site.runs) + len(site.failures), "example"),
        f"{_plural(checked.doctests, 'file')} with doctests",
    ]
    where = "everything" if checked.focus is None else "what was edited"
    return f"{wrong}; checked {where}: {', '.join(what)}; words, links and style of all pages"


def _statuses(site: Site) -> str:
    counts = Counter(verdict.status.value for verdict in site.verdicts.values())
    return f" ({', '.join(f'{count} {status}' for status, count in counts.items())})" if counts else ""


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def as_json(checked: Checked) -> str:
    """Defects, and every verdict about an equation."""
    verdicts = checked.site.verdicts.values() if checked.site else ()
    equations = [
        {
            "id": v.equation.id, "page": v.path, "line": v.equation.place.line, "status": v.status.value,
            "method": str(v.method), "hypotheses": list(v.hypotheses), "steps": v.steps,
            "binding": asdict(v.binding) if v.binding else None,
            "counterexample": v.counterexample, "message": v.message,
        }
        for v in verdicts
    ]  # fmt: skip
    defects = [{**asdict(d.place), "rule": d.rule, "message": d.message, "remedy": d.remedy} for d in checked.defects]
    counts = dict(Counter(v.status.value for v in verdicts))
    errors = list(map(str, checked.defects))
    return json.dumps({"counts": counts, "errors": errors, "defects": defects, "equations": equations}, indent=1)
