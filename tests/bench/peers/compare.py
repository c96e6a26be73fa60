"""Compare the example engine with its peers on the same small scripts: cold, warm, one edit, and the largest process.

Run it by itself: `python tests/bench/peers/compare.py`. It makes an environment in `.bench/peers` at the first time,
prints a table and writes `.bench/peers.json`. The ratios mean something on a machine that does nothing else.
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
from pathlib import Path

from projects import PROJECTS, Project, edit, interpreter

HERE = Path(__file__).parent
BENCH = HERE.parents[2] / ".bench"
STAGES = ("cold", "warm", "edit")


def main() -> int:
    """Measure, print and write; the status is 0 when every tool built its project."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scripts", type=int, default=14)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="name of one tool")
    arguments = parser.parse_args()
    python = environment()
    results = {}
    for project in PROJECTS:
        if arguments.only in (None, project.name):
            results[project.name] = measure(project, python, arguments.scripts, arguments.rounds)
            print(line(project.name, results[project.name]), flush=True)
    report = {
        "scripts": arguments.scripts,
        "rounds": arguments.rounds,
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "python": platform.python_version(),
        "versions": versions(python),
        "results": results,
    }
    (BENCH / "peers.json").write_text(json.dumps(report, indent=1) + "\n")
    return 0


def environment() -> Path:
    """The interpreter of the peers' own environment, made when the requirements have changed."""
    folder = BENCH / "peers"
    stamp = folder / "requirements.txt"
    wanted = (HERE / "requirements.txt").read_text()
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not stamp.exists() or stamp.read_text() != wanted:
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
        stamp.write_text(wanted)
    return python


def measure(project: Project, python: Path, scripts: int, rounds: int) -> dict[str, float]:
    """Median seconds of each stage, the same of processor time, and the largest process in MiB."""
    seconds: dict[str, list[float]] = {stage: [] for stage in STAGES}
    worked: dict[str, list[float]] = {stage: [] for stage in STAGES}
    peaks = []
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary) / "project"
        project.write(folder, scripts)
        for number in range(rounds):
            for made in project.made:
                remove(folder / made)
            for stage in STAGES:
                if stage == "edit":
                    edit(folder / project.edited, number)
                elapsed, processor, peak = build(project, interpreter(project, python), folder)
                seconds[stage].append(elapsed)
                worked[stage].append(processor)
                peaks.append(peak)
    medians = {stage: round(statistics.median(seconds[stage]), 3) for stage in STAGES}
    processor_medians = {f"{stage}_processor": round(statistics.median(worked[stage]), 3) for stage in STAGES}
    return medians | processor_medians | {"peak_mib": round(max(peaks))}


def build(project: Project, python: str, folder: Path) -> tuple[float, float, float]:
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


def versions(python: Path) -> dict[str, str]:
    """Every package that the requirements name, as installed."""
    listed = subprocess.run([python, "-m", "pip", "list", "--format=json"], capture_output=True, text=True, check=True)
    named = {row.partition("==")[0] for row in (HERE / "requirements.txt").read_text().splitlines() if "==" in row}
    return {row["name"]: row["version"] for row in json.loads(listed.stdout) if row["name"].lower() in named}


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
