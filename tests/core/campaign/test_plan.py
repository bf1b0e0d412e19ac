from __future__ import annotations

import pytest

from monitorapp.core.campaign.plan import CampaignPlan, Leaving
from monitorapp.core.chance.distribution import Fixed


@pytest.mark.parametrize(
    ("count", "at_once", "problem"),
    [
        (0, 1, "From 1 to 1,000,000 requests can be sent, not 0."),
        (1, 100_000, "From 1 to 20,000 requests can be open at a time, not 100,000."),
    ],
)
def test_what_is_impossible_is_said_in_a_sentence(count: int, at_once: int, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        CampaignPlan(count=count, at_once=at_once, leaving=Leaving.CLOSE, patience=Fixed(1))
