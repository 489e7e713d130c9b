"""Rotation of signing keys, step by step. Each step may be repeated, and two may run at once.

A key's life: published, then kept in the secret as the next one; promoted when it is its turn and everybody knows it; retired
when it signs no more; gone when its last token is over. There is always a next key that has long been published, so that
operators can rotate at any time. What decides is the secret: a generation is made once, and a promotion names the key it follows.
"""

from typing import Any

from pynamodb.exceptions import PutError
from pynamodb.expressions.update import Action

from chat4all.clock import now_ms, rfc3339
from chat4all.domain.signing_key import AHEAD_MS, SIGNS_MS, is_published_long_enough, new_key, retired_until
from chat4all.errors import Conflict, NotFound, Unavailable
from chat4all.former_keys import forget_former, former_key, publish_former
from chat4all.logs import logger
from chat4all.public_keys import listed
from chat4all.stores.public_keys import PublicKey
from chat4all.stores.signing_secret import CURRENT, PENDING, SigningKey, SigningSecret
from chat4all.stores.table import condition_failed, update_if

_FAILED = "The signing keys could not be changed; try again"


class KeyRotation:
    """Keeps a current and a next key. `token_s`: the longest life of a token."""

    def __init__(self, secret: SigningSecret, token_s: int) -> None:
        self._secret = secret
        self._token_s = token_s

    def advance(self) -> list[dict[str, Any]]:
        """Do what is due: make the first and the next key, promote, retire. The keys after it. Raises Unavailable."""
        current = self._current()
        following = self._next(current)
        if self._is_due(current, following):
            self._promote(following, current)
        self._retire()
        forget_former(now_ms())
        return self.list()

    def rotate(self) -> list[dict[str, Any]]:
        """Let the next key sign now.

        Raises:
            Conflict: code `next_key_too_new`: not everybody knows it yet, and says when. Unavailable.
        """
        current = self._current()
        following = self._next(current)
        published_at = int(_published(following).published_at)
        if not is_published_long_enough(published_at, now_ms()):
            when = rfc3339(published_at + AHEAD_MS)
            raise Conflict(
                f"The next key may sign from {when}: gateways may not know it before", code="next_key_too_new"
            )
        if not self._promote(following, current):
            raise Conflict("Somebody else has just rotated; look again")
        return self.advance()

    def revoke(self, kid: str) -> list[dict[str, Any]]:
        """Accept no token of a key any more that signs no more: after its private part has been seen by others.

        Raises:
            NotFound; Conflict: code `key_in_use`: rotate first. Unavailable.
        """
        if kid in {key.kid for key in (self._secret.read(CURRENT), self._secret.read(PENDING)) if key}:
            raise Conflict("This key signs, or is the next to sign: rotate first", code="key_in_use")
        if not _set(kid, [PublicKey.not_after.set(now_ms()), PublicKey.expires_at.set(now_ms() // 1000)]):
            raise NotFound("No such key")
        return self.list()

    def list(self) -> list[dict[str, Any]]:
        """The published keys, in the order in which they sign."""
        return [_view(key) for key in sorted(listed(), key=lambda key: int(key.generation))]

    def _current(self) -> SigningKey:
        """The key that signs, made where there is none; published, whatever became of its item."""
        current = self._secret.read(CURRENT) or self._first()
        _publish(current)
        _set(current.kid, [PublicKey.signs_from.set(now_ms())], PublicKey.signs_from.does_not_exist())
        return current

    def _first(self) -> SigningKey:
        publish_former(now_ms())
        former = former_key(now_ms())
        made = SigningKey(1, former.kid, former.private_pem, former.public_jwk, now_ms()) if former else _made(1)
        _publish(made)
        self._secret.put(made)
        first = self._secret.read(CURRENT)
        if first is None:
            raise Unavailable(_FAILED)
        logger.info("the first signing key is there", kid=first.kid)
        return first

    def _next(self, current: SigningKey) -> SigningKey:
        pending = self._secret.read(PENDING)
        if pending is None or pending.generation <= current.generation:
            made = _made(current.generation + 1)
            _publish(made)
            if not self._secret.put(made):
                logger.info("another run has made this generation", generation=made.generation)
            pending = self._secret.read(PENDING)
        if pending is None:
            raise Unavailable(_FAILED)
        _publish(pending)
        return pending

    def _is_due(self, current: SigningKey, following: SigningKey) -> bool:
        now = now_ms()
        signs_from = _published(current).signs_from
        due = signs_from is not None and int(signs_from) + SIGNS_MS <= now
        return due and is_published_long_enough(int(_published(following).published_at), now)

    def _promote(self, following: SigningKey, current: SigningKey) -> bool:
        if following.generation <= current.generation or not self._secret.promote(following, current):
            return False
        logger.info("another key signs", kid=following.kid, former_kid=current.kid)
        self._next(self._current())
        return True

    def _retire(self) -> None:
        """Give an end to keys that signed before the current one, and to those whose making another run was quicker with."""
        found = listed()
        current = self._secret.read(CURRENT)
        now = now_ms()
        for key in found:
            superseded = current is not None and key.kid != current.kid and key.generation <= current.generation
            if superseded and key.not_after is None:
                until = retired_until(now, self._token_s)
                changes: list[Action] = [PublicKey.not_after.set(until), PublicKey.expires_at.set(until // 1000 + 1)]
                _set(key.kid, changes, PublicKey.not_after.does_not_exist())


def _made(generation: int) -> SigningKey:
    new = new_key()
    return SigningKey(generation, new.kid, new.private_pem, new.public_jwk, now_ms())


def _publish(key: SigningKey) -> None:
    """Before it is in the secret: no token is ever signed with a key that nobody can find."""
    item = PublicKey(key.kid, generation=key.generation, jwk=key.public_jwk, published_at=now_ms())
    try:
        item.save(PublicKey.kid.does_not_exist())
    except PutError as error:
        if not condition_failed(error):
            raise Unavailable(_FAILED) from error


def _published(key: SigningKey) -> PublicKey:
    try:
        return PublicKey.get(key.kid, consistent_read=True)
    except PublicKey.DoesNotExist:
        raise Unavailable("A public key was removed; try again") from None


def _set(kid: str, actions: list[Action], condition: Any = None) -> bool:
    exists = PublicKey.kid.exists()
    return update_if(PublicKey(kid), actions, exists if condition is None else exists & condition, _FAILED)


def _view(key: PublicKey) -> dict[str, Any]:
    state = "retired" if key.not_after is not None else "signing" if key.signs_from is not None else "next"
    times = {name: getattr(key, name) for name in ("published_at", "signs_from", "not_after")}
    shown = {name: rfc3339(int(value)) if value is not None else None for name, value in times.items()}
    return {"kid": key.kid, "generation": int(key.generation), "state": state} | shown
