"""What an example may not touch: the repository, files it did not declare, the network."""

import pytest

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


@pytest.fixture
def data(repository):
    folder = repository.root / "data"
    folder.mkdir()
    for name in ("data.txt", "other.txt"):
        (folder / name).write_text("kept")
    return folder


def state(root):
    return {path: path.stat().st_mode for path in root.rglob("*")}


@pytest.mark.parametrize("how", list(WRITES))
def test_writing_into_the_repository_is_refused(repository, data, how):
    repository.write("one", "")
    before = state(repository.root)
    imports = "import os, shutil\nfrom pathlib import Path\n"
    failure = repository.fails(f"{imports}target = {str(data / 'data.txt')!r}\n{WRITES[how]}\n", head=DECLARED)
    assert failure.line == 9
    assert failure.message.startswith("GuardError: data")
    assert failure.message.endswith(": an example must not write into the repository")
    assert state(repository.root) == before
    assert (data / "data.txt").read_text() == "kept"


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


@pytest.mark.parametrize(
    "call",
    [
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.socket().connect(('127.0.0.1', 9))",
        "socket.getaddrinfo('localhost', 80)",
        "socket.gethostbyname('localhost')",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "socket.socket().bind(('127.0.0.1', 0))",
        "urllib.request.urlopen('http://127.0.0.1:9/')",
    ],
)
def test_the_network_is_refused(repository, call):
    failure = repository.fails(f"import socket, urllib.request\n{call}\n")
    assert failure.line == 7
    assert failure.message.rstrip(">").endswith("an example runs without a network")


def test_processes_may_talk_to_each_other(repository):
    body = (
        "import socket\nfrom multiprocessing import get_context\n"
        "a, b = socket.socketpair()\na.send(b'x')\n"
        "q = get_context('fork').SimpleQueue()\nq.put(3)\nvalues = {'x': q.get(), 'y': b.recv(1).decode()}\n"
    )
    assert repository.succeeds(body).values == {"x": 3, "y": "x"}


@pytest.mark.parametrize("call", ["open(__file__ + '.bak', 'w')", "socket.create_connection(('127.0.0.1', 9))"])
def test_swallowing_the_refusal_does_not_help(repository, call):
    failure = repository.fails(f"import socket\ntry:\n    {call}\nexcept OSError:\n    pass\nvalues = {{}}\n")
    assert failure.line == 8
    assert failure.message.startswith("GuardError: ")


def test_a_neighbour_may_be_imported_and_counts_as_an_input(repository):
    repository.write("helper", "number = 1\n")
    repository.write("one", "import helper\nvalues = {'x': helper.number}\n")
    assert repository.run("one")["one"].values == {"x": 1}
    repository.write("helper", "number = 2\n")
    second = repository.run("one")["one"]
    assert (second.values, second.reason) == ({"x": 2}, "examples/helper.py changed")
    assert not list((repository.root / "examples").rglob("*.pyc"))
