"""The look of a figure, and how an example ends."""

import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from mseclf import plots

SCRIPT = "from mseclf import plots\nplots.subplots()\nplots.subplots(num='second')\nplots.subplots()\nplots.finish()\n"


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_a_figure_is_six_inches_wide_whatever_its_panels():
    for columns in (1, 2):
        figure, _ = plots.subplots(1, columns, height=2.5)
        assert tuple(figure.get_size_inches()) == (6.0, 2.5)


def test_the_axes_are_quiet():
    _, axes = plots.subplots()
    assert not axes.spines["top"].get_visible()
    assert not axes.spines["right"].get_visible()
    assert axes.get_facecolor() == (0, 0, 0, 0)
    assert all(line.get_visible() for line in axes.get_xgridlines())
    assert axes.xaxis.get_ticklabels()[0].get_fontsize() >= 12


def test_a_label_has_the_colour_of_its_line_and_can_be_moved():
    _, axes = plots.subplots()
    plain = plots.label(axes, 0.5, 0.5, "MSE", plots.MSE)
    moved = plots.label(axes, 0.5, 0.5, "MSE", xytext=(6, -4), ha="right", fontweight="normal")
    assert (plain.get_color(), plain.get_text(), plain.get_fontweight()) == (plots.MSE, "MSE", "bold")
    assert (moved.get_color(), moved.xyann, moved.get_ha(), moved.get_fontweight()) == (
        plots.INK,
        (6, -4),
        "right",
        "normal",
    )
    assert plain.get_path_effects()


def test_the_vertical_axis_is_named_above_it():
    _, axes = plots.subplots()
    plots.name_y(axes, "loss")
    assert axes.get_title(loc="left") == "loss"
    assert axes.title.get_fontweight() == "normal"
    assert axes.get_ylabel() == ""


def test_logarithmic_ticks_are_plain_numbers():
    figure, axes = plots.subplots()
    axes.set(xscale="symlog", yscale="log", xticks=[-1000, -0.01, 0, 10], ylim=(1, 3e5))
    plots.plain_numbers(axes.xaxis)
    plots.plain_numbers(axes.yaxis)
    figure.canvas.draw()
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["−1,000", "−0.01", "0", "10"]
    assert {"1", "1,000", "100,000"} <= {tick.get_text() for tick in axes.get_yticklabels()}
    assert not any(tick.get_text() for tick in axes.get_yticklabels(minor=True))


def test_finish_saves_every_open_figure_under_the_scripts_name(tmp_path):
    script = tmp_path / "gradient.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env={"MPLBACKEND": "agg", "PATH": "", "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "saved gradient.svg\nsaved gradient-second.svg\nsaved gradient-3.svg\n"
    for name in ("gradient.svg", "gradient-second.svg", "gradient-3.svg"):
        assert (tmp_path / name).read_text().rstrip().endswith("</svg>")
    assert plots.PAPER.lower() in (tmp_path / "gradient.svg").read_text()


def test_finish_shows_on_a_screen(monkeypatch):
    plots.subplots()
    shown = []
    monkeypatch.setattr(plt, "show", lambda: shown.append(True))
    monkeypatch.setattr(type(plt.gcf().canvas), "required_interactive_framework", "qt")
    plots.finish()
    assert shown == [True]


def test_finish_leaves_the_figures_to_the_build(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(plots.BUILD_VARIABLE, "1")
    plots.subplots()
    plots.finish()
    assert list(tmp_path.iterdir()) == []
    assert plt.get_fignums() == [1]


def test_a_readers_own_settings_do_not_change_the_figures(tmp_path):
    (tmp_path / "matplotlibrc").write_text("axes.spines.top: True\nfont.size: 30\nlines.linewidth: 9\n")
    code = (
        "from mseclf import plots\nfrom matplotlib import rcParams as r\nprint(r['font.size'], r['lines.linewidth'])\n"
    )
    environment = {"PATH": "", "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "12.0 2.0\n"
