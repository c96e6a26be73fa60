"""How fast the engine is: ratios measured in one run, medians of rounds, so that a busy machine matters less."""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mseclf.site.run import example_names, run_examples

pytestmark = pytest.mark.bench
ROOT = Path(__file__).parents[2]
ROUNDS = 5

SCRIPT = '''"""Example {number}.

Claim: it draws.
"""

import numpy as np

from mseclf import bce_loss, mse_loss, plots

z = np.linspace(-8, 8, 400)
figure, (left, right) = plots.subplots(1, 2)
left.plot(z, mse_loss(1.0, z), **plots.MSE_LINE)
left.set_xlabel("logit $z$")
right.plot(z, bce_loss(1.0, z), **plots.BCE_LINE)
plots.label(right, 0, 3, "BCE {number}", plots.BCE)
values = {{"n": z.size + {number}}}
plots.finish()
'''

# All scripts in one process: their own compute, without isolation, and apart from it the import of matplotlib.
IN_PROCESS = """
import io, runpy, sys, time
started = time.perf_counter()
import matplotlib.pyplot as plt
from mseclf import plots
imported = time.perf_counter()
for path in sys.argv[1:]:
    runpy.run_path(path, run_name="__main__")
    for number in plt.get_fignums():
        plt.figure(number).savefig(io.StringIO(), format="svg")
    plt.close("all")
print(imported - started, time.perf_counter() - imported)
"""


def generate(root, count, script=SCRIPT):
    folder = root / "examples"
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"example_{number:03}.py").write_text(script.format(number=number))
    return root


def timed(root, **options):
    """Seconds for all examples of the folder, and their outcomes."""
    started = time.perf_counter()
    outcomes = run_examples(example_names(root), root=root, **options)
    seconds = time.perf_counter() - started
    assert all(hasattr(outcome, "figures") for outcome in outcomes.values()), outcomes
    return seconds, outcomes


def in_process(root):
    """Seconds for the import of matplotlib, and for the scripts."""
    environment = {**os.environ, "MSECLF_EXAMPLE": "1", "MPLBACKEND": "agg", "OMP_NUM_THREADS": "1"}
    scripts = map(str, sorted((root / "examples").glob("*.py")))
    command = [sys.executable, "-c", IN_PROCESS, *scripts]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    imported, computed = map(float, done.stdout.split())
    return imported, computed


def report(name, **numbers):
    print(f"\n{name}: " + ", ".join(f"{key} {value:.3g}" for key, value in numbers.items()))


def test_fourteen_examples_cold_cost_little_more_than_their_own_compute(tmp_path):
    root = generate(tmp_path, 14)
    cores = len(os.sched_getaffinity(0))
    ratios, seconds = [], []
    for _ in range(ROUNDS):
        total, outcomes = timed(root)
        imported, computed = in_process(root)
        ratios.append(total / (computed / cores + imported))
        seconds.append(total)
    peak = max(run.peak_bytes for run in outcomes.values()) / 2**20
    report("cold", seconds=statistics.median(seconds), ratio=statistics.median(ratios), peak_mib=peak)
    assert peak < 250
    assert statistics.median(ratios) <= 1.3


def test_a_warm_build_costs_next_to_nothing(tmp_path):
    root = generate(tmp_path / "repository", 14)
    cache = tmp_path / "cache"
    first, _ = timed(root, cache=cache)
    rounds = [timed(root, cache=cache) for _ in range(ROUNDS)]
    assert {run.reason for _, outcomes in rounds for run in outcomes.values()} == {"cached"}
    warm = statistics.median(seconds for seconds, _ in rounds)
    report("warm", cold=first, warm=warm, ratio=warm / first)
    assert warm <= first / 30


def test_after_one_edit_one_example_runs(tmp_path):
    root = generate(tmp_path / "repository", 14)
    cache = tmp_path / "cache"
    ratios = []
    for number in range(ROUNDS):
        first, _ = timed(root, cache=cache, force=True)
        with (root / "examples" / "example_003.py").open("a") as file:
            file.write(f"# edit {number}\n")
        edited, outcomes = timed(root, cache=cache)
        assert [name for name, run in outcomes.items() if run.reason != "cached"] == ["example_003"]
        served, _ = timed(root, cache=cache)
        ratios.append(edited / first)
    report("one edit", ratio=statistics.median(ratios), seconds=edited, cached_again=served)
    assert statistics.median(ratios) <= 0.75


def test_the_work_grows_linearly_and_memory_stays_flat(tmp_path):
    # In a process of its own: its peak is the build's. Processor time, because a busy machine changes it least.
    tiny = '"""T {number}.\n\nClaim: c.\n"""\nfrom mseclf import plots\nplots.subplots()\nvalues = {{"x": {number}}}\n'
    measure = (
        "import resource, sys\nfrom pathlib import Path\nfrom mseclf.site.run import *\n"
        "root = Path(sys.argv[1])\n"
        "run_examples(example_names(root), root=root, cache=root / 'cache')\n"
        "own, all = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))\n"
        "print(own.ru_utime + own.ru_stime + all.ru_utime + all.ru_stime, own.ru_maxrss / 1024, all.ru_maxrss / 1024)\n"
    )
    results = {}
    for count in (25, 50, 100, 200):
        root = generate(tmp_path / str(count), count, tiny)
        command = [sys.executable, "-c", measure, str(root)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        seconds, build, largest = results[count] = [float(number) for number in done.stdout.split()]
        report(f"{count} examples", cpu_seconds=seconds, build_mib=build, largest_mib=largest)
    # What each further example costs does not grow with their number.
    early = (results[100][0] - results[25][0]) / 75
    late = (results[200][0] - results[100][0]) / 100
    report("seconds per further example", early=early, late=late)
    assert late <= 1.3 * early
    assert results[200][2] <= 1.1 * results[25][2]
    assert results[200][1] - results[25][1] <= 40  # the results themselves: the text of 175 more figures
