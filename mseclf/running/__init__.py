"""Examples to figures, output and values: each in a fresh process, cached by everything that decides its result."""

from mseclf.running.engine import Build, Progress, close_server, dependencies, run_examples, start_examples
from mseclf.running.example import Example, ExampleError, example_names, read_example
from mseclf.running.launchers import EngineError
from mseclf.running.notebook import notebook
from mseclf.running.outcome import ExampleFailure, ExampleRun, Figure, Outcome, Value

__all__ = [
    "Build",
    "EngineError",
    "Example",
    "ExampleError",
    "ExampleFailure",
    "ExampleRun",
    "Figure",
    "Outcome",
    "Progress",
    "Value",
    "close_server",
    "dependencies",
    "example_names",
    "notebook",
    "read_example",
    "run_examples",
    "start_examples",
]
