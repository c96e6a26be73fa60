"""docs/ledger.yml: every equation's status, committed, so that no claim slides to `skip` or `def` unseen."""

from collections.abc import Mapping
from pathlib import Path

import yaml

HEAD = """\
# Every display equation of the site and its status. Made by `python -m mseclf check --update-ledger`; read the
# diff before committing it: a claim that was proved and no longer is, or a permalink that is gone, shows here.
"""


def read_ledger(path: Path) -> dict[str, str]:
    """Identity to status; empty if there is no ledger yet."""
    if not path.exists():
        return {}
    data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    if not isinstance(data, dict):
        raise ValueError(f"{path.name}: expected a mapping of equation ids to statuses")
    return {str(key): str(value) for key, value in data.items()}


def compare_ledger(committed: Mapping[str, str], found: Mapping[str, str], name: str = "docs/ledger.yml") -> list[str]:
    """Every difference, in words that say how to mend it."""
    mend = "if that is meant, run `python -m mseclf check --update-ledger` and commit the change"
    errors = []
    for key in sorted(committed.keys() | found.keys()):
        if key not in found:
            errors.append(f"{name}: {key} ({committed[key]}) is gone from the pages, and its permalink with it; {mend}")
        elif key not in committed:
            errors.append(f"{name}: {key} ({found[key]}) is new; {mend}")
        elif committed[key] != found[key]:
            errors.append(f"{name}: {key} was {committed[key]} and is {found[key]} now; {mend}")
    return errors


def write_ledger(path: Path, found: Mapping[str, str]) -> None:
    """Write the ledger, sorted by identity so that a diff shows changes only."""
    body = "".join(f"{key}: {status}\n" for key, status in sorted(found.items()))
    path.write_text(HEAD + body, encoding="utf-8")
