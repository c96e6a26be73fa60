"""The two ways to start an example give the same; a parent that dies is an error, not a hang."""

import os
import sys
from pathlib import Path

import pytest

from mseclf.site.run import EngineError, engine, launch, run_examples
from mseclf.site.run.job import Job
from mseclf.site.run.launch import environment, run_jobs, spawned

FIGURE = """from mseclf import plots

plots.subplots()[1].plot([1, 2], [1, 3], **plots.MSE_LINE)
values = {"x": 1}
print("seen")
"""
EXAMPLES = {
    "figure": FIGURE,
    "fails": "1 / 0\n",
    "hangs": "while True:\n    pass\n",
    "prints": "while True:\n    print('x' * 1000)\n",
    "dies": "import os\nos.kill(os.getpid(), 9)\n",
    "leaves": "import os\nos._exit(3)\n",
    "writes": "open(__file__, 'a')\n",
}
HEAD = '"""Title.\n\nClaim: it ends.\nTime limit: {seconds} s\n"""\n'


@pytest.mark.skipif(sys.platform == "win32", reason="compares with forking")
def test_spawning_gives_what_forking_gives(repository, monkeypatch):
    for name, body in EXAMPLES.items():
        repository.write(name, body, head=HEAD.format(seconds=3 if name == "hangs" else 60))
    forked = repository.run(*EXAMPLES, cache=None)
    monkeypatch.setattr(engine, "run_jobs", lambda folder, jobs, width: spawned(jobs, width))
    fresh = repository.run(*EXAMPLES, cache=None)
    assert forked["figure"].figures == fresh["figure"].figures
    assert forked["figure"].figures
    assert (fresh["figure"].values, fresh["figure"].stdout) == ({"x": 1}, "seen\n")
    for name in EXAMPLES:
        if name != "figure":
            assert fresh[name].message == forked[name].message
    assert str(fresh["fails"]) == "examples/fails.py:6: ZeroDivisionError: division by zero"


def job(repository, name, script):
    made = Job(name, f"/{name}.py", script, str(repository.root), (), str(repository.root / "jobs" / name), 600.0)
    made.make_folders()
    return made


def ways():
    fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
    return [
        pytest.param(run_jobs, marks=fork, id="forked"),
        pytest.param(lambda _, *rest: spawned(*rest), id="spawned"),
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes by reading /proc")
@pytest.mark.parametrize("way", ways())
def test_closing_ends_what_still_runs(repository, way, tmp_path):
    note = f"import os\nwith open({str(tmp_path / 'note')!r}, 'w') as f:\n    f.write(str(os.getpid()))\n"
    hanging = f"{note}os.replace({str(tmp_path / 'note')!r}, {str(tmp_path / 'process')!r})\nwhile True:\n    pass\n"
    # The first ends when the other runs.
    waiting = f"import os, time\nwhile not os.path.exists({str(tmp_path / 'process')!r}):\n    time.sleep(0.01)\n"
    jobs = [job(repository, "hangs", hanging), job(repository, "ends", waiting)]
    ended = way(repository.root / "jobs", jobs, 2)
    assert next(ended)[0] == "ends"
    process = Path("/proc") / (tmp_path / "process").read_text()
    assert process.exists()
    ended.close()
    assert not process.exists() or "\nState:\tZ" in (process / "status").read_text()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_parent_that_dies_is_an_error(repository):
    repository.write("one", "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(30)\n")
    with pytest.raises(EngineError, match="the process that runs examples ended with status -9"):
        run_examples(["one"], root=repository.root)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_without_matplotlib_the_error_says_so(repository, monkeypatch, tmp_path):
    broken = tmp_path / "matplotlib"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('no matplotlib here')\n")
    monkeypatch.setattr(
        launch,
        "environment",
        lambda: environment() | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{launch.PACKAGE_PARENT}"},
    )
    repository.write("one", "")
    with pytest.raises(EngineError, match="no matplotlib here"):
        run_examples(["one"], root=repository.root)


def test_the_environment_is_settled(monkeypatch):
    monkeypatch.setenv("PYTHONSTARTUP", "x")
    monkeypatch.setenv("LC_NUMERIC", "de_DE")
    monkeypatch.setenv("MPLBACKEND", "tkagg")
    monkeypatch.setenv("HOME", "/somewhere")
    settled = environment()
    assert not {"PYTHONSTARTUP", "LC_NUMERIC"} & settled.keys()
    assert (settled["MPLBACKEND"], settled["HOME"], settled["OMP_NUM_THREADS"]) == ("agg", "/somewhere", "1")


def test_nothing_is_left_of_the_folder(repository, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    repository.write("one", "")
    repository.write("two", "1 / 0\n")
    repository.run("one", "two")
    assert list(tmp_path.glob("mseclf-*")) == []
