"""Displays that the checker was not made for: none of the false ones passes, and nearly all of the true ones do.

The false ones are in false/*.md by kind, the true ones, with their sources, in true.md; `cases.py` reads both.
"""

import pytest

from tests.site.proofs.cases import FILES, outcomes


@pytest.fixture(scope="module")
def false():
    return outcomes(FILES["false"])


@pytest.fixture(scope="module")
def true():
    return outcomes(FILES["true"])


def test_no_falsehood_passes(false):
    refused = [outcome for outcome in false if outcome.case.refused]
    assert len(refused) > 1150
    assert [str(outcome) for outcome in refused if not outcome.stops] == []


def test_what_is_false_is_mostly_shown_to_be_by_a_point(false):
    """Some are honestly "not shown", or not understood; nearly all that a page calls false have a counterexample."""
    wanted = [outcome for outcome in false if outcome.case.expected == "false"]
    found = [outcome for outcome in wanted if outcome.statuses[-1:] == ("false",)]
    assert len(found) > 0.9 * len(wanted)


def test_no_truth_is_called_false(true):
    assert [str(outcome) for outcome in true if "false" in outcome.statuses] == []


def test_what_textbooks_write_is_accepted_or_refused_with_a_reason(true):
    """All of 268 but one when this was written, 239 of them for every size; what is refused says what is missing."""
    accepted = [outcome for outcome in true if not outcome.stops]
    assert len(accepted) >= 266
    assert all(outcome.messages for outcome in true if outcome.stops)
