"""The cache tells the truth: it re-runs what changed, says why, and survives whatever happens to its files."""

import functools
import json
import logging
import os
import subprocess
import sys

import pytest

from mseclf.site.memory import Memory
from mseclf.site.run import cache as cache_module
from mseclf.site.run import inputs as inputs_module
from tests.site.run.conftest import Repository

BODY = """from mseclf import mse_loss, plots

plots.subplots()
print("out")
values = {"x": float(mse_loss(1.0, 0.0)), "inf": float("inf")}
"""


def entries(repository):
    return set(repository.cache.glob("*"))


def records(repository):
    """What is kept: the record of each entry, after its seal."""
    return {path: json.loads(path.read_bytes()[32:]) for path in entries(repository)}


def result(repository, name="one"):
    """The one entry that holds a run; the other says what it was made of."""
    (path,) = (path for path, record in records(repository).items() if record.get("name") == name)
    return path


def made_of(repository, name):
    """The other entry."""
    (path,) = (p for p, record in records(repository).items() if f"examples/{name}.py" in record.get("parts", ()))
    return path


def reason(repository, name="one", **options):
    return repository.run(name, **options)[name].reason


@pytest.fixture(scope="module")
def known_once(tmp_path_factory):
    repository = Repository(tmp_path_factory.mktemp("known") / "repository")
    repository.write("one", BODY)
    assert reason(repository) == "never run"
    return repository


@pytest.fixture
def known(known_once, tmp_path):
    """A repository of which the cache knows its example."""
    return known_once.copy(tmp_path / "repository")


def test_a_second_build_gives_the_same_without_running(repository):
    repository.write("one", BODY)
    first, second = (repository.run("one")["one"] for _ in range(2))
    assert (first.reason, second.reason) == ("never run", "cached")
    for field in ("title", "claim", "topics", "script", "figures", "stdout", "values", "seconds", "peak_bytes"):
        assert getattr(first, field) == getattr(second, field)
    assert isinstance(second.figures, tuple)
    assert isinstance(second.topics, tuple)


def test_failures_are_never_kept(repository):
    repository.write("one", "1 / 0\n")
    assert [reason(repository) for _ in range(2)] == ["never run", "never run"]
    assert entries(repository) == set()


def test_force_runs_and_refreshes(known):
    assert [reason(known), reason(known, force=True), reason(known)] == ["cached", "forced", "cached"]


CHANGES = {
    "examples/one.py changed": lambda root: append(root / "examples/one.py"),
    "mseclf/training.py changed": lambda root: append(root / "mseclf/training.py", "more = 1\n"),
    "mseclf/links.py changed": lambda root: append(root / "mseclf/links.py", "more = 1\n"),
    "mseclf/plots.py changed": lambda root: append(root / "mseclf/plots.py", "'more'\n"),
    "mseclf/mseclf.mplstyle changed": lambda root: append(root / "mseclf/mseclf.mplstyle"),
    "requirements.lock changed": lambda root: append(root / "requirements.lock"),
    "data.csv changed": lambda root: append(root / "data.csv"),
}


def append(path, text="# more\n"):
    with path.open("a") as file:
        file.write(text)


@pytest.fixture(scope="module")
def with_everything_once(tmp_path_factory):
    repository = Repository(tmp_path_factory.mktemp("everything") / "repository")
    repository.copy_package()
    (repository.root / "requirements.lock").write_text("")
    (repository.root / "data.csv").write_text("")
    repository.write("one", BODY, head='"""T.\n\nClaim: c.\nData: data.csv\n"""\n')
    repository.write("other", "values = {}\n")
    assert reason(repository) == "never run"
    return repository


@pytest.fixture
def with_everything(with_everything_once, tmp_path):
    return with_everything_once.copy(tmp_path / "repository")


@pytest.mark.parametrize("words", list(CHANGES))
def test_a_changed_input_runs_it_again_and_is_named(with_everything, words):
    CHANGES[words](with_everything.root)
    assert reason(with_everything) == words
    assert reason(with_everything) == "cached"


@pytest.mark.parametrize(
    "path", ["mseclf/site/proofs/__init__.py", "mseclf/site/page/reader.py", "examples/other.py", "README.md"]
)
def test_a_change_elsewhere_runs_nothing(with_everything, path):
    append(with_everything.root / path)
    assert reason(with_everything) == "cached"


