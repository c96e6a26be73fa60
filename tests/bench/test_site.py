"""The whole build beside MkDocs alone on the same pages: ratios of medians, measured side by side in one run."""

import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mseclf.site.publish.project import Project
from mseclf.site.publish.site import build, page_markdown

ROOT = Path(__file__).parents[2]
ROUNDS = 3


def seconds(config, site):
    """Wall time of one build in a fresh process; a warning of the plain build is no matter here."""
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(config), "--site-dir", str(site)],
        cwd=config.parent,
        capture_output=True,
        check=True,
        timeout=600,
    )
    return time.perf_counter() - begin


def plain_project(folder):
    """The same pages for MkDocs alone; what was made for them is there, in the Markdown that our hooks hand on."""
    shutil.copytree(ROOT / "docs", folder / "docs")
    docs = sorted((ROOT / "docs").rglob("*.md"))
    sources = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in docs}
    site = build(Project(ROOT, ""), sources)
    assert not site.defects
    for path in site.pages:
        page = folder / path
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(page_markdown(site, path), encoding="utf-8")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    config = re.sub(r"^hooks:\n(  - .*\n)+|^watch: .*\n", "", config, flags=re.MULTILINE)
    config = config.replace("custom_dir: mseclf/site/publish/theme", f"custom_dir: {ROOT}/mseclf/site/publish/theme")
    config = config.replace("[docs/includes]", f"[{ROOT}/docs/includes]")
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    return folder / "mkdocs.yml"


@pytest.mark.bench
def test_a_warm_build_and_one_edit_against_mkdocs_without_hooks(tmp_path):
    """Everything cached: within 1.5 times plain MkDocs with the same theme, plugins and pages. One edit: within 2."""
    left = shutil.ignore_patterns(".*", "__pycache__", "requirements*")
    copy = tmp_path / "ours"
    shutil.copytree(ROOT, copy, ignore=lambda at, names: left(at, names) | ({"site"} if Path(at) == ROOT else set()))
    shutil.copy(ROOT / "requirements.lock", copy)
    seconds(copy / "mkdocs.yml", tmp_path / "site")
    plain = plain_project(tmp_path / "project")
    times = []
    for number in range(ROUNDS):
        warm = seconds(copy / "mkdocs.yml", tmp_path / "site")
        with (copy / "examples" / "gradient_size.py").open("a") as file:
            file.write(f"# edit {number}\n")
        edited = seconds(copy / "mkdocs.yml", tmp_path / "site")
        times.append((warm, edited, seconds(plain, tmp_path / "plain")))
    warm, edited, alone = (statistics.median(each) for each in zip(*times, strict=True))
    count = {site: len(list((tmp_path / site).rglob("index.html"))) for site in ("site", "plain")}
    print(f"{count} pages: warm {warm:.2f} s, one edit {edited:.2f} s, plain MkDocs {alone:.2f} s")
    print(f"ratios {warm / alone:.2f}, {edited / alone:.2f}")
    assert count["plain"] == count["site"]
    assert warm <= 1.5 * alone
    assert edited <= 2 * alone
