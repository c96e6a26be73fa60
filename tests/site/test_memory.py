"""The memory gives back what was put into it, or nothing; whatever happens to its files and to those who write them."""

import logging
import os
import random
import signal
import stat
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mseclf.site.memory import Memory, write_whole


def entry(folder):
    (path,) = folder.iterdir()
    return path


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=st.dictionaries(st.text(), st.binary(max_size=3000), max_size=8))
def test_what_was_put_is_there_for_the_next(tmp_path, entries):
    first = Memory(tmp_path / "cache", "1")
    for key, value in entries.items():
        first.put(key, value)
    second = Memory(tmp_path / "cache", "1")
    assert {key: second.get(key) for key in entries} == entries
    assert second.get("never put") is None


def test_the_last_value_counts(tmp_path):
    memory = Memory(tmp_path)
    for value in (b"long ago", b"", b"now"):
        memory.put("key", value)
        assert memory.get("key") == value


def test_another_version_knows_nothing_and_takes_nothing_away(tmp_path):
    Memory(tmp_path, "1").put("key", b"old")
    assert Memory(tmp_path, "2").get("key") is None
    Memory(tmp_path, "2").put("key", b"new")
    assert Memory(tmp_path, "1").get("key") == b"old"
    assert (Memory(tmp_path, "12").get("3"), Memory(tmp_path, "1").get("23")) == (None, None)


def test_no_folder_remembers_nothing():
    memory = Memory(None)
    memory.put("key", b"value")
    memory.prune()
    assert memory.get("key") is None


DAMAGE = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "only a seal": lambda data: data[:32],
    "no seal": lambda data: data[32:],
    "garbage": lambda data: random.Random(1).randbytes(1000),
    "longer": lambda data: data + b" ",
    "shorter": lambda data: data[:-1],
}


@pytest.mark.parametrize("damage", list(DAMAGE))
def test_what_is_damaged_is_forgotten_and_made_again(tmp_path, damage):
    Memory(tmp_path).put("key", b"value")
    path = entry(tmp_path)
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    memory = Memory(tmp_path)
    assert memory.get("key") is None
    memory.put("key", b"value")
    assert Memory(tmp_path).get("key") == b"value"


def test_no_bit_can_flip_unseen(tmp_path):
    Memory(tmp_path).put("key", b"value")
    path = entry(tmp_path)
    whole = path.read_bytes()
    for bit in range(8 * len(whole)):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(bytes(flipped))
        assert Memory(tmp_path).get("key") is None


def test_an_entry_under_the_name_of_another_is_not_believed(tmp_path):
    Memory(tmp_path).put("one", b"1")
    one = entry(tmp_path)
    Memory(tmp_path).put("two", b"2")
    two = next(path for path in tmp_path.iterdir() if path != one)
    two.write_bytes(one.read_bytes())
    assert Memory(tmp_path).get("two") is None


def test_a_folder_in_the_place_of_an_entry_costs_the_saving_only(tmp_path, caplog):
    Memory(tmp_path).put("key", b"value")
    path = entry(tmp_path)
    path.unlink()
    (path / "deeper").mkdir(parents=True)
    memory = Memory(tmp_path)
    assert memory.get("key") is None
    memory.put("key", b"value")
    memory.prune()
    assert len(caplog.records) == 1


@pytest.mark.parametrize("error", [PermissionError(13, "read-only"), OSError(28, "No space left on device")])
def test_what_cannot_be_written_is_told_once(tmp_path, monkeypatch, caplog, error):
    from mseclf.site import memory as module

    Memory(tmp_path).put("old", b"kept")

    def refuse(path, data):
        raise error

    monkeypatch.setattr(module, "write_whole", refuse)
    memory = Memory(tmp_path)
    with caplog.at_level(logging.WARNING):
        for key in "abc":
            memory.put(key, b"lost")
    memory.prune()
    assert [record.getMessage() for record in caplog.records] == [
        f"the cache {tmp_path} cannot be written, so its results are made again: {error}"
    ]
    assert (memory.get("old"), memory.get("a")) == (b"kept", None)


def test_a_place_that_is_taken_by_a_file_is_told_of(tmp_path, caplog):
    (tmp_path / "cache").write_text("a file")
    memory = Memory(tmp_path / "cache")
    memory.put("key", b"value")
    memory.prune()
    assert memory.get("key") is None
    assert len(caplog.records) == 1
    assert (tmp_path / "cache").read_text() == "a file"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system of limited size")
