"""Compare the example engine and the pages with their peers: the results are shown on docs/benchmarks.md.

Run it by itself: `python tests/bench/peers/compare.py`. It makes the environments in `.bench` at the first time (that
fetches the peers), prints tables and writes `tests/bench/peers/results.json`. It wants a machine that does nothing
else: the load before it begins is written down with the results.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from datetime import UTC, datetime
from pathlib import Path

from projects import HEAVY, PROJECTS, SMALL, Project, edit
from reading import reading

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
BENCH = ROOT / ".bench"
STAGES = ("cold", "warm", "edit")
SETS = {"small": SMALL, "heavy": HEAVY}
SHOWN = {"mkdocs", "mkdocs-material", "mkdocs-gallery", "mkdocs-jupyter", "markdown-exec", "sphinx", "sphinx-gallery"}
SHOWN |= {"jupyter-book", "matplotlib", "numpy"}


def main() -> int:
    """Measure, print and write; the status is 0 when every tool built its project."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scripts", type=int, default=14)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--output", type=Path, default=HERE / "results.json")
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    interpreters: dict[str, Path | str] = {"mseclf": sys.executable}
    interpreters |= {name: environment(name) for name in sorted({p.python for p in PROJECTS} - {"mseclf"})}
    report: dict[str, object] = {
        "date": datetime.now(UTC).date().isoformat(),
        "scripts": arguments.scripts,
        "rounds": arguments.rounds,
        "cores": len(os.sched_getaffinity(0)),
        "load": round(load, 2),
        "python": platform.python_version(),
        "versions": {name: found for path in interpreters.values() for name, found in versions(path).items()},
    }
    for name, body in SETS.items():
        print(f"{name} scripts")
        found = report[name] = {}
        for project in PROJECTS:
            found[project.name] = measure(project, interpreters[project.python], body, arguments)
            print(line(project.name, found[project.name]), flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        site = Path(temporary) / "site"
        subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q", "-d", site], cwd=ROOT, check=True)
        report["reading"] = reading(Path(temporary), interpreters, site)
    print(json.dumps(report["reading"], indent=1))
    arguments.output.write_text(json.dumps(report, indent=1) + "\n")
    return 0


def environment(requirements: str) -> Path:
    """The interpreter of an environment of the peers, made when its requirements have changed."""
    folder = BENCH / requirements.removesuffix(".txt")
    stamp = folder / "requirements.txt"
    wanted = (HERE / requirements).read_text()
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not stamp.exists() or stamp.read_text() != wanted:
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / requirements], check=True)
        stamp.write_text(wanted)
    return python


def measure(project: Project, python: Path | str, body: str, arguments: argparse.Namespace) -> dict[str, float]:
    """Median seconds of each stage, the same of processor time, and the largest process in MiB."""
    seconds: dict[str, list[float]] = {stage: [] for stage in STAGES}
    worked: dict[str, list[float]] = {stage: [] for stage in STAGES}
    peaks = []
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary) / "project"
        project.write(folder, arguments.scripts, body)
        for number in range(arguments.rounds):
            for made in project.made:
                remove(folder / made)
            for stage in STAGES:
                if stage == "edit":
                    edit(folder / project.edited, number)
                elapsed, processor, peak = build(project, python, folder)
                seconds[stage].append(elapsed)
                worked[stage].append(processor)
                peaks.append(peak)
    medians = {stage: round(statistics.median(seconds[stage]), 3) for stage in STAGES}
    processor_medians = {f"{stage}_processor": round(statistics.median(worked[stage]), 3) for stage in STAGES}
    return medians | processor_medians | {"peak_mib": round(max(peaks))}


def build(project: Project, python: Path | str, folder: Path) -> tuple[float, float, float]:
    """Seconds of one build, processor seconds of its whole family, and the largest of its processes in MiB."""
    quiet = {"NO_MKDOCS_2_WARNING": "1", "PYTHONWARNINGS": "ignore", "MPLBACKEND": "agg"}
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            [python, *project.command], cwd=folder, env=os.environ | quiet, stdout=output, stderr=output
        )
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{project.name} failed:\n{output.read().decode(errors='replace')[-3000:]}")
    processor = usage.ru_utime + usage.ru_stime
    return elapsed, processor, usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def versions(python: Path | str) -> dict[str, str]:
    """The packages whose versions a reader of the results wants to know, as installed."""
    listed = subprocess.run([python, "-m", "pip", "list", "--format=json"], capture_output=True, text=True, check=True)
    found = {row["name"].lower(): row["version"] for row in json.loads(listed.stdout)}
    return {name: version for name, version in found.items() if name in SHOWN}


def remove(path: Path) -> None:
    """Remove a file or a folder that may be missing."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def line(name: str, result: dict[str, float]) -> str:
    """One row of the table."""
    times = " / ".join(f"{result[stage]:6.2f}" for stage in STAGES)
    worked = " / ".join(f"{result[f'{stage}_processor']:6.2f}" for stage in STAGES)
    return f"{name:24} {times} s   processor {worked} s   {result['peak_mib']:4.0f} MiB"


if __name__ == "__main__":
    sys.exit(main())
