"""What a successful example gives, and the surroundings it runs in."""

import math
import os
import threading

import pytest

from mseclf.site.run import ExampleFailure, example_names, run_examples

FULL = '''"""The gradient dies.

Some words about it.

Claim: it dies on confident
    mistakes.
Source: Nielsen (2015)
Topics: gradient, saturation
Time limit: 90 s
"""
'''


def test_the_docstring_comes_with_the_run(repository):
    run = repository.succeeds("print('hello')\nvalues = {'x': 1}\n", head=FULL)
    assert (run.name, run.title, run.claim) == ("one", "The gradient dies", "it dies on confident mistakes.")
    assert (run.source, run.topics) == ("Nielsen (2015)", ("gradient", "saturation"))
    assert run.script == FULL + "print('hello')\nvalues = {'x': 1}\n"
    assert (run.stdout, run.stderr, run.reason) == ("hello\n", "", "there is no cache")
    assert run.seconds > 0
    assert run.peak_bytes > 10 * 2**20


def test_of_what_has_never_run_the_longest_limit_starts_first(repository):
    repository.write("a", "x = 1\n")
    repository.write("b", "x = 1\n", head=FULL)
    ended: list[str] = []
    repository.run("a", "b", jobs=1, progress=lambda outcome, done, total: ended.append(outcome.name))
    assert ended == ["b", "a"]


def test_a_library_that_loads_slowly_is_loaded_where_examples_are_forked(repository):
    body = "import sys\nloaded = 'sklearn.datasets' in sys.modules\nvalues = {'loaded': loaded}\n"
    assert repository.succeeds(body).values["loaded"] == hasattr(os, "fork")
    assert not repository.succeeds(body.replace("sklearn.datasets", "sklearn")).values["loaded"]


def test_values_become_plain_python(repository):
    body = (
        "import numpy as np\n"
        "values = {'a': np.float64(0.1), 'b': np.int32(3), 'c': np.bool_(True), 'd': np.str_('t'),\n"
        " 'e': np.float32(0.1), 'f': float('inf'), 'g': True, 'h': 10**30, 'i': -0.0, 'j': 5e-324,\n"
        " 'k': np.array(2.5)[()]}\n"
    )
    run = repository.succeeds(body)
    expected = {"a": 0.1, "b": 3, "c": True, "d": "t", "e": 0.10000000149011612, "f": math.inf, "g": True, "h": 10**30}
    assert run.values == expected | {"i": -0.0, "j": 5e-324, "k": 2.5}
    kinds = {key: type(value) for key, value in run.values.items()}
    assert kinds == dict.fromkeys("aefijk", float) | dict.fromkeys("bh", int) | dict.fromkeys("cg", bool) | {"d": str}
    assert math.copysign(1, run.values["i"]) == -1
    with pytest.raises(TypeError):
        run.values["a"] = 2


REFUSED = [
    ("{'x': np.zeros(3)}", "values['x'] is ndarray of shape (3,), not one number, text or truth value"),
    ("{'x': [1]}", "values['x'] is list, not one number, text or truth value"),
    ("{'x': None}", "values['x'] is NoneType, not one number, text or truth value"),
    ("{'x': 1j}", "values['x'] is complex, not one number, text or truth value"),
    ("{'x': np.array(1.0)}", "values['x'] is ndarray of shape (), not one number, text or truth value"),
    ("{'x': float('nan')}", "values['x'] is NaN"),
    ("{'x': np.float32('nan')}", "values['x'] is NaN"),
    ("{1: 1}", "values[1]: a key is a name of letters, digits and underscores"),
    ("{'a b': 1}", "values['a b']: a key is a name of letters, digits and underscores"),
    ("{'x:y': 1}", "values['x:y']: a key is a name of letters, digits and underscores"),
    ("[1, 2]", "values is list, not a mapping from names to numbers or text"),
]


@pytest.fixture(scope="module")
def refused(shared):
    return shared.run_each({values: f"import numpy as np\nvalues = {values}\n" for values, _ in REFUSED})


@pytest.mark.parametrize(("values", "message"), REFUSED)
def test_other_values_are_refused_by_name(refused, values, message):
    failure = refused[values]
    assert (failure.line, failure.message) == (None, message)


def test_every_open_figure_is_taken_under_its_name(repository):
    body = (
        "from mseclf import plots\nimport matplotlib.pyplot as plt\n"
        "plots.subplots(height=2.0)\nplots.subplots(num='curvature')\nplt.close(plots.subplots()[0])\nplots.subplots()\n"
        "plots.finish()\n"
    )
    run = repository.succeeds(body)
    assert [figure.name for figure in run.figures] == ["1", "curvature", "3"]
    assert (run.figures[0].width, run.figures[0].height) == (576, 192)


FIGURES = [
    ("plots.subplots(num='a b')", "figure label 'a b': only letters, digits, - and _ can stand in an address"),
    ("plots.subplots(num='2')\nplots.subplots()", "two figures are called '2'"),
    ("plots.subplots()[1].set_title('$\\\\nonsense$')", "figure '1' cannot be drawn: ValueError: "),
    ("plots.subplots()[1].set_title('\\u4f60')", "figure '1' cannot be drawn: UserWarning: Glyph"),
]


@pytest.fixture(scope="module")
def drawn(shared):
    return shared.run_each({body: f"from mseclf import plots\n{body}\n" for body, _ in FIGURES})


