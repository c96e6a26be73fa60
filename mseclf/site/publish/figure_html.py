"""An embedded example on its page: figure, caption, printed output, folded source, downloads."""

import html
from typing import Literal

from mseclf.site.defect import Trouble
from mseclf.site.page import ExampleImage
from mseclf.site.publish.highlight import python_html
from mseclf.site.run import ExampleFailure, ExampleRun, Figure

Below = Literal["script", "links", "nothing"]


def choose_figure(image: ExampleImage, run: ExampleRun) -> Figure:
    """Return the figure that an image asks for: by name, or the only one.

    Raises:
        Trouble: the example drew no figure, none of that name, or several and the image does not say which.
    """
    names = [figure.name for figure in run.figures]
    if not names:
        value = next(iter(run.values), "")
        instead = f"show a value of it instead, as `{{{run.name}}} {value}`, or " if value else ""
        raise Trouble(f"examples/{run.name}.py draws no figure", f"{instead}draw a figure with plots.subplots")
    if image.figure is None:
        return run.figures[0]
    for figure in run.figures:
        if figure.name == image.figure:
            return figure
    raise Trouble(f"examples/{run.name}.py draws no figure {image.figure!r}", f"it draws {', '.join(names)}")


def figure_path(run: ExampleRun, figure: Figure) -> str:
    """The address of a figure's file, from the site's root."""
    return f"assets/figures/{run.name}{'' if len(run.figures) == 1 else f'-{figure.name}'}.svg"


def figure_html(image: ExampleImage, run: ExampleRun, to_root: str, first: bool, below: Below) -> str:
    """Return the block for one embedded example.

    Args:
        image: what the page says: alternative text, caption, choice of figure.
        run: what the example gave.
        to_root: relative address of the site's root, such as ``../``.
        first: the page's first figure loads at once, the others when they are near.
        below: the printed output and the script, or where they are: whoever reads a page from top to bottom would read
            a program between two sentences.
    """
    figure = choose_figure(image, run)
    caption = html.escape(image.caption or run.claim)
    loading = "eager" if first else "lazy"
    made = _source(run, to_root) if below == "script" else _way_to_files(run, to_root, True) if below == "links" else ""
    return (
        f'<figure class="example" id="fig-{run.name}{"" if image.figure is None else "-" + figure.name}">'
        f'<img src="{to_root}{figure_path(run, figure)}" alt="{html.escape(image.alt)}" '
        f'width="{figure.width:g}" height="{figure.height:g}" loading="{loading}" decoding="async">'
        f"<figcaption>{caption}</figcaption>"
        f"{made}</figure>"
    )


def _source(run: ExampleRun, to_root: str) -> str:
    return (
        f'<details class="example-source" data-search-exclude><summary>Script '
        f"<code>examples/{run.name}.py</code></summary>{output_html(run)}{python_html(run.script)}"
        f"{_way_to_files(run, to_root, with_page=False)}</details>"
    )


def _way_to_files(run: ExampleRun, to_root: str, with_page: bool) -> str:
    page = f'<a href="{to_root}gallery/{run.name}/">How this figure is made</a>' if with_page else ""
    return (
        f'<p class="example-links" data-search-exclude>{page}'
        f'<a href="{to_root}examples/{run.name}.py" download>Script</a>'
        f'<a href="{to_root}examples/{run.name}.ipynb" download>Notebook</a></p>'
    )


def output_html(run: ExampleRun) -> str:
    """Return what the example printed, escaped; nothing when it printed nothing."""
    if not run.stdout.strip():
        return ""
    return f'<pre class="example-output" tabindex="0"><samp>{html.escape(run.stdout.rstrip())}</samp></pre>'


def failure_html(failure: ExampleFailure) -> str:
    """Return what stands in the place of a figure whose script failed, while serving."""
    detail = failure.traceback or failure.stderr
    return (
        f'<div class="build-error" role="alert"><p><strong>{html.escape(str(failure))}</strong></p>'
        f'<pre tabindex="0">{html.escape(detail)}</pre></div>'
    )
