"""What is described by a few numbers: their limits, and how they are written and kept."""

from __future__ import annotations

import functools
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar, TypeVar

from monitorapp.core.text.visible import cut, visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One number of a description.

    Attributes:
        name: The name of the dataclass field.
        title: What it is called, for the user.
        meaning: What it is, in a sentence without its full stop.
        unit: `s`, or empty for a factor.
        least: The smallest possible value.
        most: The largest possible value.
    """

    name: str
    title: str
    meaning: str
    unit: str
    least: float
    most: float

    def checked(self, value: float) -> float:
        """Return `value` if it is possible.

        Raises:
            ValueError: It is not a number, or not within the limits; the message says which.
        """
        if not self.least <= value <= self.most:  # NaN neither
            verb, unit = ("lies", " seconds") if self.unit else ("is a factor", "")
            raise ValueError(
                f"The {self.title.lower()} {verb} between {self.least:g} and {self.most:g}{unit},"
                f" not {value:g}."
            )
        return value + 0.0  # -0.0 is shown with its sign

    def parsed(self, text: str) -> float:
        """Return the number that a user wrote, with or without its unit.

        Raises:
            ValueError: It is not a number; the message says what was written.
        """
        text = text.strip()
        if self.unit:
            text = text.removesuffix(self.unit).rstrip()
        try:
            return float(text)
        except ValueError:
            hint = " Write the decimals after a point." if "," in text else ""
            number = "a number of seconds" if self.unit else "a number"
            raise ValueError(
                f"The {self.title.lower()} is {number}, such as 1.5,"
                f" not '{cut(visible(text), 40)}'.{hint}"
            ) from None


def parameter(
    title: str, meaning: str, default: float, *, least: float, most: float, unit: str = "s"
) -> Any:
    """Return a dataclass field for a `Parameter` of this description."""
    metadata = {"title": title, "meaning": meaning, "unit": unit, "least": least, "most": most}
    return field(default=default, metadata=metadata)


class Parametric(ABC):
    """A frozen dataclass whose fields are all made by `parameter`.

    Attributes:
        KIND: What it is called in files.
        TITLE: What it is called in the window.
        EXPLANATION: What it means, in a sentence or two.

    Raises:
        ValueError: A parameter is impossible; the message says which, in one sentence.
    """

    KIND: ClassVar[str]
    TITLE: ClassVar[str]
    EXPLANATION: ClassVar[str]

    def __post_init__(self) -> None:
        for each in parameters(type(self)):
            object.__setattr__(self, each.name, each.checked(getattr(self, each.name)))

    @property
    @abstractmethod
    def words(self) -> str:
        """The whole in words, such as `log-normal, median 2 s, spread 2`."""


P = TypeVar("P", bound=Parametric)


@functools.cache
def parameters(kind: type[Parametric]) -> tuple[Parameter, ...]:
    """Return what a user can set of a kind."""
    described = fields(kind)  # type: ignore[arg-type]  # all kinds are dataclasses
    return tuple(Parameter(name=each.name, **each.metadata) for each in described)


def parse(kind: type[P], texts: Mapping[str, str]) -> P:
    """Return what a user wrote.

    Args:
        kind: What is described.
        texts: What was written, by the parameters' names.

    Raises:
        ValueError: Something is not a number, or is impossible; the message says what.
    """
    return kind(**{each.name: each.parsed(texts[each.name]) for each in parameters(kind)})


def to_json(described: Parametric) -> str:
    """Return a description as text for `from_json`."""
    values = asdict(described)  # type: ignore[call-overload]  # all kinds are dataclasses
    return json.dumps({"kind": described.KIND} | values)


def from_json(text: str, kinds: Sequence[type[P]], former_names: Mapping[str, str]) -> P:
    """Return the description that `to_json` wrote.

    Args:
        text: What it wrote.
        kinds: What it may be.
        former_names: The present names of parameters that had other ones, by those.

    Raises:
        ValueError: It is damaged, or impossible.
    """
    try:
        values = json.loads(text)
    except RecursionError:
        values = None
    if not isinstance(values, dict):
        raise ValueError("A description is a JSON object.")
    name = values.pop("kind", None)
    kind = next((kind for kind in kinds if name == kind.KIND), None)
    if kind is None:
        raise ValueError("Its kind is unknown.")
    values = {former_names.get(name, name): value for name, value in values.items()}
    names = {each.name for each in parameters(kind)}
    if set(values) != names or not all(type(value) in (int, float) for value in values.values()):
        raise ValueError(f"The parameters of the kind {kind.KIND} are numbers: {names}.")
    try:
        return kind(**{name: float(value) for name, value in values.items()})
    except OverflowError:
        raise ValueError("A parameter is too large.") from None
