from __future__ import annotations

from hypothesis import strategies as st

from monitorapp.core.chance.distribution import MIN_SCALE_S
from monitorapp.core.delay.delay import DelayPlan
from monitorapp.core.delay.sweep import MAX_SWEEP_S, SweepDelay
from tests.core.chance.strategies import DISTRIBUTIONS, DURATIONS_S

SWEEPS = st.builds(SweepDelay, DURATIONS_S, DURATIONS_S, st.floats(MIN_SCALE_S, MAX_SWEEP_S))
PLANS: st.SearchStrategy[DelayPlan] = DISTRIBUTIONS | SWEEPS
