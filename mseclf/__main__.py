"""The command line: ``python -m mseclf check`` checks pages and examples, ``python -m mseclf run`` runs examples."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

COMMANDS = {
    "check": ("mseclf.site.check.cli", "tell, with file and line, all that a build would refuse, and how to mend it"),
    "run": ("mseclf.site.run.cli", "run the examples"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Read the command line and run one command; its module is imported only then. Return the exit status."""
    argv = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="python -m mseclf", description=__doc__)
    parser.add_argument("--version", action="version", version=f"mseclf {version('mseclf')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="{check,run}")
    for name, (module, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        if argv[:1] == [name]:
            import_module(module).add_arguments(command)
    arguments = parser.parse_args(argv)
    status: int = import_module(COMMANDS[arguments.command][0]).run(arguments)
    return status


if __name__ == "__main__":
    sys.exit(main())
