"""The cache tells the truth: it re-runs what changed, says why, and survives whatever happens to its files."""

import json
import logging
import os
import subprocess
import sys
import time

import pytest

from mseclf.running import inputs as inputs_module

BODY = """from mseclf import mse_loss, plots

plots.subplots()
print("out")
values = {"x": float(mse_loss(1.0, 0.0)), "inf": float("inf")}
"""


def entries(repository, name="one"):
    return sorted(repository.cache.glob(f"{name}.*.json"))


def reason(repository, name="one", **options):
    return repository.run(name, **options)[name].reason


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
    assert entries(repository) == []


def test_force_runs_and_refreshes(repository):
    repository.write("one", BODY)
    assert [reason(repository), reason(repository, force=True), reason(repository)] == ["never run", "forced", "cached"]


CHANGES = {
    "examples/one.py changed": lambda root: append(root / "examples/one.py"),
    "mseclf/training.py changed": lambda root: append(root / "mseclf/training.py"),
    "mseclf/links.py changed": lambda root: append(root / "mseclf/links.py"),
    "mseclf/plots.py changed": lambda root: append(root / "mseclf/plots.py"),
    "mseclf/mseclf.mplstyle changed": lambda root: append(root / "mseclf/mseclf.mplstyle"),
    "requirements.lock changed": lambda root: append(root / "requirements.lock"),
    "data.csv changed": lambda root: append(root / "data.csv"),
}


def append(path):
    with path.open("a") as file:
        file.write("# more\n")


@pytest.fixture
def with_everything(repository):
    repository.copy_package()
    (repository.root / "requirements.lock").write_text("")
    (repository.root / "data.csv").write_text("")
    repository.write("one", BODY, head='"""T.\n\nClaim: c.\nData: data.csv\n"""\n')
    repository.write("other", "values = {}\n")
    assert reason(repository) == "never run"
    return repository


@pytest.mark.parametrize("words", list(CHANGES))
def test_a_changed_input_runs_it_again_and_is_named(with_everything, words):
    CHANGES[words](with_everything.root)
    assert reason(with_everything) == words
    assert reason(with_everything) == "cached"


@pytest.mark.parametrize(
    "path", ["mseclf/proving/__init__.py", "mseclf/pages/reader.py", "examples/other.py", "README.md"]
)
def test_a_change_elsewhere_runs_nothing(with_everything, path):
    append(with_everything.root / path)
    assert reason(with_everything) == "cached"


def test_a_new_import_is_followed_from_then_on(with_everything):
    root = with_everything.root
    (root / "mseclf" / "extra.py").write_text("number = 1\n")
    (root / "mseclf" / "links.py").write_text(
        (root / "mseclf" / "links.py").read_text() + "\nfrom mseclf import extra\n"
    )
    assert reason(with_everything) == "mseclf/extra.py added, mseclf/links.py changed"
    append(root / "mseclf" / "extra.py")
    assert reason(with_everything) == "mseclf/extra.py changed"


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
def test_another_version_of_a_library_is_named(repository, monkeypatch, library, package):
    repository.write("one", BODY)
    reason(repository)
    before = inputs_module._version(package)
    monkeypatch.setattr(inputs_module, "_version", lambda name: "99.0" if name == package else before)
    assert f"{library} {before} -> 99.0" in reason(repository)


def test_the_engine_itself_is_an_input(repository):
    repository.write("one", BODY)
    reason(repository)
    kept = json.loads(entries(repository)[0].read_bytes().split(b"\n", 1)[1])["inputs"]
    assert {"mseclf/running/svg.py", "mseclf/running/capture.py", "Python", "NumPy", "matplotlib"} <= kept.keys()


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
    "no checksum": lambda data: data.split(b"\n", 1)[1],
    "only a checksum": lambda data: data.split(b"\n", 1)[0],
    "garbage": lambda data: os.urandom(1000),
    "longer": lambda data: data + b" ",
}


@pytest.mark.parametrize("damage", list(DAMAGE))
def test_a_damaged_entry_is_made_again(repository, damage):
    repository.write("one", BODY)
    first = repository.run("one")["one"]
    (path,) = entries(repository)
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    second = repository.run("one")["one"]
    assert second.reason == "entry was damaged"
    assert (second.figures, second.values) == (first.figures, first.values)
    assert reason(repository) == "cached"


