"""Identities as their users see them: an address is linked after a code that is sent to it, which is the consent."""

from typing import Annotated, Any

from pydantic import StringConstraints
from pynamodb.exceptions import UpdateError

from chat4all.clock import now_ms
from chat4all.domain.identity_addresses import known_as, may_begin
from chat4all.domain.link_codes import LIFETIME_S, TRIES, is_code
from chat4all.domain.message import CHANNELS, Id
from chat4all.errors import Conflict, Invalid, NotFound, Unavailable
from chat4all.identity_links import link, linked_to, unlink
from chat4all.identity_views import linked_view, pending_view
from chat4all.ids import new_id
from chat4all.kafka.events import Event
from chat4all.kafka.publisher import Publisher, PublishFailed
from chat4all.kafka.schemas import LINK_CODE_REQUESTED
from chat4all.kafka.topics import outbound
from chat4all.members import Members
from chat4all.rate_limits import RateLimiter
from chat4all.stores.accounts import Account, code_secret, find_account
from chat4all.stores.link_requests import LinkRequest, way_of
from chat4all.stores.table import condition_failed
from chat4all.validation import Input, Parameters

USER_RATE, USER_BURST = 1 / 300, 5
"""Codes that a user asks for."""
ADDRESS_RATE, ADDRESS_BURST = 1 / 600, 3
"""Codes that are sent to an address, whoever asks for them."""
TRY_RATE, TRY_BURST = 0.2, 10
"""Codes that a user tries."""
_WRITE_FIRST = (
    "The account cannot be the first to write there, nor more than 24 hours after your last message: "
    "where no code comes, write to the account and ask again."
)
_IF_NONE_COMES = "Where no code comes within a minute, write to the account from this address and ask again."


class LinkBody(Input):
    """Body of PUT /v1/users/me/identities/{channel}."""

    account_id: Id
    address: Annotated[str, StringConstraints(min_length=1, max_length=256)]


