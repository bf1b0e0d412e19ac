"""What a row of the grouped table shows."""

from __future__ import annotations

from dataclasses import dataclass

from monitorapp.core.record.interruption import Interruption
from monitorapp.core.records.groups import Group


@dataclass(frozen=True, slots=True, eq=False)
class GroupRow:
    """A group, one of the newest interruptions of an open group, or how many more it has.

    Attributes:
        group: The group that it is, or belongs to.
        interruption: One of its newest, if that is what the row shows.
        older: How many more there are, if that is what the row shows; 0 otherwise.
    """

    group: Group
    interruption: Interruption | None = None
    older: int = 0

    @property
    def is_group(self) -> bool:
        """Whether the row is the group itself."""
        return self.interruption is None and not self.older

    @property
    def identity(self) -> tuple[object, ...]:
        """What stays the same of it while others come and go."""
        return (self.group.key, id(self.interruption) if self.interruption else bool(self.older))