def test_an_entry_of_another_format_is_made_again(repository):
    repository.write("one", BODY)
    reason(repository)
    (path,) = entries(repository)
    from mseclf.running.files import digest

    body = path.read_bytes().split(b"\n", 1)[1].replace(b'"format": 1', b'"format": 0')
    path.write_bytes(digest(body).encode() + b"\n" + body)
    assert reason(repository) == "entry was damaged"
    assert reason(repository) == "cached"


def test_an_entry_under_the_wrong_name_is_not_believed(repository):
    repository.write("one", BODY)
    reason(repository)
    (path,) = entries(repository)
    repository.write("one", BODY + "# edited\n")
    reason(repository)
    new = next(entry for entry in entries(repository) if entry != path)
    new.write_bytes(path.read_bytes())
    assert reason(repository) == "entry was damaged"


@pytest.mark.parametrize("error", ["read-only", "full"])
def test_a_cache_that_cannot_be_written_is_warned_of_once(repository, monkeypatch, caplog, error):
    from mseclf.running import cache, sources

    def refuse(path, data):
        raise OSError(30 if error == "read-only" else 28, error)

    for module in (cache, sources):
        monkeypatch.setattr(module, "write_whole", refuse)
    for name in ("one", "two"):
        repository.write(name, BODY)
    with caplog.at_level(logging.WARNING):
        outcomes = repository.run("one", "two")
    assert [run.values["x"] for run in outcomes.values()] == [0.125, 0.125]
    assert len(caplog.records) == 1
    assert "cannot be written, so examples will run again" in caplog.text


def test_a_cache_whose_place_is_taken_is_warned_of(repository, caplog):
    repository.write("one", BODY)
    repository.cache.parent.mkdir()
    repository.cache.write_text("a file")
    assert repository.run("one")["one"].values["x"] == 0.125
    assert len(caplog.records) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system of limited size")
def test_a_full_disk_leaves_nothing_behind(tmp_path):
    from mseclf.running.files import write_whole

    # In a process of its own with a limit on the size of files, which fails as a full disk does: half-way.
    code = (
        "import resource, sys, pathlib\nfrom mseclf.running.files import write_whole\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n    write_whole(pathlib.Path(sys.argv[1]), b'x' * 5000)\n"
        "except OSError as error:\n    print(error.errno)\n"
    )
    path = tmp_path / "cache" / "entry.json"
    write_whole(path, b"old")
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == "27\n"
    assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes() == b"old"


def test_old_entries_are_pruned(repository):
    repository.write("gone", BODY)
    repository.run("gone")
    (repository.root / "examples" / "gone.py").unlink()
    stale = repository.cache / "one.x.json.abc.part"
    stale.write_text("half")
    os.utime(stale, (time.time() - 7200,) * 2)
    for number in range(6):
        repository.write("one", f"values = {{'x': {number}}}\n")
        repository.run("one")
    assert entries(repository, "gone") == []
    assert len(entries(repository)) == 4
    assert not stale.exists()
    assert (repository.cache / "sources.json").exists()
    assert reason(repository) == "cached"


def test_going_back_to_an_older_text_needs_no_run(repository):
    repository.write("one", "values = {'x': 1}\n")
    reason(repository)
    repository.write("one", "values = {'x': 2}\n")
    reason(repository)
    repository.write("one", "values = {'x': 1}\n")
    assert reason(repository) == "cached"


def test_a_warm_build_imports_neither_matplotlib_nor_starts_a_process(repository):
    repository.write("one", BODY)
    repository.run("one")
    code = (
        "import subprocess, sys\nfrom pathlib import Path\nfrom mseclf.running import run_examples\n"
        "subprocess.Popen = None\n"
        "run = run_examples(['one'], root=Path(sys.argv[1]), cache=Path(sys.argv[2]))['one']\n"
        "print(run.reason, 'matplotlib' in sys.modules)\n"
    )
    command = [sys.executable, "-c", code, str(repository.root), str(repository.cache)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "cached False\n"
