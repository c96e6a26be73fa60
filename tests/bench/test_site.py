"""The whole build beside MkDocs alone on the same pages: ratios of medians, measured side by side in one run."""

import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROUNDS = 3


def seconds(config, site):
    """Wall time of one build in a fresh process; a warning of the plain build is no matter here."""
    begin = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(config), "--site-dir", str(site)],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=600,
    )
    return time.perf_counter() - begin


@pytest.mark.bench
def test_a_warm_build_against_mkdocs_without_hooks(tmp_path):
    """Everything cached: within 1.5 times plain MkDocs with the same theme, plugins and pages."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    plain = ROOT / ".cache" / "plain.yml"
    plain.parent.mkdir(exist_ok=True)
    text = re.sub(r"^hooks:\n(  - .*\n)+|^watch: .*\n", "", text, flags=re.MULTILINE)
    text = text.replace("custom_dir: mseclf/publish/theme", f"custom_dir: {ROOT}/mseclf/publish/theme")
    text = text.replace("[docs/includes]", f"[{ROOT}/docs/includes]")
    plain.write_text(f"docs_dir: {ROOT}/docs\n{text}", encoding="utf-8")
    seconds(ROOT / "mkdocs.yml", tmp_path / "warm-up")
    pairs = [
        (seconds(ROOT / "mkdocs.yml", tmp_path / "ours"), seconds(plain, tmp_path / "plain")) for _ in range(ROUNDS)
    ]
    ours, alone = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"warm build {ours:.2f} s, plain MkDocs {alone:.2f} s, ratio {ours / alone:.2f}")
    assert ours <= 1.5 * alone
