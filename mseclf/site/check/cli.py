"""``python -m mseclf check [FILES] [--edited] [--json] [--update-ledger]``."""

import argparse
import os
import sys
import tempfile
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Final

import yaml

from mseclf.site.check.addresses import kept
from mseclf.site.check.check import Checked, check
from mseclf.site.check.edited import NoCheckoutError, edited_files
from mseclf.site.check.ledger import stands, unreadable, write_ledger
from mseclf.site.check.pages import targets_of
from mseclf.site.check.report import as_json, as_text
from mseclf.site.defect import Rule
from mseclf.site.publish.moved import LEDGER
from mseclf.site.publish.project import Project
from mseclf.site.publish.site import Site

_NAMED: Final = 5  # so many edited files are named before the wait


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `check`."""
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILES", help="pages and examples; everything by default"
    )
    parser.add_argument(
        "--edited", action="store_true", help="what differs from the last commit, and what depends on it"
    )
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="the repository (default: here)")
    parser.add_argument("--json", action="store_true", help="print the findings and the verdicts as JSON")
    parser.add_argument("--no-cache", action="store_true", help="prove, run and draw everything again")
    parser.add_argument("--update-ledger", action="store_true", help=f"rewrite {LEDGER}; this checks everything")


def run(arguments: argparse.Namespace) -> int:
    """Check; 0 if nothing is wrong."""
    root: Path = arguments.root.resolve()
    if not (root / "mkdocs.yml").is_file():
        print(f"{root} has no mkdocs.yml: go to a clone of the repository, or name one with --root", file=sys.stderr)
        return 2
    try:
        files = None if arguments.update_ledger else _asked_for(arguments, root)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() if arguments.no_cache else nullcontext() as folder:
        checked = check(Project(root, os.environ.get("MSECLF_SITE_URL", ""), Path(folder) if folder else None), files)
    if arguments.update_ledger and checked.site is not None:
        checked = _with_new_ledger(checked, checked.site)
    print(as_json(checked) if arguments.json else as_text(checked))
    return 1 if checked.defects else 0


def _with_new_ledger(checked: Checked, site: Site) -> Checked:
    """What is wrong after the ledger was written: what it said is true now."""
    left = tuple(d for d in checked.defects if d.rule is not Rule.LEDGER and d.place.path != LEDGER)
    try:
        write_ledger(site.project.root, stands(site), kept(site, targets_of(site)))
    except (ValueError, yaml.YAMLError) as error:
        left = (*left, unreadable(error))
    return replace(checked, defects=left)


def _asked_for(arguments: argparse.Namespace, root: Path) -> list[str] | None:
    """The files to look at, relative to the repository; None for everything."""
    if arguments.edited:
        try:
            edited = sorted(edited_files(root))
        except NoCheckoutError as error:
            print(f"{error}: checking everything", file=sys.stderr)
            return None
        if not edited:
            print("nothing differs from the last commit: checking everything", file=sys.stderr)
        else:
            print(f"checking {', '.join(edited[:_NAMED])}{' ...' if len(edited) > _NAMED else ''}", file=sys.stderr)
        return edited or None
    if not arguments.files:
        return None
    files = []
    for given in arguments.files:
        path = given.resolve()
        if not path.is_file() or not path.is_relative_to(root):
            raise FileNotFoundError(f"{given}: there is no such file in {root}")
        files.append(path.relative_to(root).as_posix())
    return files
