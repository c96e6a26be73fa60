"""How long does a build with fourteen examples take, here and with the peers?

Claim: With nothing cached, with everything cached and after one edit, mseclf took less time than each peer that was
    measured, although each of its examples runs in a process of its own.
Source: docs/benchmarks.md; measured by tests/bench/peers/compare.py
Topics: build time
Data: tests/bench/peers/results.json
"""

import json
from pathlib import Path

from mseclf import plots

RESULTS = Path(__file__).parents[1] / "tests" / "bench" / "peers" / "results.json"
STAGES = {"cold": "first build", "edit": "one edit", "warm": "nothing changed"}
NAMES = {
    "plain MkDocs": "plain",
    "mseclf": "mseclf",
    "mkdocs-gallery": "mkdocs_gallery",
    "sphinx-gallery": "sphinx_gallery",
    "sphinx-gallery, 2 jobs": "sphinx_gallery_2",
    "markdown-exec": "markdown_exec",
    "mkdocs-jupyter": "mkdocs_jupyter",
    "Jupyter Book": "jupyter_book",
}
PAGES = {"mseclf": "mseclf", "Material for MkDocs": "material", "Sphinx": "sphinx", "Jupyter Book": "jupyter_book"}

results = json.loads(RESULTS.read_text(encoding="utf-8"))
small, heavy = results["small"], results["heavy"]

values = {key: results[key] for key in ("date", "scripts", "rounds", "cores", "load", "python")}
values |= {f"version_{package.replace('-', '_')}": found for package, found in results["versions"].items()}
for tool, key in NAMES.items():
    for stage in STAGES:
        values[f"{key}_{stage}"] = small[tool][stage]
        values[f"{key}_{stage}_heavy"] = heavy[tool][stage]
        values[f"{key}_{stage}_times"] = small[tool][stage] / small["mseclf"][stage]
        values[f"{key}_{stage}_times_heavy"] = heavy[tool][stage] / heavy["mseclf"][stage]
    values[f"{key}_peak"] = max(small[tool]["peak_mib"], heavy[tool]["peak_mib"])
for page, key in PAGES.items():
    values |= {f"read_{key}_{unit}": results["reading"][page][unit] for unit in ("kilobytes", "milliseconds")}

peers = [tool for tool in NAMES if tool not in ("plain MkDocs", "mseclf")]
assert all(small["mseclf"][stage] < small[tool][stage] for tool in peers for stage in STAGES)
assert all(heavy["mseclf"]["cold"] < heavy[tool]["cold"] for tool in peers)

_, ax = plots.subplots(height=4.2)
markers: dict[str, dict[str, str]] = {
    "cold": {"marker": "o"},
    "edit": {"marker": "D"},
    "warm": {"marker": "o", "markerfacecolor": plots.PAPER},
}
for row, tool in enumerate(NAMES):
    color = plots.INK if tool == "mseclf" else plots.MUTED
    ax.plot([small[tool][stage] for stage in STAGES], [row] * len(STAGES), color=plots.GRID, zorder=0)
    for stage, marker in markers.items():
        ax.plot(small[tool][stage], row, linestyle="", color=color, markersize=8, **marker)
handles = [ax.plot([], [], linestyle="", color=plots.MUTED, markersize=8, **marker)[0] for marker in markers.values()]
ax.legend(handles, STAGES.values(), loc="upper right")
ax.set_yticks(range(len(NAMES)), NAMES)
ax.get_yticklabels()[list(NAMES).index("mseclf")].set(color=plots.INK, fontweight="bold")
ax.invert_yaxis()
ax.set_xscale("log")
ax.set_xticks([0.5, 1, 2, 5, 10, 20])
plots.plain_numbers(ax.xaxis)
ax.set_xlabel("seconds for the whole build")

plots.finish()
