"""A deployment whose keys were in DynamoDB: its tokens stay valid, and its private keys leave the table a day later."""

from pynamodb.exceptions import PutError, PynamoDBException

from chat4all.errors import Unavailable
from chat4all.public_keys import listed
from chat4all.stores.former_signing_keys import FormerSigningKey
from chat4all.stores.public_keys import PublicKey
from chat4all.stores.table import condition_failed

_PERIOD_MS = 30 * 24 * 3600 * 1000
_KEPT_MS = 24 * 3600 * 1000
"""As long as functions of the version before may still be running, or a deployment be rolled back to it: without its key they
would make one that nobody knows."""


def former_key(now: int) -> FormerSigningKey | None:
    """The key that signs in the former table at this time."""
    try:
        return FormerSigningKey.get(str(now // _PERIOD_MS), consistent_read=True)
    except FormerSigningKey.DoesNotExist:
        return None


def publish_former(now: int) -> None:
    """Publish the keys that signed before, and the one that was to sign next, until their tokens are over. Raises Unavailable."""
    for key in _all():
        if key.period == str(now // _PERIOD_MS):
            continue  # goes on signing
        until = int(key.not_after)
        item = PublicKey(
            key.kid,
            generation=0,
            jwk=key.public_jwk,
            published_at=int(key.created_at),
            not_after=until,
            expires_at=until // 1000 + 1,
        )
        try:
            item.save(PublicKey.kid.does_not_exist())
        except PutError as error:
            if not condition_failed(error):
                raise Unavailable("A former key could not be published; try again") from error


def forget_former(now: int) -> None:
    """Remove what a former version left, a day after its keys were taken over. Raises Unavailable."""
    former = _all()
    if not former:
        return
    taken_over = min((int(key.signs_from) for key in listed() if key.signs_from is not None), default=now)
    if taken_over + _KEPT_MS <= now:
        for key in former:
            key.delete()


def _all() -> list[FormerSigningKey]:
    try:
        return list(FormerSigningKey.scan(consistent_read=True))
    except PynamoDBException as error:
        raise Unavailable("The former keys cannot be read; try again") from error