def test_words_about_the_mathematics_run_nothing(with_everything):
    path = with_everything.root / "mseclf/losses.py"
    text = path.read_text()
    for old, new in (
        ("# log 2 in two parts", "# in two parts"),
        ('"""Half squared', '"""A half squared'),
        ("\n\n\n", "\n\n"),
    ):
        assert old in text
        path.write_text(text.replace(old, new))
        assert reason(with_everything) == "cached"
    path.write_text(text.replace('    """Half squared', '    0 + 0\n    """Half squared'))  # no docstring now
    assert reason(with_everything) == "mseclf/losses.py changed"


def test_a_module_that_is_half_typed_runs_it_again(with_everything):
    append(with_everything.root / "mseclf/losses.py", "def half(\n")
    assert with_everything.run("one")["one"].line  # the example fails where it imports the module


def test_a_new_module_of_the_mathematics_runs_everything_again(with_everything):
    extra = with_everything.root / "mseclf" / "extra.py"
    extra.write_text("number = 1\n")
    assert reason(with_everything) == "mseclf/extra.py added"
    append(extra, "more = 1\n")
    assert reason(with_everything) == "mseclf/extra.py changed"
    extra.unlink()
    assert reason(with_everything) == "cached"  # it is what it was at first


def test_an_edit_that_keeps_size_and_time_is_seen(with_everything):
    # Python itself would run the old bytecode: it compares size and whole seconds.
    path = with_everything.root / "mseclf" / "number.py"
    path.write_text("number = 1\n")
    status = path.stat()
    with_everything.write("one", "from mseclf.number import number\nvalues = {'x': number}\n")
    environment = {**os.environ, "PYTHONPATH": str(with_everything.root), "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-c", "import mseclf.number"]
    subprocess.run(command, cwd=with_everything.root, env=environment, check=True)
    assert list((path.parent / "__pycache__").glob("number.*.pyc"))
    assert with_everything.run("one")["one"].values == {"x": 1}
    path.write_text("number = 2\n")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert with_everything.run("one")["one"].values == {"x": 2}


@pytest.mark.parametrize(("library", "package"), [("NumPy", "numpy"), ("matplotlib", "matplotlib")])
def test_another_version_of_a_library_is_named(known, monkeypatch, library, package):
    before = inputs_module._version(package)
    monkeypatch.setattr(inputs_module, "_version", lambda name: "99.0" if name == package else before)
    assert f"{library} {before} -> 99.0" in reason(known)


def test_the_engine_itself_is_an_input(known):
    kept = records(known)[made_of(known, "one")]["parts"]
    assert {"mseclf/site/run/svg.py", "mseclf/site/run/capture.py", "Python", "NumPy", "matplotlib"} <= kept.keys()


def test_an_input_that_changes_during_the_run_is_not_kept(repository):
    # The script says that it changed a file that was hashed before it ran; a build must not trust that run.
    (repository.root / "data.csv").write_text("1")
    head = '"""T.\n\nClaim: c.\nData: data.csv\n"""\n'
    target = repository.root / "data.csv"
    edit = f"open({str(target)!r}, 'a').write('x')"
    body = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {edit!r}], check=True)\n"
    repository.write("one", body, head)
    assert [reason(repository), reason(repository)] == ["never run", "never run"]


DAMAGE = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "one bit": lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
    "no seal": lambda data: data[32:],
    "only a seal": lambda data: data[:32],
    "garbage": lambda data: os.urandom(1000),
    "longer": lambda data: data + b" ",
}


NAMES = {damage: damage.replace(" ", "_") for damage in DAMAGE}


def spoil(repository, entry):
    """Damage an entry of each example: its result, or what it was made of."""
    for path, damage in [(entry(repository, name), damage) for damage, name in NAMES.items()]:
        path.write_bytes(DAMAGE[damage](path.read_bytes()))


@pytest.fixture(scope="module")
def damaged(shared):
    """An example for each damage: as it ran, as it was found when its result had been damaged, and after that."""
    for name in NAMES.values():
        shared.write(name, BODY)
    first = shared.run(*NAMES.values())
    spoil(shared, result)
    return first, shared.run(*NAMES.values()), shared.run(*NAMES.values())


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_entry_is_made_again(damaged, damage):
    first, second, third = (runs[NAMES[damage]] for runs in damaged)
    assert second.reason == "its result is gone or damaged"
    assert (second.figures, second.values) == (first.figures, first.values)
    assert third.reason == "cached"


