"""Who of an audience has endpoints: the list of all who have any is kept, and read anew when it was changed."""

from collections.abc import Collection, Iterable

from chat4all.stores.webhooks import NOBODY, OWNERS, VERSION, Webhook, WebhookOwner


class EndpointLookup:
    """Costs 1 read unit a batch, and 1 for each user of it who has endpoints. What was registered before is found."""

    def __init__(self) -> None:
        self._version = -1
        self._owners: frozenset[str] = frozenset()

    def of(self, user_ids: Iterable[str]) -> dict[str, Collection[Webhook]]:
        """Endpoints of those users who have any, as they are now. Raises PynamoDBException."""
        version = _version()
        if version != self._version:
            self._owners = frozenset(owner.owner_id for owner in WebhookOwner.query(OWNERS, consistent_read=True))
            self._version = version  # read before the list: a change in between is seen with the next batch
        found = self._owners.intersection(user_ids)
        return {user_id: list(Webhook.query(user_id, consistent_read=True)) for user_id in sorted(found)}


def _version() -> int:
    try:
        return int(WebhookOwner.get(VERSION, NOBODY, consistent_read=True).count)
    except WebhookOwner.DoesNotExist:
        return 0
