"""Webhooks of accounts: the handshake that proves the server's consent, and the fields that it gets.

Source: Meta, "Webhooks, getting started", "Verification requests": GET with hub.mode, hub.verify_token and hub.challenge, whose
challenge comes back raw.
"""

import secrets

import aiohttp
from yarl import URL

from local.simulators.graph.accounts import FIELDS
from local.simulators.graph.errors import GraphError
from local.simulators.graph.storage import Storage
from local.simulators.graph.webhooks import Deliverer
from local.simulators.sqlite_file import Row

_HANDSHAKE_S = 10.0


class Subscriptions:
    """`session` is there while the simulator runs."""

    def __init__(self, storage: Storage, deliverer: Deliverer) -> None:
        self._storage = storage
        self._deliverer = deliverer
        self.session: aiohttp.ClientSession | None = None

    async def set(self, account: Row, url: str, verify_token: str | None, fields: list[str] | None) -> Row:
        """The account with its webhook; raises GraphError 2200 where the server does not consent, or 100 for unknown fields."""
        known = FIELDS[account["channel"]]
        wanted = known if fields is None else fields
        if unknown := [name for name in wanted if name not in known]:
            raise GraphError(
                400,
                100,
                f"(#100) Param subscribed_fields[0] must be one of {{{', '.join(known)}}} - got {unknown[0]!r}.",
            )
        token = account["verify_token"] if verify_token is None else verify_token
        if problem := await self._handshake(url, token):
            raise GraphError(400, 2200, f"(#2200) Callback verification failed with the following errors: {problem}")
        changes = {
            "webhook_url": url,
            "verify_token": token,
            "fields": wanted,
            "last_error": None,
            "failing_since": None,
        }
        return self._changed(account, **changes)

    def subscribe(self, account: Row, fields: list[str] | None) -> Row:
        """Get webhooks, at the URL that is set."""
        return self._changed(account, fields=FIELDS[account["channel"]] if fields is None else fields)

    def unsubscribe(self, account: Row) -> Row:
        return self._changed(account, fields=[])

    def forget(self, account: Row) -> Row:
        self._storage.forget_events(account["id"])
        return self._changed(account, webhook_url="", fields=[])

    def _changed(self, account: Row, **changes: object) -> Row:
        saved = self._storage.save_account((self._storage.account(account["id"]) or account) | changes)
        self._deliverer.start_anew(account["id"])
        return saved

    async def _handshake(self, url: str, verify_token: str) -> str | None:
        """What went wrong, or None."""
        assert self.session is not None
        challenge = str(secrets.randbelow(2**31))
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        try:
            target = URL(url)
            if target.scheme not in ("http", "https") or not target.host:
                return f"{url!r} is no http(s) URL"
            async with self.session.get(
                target.update_query(query), timeout=aiohttp.ClientTimeout(total=_HANDSHAKE_S), allow_redirects=False
            ) as response:
                answer = await response.content.read(1000)
        except TimeoutError:
            return f"no answer within {_HANDSHAKE_S:g} s"
        except (aiohttp.ClientError, ValueError) as error:
            return f"{type(error).__name__}: {error}"
        if response.status != 200:
            return f"HTTP Status Code = {response.status}; HTTP Message = {response.reason}"
        if answer.decode(errors="replace") != challenge:
            return f"the challenge {challenge} was to be echoed raw; the answer was {answer[:100]!r}"
        return None
