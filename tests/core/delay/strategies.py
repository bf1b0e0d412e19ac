from __future__ import annotations

from hypothesis import strategies as st

from monitorapp.core.delay.delay import MAX_DELAY_S, DelayPlan, FixedDelay
from monitorapp.core.delay.plans import (
    MAX_SPREAD,
    MAX_SWEEP_S,
    MIN_SCALE_S,
    Distribution,
    ExponentialDelay,
    LogNormalDelay,
    SweepDelay,
    UniformDelay,
)

DELAYS_S = st.floats(0, MAX_DELAY_S)
SCALES_S = st.floats(MIN_SCALE_S, MAX_DELAY_S)
UNIFORM = st.tuples(DELAYS_S, DELAYS_S).map(lambda pair: UniformDelay(*sorted(pair)))
EXPONENTIAL = st.builds(ExponentialDelay, SCALES_S)
LOG_NORMAL = st.builds(LogNormalDelay, SCALES_S, st.floats(1, MAX_SPREAD))
SWEEPS = st.builds(SweepDelay, DELAYS_S, DELAYS_S, st.floats(0, MAX_SWEEP_S, exclude_min=True))
DISTRIBUTIONS: st.SearchStrategy[Distribution] = UNIFORM | EXPONENTIAL | LOG_NORMAL
PLANS: st.SearchStrategy[DelayPlan] = DISTRIBUTIONS | SWEEPS | st.builds(FixedDelay, DELAYS_S)
