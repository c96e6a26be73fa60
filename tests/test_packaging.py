"""Version, changelog and citation agree; wheel and sdist hold what they should, byte for byte the same each time."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import mseclf

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CHANGELOG = (ROOT / "docs" / "changelog.md").read_text(encoding="utf-8")
RELEASES = re.findall(r"^## (\d+\.\d+\.\d+) - (\d{4}-\d{2}-\d{2})$", CHANGELOG, re.MULTILINE)


def test_the_version_is_the_same_everywhere():
    assert PROJECT["version"] == CITATION["version"] == RELEASES[0][0]
    assert str(CITATION["date-released"]) == RELEASES[0][1]
    assert getattr(mseclf, "__version__", PROJECT["version"]) == PROJECT["version"]


def test_releases_are_in_order_newest_first():
    numbers = [tuple(map(int, number.split("."))) for number, _ in RELEASES]
    assert numbers == sorted(set(numbers), reverse=True)
    assert [date for _, date in RELEASES] == sorted((date for _, date in RELEASES), reverse=True)


def test_the_changelog_uses_the_words_of_its_form():
    words = set(re.findall(r"^### (.+)$", CHANGELOG, re.MULTILINE))
    assert words
    assert words <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def _build(folder):
    """Build both as `python -m build` does, from a checkout without anything that git does not keep."""
    source = folder / "source"
    source.mkdir(parents=True)
    kept = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, kept.split("\0")):
        if (ROOT / name).is_file():
            copy = source / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes((ROOT / name).read_bytes())
    program = "import sys, flit_core.buildapi as b; b.build_wheel(sys.argv[1]); b.build_sdist(sys.argv[1])"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    subprocess.run([sys.executable, "-c", program, str(folder)], cwd=source, check=True, env=environment, timeout=600)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return _build(tmp_path_factory.mktemp("built"))


def package_files():
    kept = subprocess.run(
        ["git", "ls-files", "-z", "mseclf"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    return {name for name in kept.split("\0") if name and (ROOT / name).is_file()}


def test_the_wheel_holds_the_package_and_nothing_else(built):
    names = set(zipfile.ZipFile(built[0]).namelist())
    information = {name for name in names if name.startswith(f"mseclf-{PROJECT['version']}.dist-info/")}
    assert names - information == package_files()
    assert {name.rpartition("/")[2] for name in information} == {"METADATA", "WHEEL", "RECORD", "LICENSE"}


def test_the_wheel_holds_the_data_files_that_the_package_reads(built):
    names = zipfile.ZipFile(built[0]).namelist()
    for name in ("py.typed", "mseclf.mplstyle", "site/latex/grammar.lark", "site/publish/theme/main.html"):
        assert f"mseclf/{name}" in names


def test_the_sdist_builds_and_tests_nothing_but_the_package(built):
    with tarfile.open(built[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "PKG-INFO", "mseclf/losses.py"} <= names
    tops = {name.partition("/")[0] for name in names}
    assert tops & {"site", "docs", "examples", "tests", ".github", ".cache", ".venv"} == set()


def test_the_metadata(built):
    metadata = zipfile.ZipFile(built[0]).read(f"mseclf-{PROJECT['version']}.dist-info/METADATA").decode()
    assert f"\nVersion: {PROJECT['version']}\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata
    needed = re.findall(r"^Requires-Dist: (\S+?)(?:[<>=~!].*)?$", metadata, re.MULTILINE)
    assert [name for name in needed if "extra" not in name][:1] == ["numpy"]
    unconditional = [
        line for line in metadata.splitlines() if line.startswith("Requires-Dist:") and "extra ==" not in line
    ]
    assert unconditional == ["Requires-Dist: numpy>=" + PROJECT["dependencies"][0].partition(">=")[2]]


def test_the_core_works_from_the_wheel_alone(built, tmp_path):
    """Unpacked somewhere else, with the repository out of reach."""
    zipfile.ZipFile(built[0]).extractall(tmp_path / "installed")
    program = "import mseclf; print(mseclf.__file__); print(mseclf.mse_gradient_logit(1.0, 0.0))"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    place, value = done.stdout.splitlines()
    assert Path(place).is_relative_to(tmp_path)
    assert float(value) == -0.125


def test_the_same_sources_give_the_same_bytes(built, tmp_path):
    again = _build(tmp_path / "elsewhere")
    assert [one.read_bytes() for one in again] == [one.read_bytes() for one in built]
