"""Same commit, same bytes: two builds that share neither folder, time zone, locale, umask, hash seed nor clock."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".cache", "dist", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"
)


def _left_out(folder, names):
    """The caches, and the built site: the folder ``site`` at the top, not the package's."""
    return LEFT_OUT(folder, names) | ({"site"} if Path(folder) == ROOT else set())


DATE = "1790000000"


def test_another_build_gives_the_same_bytes(site, tmp_path):
    """By MkDocs' successor, elsewhere, in another language; what was run and proved is taken from the cache."""
    commit = os.environ.get("GITHUB_SHA") or _git(ROOT, "rev-parse", "HEAD")
    date = os.environ.get("SOURCE_DATE_EPOCH") or _git(ROOT, "log", "-1", "--format=%ct")
    copy = _copy(tmp_path / "a second folder, with another name", shared=("examples", "verdicts", "doctests"))
    _compare(_hashes(site), _built(copy, 0o077, _elsewhere(tmp_path, commit, date), by="properdocs"))


@pytest.mark.bench
def test_two_builds_from_nothing_give_the_same_bytes(tmp_path):
    """The first build asks git for the commit and its date; the second is told."""
    first, second = (_copy(tmp_path / name, shared=()) for name in ("first", "a second folder, with another name"))
    commit = _commit(first)
    here = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
    _compare(_built(first, 0o022, here), _built(second, 0o077, _elsewhere(tmp_path, commit, DATE)))


def _elsewhere(home, commit, date):
    told = {"SOURCE_DATE_EPOCH": date, "GITHUB_SHA": commit}
    return {"TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONHASHSEED": "77", "HOME": str(home), **told}


def _compare(one, other):
    assert len(one) > 100
    assert {"sitemap.xml.gz", "search/search_index.json", "assets/demonstration.pdf"} <= one.keys()
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


def _copy(folder, shared):
    shutil.copytree(ROOT, folder, ignore=_left_out)
    kept, cache = ROOT / ".cache" / "mseclf", folder / ".cache" / "mseclf"
    cache.mkdir(parents=True)
    for name in shared:
        if (kept / name).is_dir():
            shutil.copytree(kept / name, cache / name)
        elif (kept / name).is_file():
            shutil.copy2(kept / name, cache / name)
    return folder


def _commit(folder):
    who = {
        f"GIT_{role}_{field}": "nobody@example.org" for role in ("AUTHOR", "COMMITTER") for field in ("NAME", "EMAIL")
    }
    when = {f"GIT_{role}_DATE": f"{DATE} +0000" for role in ("AUTHOR", "COMMITTER")}
    _git(folder, "init", "--quiet")
    _git(folder, "add", ".")
    _git(folder, "commit", "--quiet", "--no-gpg-sign", "--message", "all", **who, **when)
    return _git(folder, "rev-parse", "HEAD")


def _git(folder, *arguments, **environment):
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def _built(folder, umask, settings, by="mkdocs"):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "MSECLF_SITE_URL") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", by, "build", "-f", "mkdocs.yml", "--strict"],
        cwd=folder,
        env={**kept, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(folder), **settings},
        umask=umask,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return _hashes(folder / "site")


def _hashes(site):
    files = sorted(path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): hashlib.sha256(_body(path)).hexdigest() for path in files}


def _body(path):
    """The bytes of a file; a page's without the tag that names the generator."""
    body = path.read_bytes()
    return re.sub(rb'<meta name="generator" content="[^"]*">', b"", body) if path.suffix == ".html" else body
