"""Examples to figures, output and values: each in a fresh process, cached by everything that decides its result."""

from mseclf.site.run.engine import Progress, run_examples
from mseclf.site.run.example import example_names, nameless
from mseclf.site.run.launch import EngineError
from mseclf.site.run.notebook import notebook
from mseclf.site.run.outcome import ExampleFailure, ExampleRun, Figure, Outcome

__all__ = [
    "EngineError",
    "ExampleFailure",
    "ExampleRun",
    "Figure",
    "Outcome",
    "Progress",
    "example_names",
    "nameless",
    "notebook",
    "run_examples",
]
