"""Addresses of users as their users see them."""

from typing import Any

from chat4all.clock import rfc3339
from chat4all.domain.link_codes import TRIES
from chat4all.stores.identities import Identity
from chat4all.stores.link_requests import LinkRequest


def linked_view(identity: Identity) -> dict[str, Any]:
    """One that is linked."""
    return {
        "channel": identity.channel,
        "account_id": identity.account_id,
        "address": identity.address,
        "status": "linked",
        "linked_at": rfc3339(int(identity.linked_at or 0)),
    }


def pending_view(request: LinkRequest) -> dict[str, Any]:
    """One that waits for its code."""
    asked = request.asked()
    return {
        "channel": asked.channel,
        "account_id": asked.account_id,
        "address": asked.address,
        "status": "pending",
        "expires_at": rfc3339(int(request.expires_at) * 1000),
        "tries_left": max(0, TRIES - int(request.tries)),
    }
