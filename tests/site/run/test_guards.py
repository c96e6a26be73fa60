"""What an example may not touch: the repository, files it did not declare, the network."""

import pytest

from mseclf.site.run.guards import GuardError

WRITES = {
    "open": "open(target, 'w')",
    "append": "open(target, 'a')",
    "update": "open(target, 'r+')",
    "os.open": "os.open(target, os.O_CREAT | os.O_WRONLY)",
    "pathlib": "Path(target).write_text('x')",
    "bytes": "open(os.fsencode(target), 'wb')",
    "relative": "open(os.path.relpath(target), 'w')",
    "through a link": "os.symlink(os.path.dirname(target), 'link'); open('link/data.txt', 'w')",
    "remove": "os.remove(target)",
    "rename away": "os.rename(target, 'here')",
    "rename into": "open('here', 'w').close(); os.rename('here', target)",
    "mkdir": "os.mkdir(target + '-folder')",
    "rmtree": "shutil.rmtree(os.path.dirname(target))",
    "truncate": "os.truncate(target, 0)",
    "chmod": "os.chmod(target, 0o600)",
    "symlink": "os.symlink('nowhere', target + '-link')",
    "numpy": "import numpy as np; np.save(target, [1])",
    "figure": "from mseclf import plots; f, a = plots.subplots(); f.savefig(target + '.svg')",
    "database": "import sqlite3; sqlite3.connect(target)",
}
DECLARED = '"""T.\n\nClaim: c.\nData: data/data.txt, data/other.txt\n"""\n'


CALLS = [
    "socket.create_connection(('127.0.0.1', 9))",
    "socket.socket().connect(('127.0.0.1', 9))",
    "socket.getaddrinfo('localhost', 80)",
    "socket.gethostbyname('localhost')",
    "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "socket.socket().bind(('127.0.0.1', 0))",
    "urllib.request.urlopen('http://127.0.0.1:9/')",
]
LISTS = [
    "glob.glob(folder + '/*.txt')",
    "list(Path(folder).glob('*.txt'))",
    "list(Path(folder).iterdir())",
    "os.listdir(folder)",
    "os.listdir(os.fsencode(folder))",
    "list(os.scandir(folder))",
    "list(os.walk(os.path.dirname(folder)))",
]
SWALLOWED = ["open(__file__ + '.bak', 'w')", "socket.create_connection(('127.0.0.1', 9))"]


def with_data(repository):
    folder = repository.root / "data"
    folder.mkdir()
    for name in ("data.txt", "other.txt"):
        (folder / name).write_text("kept")
    return folder


@pytest.fixture
def data(repository):
    return with_data(repository)


def state(root):
    """What each file holds and may be used for."""
    return {path: (path.stat().st_mode, path.is_file() and path.read_bytes()) for path in root.rglob("*")}


@pytest.fixture(scope="module")
def shared_data(shared):
    return with_data(shared)


@pytest.fixture(scope="module")
def refused(shared, shared_data):
    """What becomes of each attempt, and the state of the repository before all of them and after."""
    data = shared_data
    imports = "import glob, os, shutil, socket, urllib.request\nfrom pathlib import Path\n"
    places = f"{imports}target, folder = {str(data / 'data.txt')!r}, {str(data)!r}\n"
    bodies = {how: f"{places}{call}\n" for how, call in WRITES.items()}
    bodies |= {call: f"{places}{call}\n" for call in (*CALLS, *LISTS)}
    bodies |= {
        f"try {call}": f"import socket\ntry:\n    {call}\nexcept OSError:\n    pass\nvalues = {{}}\n"
        for call in SWALLOWED
    }
    before = state(shared.root)
    outcomes = shared.run_each(bodies, DECLARED)
    return outcomes, before, {path: what for path, what in state(shared.root).items() if path.suffix != ".py"}


@pytest.mark.parametrize("how", WRITES)
def test_writing_into_the_repository_is_refused(refused, how):
    failure, before, after = refused[0][how], *refused[1:]
    assert failure.line == 9
    assert failure.message.startswith("GuardError: data")
    assert failure.message.endswith(": an example must not write into the repository")
    assert after == before


def test_a_refusal_keeps_its_words_when_a_library_adds_a_file_name():
    error = GuardError("data: an example must not write into the repository")
    error.filename = "data"
    assert str(error) == "data: an example must not write into the repository"


def test_removal_through_a_folder_descriptor_is_refused(repository, data):
    body = f"import os\nd = os.open('/', os.O_RDONLY)\nos.remove({str(data / 'data.txt')[1:]!r}, dir_fd=d)\n"
    assert repository.fails(body, head=DECLARED).line == 8
    assert (data / "data.txt").exists()


def test_declared_data_may_be_read_and_nothing_else(repository, data):
    body = "import os\nvalues = {'text': open(os.path.join(os.path.dirname(__file__), '../data/data.txt')).read()}\n"
    assert repository.succeeds(body, head=DECLARED).values == {"text": "kept"}
    failure = repository.fails(body)
    assert failure.line == 7
    advice = "read, but not declared: add `Data: data/data.txt` to the docstring"
    assert failure.message == f"GuardError: data/data.txt: {advice}"


@pytest.mark.parametrize("path", ["data/none.txt", "../outside.txt", "/etc/hostname", "data"])
def test_declared_data_must_be_a_file_of_the_repository(repository, data, path):
    (repository.root.parent / "outside.txt").write_text("x")
    failure = repository.fails("", head=f'"""T.\n\nClaim: c.\nData: {path}\n"""\n')
    assert failure.message == f"`Data: {path}`: no such file in the repository"


