"""A figure that cannot be read on a phone, is cut off, moves or is too heavy is refused where it was opened."""

import pytest

from mseclf.site.run.legible import HEAVIEST, Word
from tests.site.run.conftest import HEAD

OURS = "import numpy as np\nfrom mseclf import plots\nfigure, ax = plots.subplots()\n"
PLAIN = "import matplotlib.pyplot as plt\nfigure, ax = plt.subplots()\n"
CLOUD = "x = np.random.default_rng(0).normal(size=(2, 100_000))\n"

REFUSED = {
    "plain figure": (
        f"{PLAIN}ax.plot([0, 1])\n",
        ("letters of 7.81 pixels", "is 6.4 inches wide", "open it with plots.subplots"),
    ),
    "plain plot": ("from matplotlib.pyplot import plot\nplot([0, 1])\n", ("letters of 7.81", "plots.subplots")),
    "wide figure": (
        "from mseclf import plots\nfigure, ax = plots.plt.subplots(figsize=(9, 4))\n",
        ("6.67 pixels", "9 inches"),
    ),
    "small name": (f"{OURS}ax.set_xlabel('logit', fontsize=11)\n", ("9.17 pixels", "'logit'", "fontsize=12")),
    "small exponent": (f"{OURS}ax.set_xlabel('$10^3$')\n", ("7.29 pixels", "'$10^3$'", "plots.plain_numbers")),
    "small label": (f"{OURS}plots.label(ax, 0.5, 0.5, 'MSE', fontsize=11)\n", ("9.17 pixels", "'MSE'")),
    "small exponent of a label": (f"{OURS}plots.label(ax, 0.5, 0.5, '$z^2$')\n", ("7.00 pixels", "'$z^2$'")),
    "long name": (
        f"{OURS}ax.set_ylabel('a name that is much too long for the height of its axis')\n",
        ("cut off at the top: 'a name that is much too long for the height of its axis'", "break it with"),
    ),
    "long title": (f"{OURS}ax.set_title('words ' * 20)\n", ("cut off at the right", "words words")),
    "text outside": (f"{OURS}figure.text(0.99, 0.5, 'outside')\n", ("cut off at the right: 'outside'", "move it")),
    "label outside": (f"{OURS}plots.label(ax, 0.5, 0.5, 'MSE', xytext=(300, 0))\n", ("at the right: 'MSE'",)),
    "label at a point outside": (
        f"{OURS}plots.label(ax, 7, 0.5, 'squared error')\nax.set_xlim(0, 1)\n",
        ("'squared error' is not drawn: its point (7, 0.5) lies outside of the axes", "move it"),
    ),
    "legend outside": (
        f"{OURS}ax.plot([0, 1], label='squared error')\nfigure.set_layout_engine('none')\n"
        "ax.legend(loc='upper left', bbox_to_anchor=(0.9, 1))\n",
        ("cut off at the right: 'squared error'", "a legend goes into the axes"),
    ),
    "line of a legend outside": (
        f"{OURS}ax.plot([0, 1], label='MSE')\nfigure.set_layout_engine('none')\n"
        "ax.legend(loc='upper left', bbox_to_anchor=(-0.22, 1.0))\nax.set_axis_off()\n",
        ("cut off at the left: the legend 'MSE'", "ax.legend(loc=...)"),
    ),
    "words on words": (
        f"{OURS}[plots.label(ax, 0.5, y, word) for y, word in ((0.5, 'squared'), (0.52, 'error'))]\n",
        ("'squared' and 'error' are written on each other",),
    ),
    "ticks on ticks": (f"{OURS}ax.set_xticks([0.5, 0.51], ['half', 'more'])\n", ("'half' and 'more'",)),
    "cloud": (
        f"{OURS}{CLOUD}ax.scatter(*x)\n",
        ("its drawing takes", f"{HEAVIEST // 1000} kB is the most", "PathCollection", "rasterized=True"),
    ),
    "endless line": (f"{OURS}{CLOUD}ax.plot(*x)\n", ("its drawing takes", "line2d", "rasterized=True")),
}


