"""What is wrong with an expression of the filter language, and where."""

from __future__ import annotations


class FilterError(ValueError):
    """An expression is wrong; the message says why, in one sentence.

    Attributes:
        start: Where what is wrong begins, in characters of the expression.
        end: One more than where it ends.
    """

    def __init__(self, problem: str, start: int, end: int) -> None:
        super().__init__(problem)
        self.start = start
        self.end = end