def test_a_full_disk_leaves_nothing_behind(tmp_path):
    # In a process of its own with a limit on the size of files, which fails as a full disk does: half-way.
    code = (
        "import resource, sys, pathlib\nfrom mseclf.site.memory import write_whole\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n    write_whole(pathlib.Path(sys.argv[1]), b'x' * 5000)\n"
        "except OSError as error:\n    print(error.errno)\n"
    )
    path = tmp_path / "cache" / "entry"
    write_whole(path, b"old")
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == "27\n"
    assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes() == b"old"


def age(path, seconds):
    os.utime(path, (time.time() - seconds,) * 2)


def test_the_oldest_that_was_not_used_goes_first_and_what_was_used_stays(tmp_path):
    for number in range(6):
        Memory(tmp_path).put(str(number), bytes(968))  # with its seal: 1,000 bytes
        for path in tmp_path.iterdir():
            age(path, time.time() - path.stat().st_mtime + 100)
    memory = Memory(tmp_path, limit=2500)
    assert memory.get("0") == bytes(968)
    memory.prune()
    left = [number for number in range(6) if Memory(tmp_path).get(str(number)) is not None]
    assert left == [0, 4, 5]


def test_what_was_used_last_is_not_old(tmp_path):
    for key in ("used", "not used"):
        Memory(tmp_path).put(key, bytes(968))
    for path in tmp_path.iterdir():
        age(path, 100)
    build = Memory(tmp_path)
    build.get("used")
    build.prune()
    Memory(tmp_path, limit=1000).prune()
    assert (Memory(tmp_path).get("used"), Memory(tmp_path).get("not used")) == (bytes(968), None)


def test_a_build_that_uses_more_than_the_limit_keeps_what_it_uses(tmp_path):
    memory = Memory(tmp_path, limit=10)
    for key in "abc":
        memory.put(key, bytes(100))
    memory.prune()
    assert all(Memory(tmp_path).get(key) == bytes(100) for key in "abc")


def test_what_a_killed_build_left_half_written_goes_in_time(tmp_path):
    Memory(tmp_path).put("key", b"value")
    old, new = tmp_path / "a.1.part", tmp_path / "b.2.part"
    for path in (old, new):
        path.write_bytes(b"half")
    age(old, 7200)
    Memory(tmp_path).prune()
    assert (old.exists(), new.exists(), Memory(tmp_path).get("key")) == (False, True, b"value")


WRITER = (
    "import sys, random\nfrom pathlib import Path\nfrom mseclf.site.memory import Memory\n"
    "memory = Memory(Path(sys.argv[1]), limit=100_000)\nmemory.put('0', b'0' * 5000)\nprint('ready', flush=True)\n"
    "while True:\n"
    "    key = str(random.randrange(20))\n"
    "    found = memory.get(key)\n"
    "    assert found in (None, key.encode() * 5000), (key, found and found[:20])\n"
    "    memory.put(key, key.encode() * 5000)\n"
    "    random.random() < 0.05 and memory.prune()\n"
)


def test_writers_beside_each_other_killed_at_any_moment_leave_whole_entries_only(tmp_path):
    choose = random.Random(3)
    for _ in range(5):
        writers = [
            subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE) for _ in range(3)
        ]
        for writer in writers:
            assert writer.stdout.readline() == b"ready\n"
        for writer in writers:
            time.sleep(choose.uniform(0, 0.1))
            assert writer.poll() is None  # no assertion of its own has ended it
            writer.kill()
            assert writer.wait() == -signal.SIGKILL
            writer.stdout.close()
        memory = Memory(tmp_path)
        whole = [path for path in tmp_path.iterdir() if not path.name.endswith(".part")]
        known = [key for key in map(str, range(20)) if memory.get(key) is not None]
        assert len(known) == len(whole) > 0  # every file that bears a name is an entry that can be read
        assert all(memory.get(key) == key.encode() * 5000 for key in known)


def test_entries_can_be_read_by_whoever_may_read_the_folder(tmp_path):
    Memory(tmp_path).put("key", b"value")
    probe = tmp_path.parent / "probe"
    probe.touch()
    assert stat.S_IMODE(entry(tmp_path).stat().st_mode) == stat.S_IMODE(probe.stat().st_mode)