@pytest.fixture(scope="module")
def outcomes(shared):
    return shared.run_each({case: body for case, (body, _) in REFUSED.items()} | PASSES | ANIMATED)


@pytest.mark.parametrize("case", REFUSED)
def test_a_figure_that_cannot_be_read_is_refused_at_the_line_that_opens_it(outcomes, case):
    failure = outcomes[case]
    body, words = REFUSED[case]
    lines = (HEAD + body).splitlines()
    assert failure.message.startswith("figure '1': ")
    assert failure.line is not None
    assert "plot" in lines[failure.line - 1]
    assert [word for word in words if word not in failure.message] == [], failure.message


PASSES = {
    "ours": f"{OURS}ax.plot([0, 1])\nax.set(title='loss', xlabel='logit')\nplots.label(ax, 0.5, 0.5, 'MSE')\n",
    "pyplot in our style": "import matplotlib.pyplot as plt\nfrom mseclf import plots\nplt.plot([0, 1])\n",
    "legend": f"{OURS}ax.plot([0, 1], label='squared error')\nax.legend()\n",
    "legend above": f"{OURS}ax.plot([0, 1], label='MSE')\nfigure.legend(loc='outside upper center')\n",
    "two panels": "from mseclf import plots\nfigure, (a, b) = plots.subplots(1, 2)\nb.set_title('two\\nlines')\n",
    "hidden words": f"{OURS}ax.text(9, 9, 'away', visible=False)\nplots.label(ax, 9, 9, '')\nax.text(0.5, 0.5, ' ')\n",
    "box and arrow": f"{OURS}ax.annotate('here', (1, 1), (0.2, 0.5), bbox={{}}, arrowprops={{'arrowstyle': '->'}})\n",
    "ticks as plain numbers": f"{OURS}ax.set_xscale('log')\nax.set_xlim(1, 1000)\nplots.plain_numbers(ax.xaxis)\n",
    "no words": f"{OURS}ax.set_axis_off()\n",
    "cloud as a picture": f"{OURS}{CLOUD}ax.scatter(*x, rasterized=True)\n",
    "line as a picture": f"{OURS}{CLOUD}ax.plot(*x, rasterized=True)\n",
}


@pytest.mark.parametrize("case", PASSES)
def test_a_figure_that_can_be_read_is_taken(outcomes, case):
    (figure,) = outcomes[case].figures
    assert len(figure.svg.encode()) <= HEAVIEST


ANIMATIONS = {
    "function": "FuncAnimation(figure, lambda i: line.set_data([0, i], [0, 1]), frames=5)",
    "artists": "ArtistAnimation(figure, [[line], [line]])",
}


MOVING = f"{OURS}from matplotlib.animation import ArtistAnimation, FuncAnimation\n(line,) = ax.plot([0, 1])\nmoving = "
ANIMATED = {case: f"{MOVING}{made}\n" for case, made in ANIMATIONS.items()}


@pytest.mark.parametrize("case", ANIMATED)
def test_an_animation_is_refused_at_its_line(outcomes, case):
    failure = outcomes[case]
    assert failure.line == 11
    assert failure.message.startswith("an animation: a page shows figures that stand still; draw some of its moments")


def test_each_flaw_of_a_figure_is_told_at_once(repository):
    body = f"{OURS}ax.set_xlabel('logit', fontsize=11)\nfigure.text(0.99, 0.5, 'outside')\n"
    message = repository.fails(body).message
    assert "letters of 9.17 pixels" in message
    assert "cut off at the right: 'outside'" in message


def test_words_that_only_touch_are_apart():
    word = Word("a", 0, 0, 10, 5, 12)
    assert not word.overlaps(Word("b", 10, 0, 20, 5, 12))
    assert word.overlaps(Word("b", 9, 4, 20, 9, 12))
    assert word.edge(10, 5) == ""
    assert word.edge(9, 5) == "right"
