"""`python -m mseclf run`: what it prints, and its exit status."""

import io
import re

import pytest

from mseclf.__main__ import main
from mseclf.site.run import cli


@pytest.fixture
def run(repository, capsys):
    def command(*arguments):
        status = main(["run", "--root", str(repository.root), *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return command


def test_it_runs_all_and_reports_values_time_and_memory(repository, run):
    repository.write("a", "values = {'ratio': 0.5, 'name': 'x'}\n")
    repository.write("b_longer", "")
    status, out, _ = run()
    assert status == 0
    assert re.search(r"^ok    a         +\d+\.\d\d s +\d+ MiB$", out, re.MULTILINE)
    assert "        ratio = 0.5\n        name = 'x'\n" in out
    assert re.search(r"^2 examples, 0 cached, 0 failed, \d+\.\d\d s$", out, re.MULTILINE)
    assert "\x1b" not in out
    assert "2 cached" in run()[1]
    assert (repository.root / ".cache/mseclf/examples").is_dir()


def test_what_a_passing_example_writes_to_standard_error_is_shown_from_the_cache_too(repository, run):
    repository.write("a", "import sys\nprint('did not converge', file=sys.stderr)\nvalues = {'x': 1}\n")
    for _ in range(2):
        status, out, _ = run()
        assert status == 0
        assert "        x = 1\n        standard error: did not converge\n" in out


def test_names_may_be_paths_and_reasons_are_told(repository, run):
    repository.write("a", "")
    repository.write("b", "")
    assert "(never run)" in run("examples/a.py", "--explain")[1]
    assert "(cached)" in run("a", "--explain")[1]
    assert "(forced)" in run("a", "--explain", "--force")[1]
    repository.write("a", "x = 1\n")
    _, out, _ = run("a", "--explain", "--jobs", "1")
    assert "(examples/a.py changed)" in out
    assert "b" not in re.findall(r"^ok    (\w+)", out, re.MULTILINE)


def test_a_failure_is_shown_with_its_traceback_and_counts(repository, run):
    repository.write("a", "1 / 0\n")
    status, out, _ = run()
    assert status == 1
    assert "FAIL  examples/a.py:6: ZeroDivisionError: division by zero\n" in out
    assert '        File "examples/a.py", line 6' in out.replace("          File", "        File")
    assert "1 examples, 0 cached, 1 failed" in out


def test_no_examples_is_an_error(run):
    status, _, error = run()
    assert status == 2
    assert error.startswith("no examples in ")


def test_a_broken_engine_is_an_error(repository, run, monkeypatch):
    repository.write("a", "")

    def broken(*_, **__):
        raise cli.EngineError("the process that runs examples ended with status 1")

    monkeypatch.setattr(cli, "run_examples", broken)
    assert run() == (2, "", "error: the process that runs examples ended with status 1\n")


def test_a_terminal_gets_a_bar_that_is_gone_in_the_end(repository):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    out = Terminal()
    report = cli._Report(out, width=3, explain=False)
    for name in "ab":
        repository.write(name, "")
    outcomes = repository.run("a", "b", progress=report.progress)
    report.close(list(outcomes.values()), 1.0)
    assert "━" * 12 + "─" * 12 + " 1/2" in out.getvalue()
    shown = out.getvalue().split("\r\x1b[K")
    assert "━" not in shown[-1]
