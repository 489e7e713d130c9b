"""What the sign-in providers remember: people, clients, codes, tokens and keys. One SQLite file."""

import json
import secrets
import time
from pathlib import Path

from local.simulators.sqlite_file import Row, SqliteFile

_SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, login TEXT NOT NULL, email TEXT NOT NULL,
    verified INTEGER NOT NULL, sub TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS clients (
    provider TEXT NOT NULL, id TEXT NOT NULL, secret TEXT NOT NULL, redirect_uris TEXT NOT NULL,
    PRIMARY KEY (provider, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY, provider TEXT NOT NULL, client_id TEXT NOT NULL, person_id INTEGER NOT NULL, at REAL NOT NULL,
    used INTEGER NOT NULL DEFAULT 0, asked TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, provider TEXT NOT NULL, client_id TEXT NOT NULL, person_id INTEGER NOT NULL, at REAL NOT NULL,
    code TEXT NOT NULL, scope TEXT NOT NULL, calls INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (kid TEXT PRIMARY KEY, pem TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
"""
CODE_S = 600
"""How long a code is good: GitHub says ten minutes, Google does not say."""
_OLD_S = 3600
LOCAL_CLIENTS = (("google", "local.apps.googleusercontent.com"), ("github", "Iv1.local"))
"""Clients that are there at once: each with the secret `simulated`, for any page of this machine."""


class Storage(SqliteFile):
    """The tables, and the few questions asked of them."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, _SCHEMA, ["redirect_uris", "asked"])
        for provider, client_id in LOCAL_CLIENTS:
            self.put_client(provider, client_id, "simulated", [])

    def put_client(self, provider: str, client_id: str, secret: str, redirect_uris: list[str]) -> None:
        """Register a client; without redirect URIs any address of this machine is one."""
        self.run(
            "INSERT OR REPLACE INTO clients VALUES (?, ?, ?, ?)", provider, client_id, secret, json.dumps(redirect_uris)
        )

    def client(self, provider: str, client_id: str) -> Row | None:
        return self.one("SELECT * FROM clients WHERE provider = ? AND id = ?", provider, client_id)

    def people(self) -> list[Row]:
        return self.run("SELECT * FROM people ORDER BY id")

    def person(self, person_id: int) -> Row | None:
        return self.one("SELECT * FROM people WHERE id = ?", person_id)

    def add_person(self, name: str, login: str, email: str, *, verified: bool) -> Row:
        sub = f"1{secrets.randbelow(10**20):020}"  # 21 digits, as Google's are
        (row,) = self.run(
            "INSERT INTO people (name, login, email, verified, sub) VALUES (?, ?, ?, ?, ?) RETURNING *",
            *(name, login, email, int(verified), sub),
        )
        return row

    def change_person(self, person_id: int, email: str, *, verified: bool) -> None:
        self.run("UPDATE people SET email = ?, verified = ? WHERE id = ?", email, int(verified), person_id)

    def add_code(self, provider: str, client_id: str, person_id: int, asked: Row) -> str:
        """A code for what was `asked` of the authorization endpoint."""
        code = secrets.token_hex(10) if provider == "github" else f"4/0{secrets.token_urlsafe(52)}"
        self.run("DELETE FROM codes WHERE at < ?", time.time() - _OLD_S)
        self.run(
            "INSERT INTO codes (code, provider, client_id, person_id, at, asked) VALUES (?, ?, ?, ?, ?, ?)",
            *(code, provider, client_id, person_id, time.time(), json.dumps(asked)),
        )
        return code

    def use_code(self, provider: str, code: str) -> Row | None:
        """A code that is good, once. Used a second time it ends the tokens it has given (RFC 6749, section 4.1.2)."""
        row = self.one("SELECT * FROM codes WHERE code = ? AND provider = ?", code, provider)
        if row is None or time.time() - row["at"] > CODE_S:
            return None
        if row["used"]:
            self.run("DELETE FROM tokens WHERE code = ?", code)
            return None
        self.run("UPDATE codes SET used = 1 WHERE code = ?", code)
        return row

    def add_token(self, provider: str, used: Row, most: int) -> str:
        """An access token; of one person, client and provider the newest `most` stay good."""
        prefix = "gho_" if provider == "github" else "ya29."
        token = prefix + secrets.token_hex(18 if provider == "github" else 60)
        owner = (provider, used["client_id"], used["person_id"])
        self.run(
            "INSERT INTO tokens (provider, client_id, person_id, token, at, code, scope) VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(*owner, token, time.time(), used["code"], used["asked"]["scope"]),
        )
        self.run(
            "DELETE FROM tokens WHERE provider = ? AND client_id = ? AND person_id = ? AND token NOT IN (SELECT token FROM tokens"
            " WHERE provider = ? AND client_id = ? AND person_id = ? ORDER BY at DESC LIMIT ?)",
            *(*owner, *owner, most),
        )
        return token

    def token(self, provider: str, token: str) -> Row | None:
        """A token, one call of which is counted."""
        rows = self.run(
            "UPDATE tokens SET calls = calls + 1 WHERE token = ? AND provider = ? RETURNING *", token, provider
        )
        return rows[0] if rows else None

    def keys(self) -> list[Row]:
        """Newest first."""
        return self.run("SELECT * FROM keys ORDER BY at DESC")

    def add_key(self, kid: str, pem: str, keep: int) -> None:
        """The key that signs from now on; with it `keep` older ones are published."""
        self.run("INSERT INTO keys VALUES (?, ?, ?)", kid, pem, time.time())
        self.run("DELETE FROM keys WHERE kid NOT IN (SELECT kid FROM keys ORDER BY at DESC LIMIT ?)", keep + 1)
