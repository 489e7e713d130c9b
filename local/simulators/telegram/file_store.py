"""Files of messages: bytes in a folder, what is known of them in a table, and the file_ids that bots see."""

import base64
import json
import secrets
from pathlib import Path

from local.simulators.telegram.database import Database, Row

# First letters of file_ids, by which people tell them apart, and the folder in the path that getFile answers.
_KINDS = {
    "photo": ("AgAC", "photos", ".jpg"),
    "video": ("BAAC", "videos", ".mp4"),
    "document": ("BQAC", "documents", ""),
    "voice": ("AwAC", "voice", ".oga"),
    "audio": ("CQAC", "music", ".mp3"),
    "animation": ("CgAC", "animations", ".mp4"),
    "sticker": ("CAAC", "stickers", ".webp"),
    "video_note": ("DQAC", "video_notes", ".mp4"),
}


class FileStore:
    """Bytes are written before their row, so what has a row has its bytes."""

    def __init__(self, db: Database, folder: Path) -> None:
        self._db = db
        self._folder = folder

    def add(self, kind: str, data: bytes, mime: str, name: str) -> Row:
        """{id, size, mime, name, path}: `path` is what getFile answers."""
        self._folder.mkdir(parents=True, exist_ok=True)
        unique = "AQAD" + secrets.token_urlsafe(9)
        (self._folder / unique).write_bytes(data)
        _, folder, ending = _KINDS[kind]
        ending = ending if kind != "document" else Path(name).suffix[:16]
        with self._db.transaction():
            (row,) = self._db.run(
                "INSERT INTO files (id, size, mime, name) VALUES (?, ?, ?, ?) RETURNING *",
                *(unique, len(data), mime, name),
            )
            path = f"{folder}/file_{row['number']}{ending}"
            self._db.run("UPDATE files SET path = ? WHERE id = ?", path, unique)
        return row | {"path": path}

    def set_media(self, unique: str, media: Row) -> None:
        """The media that a file belongs to: a file_id sends all of it again."""
        self._db.run("UPDATE files SET media = ? WHERE id = ?", json.dumps(media), unique)

    def get(self, unique: str) -> Row | None:
        return self._db.one("SELECT * FROM files WHERE id = ?", unique)

    def at_path(self, path: str) -> Row | None:
        return self._db.one("SELECT * FROM files WHERE path = ?", path)

    def bytes_at(self, row: Row) -> Path:
        return self._folder / str(row["id"])

    def of_file_id(self, bot_id: int, file_id: str) -> tuple[str, Row] | None:
        """Kind and row of a file_id of that bot; None for another's, and for what is none."""
        try:
            words = base64.urlsafe_b64decode(file_id[4:] + "==").decode().split(":")
        except ValueError:
            return None
        if len(words) != 3 or words[0] != str(bot_id) or words[1] not in _KINDS:
            return None
        row = self.get(words[2])
        return None if row is None else (words[1], row)


def file_id(bot_id: int, kind: str, unique: str) -> str:
    """A file_id belongs to one bot; file_unique_id is the same for all."""
    return _KINDS[kind][0] + base64.urlsafe_b64encode(f"{bot_id}:{kind}:{unique}".encode()).decode().rstrip("=")
