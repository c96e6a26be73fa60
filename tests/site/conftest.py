"""What the tests of several rooms share."""

from pathlib import Path

import pytest

from mseclf.site.proofs import load_notation

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def notation():
    """The symbol table of the site."""
    return load_notation(ROOT / "docs" / "notation.yml")
