"""The two ways to start an example give the same; a launcher that dies is an error, not a hang."""

import os
import signal
import sys

import pytest

from mseclf.running import EngineError, engine, run_examples
from mseclf.running.launchers import ForkServer, environment
from mseclf.running.spawner import Spawner

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


@pytest.mark.skipif(sys.platform == "win32", reason="compares with the fork server")
def test_spawning_gives_what_forking_gives(repository, monkeypatch):
    for name, body in EXAMPLES.items():
        repository.write(name, body, head=HEAD.format(seconds=3 if name == "hangs" else 60))
    forked = repository.run(*EXAMPLES, cache=None)
    monkeypatch.setattr(engine, "_take_launcher", lambda width, loaded: Spawner(width))
    spawned = repository.run(*EXAMPLES, cache=None)
    assert forked["figure"].figures == spawned["figure"].figures
    assert forked["figure"].figures
    assert (spawned["figure"].values, spawned["figure"].stdout) == ({"x": 1}, "seen\n")
    for name in EXAMPLES:
        if name != "figure":
            assert spawned[name].message == forked[name].message
    assert str(spawned["fails"]) == "examples/fails.py:6: ZeroDivisionError: division by zero"


def test_closing_a_spawner_ends_what_runs(repository):
    from mseclf.running.job import Job

    spawner = Spawner(1)
    folder = spawner.folder / "1"
    job = Job(
        "one", str(repository.root / "one.py"), "while True: pass\n", str(repository.root), (), str(folder), 600.0
    )
    job.make_folders()
    spawner.submit(job)
    spawner.close()
    assert not spawner.folder.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork server")
def test_a_server_that_dies_is_an_error(repository):
    repository.write("one", "import time\ntime.sleep(30)\n")
    build = engine.start_examples(["one"], root=repository.root)
    build._launcher._process.send_signal(signal.SIGKILL)
    with pytest.raises(EngineError, match="the process that runs examples ended with status -9"):
        build.results()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork server")
def test_without_matplotlib_the_error_says_so(repository, monkeypatch, tmp_path):
    broken = tmp_path / "matplotlib"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('no matplotlib here')\n")
    from mseclf.running import launchers

    monkeypatch.setattr(
        launchers,
        "environment",
        lambda: environment() | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{launchers.PACKAGE_PARENT}"},
    )
    repository.write("one", "")
    engine.close_server()
    with pytest.raises(EngineError, match="no matplotlib here"):
        run_examples(["one"], root=repository.root)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork server")
def test_the_next_build_uses_the_same_server_unless_it_is_another(repository, monkeypatch):
    engine.close_server()
    repository.write("one", "import os\nvalues = {'server': os.getppid()}\n")
    repository.run("one", cache=None, jobs=1)
    ((_, first),) = engine._idle
    repository.run("one", cache=None, jobs=1)
    assert engine._idle[0][1] is first
    repository.run("one", cache=None, jobs=2)
    assert engine._idle[0][1] is not first
    assert not first.alive
    engine.close_server()
    assert engine._idle == []


def test_the_environment_is_settled(monkeypatch):
    monkeypatch.setenv("PYTHONSTARTUP", "x")
    monkeypatch.setenv("LC_NUMERIC", "de_DE")
    monkeypatch.setenv("MPLBACKEND", "tkagg")
    monkeypatch.setenv("HOME", "/somewhere")
    settled = environment()
    assert not {"PYTHONSTARTUP", "LC_NUMERIC"} & settled.keys()
    assert (settled["MPLBACKEND"], settled["HOME"], settled["OMP_NUM_THREADS"]) == ("agg", "/somewhere", "1")


def test_a_server_removes_its_folder(tmp_path, monkeypatch):
    if hasattr(os, "fork"):
        server = ForkServer(1)
        assert server.folder.is_dir()
        server.close()
        assert not server.folder.exists()
