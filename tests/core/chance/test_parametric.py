from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitorapp.core.chance.distribution import DISTRIBUTIONS, Distribution, LogNormal
from monitorapp.core.chance.parametric import from_json, parameters, parse, to_json
from tests.core.chance import strategies


@given(strategies.DISTRIBUTIONS)
def test_what_is_written_as_json_is_read_again(distribution: Distribution) -> None:
    assert from_json(to_json(distribution), DISTRIBUTIONS, {}) == distribution


@given(strategies.DISTRIBUTIONS)
def test_it_can_be_written_by_a_user(distribution: Distribution) -> None:
    kind = type(distribution)
    texts = {each.name: repr(getattr(distribution, each.name)) for each in parameters(kind)}
    assert parse(kind, texts) == distribution
    texts = {each.name: f" {texts[each.name]} {each.unit}" for each in parameters(kind)}
    assert parse(kind, texts) == distribution


@pytest.mark.parametrize("kind", DISTRIBUTIONS)
def test_each_parameter_says_what_it_is_and_its_first_value_is_possible(
    kind: type[Distribution],
) -> None:
    assert kind.EXPLANATION.endswith(".")
    for each in parameters(kind):
        assert each.title.istitle()
        assert each.meaning
        assert not each.meaning.endswith(".")
        assert each.checked(getattr(kind(), each.name)) == getattr(kind(), each.name)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
NAMES = [each.name for kind in DISTRIBUTIONS for each in parameters(kind)]


@given(
    st.text(max_size=20)
    | JSON.map(json.dumps)
    | st.builds(
        lambda kind, values: json.dumps({"kind": kind} | values),
        st.sampled_from([kind.KIND for kind in DISTRIBUTIONS]) | JSON,
        st.dictionaries(st.sampled_from(NAMES), JSON),
    )
)
def test_damaged_json_is_an_error_of_values_only(text: str) -> None:
    try:
        distribution = from_json(text, DISTRIBUTIONS, {})
    except ValueError:
        return
    assert distribution.words


@pytest.mark.parametrize(
    "text",
    [
        '{"kind": "uniform", "low_s": true, "high_s": 5}',
        '{"kind": "uniform", "low_s": 1}',
        '{"kind": "uniform", "low_s": 1, "high_s": 5, "more": 3}',
        '{"kind": "uniform", "low_s": 5, "high_s": 1}',
        '{"kind": "uniform", "low_s": NaN, "high_s": 1}',
        '{"kind": "exponential", "mean_s": 1' + "0" * 400 + "}",
        '{"kind": "exponential", "mean_s": "1"}',
        '{"kind": [], "mean_s": 1}',
        "[" * 100_000,
    ],
)
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_json(text, DISTRIBUTIONS, {})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The median is a number of seconds, such as 1.5, not ''."),
        (
            "1,5",
            "The median is a number of seconds, such as 1.5, not '1,5'."
            " Write the decimals after a point.",
        ),
        ("\x1b" * 50, None),
    ],
)
def test_what_is_not_a_number_is_reported(text: str, sentence: str | None) -> None:
    with pytest.raises(ValueError, match="The median is a number") as caught:
        parse(LogNormal, {"median_s": text, "spread": "2"})
    assert str(caught.value).isprintable()
    assert sentence is None or str(caught.value) == sentence
    assert len(str(caught.value)) < 200
