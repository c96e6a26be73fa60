"""Whatever an example does, the build goes on, says what happened where, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from copy import copy
from pathlib import Path

import pytest
from matplotlib import font_manager

from mseclf.site.run.job import OUTPUT_LIMIT

linux = pytest.mark.skipif(sys.platform != "linux", reason="finds processes by reading /proc")

SHORT = '"""Title.\n\nClaim: it ends.\nTime limit: 1 s\n"""\n'


def processes_with(mark):
    """Ids of the processes whose command line carries the mark; that of a dead one is empty."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (
                mark.encode() in (folder / "cmdline").read_bytes()
                and "Z" not in (folder / "stat").read_text().split()[2]
            ):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_an_exception_names_file_line_and_type(repository):
    failure = repository.fails("x = 0\nprint('before')\n1 / x\n")
    assert str(failure) == "examples/one.py:8: ZeroDivisionError: division by zero"
    assert failure.stdout == "before\n"
    assert 'File "examples/one.py", line 8' in failure.traceback
    assert "running/child.py" not in failure.traceback


def test_an_error_inside_a_library_names_the_line_of_the_script(repository):
    failure = repository.fails(
        "import numpy as np\n\n\ndef f(x):\n    return np.reshape(x, (3, 3))\n\n\nf(np.zeros(2))\n"
    )
    assert str(failure) == "examples/one.py:10: ValueError: cannot reshape array of size 2 into shape (3,3)"


def test_an_error_in_a_thread_is_a_failure(repository):
    start = "t = threading.Thread(target=work)\nt.start()\nt.join()\n"
    body = f"import threading\n\n\ndef work():\n    raise KeyError('lost')\n\n\n{start}"
    assert str(repository.fails(body)) == "examples/one.py:10: KeyError: 'lost'"


ENDS = [
    ("x = (1,\n", "examples/{}.py:6: SyntaxError: '(' was never closed"),
    ("eval('1 +')\n", "examples/{}.py:6: SyntaxError: invalid syntax"),
    ("raise SystemExit(0)\n", "examples/{}.py:6: SystemExit: 0: an example runs to its last line"),
    (
        "import sys\nsys.exit(0)\nvalues = {}\n",
        "examples/{}.py:7: SystemExit: 0: an example runs to its last line",
    ),
    ("import os\nos._exit(0)\n", "examples/{}.py: EarlyExit: ended before its last line, with exit status 0"),
    ("raise KeyboardInterrupt\n", "examples/{}.py:6: KeyboardInterrupt"),
    ("assert 1 > 2, 'one is not more'\n", "examples/{}.py:6: AssertionError: one is not more"),
]
SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV, signal.SIGABRT]
CLOSING = ["sys.stdout.close()", "os.close(1)", "sys.stdout = None", "sys.stdout = open(os.devnull, 'w')"]


@pytest.fixture(scope="module")
def ended(shared):
    bodies = {body: body for body, _ in ENDS}
    bodies |= {number: f"import os\nos.kill(os.getpid(), {int(number)})\n" for number in SIGNALS}
    bodies |= {how: f"import os, sys\nprint('seen')\n{how}\nvalues = {{'x': 1}}\n" for how in CLOSING}
    return shared.run_each(bodies)


@pytest.mark.parametrize(("body", "message"), ENDS)
def test_an_early_end_is_a_failure(ended, body, message):
    assert str(ended[body]) == message.format(ended[body].name)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_named(ended, number):
    failure = ended[number]
    assert failure.message == f"{number.name}: killed by this signal"
    assert failure.line in ((7,) if number in (signal.SIGSEGV, signal.SIGABRT) else (None,))


