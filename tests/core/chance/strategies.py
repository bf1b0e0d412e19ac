from __future__ import annotations

from hypothesis import strategies as st

from monitorapp.core.chance.distribution import (
    LONGEST_S,
    MAX_SPREAD,
    MIN_SCALE_S,
    Distribution,
    Exponential,
    Fixed,
    LogNormal,
    Uniform,
)

DURATIONS_S = st.floats(0, LONGEST_S)
SCALES_S = st.floats(MIN_SCALE_S, LONGEST_S)
FIXED = st.builds(Fixed, DURATIONS_S)
UNIFORM = st.tuples(DURATIONS_S, DURATIONS_S).map(lambda pair: Uniform(*sorted(pair)))
EXPONENTIAL = st.builds(Exponential, SCALES_S)
LOG_NORMAL = st.builds(LogNormal, SCALES_S, st.floats(1, MAX_SPREAD))
DISTRIBUTIONS: st.SearchStrategy[Distribution] = FIXED | UNIFORM | EXPONENTIAL | LOG_NORMAL
