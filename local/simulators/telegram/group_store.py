"""Groups and supergroups: each has people and, in this simulator, one bot."""

from local.simulators.telegram.database import Database, Row

_FIRST_GROUP = -4_000_000_001
_SUPERGROUPS = -1_002_000_000_000


class GroupStore:
    """Rows {id, bot_id, type: group | supergroup, title, bot_status, migrated_to}."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, group_id: int) -> Row | None:
        return self._db.one("SELECT * FROM groups WHERE id = ?", group_id)

    def all(self) -> list[Row]:
        return self._db.run("SELECT * FROM groups ORDER BY id DESC")

    def of_person(self, person_id: int) -> list[Row]:
        return self._db.run(
            "SELECT groups.* FROM groups JOIN group_members ON group_id = groups.id WHERE person_id = ?"
            " ORDER BY groups.id DESC",
            person_id,
        )

    def add(self, bot_id: int, kind: str, title: str, bot_status: str, person_ids: list[int]) -> Row:
        """Ids as Telegram makes them: of a supergroup, -100 and the number behind it."""
        first = _SUPERGROUPS if kind == "supergroup" else _FIRST_GROUP
        with self._db.transaction():
            (group,) = self._db.run(
                "INSERT INTO groups (id, bot_id, type, title, bot_status)"
                " SELECT coalesce(min(id) - 1, ?), ?, ?, ?, ? FROM groups WHERE type = ? RETURNING *",
                *(first, bot_id, kind, title, bot_status, kind),
            )
            for person_id in person_ids:
                self.add_member(group["id"], person_id)
        return group

    def set_title(self, group_id: int, title: str) -> None:
        self._db.run("UPDATE groups SET title = ? WHERE id = ?", title, group_id)

    def set_bot_status(self, group_id: int, status: str) -> None:
        """member, administrator, left or kicked."""
        self._db.run("UPDATE groups SET bot_status = ? WHERE id = ?", status, group_id)

    def set_migrated(self, group_id: int, new_id: int) -> None:
        self._db.run("UPDATE groups SET migrated_to = ? WHERE id = ?", new_id, group_id)

    def members(self, group_id: int) -> list[Row]:
        return self._db.run(
            "SELECT people.* FROM people JOIN group_members ON person_id = people.id WHERE group_id = ? ORDER BY id",
            group_id,
        )

    def add_member(self, group_id: int, person_id: int) -> None:
        self._db.run("INSERT OR IGNORE INTO group_members VALUES (?, ?)", group_id, person_id)

    def remove_member(self, group_id: int, person_id: int) -> None:
        self._db.run("DELETE FROM group_members WHERE group_id = ? AND person_id = ?", group_id, person_id)