def test_a_hang_is_stopped_and_its_line_named(repository):
    failure = repository.fails(
        "import time\n\n\ndef wait():\n    time.sleep(600)\n\n\nwait()\n", head=SHORT.replace("1 s", "3 s")
    )
    assert str(failure) == "examples/one.py:10: TimeLimit: stopped after 3 s"


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="the system counts no waiting")
def test_time_in_which_others_have_the_processors_does_not_count(repository):
    """A build on a busy machine refuses no example for that."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3 * (os.cpu_count() or 1))]
    try:
        body = "import time\nwhile time.process_time() < 0.7:\n    pass\nvalues = {'x': 1}\n"
        assert repository.succeeds(body, head=SHORT).values == {"x": 1}
    finally:
        for other in others:
            other.kill()
            other.wait()


def test_a_hang_that_ignores_signals_is_stopped(repository):
    body = "import signal\nfor s in (15, 2, 10):\n    signal.signal(s, signal.SIG_IGN)\nwhile True:\n    pass\n"
    assert repository.fails(body, head=SHORT).message == "TimeLimit: stopped after 1 s"


@linux
@pytest.mark.parametrize("parent", ["import time\ntime.sleep(600)\n", "values = {'done': True}\n"])
def test_the_whole_family_is_gone(repository, parent):
    # A child that ignores signals, in a session of its own, and its child, whose parent has ended.
    mark = f"family-{os.getpid()}-{len(parent)}"
    child = (
        "import subprocess, sys\n"
        "sleeper = 'import os, signal, sys, time; signal.signal(15, signal.SIG_IGN); os.setsid(); time.sleep(600)'\n"
        "start = 'import subprocess, sys; subprocess.Popen([sys.executable, \"-c\", '\n"
        f"code = start + repr(sleeper) + ', \"{mark}\"])'\n"
        f"subprocess.Popen([sys.executable, '-c', code, '{mark}']).wait()\n"
        f"subprocess.Popen([sys.executable, '-c', sleeper, '{mark}'])\n"
    )
    repository.run_one(child + parent, head=SHORT.replace("1 s", "3 s"))
    assert processes_with(mark) == []


@linux
def test_the_test_above_can_fail():
    import subprocess

    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "family-meta"])
    try:
        while not processes_with("family-meta"):
            time.sleep(0.01)
    finally:
        process.kill()
        process.wait()


def test_a_script_that_forks_counts_once(repository):
    body = "import os\npid = os.fork()\nif pid:\n    os.waitpid(pid, 0)\nprint('here')\nvalues = {'parent': pid > 0}\n"
    run = repository.succeeds(body)
    assert run.values == {"parent": True}


@linux
def test_endless_allocation_is_a_memory_error_at_its_line(repository):
    failure = repository.fails("blocks = []\nwhile True:\n    blocks.append(bytearray(50_000_000))\n")
    assert str(failure) == "examples/one.py:8: MemoryError: out of memory (an example may use 2048 MiB)"


@linux
def test_a_huge_array_is_refused(repository):
    failure = repository.fails("import numpy as np\nx = np.ones(10**11)\n")
    assert failure.line == 7
    assert failure.message.startswith("MemoryError: Unable to allocate 745. GiB")


@pytest.mark.parametrize(("stream", "name"), [("stdout", "standard output"), ("stderr", "standard error")])
def test_a_hundred_megabytes_of_output_end_the_example(repository, stream, name):
    failure = repository.fails(f"import sys\nfor _ in range(1000):\n    sys.{stream}.write('x' * 100_000)\n")
    assert failure.message == f"OutputLimit: printed more than {OUTPUT_LIMIT // 1000} kB to {name}"
    assert len(failure.stdout) + len(failure.stderr) <= OUTPUT_LIMIT


def test_output_without_end_is_stopped(repository):
    failure = repository.fails("while True:\n    print('x' * 1000)\n")
    assert failure.message.startswith("OutputLimit: printed more than 100 kB")


def test_output_is_plain_text(repository):
    run = repository.succeeds("print('<script>\\x1b[31mred\\x1b[0m</script>\\x07\\r\\n\\x1b]0;title\\x07end\\x00')\n")
    assert run.stdout == "<script>red</script>\nend\n"


def test_bytes_that_are_no_text_are_shown_as_such(repository):
    assert repository.succeeds("import os\nos.write(1, b'\\xff\\xfe ok\\n')\n").stdout == "\ufffd\ufffd ok\n"


@pytest.mark.parametrize("closing", CLOSING)
def test_closing_stdout_does_no_harm(ended, closing):
    assert (ended[closing].stdout, ended[closing].values) == ("seen\n", {"x": 1})


def test_deleting_its_own_folder_does_no_harm(repository):
    draw = "from mseclf import plots\nfig, ax = plots.subplots()\n"
    run = repository.succeeds(f"import os, shutil\n{draw}shutil.rmtree(os.getcwd())\nvalues = {{'x': 1}}\n")
    assert run.values == {"x": 1}
    assert len(run.figures) == 1


def test_deleting_even_the_engines_folder_is_only_a_failure(repository):
    failure = repository.fails("import os, shutil\nshutil.rmtree(os.path.dirname(os.getcwd()))\n")
    assert failure.name == "one"
    assert repository.succeeds("values = {'x': 1}\n").values == {"x": 1}


def test_a_warning_fails_at_its_line(repository):
    body = "import numpy as np\n\nx = np.array([0.0])\ny = 1 / x\n"
    assert str(repository.fails(body)) == "examples/one.py:9: RuntimeWarning: divide by zero encountered in divide"


@pytest.mark.parametrize("family", ["No Such Font", "Liberation Sans"])
def test_a_font_that_matplotlib_does_not_ship_is_missing_on_every_machine(repository, family):
    body = f"from mseclf import plots\n\n_, ax = plots.subplots()\nax.set_title('words', family={family!r})\n"
    assert str(repository.fails(body)) == f"examples/one.py: findfont: Font family {family!r} not found."


def test_the_list_of_fonts_that_another_installation_left_is_not_asked(repository, monkeypatch, tmp_path):
    left = copy(font_manager.fontManager)
    left.ttflist = []
    font_manager.json_dump(left, tmp_path / f"fontlist-v{left.__version__}.json")
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    repository.succeeds("from mseclf import plots\n\nplots.subplots()\nplots.finish()\n")


def test_a_letter_that_the_font_lacks_is_missing(repository):
    body = "from mseclf import plots\n\n_, ax = plots.subplots()\nax.set_title('\u6f22')\n"
    assert "Glyph 28450" in str(repository.fails(body))


def test_an_expected_warning_may_be_caught(repository):
    body = (
        "import warnings\nimport numpy as np\n"
        "with warnings.catch_warnings(record=True) as seen:\n"
        "    warnings.simplefilter('always')\n    y = 1 / np.array([0.0])\n"
        "with np.errstate(divide='ignore'):\n    y = 1 / np.array([0.0])\n"
        "values = {'n': len(seen)}\n"
    )
    assert repository.succeeds(body).values == {"n": 1}


def test_many_failures_beside_each_other_do_not_disturb_a_success(repository):
    repository.write("good", "values = {'x': 1}\n")
    repository.write("bad", "1 / 0\n")
    repository.write("hangs", "while True:\n    pass\n", head=SHORT)
    repository.write("dies", "import os\nos.kill(os.getpid(), 9)\n")
    outcomes = repository.run("bad", "hangs", "dies", "good", "missing", jobs=4)
    assert list(outcomes) == ["bad", "hangs", "dies", "good", "missing"]
    assert outcomes["good"].values == {"x": 1}
    assert str(outcomes["missing"]) == "examples/missing.py: there is no such example"
    again = repository.run("bad", "good")
    assert again["good"].reason == "cached"
    assert str(again["bad"]) == "examples/bad.py:6: ZeroDivisionError: division by zero"
    assert again["bad"].reason == "never run"


@linux
def test_what_one_leaves_behind_ends_without_harm_to_what_another_still_uses(repository, tmp_path):
    # "uses" waits for what it began in the background, whose parent has ended, until well after "leaves" has ended.
    start = "import subprocess, time, os\n"
    begun, left = tmp_path / "begun", tmp_path / "left"
    background = f"(sleep 0.2; while [ ! -e {left} ]; do sleep 0.05; done; sleep 1; echo done > {tmp_path}/answer) &"
    repository.write(
        "uses",
        f"{start}subprocess.run(['sh', '-c', {background!r}])\nopen({str(begun)!r}, 'w').close()\n"
        f"while not os.path.exists({str(tmp_path / 'answer')!r}):\n    time.sleep(0.05)\nvalues = {{'x': 1}}\n",
        head=SHORT.replace("1 s", "30 s"),
    )
    mark = f"left-{os.getpid()}"
    sleeper = f"import os, time; os.setsid(); open({str(left)!r}, 'w').close(); time.sleep(600)"
    repository.write(
        "leaves",
        f"{start}import sys\nwhile not os.path.exists({str(begun)!r}):\n    time.sleep(0.05)\n"
        f"subprocess.Popen([sys.executable, '-c', {sleeper!r}, {mark!r}])\n"
        f"while not os.path.exists({str(left)!r}):\n    time.sleep(0.05)\n",
        head=SHORT.replace("1 s", "30 s"),
    )
    outcomes = repository.run("uses", "leaves", cache=None, jobs=2)
    assert not [str(outcome) for outcome in outcomes.values() if not hasattr(outcome, "values")]
    assert processes_with(mark) == []
