"""Whatever a task does to its worker, every other task has its answer, in its place."""

import os
import re
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from mseclf.site import pool
from mseclf.site.pool import Failure, Why, answers


def act(task):
    """A task is what the worker shall do."""
    kind, value = task
    if kind == "spin":
        while True:
            pass
    if kind == "sleep":
        time.sleep(value)
    if kind == "stuck in C":
        return len(str(7 ** (10**8)))
    if kind == "ignores signals":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
    if kind == "die":
        os.kill(os.getpid(), value)
    if kind == "leave":
        os._exit(value)
    if kind == "raise":
        raise value
    if kind == "unpicklable":
        return lambda: value
    return (value, os.getpid())


def test_answers_come_in_the_order_of_the_tasks():
    tasks = [("sleep", 0.2), *(("say", number) for number in range(30))]
    given = list(answers(act, tasks, seconds=30, processes=3))
    assert [value for value, _ in given[1:]] == list(range(30))
    assert 1 < len({process for _, process in given}) <= 3
    assert os.getpid() not in {process for _, process in given}


def test_nothing_to_do_starts_nothing(monkeypatch):
    monkeypatch.setattr(pool, "ProcessPool", None)
    assert list(answers(act, [], seconds=1)) == []


@pytest.mark.parametrize(
    ("task", "failure"),
    [
        (("spin", None), Failure(Why.TIME, "not finished within 1 s")),
        (("stuck in C", None), Failure(Why.TIME, "not finished within 1 s")),
        (("sleep", 600), Failure(Why.TIME, "not finished within 1 s")),
        (("ignores signals", None), Failure(Why.TIME, "not finished within 1 s")),
        (("die", signal.SIGSEGV), Failure(Why.DEATH, "its process died: SIGSEGV")),
        (("die", signal.SIGKILL), Failure(Why.DEATH, "its process died: SIGKILL")),
        (("leave", 3), Failure(Why.DEATH, "its process died: exit status 3")),
        (("leave", 0), Failure(Why.TIME, "not finished within 1 s")),
        (("raise", KeyError("x")), Failure(Why.ERROR, "KeyError: 'x'")),
        (("raise", TimeoutError("mine")), Failure(Why.ERROR, "TimeoutError: mine")),
        (("raise", SystemExit(2)), Failure(Why.ERROR, "SystemExit: 2")),
    ],
    ids=str,
)
def test_a_task_that_fails_says_how_and_the_others_go_on(monkeypatch, task, failure):
    monkeypatch.setattr(pool, "PATIENCE", 3.0)
    given = list(answers(act, [("say", 1), task, ("say", 2), task, ("say", 3)], seconds=1, processes=2))
    assert [given[0][0], given[1], given[2][0], given[3], given[4][0]] == [1, failure, 2, failure, 3]


def test_an_answer_that_cannot_be_sent_ends_its_worker_only():
    first, second = answers(act, [("unpicklable", 1), ("say", 2)], seconds=30)
    assert first == Failure(Why.DEATH, "its process died: exit status 1")
    assert second[0] == 2


def test_the_limit_is_for_one_task_not_for_all():
    given = list(answers(partial(spend, 0.4), range(6), seconds=1, processes=1))
    assert given == list(range(6))


def spend(seconds, task):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return task


def test_a_set_has_the_same_order_in_every_worker_and_every_build():
    words = " ".join(f"word{number}" for number in range(50))
    script = f"print(*set({words!r}.split()))"
    fixed = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run([sys.executable, "-c", script], env=fixed, capture_output=True, text=True, check=True)
    assert list(answers(in_a_set, [words] * 3, seconds=30, processes=3)) == [done.stdout.split()] * 3


def in_a_set(words):
    return list(set(words.split()))


def test_who_wants_no_more_answers_leaves_no_process():
    tasks = [("say", 1), ("sleep", 600), ("spin", None)]
    given = answers(act, tasks, seconds=600, processes=3)
    _, worker = next(given)
    given.close()
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


SCRIPT = """
import pathlib, sys, threading, time, warnings
warnings.simplefilter("error")
from mseclf.site.pool import answers

def work(task):
    place = pathlib.Path(__file__).parent
    (place / f"{task}.begun").touch()
    while len(list(place.glob("*.begun"))) < 2:  # a worker that is ended while it starts prints why, rarely
        time.sleep(0.01)
    return task, "json.tool" in sys.modules

if __name__ == "__main__":
    threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
    print(list(answers(work, [1, 2], seconds=20, processes=2, preload=("json.tool",))))
"""


def test_workers_load_what_this_process_would(tmp_path):
    (tmp_path / "json").mkdir()
    (tmp_path / "json" / "__init__.py").write_text("raise SystemExit('this is another json')")
    script = tmp_path / "elsewhere" / "script.py"
    script.parent.mkdir()
    script.write_text(SCRIPT)
    done = subprocess.run([sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[(1, True), (2, True)]\n", "")


def test_threads_are_not_forked_and_modules_are_loaded_before(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[(1, True), (2, True)]\n", "")


def test_a_build_that_is_killed_leaves_no_worker(tmp_path):
    mark = f"pool-{os.getpid()}"
    script = tmp_path / f"{mark}.py"
    script.write_text(SCRIPT.replace("return task,", "print(flush=True); time.sleep(600); return task,"))
    build = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, start_new_session=True)
    build.stdout.readline()
    build.kill()
    build.wait()
    build.stdout.close()
    deadline = time.monotonic() + 60
    while _in_session(build.pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _in_session(session):
    """Processes that the build started: they share its session."""
    listed = subprocess.run(["ps", "-eo", "sid=,stat="], capture_output=True, text=True, check=True).stdout
    return re.findall(rf"^\s*{session}\s+[^Z\s]", listed, re.MULTILINE)
