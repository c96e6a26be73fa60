"""Blocks to paste for other frameworks: run by a command of their own, and shown with what they gave.

These libraries are too large for the site's environment. ``make frameworks`` runs ``examples/frameworks/with_*.py`` in
an environment made from the lock beside them and writes ``runs.json``, which is committed. The site shows a block only
with the output that this very text gave: a block that was changed and not run is a defect.

A script is a sequence of blocks, each begun by a line ``# %% name``; they run in order, in one namespace. Its mapping
``values`` holds what was measured about the library, for the slots of a page.

This module needs the standard library only, because it runs in that other environment.
"""

import contextlib
import io
import json
import platform
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any, Final

from mseclf.site.defect import Defect, Place, Rule

FOLDER: Final = "examples/frameworks"
RUNS: Final = f"{FOLDER}/runs.json"
_RUN_THEM: Final = "run `make frameworks` and commit runs.json"
_MARK: Final = re.compile(r"^# %% (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Snippet:
    """A block to paste: what stands below its mark, and the line on which that begins."""

    name: str
    source: str
    line: int


@dataclass(frozen=True)
class FrameworkRun:
    """What one script gave: the versions it ran with, the text of each block and what it printed, and its values."""

    versions: Mapping[str, str]
    sources: Mapping[str, str]
    outputs: Mapping[str, str]
    values: Mapping[str, float | str]


def framework_scripts(root: Path) -> list[Path]:
    """The scripts of all frameworks, by name."""
    return sorted((root / FOLDER).glob("with_*.py"))


def snippets(text: str) -> dict[str, Snippet]:
    r"""The blocks of a script by name, in order.

    >>> [(block.name, block.source, block.line) for block in snippets("# %% a\nx = 1\n\n# %% b\nx\n").values()]
    [('a', 'x = 1', 2), ('b', 'x', 5)]
    """
    marks = list(_MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    found = (
        Snippet(mark[1], text[mark.end() : end].strip("\n"), text.count("\n", 0, mark.end()) + 2)
        for mark, end in zip(marks, ends, strict=False)
    )
    return {block.name: block for block in found}


def run_script(path: Path) -> FrameworkRun:
    """Run a script block by block, in this process. Whatever a block raises is raised."""
    text = path.read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": "__main__"}
    outputs = {}
    parts = snippets(text)
    for block in parts.values():
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile("\n" * (block.line - 1) + block.source, str(path), "exec"), names)
        outputs[block.name] = printed.getvalue()
    return FrameworkRun(
        _versions(names),
        {block.name: block.source for block in parts.values()},
        outputs,
        dict(names.get("values", {})),
    )


def _versions(names: Mapping[str, Any]) -> dict[str, str]:
    """The versions of Python and of the distributions that the script's names come from."""
    modules = {str(getattr(value, "__module__", None) or getattr(value, "__name__", "")) for value in names.values()}
    tops = {module.partition(".")[0] for module in modules} - set(sys.stdlib_module_names) - {"__main__", "builtins"}
    known = packages_distributions()
    wheels = {known[top][0] for top in tops if top in known}
    return {"Python": platform.python_version()} | {wheel: version(wheel) for wheel in sorted(wheels)}


def read_runs(root: Path) -> dict[str, FrameworkRun]:
    """What was stored, by the script's name; empty where nothing was."""
    path = root / RUNS
    stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: FrameworkRun(**run) for name, run in stored.items()}


def not_run(root: Path) -> Iterator[Defect]:
    """Each block whose stored output comes from another text, and each script or output without its other half."""
    runs = read_runs(root)
    for path in framework_scripts(root):
        name = path.relative_to(root).as_posix()
        run = runs.pop(path.stem, None)
        if run is None:
            yield Defect(Place(name, 1), Rule.FRAMEWORK, "this script has not been run", _RUN_THEM)
            continue
        for block in snippets(path.read_text(encoding="utf-8")).values():
            if run.sources.get(block.name) != block.source:
                message = f"the block '{block.name}' is not the one that was run"
                yield Defect(Place(name, block.line), Rule.FRAMEWORK, message, _RUN_THEM)
    for name in runs:
        yield Defect(Place(RUNS, 1), Rule.FRAMEWORK, f"{FOLDER}/{name}.py is gone, its output is not", _RUN_THEM)


def as_markdown(runs: Mapping[str, FrameworkRun]) -> dict[str, str]:
    """Each block as Markdown by ``script block``: the code, and below it what it printed; and a table of versions.

    What it printed is there by itself as ``script block printed``.
    """
    fences = {}
    for name, run in runs.items():
        for block, source in run.sources.items():
            printed = f"```text\n{run.outputs[block].rstrip()}\n```" if run.outputs[block] else ""
            fences[f"{name} {block}"] = f"```python\n{source}\n```\n\n{printed}".rstrip()
            fences[f"{name} {block} printed"] = printed
    rows = [
        f"| {name} | {', '.join(f'{package} {number}' for package, number in run.versions.items())} |"
        for name, run in runs.items()
    ]
    return fences | {"versions": "\n".join(["| script | run with |", "|---|---|", *rows])}


def main() -> None:
    """Run all scripts, each in this process, and store what they gave."""
    root = Path.cwd()
    runs = {}
    for path in framework_scripts(root):
        print(path.stem, flush=True)
        runs[path.stem] = asdict(run_script(path))
    (root / RUNS).write_text(json.dumps(runs, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
