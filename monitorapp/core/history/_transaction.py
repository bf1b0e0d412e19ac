"""A transaction that writes, whole or not at all."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Keep all other writers out until the block ends; undo all of it if it raises.

    What is read in the block is true until its end: nobody else can change it meanwhile.

    Args:
        connection: In autocommit mode (`isolation_level=None`).

    Raises:
        sqlite3.Error: Somebody else writes, or it cannot be written.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