@pytest.fixture(scope="module")
def without(damaged, shared):
    """Each example as it was found when only what it was made of had been damaged, and after an edit."""
    spoil(shared, made_of)
    found = shared.run(*NAMES.values())
    for name in NAMES.values():
        shared.write(name, BODY + "# edited\n")
    return found, shared.run(*NAMES.values())


@pytest.mark.parametrize("damage", DAMAGE)
def test_without_what_it_was_made_of_a_result_is_found_all_the_same(without, damage):
    name = NAMES[damage]
    found, edited = (runs[name].reason for runs in without)
    assert found == "cached"
    assert edited == f"examples/{name}.py changed"  # it was written anew


def test_an_entry_of_another_format_is_not_read(known, monkeypatch):
    monkeypatch.setattr(cache_module, "_FORMAT", "another")
    assert [reason(known), reason(known)] == ["never run", "cached"]


def test_an_entry_under_the_wrong_name_is_not_believed(known):
    old = result(known)
    known.write("one", BODY + "# edited\n")
    reason(known)
    (new,) = (path for path, record in records(known).items() if "figures" in record and path != old)
    new.write_bytes(old.read_bytes())
    assert reason(known) == "its result is gone or damaged"


@pytest.mark.parametrize("error", ["read-only", "full"])
def test_a_cache_that_cannot_be_written_is_warned_of_once(repository, monkeypatch, caplog, error):
    from mseclf.site import memory

    def refuse(path, data):
        raise OSError(30 if error == "read-only" else 28, error)

    monkeypatch.setattr(memory, "write_whole", refuse)
    for name in ("one", "two"):
        repository.write(name, BODY)
    with caplog.at_level(logging.WARNING):
        outcomes = repository.run("one", "two")
    assert [run.values["x"] for run in outcomes.values()] == [0.125, 0.125]
    assert len(caplog.records) == 1
    assert "cannot be written, so its results are made again" in caplog.text


def test_a_cache_whose_place_is_taken_is_warned_of(repository, caplog):
    repository.write("one", BODY)
    repository.cache.parent.mkdir()
    repository.cache.write_text("a file")
    assert repository.run("one")["one"].values["x"] == 0.125
    assert len(caplog.records) == 1


def test_what_was_not_used_is_pruned_when_there_is_too_much(repository, monkeypatch):
    monkeypatch.setattr(cache_module, "Memory", functools.partial(Memory, limit=0))
    repository.write("gone", BODY)
    repository.run("gone")
    for number in range(3):
        repository.write("one", f"values = {{'x': {number}}}\n")
        repository.run("one")
    assert {record.get("name", "one") for record in records(repository).values()} == {"one"}
    assert len(entries(repository)) == 2
    assert reason(repository) == "cached"


def test_going_back_to_an_older_text_needs_no_run(repository):
    repository.write("one", "values = {'x': 1}\n")
    reason(repository)
    repository.write("one", "values = {'x': 2}\n")
    reason(repository)
    repository.write("one", "values = {'x': 1}\n")
    assert reason(repository) == "cached"
    assert repository.run("one")["one"].values == {"x": 1}


def test_what_changed_is_told_against_the_text_that_was_last_in_use(with_everything):
    append(with_everything.root / "data.csv")
    reason(with_everything)
    (with_everything.root / "data.csv").write_text("")
    assert reason(with_everything) == "cached"
    append(with_everything.root / "requirements.lock")
    assert reason(with_everything) == "requirements.lock changed"


def test_declared_data_that_has_gone_is_told_although_the_script_is_known(with_everything):
    (with_everything.root / "data.csv").unlink()
    outcome = with_everything.run("one")["one"]
    assert str(outcome) == "examples/one.py:1: `Data: data.csv`: no such file in the repository"


def test_a_warm_build_imports_neither_matplotlib_nor_starts_a_process(known):
    code = (
        "import subprocess, sys\nfrom pathlib import Path\nfrom mseclf.site.run import run_examples\n"
        "subprocess.Popen.__init__ = None\n"
        "run = run_examples(['one'], root=Path(sys.argv[1]), cache=Path(sys.argv[2]))['one']\n"
        "print(run.reason, 'matplotlib' in sys.modules)\n"
    )
    command = [sys.executable, "-c", code, str(known.root), str(known.cache)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "cached False\n"
