"""Files of messages: bytes in a folder, what is known of them in the storage, and links that are valid for a while."""

import base64
import hashlib
import hmac
import mimetypes
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import aiohttp

from local.simulators.graph.storage import Storage
from local.simulators.sqlite_file import Row

LINK_S = 300
"""How long the URL of GET /{media_id} is valid (WhatsApp, "Retrieve media URL": 5 minutes)."""
_CDN_S = 7 * 86_400
_FETCH_S = 10.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a link gave: the bytes and their type, or what went wrong."""

    data: bytes = b""
    mime_type: str = ""
    problem: str = ""


class Media:
    """Bytes are written before their row, so what has a row has its bytes."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        self._storage = storage
        self._folder = folder
        self._key = str(storage.setting("media_key", "")) or secrets.token_hex(16)
        storage.set_setting("media_key", self._key)

    def save(self, data: bytes, mime_type: str, filename: str, account_id: str | None = None) -> Row:
        """{id, mime_type, size, sha256 (base64), filename, account_id}; `account_id` is who may use it by its id."""
        self._folder.mkdir(parents=True, exist_ok=True)
        media_id = str(secrets.randbelow(9 * 10**15) + 10**15)
        (self._folder / media_id).write_bytes(data)
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        return self._storage.save_media(
            {
                "id": media_id,
                "mime_type": mime_type,
                "size": len(data),
                "sha256": digest,
                "filename": filename,
                "account_id": account_id,
            }
        )

    def get(self, media_id: str) -> Row | None:
        return self._storage.media(media_id)

    def for_account(self, media: Row, account_id: str) -> Row:
        """The same bytes under an id that is the account's own."""
        if media["account_id"] == account_id:
            return media
        return self.save(self.path(media["id"]).read_bytes(), media["mime_type"], media["filename"], account_id)

    def path(self, media_id: str) -> Path:
        return self._folder / media_id

    def delete(self, media_id: str) -> None:
        self._storage.delete_media(media_id)
        self.path(media_id).unlink(missing_ok=True)

    # --- links
    def whatsapp_link(self, origin: str, media_id: str, source: str | None = None) -> str:
        """To be fetched with the access token, for `LINK_S`."""
        until = int(time.time()) + LINK_S
        query = {"mid": media_id, "source": source, "ext": until, "hash": self._signature(media_id, until)}
        given = {name: value for name, value in query.items() if value is not None}
        return f"{origin}/graph/lookaside/whatsapp_business/attachments/?{urlencode(given)}"

    def cdn_link(self, origin: str, media: Row) -> str:
        """To be fetched by anybody who has it, as those in webhooks of Messenger and Instagram."""
        until = int(time.time()) + _CDN_S
        name = quote(media["filename"] or media["id"])
        query = urlencode({"oe": f"{until:x}", "oh": self._signature(media["id"], until)})
        return f"{origin}/graph/cdn/{media['id']}/{name}?{query}"

    def link_holds(self, media_id: str, until: int, signature: str) -> bool:
        return until >= time.time() and hmac.compare_digest(signature, self._signature(media_id, until))

    def _signature(self, media_id: str, until: int) -> str:
        return hmac.new(self._key.encode(), f"{media_id}.{until}".encode(), hashlib.sha256).hexdigest()[:32]


async def fetch(session: aiohttp.ClientSession, link: str, most: int) -> Fetched:
    """Fetch a link that an account has sent, up to `most` bytes."""
    if not link.startswith(("http://", "https://")):
        return Fetched(problem="the link is no http(s) URL")
    try:
        async with session.get(link, timeout=aiohttp.ClientTimeout(total=_FETCH_S)) as response:
            if response.status != 200:
                return Fetched(problem=f"the link answered {response.status}")
            data = await response.content.read(most + 1)
            while len(data) <= most and (more := await response.content.read(most + 1 - len(data))):
                data += more
            if len(data) > most:
                return Fetched(problem=f"the file has more than {most} bytes")
            return Fetched(data, response.content_type)
    except TimeoutError:
        return Fetched(problem="the link did not answer in time")
    except (aiohttp.ClientError, ValueError) as error:
        return Fetched(problem=f"the link could not be fetched: {type(error).__name__}")


def filename_of(link: str, mime_type: str) -> str:
    """A name for what was fetched."""
    name = link.partition("?")[0].rstrip("/").rpartition("/")[2][:100]
    return name if "." in name else (name or "file") + (mimetypes.guess_extension(mime_type) or "")