class VerifyBody(Input):
    """Body of POST /v1/users/me/identities/{channel}/verify."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    account_id: Id | None = None
    """Needed where codes of several accounts are waiting."""


class WhichOnes(Parameters):
    """Query of DELETE: all of the channel where nothing is said."""

    account_id: Id | None = None
    address: Annotated[str, StringConstraints(min_length=1, max_length=256)] | None = None


class Identities:
    """Of signed-in users."""

    def __init__(self, publisher: Publisher, limiter: RateLimiter, members: Members) -> None:
        self._publisher = publisher
        self._limiter = limiter
        self._members = members

    def list(self, user_id: str, channel: str) -> dict[str, Any]:
        """What is linked, and what waits for its code. Raises NotFound: no such channel."""
        _check_channel(channel)
        linked = [linked_view(identity) for identity in linked_to(user_id, channel)]
        return {"items": [*linked, *(pending_view(request) for request in _pending(user_id, channel))]}

    def request(self, user_id: str, channel: str, body: LinkBody) -> dict[str, Any]:
        """Have a code sent to the address; it takes the place of an earlier one for this account. The answer is the same
        whether anybody is known by that address, and whether it could be sent.

        Raises:
            NotFound: no such channel. Invalid: no such account on it, or no such address. RateLimited. Unavailable.
        """
        _check_channel(channel)
        address = known_as(channel, body.address)
        account = _account(channel, body.account_id)
        self._limiter.take(f"link:{user_id}", USER_RATE, USER_BURST)
        self._limiter.take(f"link:{channel}:{account.id}:{address}", ADDRESS_RATE, ADDRESS_BURST)
        now = now_ms()
        request = LinkRequest(
            user_id,
            way_of(channel, account.id),
            id=new_id(),
            address=address,
            created_at=now,
            expires_at=now // 1000 + LIFETIME_S,
        )
        request.save()
        data = {
            "request_id": request.id,
            "user_id": user_id,
            "channel": channel,
            "account_id": account.id,
            "address": address,
            "expires_at": int(request.expires_at),
        }
        try:
            self._publisher.publish([Event(outbound(channel), LINK_CODE_REQUESTED, str(request.id), data, now)])
        except PublishFailed as error:
            raise Unavailable("The code could not be asked for; try again") from error
        return pending_view(request) | {"how": _IF_NONE_COMES if may_begin(channel) else _WRITE_FIRST}

    def verify(self, user_id: str, channel: str, body: VerifyBody) -> dict[str, Any]:
        """Link the address whose code this is.

        Raises:
            NotFound: no such channel; `no_code`: none is waiting. RateLimited. Unavailable: the same code again goes on.
            Invalid: `wrong_code`, at /code; /account_id is needed where several wait.
            Conflict: `code_used_up`: after five wrong ones; `address_taken`: linked to another user.
        """
        _check_channel(channel)
        self._limiter.take(f"link-try:{user_id}", TRY_RATE, TRY_BURST)
        request = _counted(_only(_pending(user_id, channel), body.account_id))
        account = _account(channel, request.asked().account_id)
        if not is_code(body.code, request.asked(), code_secret(account)):
            detail = f"is not the code that was sent; {TRIES - int(request.tries)} tries are left"
            raise Invalid.at("/code", detail, "wrong_code")
        # Whoever knew the code may use it again, where the linking is broken off.
        request.update([LinkRequest.tries.set(0)], condition=LinkRequest.id == request.id)
        try:
            identity = link(self._members, account, str(request.address), user_id)
        except Conflict:
            request.delete()
            raise
        request.delete()
        return linked_view(identity)

    def unlink(self, user_id: str, channel: str, which: WhichOnes) -> None:
        """Let go of addresses, and of codes that are waiting; raises NotFound (nothing of that), Invalid, Unavailable."""
        _check_channel(channel)
        address = known_as(channel, which.address) if which.address is not None else None

        def is_meant(account_id: str, own: str) -> bool:
            return which.account_id in (None, account_id) and address in (None, own)

        linked = [one for one in linked_to(user_id, channel) if is_meant(one.account_id, one.address)]
        waiting = [one for one in _pending(user_id, channel) if is_meant(one.asked().account_id, str(one.address))]
        if not linked and not waiting:
            raise NotFound("No such address is linked to you", code="not_linked")
        for request in waiting:
            request.delete()
        for identity in linked:
            unlink(self._members, identity)


def _check_channel(channel: str) -> None:
    if channel == "in_app" or channel not in CHANNELS:
        raise NotFound("No such channel")


def _account(channel: str, account_id: str) -> Account:
    account = find_account(account_id, channel)
    if account is None:
        raise Invalid.at("/account_id", f"there is no such account on {channel}")
    return account


def _pending(user_id: str, channel: str) -> list[LinkRequest]:
    """Requests whose code is still good: expiry is checked here, and not left to DynamoDB."""
    found = LinkRequest.query(user_id, LinkRequest.way.startswith(f"{channel}#"), consistent_read=True)
    return [request for request in found if int(request.expires_at) * 1000 > now_ms()]


def _only(waiting: list[LinkRequest], account_id: str | None) -> LinkRequest:
    found = [request for request in waiting if account_id in (None, request.asked().account_id)]
    if not found:
        raise NotFound("No code is waiting: ask for one with PUT", code="no_code")
    if len(found) > 1:
        raise Invalid.at("/account_id", "codes of several accounts are waiting: say which")
    return found[0]


def _counted(request: LinkRequest) -> LinkRequest:
    """The request with one more try, counted before it is looked at: of many at once no more than TRIES are."""
    try:
        request.update(
            [LinkRequest.tries.add(1)], condition=(LinkRequest.id == request.id) & (LinkRequest.tries < TRIES)
        )
    except UpdateError as error:
        if condition_failed(error):
            raise Conflict(f"{TRIES} codes were wrong: ask for another one with PUT", code="code_used_up") from error
        raise
    return request
