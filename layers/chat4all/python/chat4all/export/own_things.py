"""What belongs to a user alone: profile, ways to sign in, addresses, sessions, endpoints, rules and files; no secret of any."""

import hashlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

from chat4all.clock import now_ms, rfc3339
from chat4all.export.found import START, Found
from chat4all.files import document
from chat4all.found_users import own_view
from chat4all.identity_views import linked_view, pending_view
from chat4all.provider_sign_in.links import sign_ins_of
from chat4all.routing_rules import all_rules
from chat4all.sessions import existing_user
from chat4all.stores.files import File
from chat4all.stores.identities import Identity
from chat4all.stores.link_requests import LinkRequest
from chat4all.stores.sessions import Session
from chat4all.stores.webhooks import Webhook
from chat4all.webhooks.endpoints import view as webhook_view

_AT_ONCE = 100
"""Items of one BatchGetItem."""

Keyed = Iterator[tuple[str, dict[str, Any]]]


def profile(user_id: str) -> Keyed:
    """As `GET /v1/users/me`, and whether there is a password."""
    user = existing_user(user_id)
    yield user_id, own_view(user) | {"has_password": user.password_hash is not None}


def sign_ins(user_id: str) -> Keyed:
    """As `GET /v1/users/me/sign-ins`."""
    for each in sign_ins_of(existing_user(user_id)):
        yield each["provider"], each


def identities(user_id: str) -> Keyed:
    """Addresses that are linked, and those that wait for their code."""
    for identity in Identity.by_user.query(user_id):
        if identity.linked_at is not None:
            yield _digest(identity.address_key), linked_view(identity)
    for request in LinkRequest.query(user_id):
        if int(request.expires_at) * 1000 > now_ms():
            yield _digest(f"pending:{request.way}"), pending_view(request)


def sessions(user_id: str) -> Keyed:
    """Sign-ins that go on or have ended lately; nothing by which one could go on with them."""
    keys = [session.family_id for session in Session.by_user.query(user_id)]
    for session in Session.batch_get(keys, consistent_read=True):
        if session.user_id == user_id and int(session.expires_at) * 1000 > now_ms():
            yield session.family_id, _session_view(session)


def webhooks(user_id: str) -> Keyed:
    """Endpoints, as `GET /v1/webhooks`."""
    for webhook in Webhook.query(user_id, consistent_read=True):
        yield webhook.id, webhook_view(webhook)


def routing_rules(user_id: str) -> Keyed:
    """In their order, as `GET /v1/routing-rules`."""
    for rule in all_rules(user_id):
        yield f"{rule['position']:06d}", rule


def files(user_id: str, after: str, _seq: int) -> Iterator[Found]:
    """What is known of each file; its bytes are behind `GET /v1/files/{id}/presigned`."""
    own = File.by_owner.query(user_id, File.file_id > (after or START), page_size=_AT_ONCE)
    while keys := [entry.file_id for entry in islice(own, _AT_ONCE)]:
        found = {file.file_id: file for file in File.batch_get(keys, consistent_read=True)}
        for key in keys:
            file = found.get(key)
            if file is not None and file.owner_id == user_id and not file.leaving:
                yield Found("file", document(file), key)


def _session_view(session: Session) -> dict[str, Any]:
    shown = {
        "id": session.family_id,
        "created_at": rfc3339(int(session.created_at)),
        "renewed_at": rfc3339(int(session.rotated_at)),
        "expires_at": rfc3339(int(session.expires_at) * 1000),
    }
    return shown | ({"ended_at": rfc3339(int(session.revoked_at))} if session.revoked_at is not None else {})


def _digest(key: str) -> str:
    """A key of the size of a cursor: addresses may be longer, and of any script."""
    return hashlib.sha256(key.encode()).hexdigest()
