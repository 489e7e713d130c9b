"""What was written stays: also what an earlier version has written."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from telegram import Bot

from local.simulators.telegram.storage import Storage
from tests.local.simulators.conftest import NewPhone

FIXTURES = Path(__file__).parents[2] / "fixtures" / "providers" / "mixed"
_FIRST = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE bots (
    id INTEGER PRIMARY KEY, secret TEXT NOT NULL, name TEXT NOT NULL, username TEXT NOT NULL,
    last_message_id INTEGER NOT NULL DEFAULT 0, last_update_id INTEGER NOT NULL,
    webhook_url TEXT NOT NULL DEFAULT '', webhook_secret TEXT NOT NULL DEFAULT '',
    allowed_updates TEXT NOT NULL DEFAULT '[]', max_connections INTEGER NOT NULL DEFAULT 40,
    last_error_date INTEGER, last_error_message TEXT);
CREATE TABLE messages (
    bot_id INTEGER NOT NULL, message_id INTEGER NOT NULL, person_id INTEGER NOT NULL, from_bot INTEGER NOT NULL,
    date INTEGER NOT NULL, edit_date INTEGER, reply_to INTEGER, content TEXT NOT NULL,
    reaction TEXT NOT NULL DEFAULT '', deleted INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL,
    PRIMARY KEY (bot_id, message_id)) WITHOUT ROWID;
CREATE INDEX messages_of_person ON messages (person_id, revision);
CREATE INDEX messages_by_revision ON messages (revision);
INSERT INTO bots (id, secret, name, username, last_message_id, last_update_id) VALUES (42, 's', 'Shop', 'shop_bot', 2, 9);
INSERT INTO messages VALUES (42, 1, 7, 0, 100, NULL, NULL, '{"text": "hi"}', '👍', 0, 1);
INSERT INTO messages VALUES (42, 2, 7, 1, 101, NULL, 1, '{"text": "hello"}', '', 0, 2);
"""


def test_the_first_tables_are_brought_to_these(tmp_path: Path) -> None:
    path = tmp_path / "telegram.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(_FIRST)
    for _ in range(2):
        storage = Storage(path)
        first, second = storage.messages.of_chat(42, 7)
        assert (first["sender_id"], first["content"], first["reactions"]) == (7, {"text": "hi"}, {"42": "👍"})
        assert (second["sender_id"], second["reply_to"]) == (42, 1)
        assert (storage.bot(42) or {})["privacy"] == 1
        storage.close()


async def test_an_update_has_all_that_a_recorded_one_has(bot: Bot, new_phone: NewPhone) -> None:
    recorded = json.loads((FIXTURES / "telegram.json").read_text())
    phone = await new_phone("Test User", username="telegram_test_user")
    for name in ("mention", "followUp"):
        update = recorded[name]
        await phone.says(update["message"]["text"])
        simulated = (await bot.get_updates())[-1].to_dict()
        assert update.keys() <= simulated.keys()
        for part in ("from", "chat"):
            assert update["message"][part].keys() <= simulated["message"][part].keys()
        assert update["message"].keys() <= simulated["message"].keys()
        assert update["message"].get("entities") == simulated["message"].get("entities")
