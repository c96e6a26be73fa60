"""A build that dies at any moment leaves nothing behind that breaks the next one, and nothing that runs on."""

import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mseclf.site.run import run_examples

# A shell has what runs in the background ignore SIGINT, tests too; a build at a terminal hears it.
BUILD = (
    "import signal, sys\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from pathlib import Path\nfrom mseclf.site.run import run_examples\n"
    "root = Path(sys.argv[1])\n"
    "run_examples(['a', 'b', 'c'], root=root, cache=root / 'cache', force='force' in sys.argv)\n"
)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills by POSIX signals")


def start(repository, *arguments, temporary):
    environment = {**os.environ, "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", BUILD, str(repository.root), *arguments]
    return subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.DEVNULL)


def processes_using(folder):
    """Command lines of the processes that work in the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


def wait_until_gone(folder):
    deadline = time.monotonic() + 60
    # At worst an empty folder stays, if the kill falls between making it and starting the parent that removes it.
    while (left := processes_using(folder)) or any(folder.glob("mseclf-*/*")):
        assert time.monotonic() < deadline, (left, list(folder.rglob("*")))
        time.sleep(0.01)


@pytest.fixture
def temporary(tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def write_examples(repository):
    for name in "abc":
        repository.write(name, f"import time\ntime.sleep(0.05)\nvalues = {{'x': {name!r}}}\nprint('y' * 50_000)\n")


def begun(temporary):
    with contextlib.suppress(FileNotFoundError):  # a folder that is removed while it is looked through
        return list(temporary.rglob("started"))
    return []


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes by reading /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_when_the_build_dies_everything_it_started_ends(repository, temporary, number):
    repository.write("a", "import subprocess\nopen('started', 'w')\nsubprocess.run(['sleep', '600'])\n")
    repository.write("b", "while True:\n    pass\n")
    repository.write("c", "")
    build = start(repository, temporary=temporary)
    while not begun(temporary):
        assert build.poll() is None
        time.sleep(0.01)
    build.send_signal(number)
    assert build.wait() != 0
    wait_until_gone(temporary)


def whole(entry):
    data = entry.read_bytes()
    return hashlib.sha256(entry.name.encode() + data[32:]).digest() == data[:32]


def test_a_build_killed_fifty_times_at_random_moments_is_right_the_next_time(repository, temporary):
    """Five builds at a time share one cache; the kills hit each while it looks, starts, waits or writes."""
    write_examples(repository)
    cache = repository.root / "cache"
    choose = random.Random(4)
    started = time.monotonic()
    assert start(repository, temporary=temporary).wait() == 0
    longest = 2 * (time.monotonic() - started)
    endings, entries = [], []
    for _ in range(10):
        builds = [start(repository, *(["force"] if number % 2 else []), temporary=temporary) for number in range(5)]
        began = time.monotonic()
        for build, moment in zip(builds, sorted(choose.uniform(0, longest) for _ in builds), strict=True):
            time.sleep(max(0, began + moment - time.monotonic()))
            build.kill()
            endings.append(build.wait())
        left = [path for path in cache.iterdir() if path.suffix != ".part"]
        assert all(map(whole, left))
        entries += left
        for entry in left[:2]:  # at times it is the last one: no build came as far as writing before it was killed
            entry.unlink()
    assert len(entries) > 3, "something was written between the kills"
    outcomes = run_examples("abc", root=repository.root, cache=cache)
    assert {name: (run.values["x"], len(run.stdout)) for name, run in outcomes.items()} == {
        n: (n, 50_001) for n in "abc"
    }
    assert -signal.SIGKILL in endings
    wait_until_gone(temporary)