def test_its_own_folder_is_free(repository):
    body = "import os\nopen('a', 'w').close()\nos.mkdir('b')\nos.rename('a', 'b/a')\nos.remove('b/a')\n"
    assert repository.succeeds(f"{body}values = {{'n': len(os.listdir())}}\n").values == {"n": 1}


def test_its_own_folder_is_new_each_time_and_outside_the_repository(repository):
    body = "import os\nopen('left behind', 'w')\nvalues = {'n': len(os.listdir()), 'cwd': os.getcwd()}\n"
    first, second = (repository.succeeds(body) for _ in range(2))
    assert first.values["n"] == second.values["n"] == 1
    assert not str(first.values["cwd"]).startswith(str(repository.root))


@pytest.mark.parametrize("call", CALLS)
def test_the_network_is_refused(refused, call):
    failure = refused[0][call]
    assert failure.line == 9
    assert failure.message.rstrip(">").endswith("an example runs without a network")


def test_processes_may_talk_to_each_other(repository):
    body = (
        "import socket\nfrom multiprocessing import get_context\n"
        "a, b = socket.socketpair()\na.send(b'x')\n"
        "q = get_context('fork').SimpleQueue()\nq.put(3)\nvalues = {'x': q.get(), 'y': b.recv(1).decode()}\n"
    )
    assert repository.succeeds(body).values == {"x": 3, "y": "x"}


@pytest.mark.parametrize("call", SWALLOWED)
def test_swallowing_the_refusal_does_not_help(refused, call):
    failure = refused[0][f"try {call}"]
    assert failure.line == 8
    assert failure.message.startswith("GuardError: ")


def test_a_neighbour_is_imported_if_it_is_declared_and_counts_as_an_input_then(repository):
    body = "import helper\nvalues = {'x': helper.number}\n"
    repository.write("helper", "number = 1\n")
    failure = repository.fails(body)
    advice = "read, but not declared: add `Data: examples/helper.py` to the docstring"
    assert str(failure) == f"examples/one.py:6: GuardError: examples/helper.py: {advice}"
    repository.write("one", body, '"""T.\n\nClaim: c.\nData: examples/helper.py\n"""\n')
    assert repository.run("one")["one"].values == {"x": 1}
    repository.write("helper", "number = 2\n")
    second = repository.run("one")["one"]
    assert (second.values, second.reason) == ({"x": 2}, "examples/helper.py changed")
    assert not list((repository.root / "examples").rglob("*.pyc"))


@pytest.mark.parametrize("call", LISTS)
def test_listing_a_folder_of_the_repository_is_refused_at_its_line(refused, call):
    failure = refused[0][call]
    assert failure.line == 9
    assert (
        ": an example must not list a folder, for a file that is added later would not be noticed; " in failure.message
    )
    assert "name each in the docstring: `Data: " in failure.message


def test_folders_elsewhere_may_be_listed_and_modules_found(repository, data):
    body = (
        "import glob, os, sklearn\nfrom importlib.metadata import version\nversion('numpy')\nopen('a', 'w').close()\n"
    )
    body += "names = glob.glob('*') + os.listdir() + os.listdir('.')\nos.listdir('/')\n"
    assert repository.succeeds(f"{body}values = {{'n': len(names)}}\n", head=DECLARED).values == {"n": 3}


READ = "import sys\nF = {path!r}\ndef read(path):\n    return open(path).read()\n"
WORKERS = {
    "joblib": "from joblib import Parallel, delayed\nx = Parallel(2)(delayed(read)(F) for _ in range(2))\n",
    "fork": "from multiprocessing import get_context\nwith get_context('fork').Pool(2) as p:\n"
    "    x = p.map(read, [F, F])\n",
    "futures": "from concurrent.futures import ProcessPoolExecutor\nwith ProcessPoolExecutor(2) as p:\n"
    "    x = list(p.map(read, [F, F]))\n",
    "spawn": "from multiprocessing import get_context\nx = []\nif __name__ == '__main__':\n"
    "    with get_context('spawn').Pool(2) as p:\n        x = p.map(read, [F, F])\n",
    "program": "import subprocess\ncode = f'print(open({F!r}).read())'\n"
    "x = [subprocess.run([sys.executable, '-c', code], check=True)]\n",
}


@pytest.fixture(scope="module")
def workers(shared, shared_data):
    """What becomes of each where the data is declared, and where it is not."""
    read = READ.format(path=str(shared_data / "data.txt"))
    bodies = {how: f"{read}{body}values = {{'n': len(x)}}\n" for how, body in WORKERS.items()}
    return shared.run_each(bodies, DECLARED), shared.run_each(bodies)


@pytest.mark.parametrize("how", WORKERS)
def test_a_worker_may_read_what_is_declared_and_nothing_else(workers, how):
    run, failure = (outcomes[how] for outcomes in workers)
    assert run.values["n"] > 0
    advice = "read, but not declared: add `Data: data/data.txt` to the docstring"
    assert failure.message == f"GuardError: data/data.txt: {advice}"
    assert failure.line is not None


def test_a_refusal_that_a_worker_swallows_is_told_all_the_same(repository, data):
    body = READ.format(path=str(data / "data.txt")).replace("    return", "    try:\n        return")
    body += "    except OSError:\n        return ''\n" + WORKERS["joblib"]
    assert repository.fails(body).message.startswith("GuardError: data/data.txt: read, but not declared")


def test_a_worker_writes_nothing_into_the_repository(repository, data):
    body = READ.format(path=str(data / "data.txt")).replace("open(path)", "open(path, 'w')") + WORKERS["joblib"]
    failure = repository.fails(body, head=DECLARED)
    assert failure.message == "GuardError: data/data.txt: an example must not write into the repository"
    assert (data / "data.txt").read_text() == "kept"
