"""Groups of tests hold: what one module prepares for many tests is prepared by one worker, not by each."""

import pytest


@pytest.mark.xdist_group("one worker")
def test_a_group_stays_together(request: pytest.FixtureRequest) -> None:
    """xdist tells the scheduler by the end of the node's id, and says nothing when a pytest it does not know ignores that."""
    grouped = getattr(request.config.option, "loadgroup", False)
    assert request.node.nodeid.endswith("@one worker") == grouped
