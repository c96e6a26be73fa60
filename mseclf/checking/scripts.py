"""Style of Python files, as `make test` asks for it: Ruff's rules and its format."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from mseclf.checking.defect import Defect
from mseclf.pages import Place


def scripts(root: Path, paths: Sequence[str]) -> Iterator[Defect]:
    """Yield what Ruff finds in Python files, given relative to `root`."""
    if not paths:
        return
    found = _ruff(root, "check", "--output-format=json", "--no-fix", *paths)
    told = set()
    for item in json.loads(found.stdout or "[]"):
        path = Path(item["filename"])
        name = path.relative_to(root).as_posix() if path.is_absolute() else path.as_posix()
        if (name, item["message"]) in told:
            continue  # a name that is misspelt once is unknown everywhere
        if item["code"] in (None, "invalid-syntax"):  # one slip, and each line behind it is misread: the first will do
            if name.startswith("examples/") or (name, "syntax") in told:
                continue  # an example is told by the run that it ended
            told.add((name, "syntax"))
        told.add((name, item["message"]))
        place = Place(name, item["location"]["row"], item["location"]["column"])
        mend = f"; `ruff check --fix {name}` mends it" if (item["fix"] or {}).get("applicability") == "safe" else ""
        yield Defect(place, f"{item['message']} ({item['code']}){mend}", "style")
    for line in _ruff(root, "format", "--check", *paths).stdout.splitlines():
        if line.startswith("Would reformat: "):
            name = Path(line.removeprefix("Would reformat: ")).as_posix()
            yield Defect(Place(name, 1), f"not in the house format: run `ruff format {name}`", "style")


def _ruff(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ruff", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)