@pytest.mark.parametrize(("body", "message"), FIGURES)
def test_a_figure_that_cannot_be_shown_is_a_failure(drawn, body, message):
    assert drawn[body].message.startswith(message)


def test_it_runs_as_main_in_fixed_surroundings(repository, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    body = (
        "import locale, os, sys, time, random\nimport numpy as np, matplotlib\n"
        "values = {'name': __name__, 'file': os.path.basename(__file__), 'argv': len(sys.argv), 'tz': time.tzname[0],\n"
        " 'threads': os.environ['OMP_NUM_THREADS'], 'backend': matplotlib.get_backend().lower(),\n"
        " 'encoding': locale.getpreferredencoding(), 'locale': os.environ['LC_ALL'],\n"
        " 'a': random.random(), 'b': np.random.rand(), 'd': hash('text'),\n"
        " 'stdin': sys.stdin.read()}\n"
    )
    first, second = (repository.succeeds(body).values for _ in range(2))
    assert first == second
    expected = {"name": "__main__", "file": "one.py", "argv": 1, "tz": "UTC", "threads": "1", "backend": "agg"}
    assert {key: first[key] for key in expected} == expected
    assert (first["encoding"].lower(), first["locale"], first["stdin"]) == ("utf-8", "C.UTF-8", "")


def test_a_generator_without_a_seed_is_refused_where_it_is_made(repository):
    """Who pastes the script would get other numbers than the site shows."""
    failure = repository.fails("import numpy as np\n\nvalues = {'x': np.random.default_rng().random()}\n")
    assert failure.line == 8  # the script begins with its docstring
    assert failure.message == (
        "GeneratorWithoutSeedError: a generator without a seed gives other numbers each time: write default_rng(0)"
    )


def test_each_example_meets_a_fresh_process(repository):
    repository.write("one", "import numpy, mseclf\nnumpy.mark = mseclf.mark = 1\n")
    repository.write("two", "import numpy, mseclf\nvalues = {'x': hasattr(numpy, 'mark') or hasattr(mseclf, 'mark')}\n")
    outcomes = repository.run("one", "two", jobs=1, cache=None)
    assert outcomes["two"].values == {"x": False}


def test_an_example_runs_once_however_often_it_is_named(repository):
    repository.write("one", "print('once')\n")
    seen = []
    outcomes = repository.run(
        "one", "one", progress=lambda outcome, done, total: seen.append((outcome.name, done, total))
    )
    assert list(outcomes) == ["one"]
    assert seen == [("one", 1, 1)]


def test_progress_tells_of_each_outcome(repository):
    for name in ("a", "b", "c"):
        repository.write(name, "")
    repository.run("a")
    seen = []
    repository.run("a", "b", "c", "d", progress=lambda outcome, done, total: seen.append((outcome.name, done, total)))
    assert [done for _, done, _ in seen] == [1, 2, 3, 4]
    assert {name for name, _, _ in seen} == {"a", "b", "c", "d"}
    assert {total for _, _, total in seen} == {4}


def test_no_more_run_at_a_time_than_was_said(repository, tmp_path):
    board = tmp_path / "board"
    board.mkdir()

    def most(names, jobs, patience):
        """Each waits until another is there, or one has been."""
        for name in names:
            repository.write(
                name,
                "import os, time\n"
                f"board, met, n = {str(board)!r}, {str(tmp_path / 'met')!r}, 0\n"
                "mine = os.path.join(board, str(os.getpid()))\nopen(mine, 'w').close()\n"
                f"for _ in range({patience}):\n"
                "    n = max(n, len(os.listdir(board)))\n"
                "    if n > 1 or os.path.exists(met):\n        break\n"
                "    time.sleep(0.01)\n"
                "if n > 1:\n    open(met, 'w').close()\n"
                "time.sleep(0.1)\n"
                "values = {'n': max(n, len(os.listdir(board)))}\nos.remove(mine)\n",
            )
        return [run.values["n"] for run in repository.run(*names, cache=None, jobs=jobs).values()]

    one = most("abc", jobs=1, patience=10)
    two = most("abcdef", jobs=2, patience=3000)
    assert max(two) == 2
    assert one == [1, 1, 1]


def test_two_builds_at_once_agree(repository):
    for name in ("a", "b", "c"):
        repository.write(name, f"from mseclf import plots\nplots.subplots()\nvalues = {{'x': {name!r}}}\n")
    results = {}
    threads = [
        threading.Thread(target=lambda key=key: results.update({key: repository.run("a", "b", "c", jobs=key + 1)}))
        for key in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [run.values["x"] for run in results[0].values()] == ["a", "b", "c"]
    assert [run.figures for run in results[0].values()] == [run.figures for run in results[1].values()]
    assert {run.reason for run in repository.run("a", "b", "c").values()} == {"cached"}


def test_the_names_are_those_of_the_scripts(repository):
    for name in ("b", "a", "c_2"):
        repository.write(name, "")
    (repository.root / "examples" / "README.md").write_text("x")
    (repository.root / "examples" / "_private.py").write_text("")
    assert example_names(repository.root) == ("a", "b", "c_2")


@pytest.mark.parametrize("name", ["../one", "One", "one.py", "", "a b", "ä"])
def test_a_name_is_only_a_name(repository, name):
    outcome = run_examples([name], root=repository.root)[name]
    assert isinstance(outcome, ExampleFailure)
    assert outcome.message == f"{name!r} is not a name: lower-case letters, digits and underscores only"
