"""What an erased user leaves: endpoints, addresses, memberships, sessions, rules, and codes that were waiting."""

from chat4all.administrators import Administrators, is_administrator
from chat4all.clock import now_ms
from chat4all.domain.presence import NOBODY
from chat4all.erasing.batches import HasTime, TimeOver, delete_all
from chat4all.errors import NotFound
from chat4all.identity_links import linked_to, unlink
from chat4all.members import Members
from chat4all.sessions import Sessions
from chat4all.stores.erasures import WEBHOOK, erasure
from chat4all.stores.former_members import FormerMember
from chat4all.stores.link_requests import LinkRequest
from chat4all.stores.presence import Presence
from chat4all.stores.routing_rules import RuleList
from chat4all.stores.webhooks import Webhook
from chat4all.webhooks.ownership import remove_all


class UserErasure:
    """Of users who are deleted already: nobody signs in as them, and what is here only grows less."""

    def __init__(self, members: Members, sessions: Sessions) -> None:
        self._members = members
        self._sessions = sessions

    def erase(self, user_id: str, has_time: HasTime) -> None:
        """Each step may be repeated, and is, until nothing is left. Raises TimeOver, Unavailable."""
        for step in (
            _webhooks,
            self._addresses,
            self._members.leave_all,
            _places,
            self._sessions.end_all,
            _own_items,
            _administrator,
        ):
            if not has_time():
                raise TimeOver
            step(user_id)

    def _addresses(self, user_id: str) -> None:
        for identity in linked_to(user_id):
            unlink(self._members, identity)


def _webhooks(user_id: str) -> None:
    """Their deliveries, which hold messages, are an erasure of their own: noted before the endpoints go."""
    now = now_ms()
    for webhook in Webhook.query(user_id, consistent_read=True):
        erasure(WEBHOOK, webhook.id, now).save()
    remove_all(user_id)


def _places(user_id: str) -> None:
    """Where they once were stays known, for the status of what they got; by which addresses they got it does not."""
    for entry in FormerMember.by_user.query(user_id):
        stay = FormerMember(entry.conversation_id, entry.stay)
        stay.update([FormerMember.addresses.set([])], condition=FormerMember.user_id == user_id)


def _own_items(user_id: str) -> None:
    Presence(user_id, visibility=NOBODY, deleted_at=now_ms()).save()
    RuleList(user_id).delete()
    delete_all(list(LinkRequest.query(user_id, consistent_read=True)), LinkRequest)


def _administrator(user_id: str) -> None:
    """Who was made one in the moment of the deletion."""
    if is_administrator(user_id):
        try:
            Administrators("").revoke(user_id, even_the_last=True)
        except NotFound:
            return
