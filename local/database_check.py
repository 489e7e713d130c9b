"""Whether an SQLite file is whole: one that is damaged inside opens well, and fails at some later query."""

import sqlite3


def check(database: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError with what is wrong. Reads the whole file."""
    (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(f"it is damaged: {' '.join(found.split())}")
