"""Limits of what anybody may call without a token: registration, sign-in, refresh and sign-out.

An account is limited as well as an address, or guesses would be spread over many addresses. But a limit of the account alone
would let anybody lock its owner out. So those who sign in from where the owner has signed in before have a bucket of their own,
and only all others share the account's (OWASP Authentication Cheat Sheet, "Account Lockout"; "Slow Down Online Guessing
Attacks with Device Cookies", with addresses in the place of cookies). Whoever holds a refresh token needs no sign-in.
"""

import hashlib

from pynamodb.exceptions import PynamoDBException

from chat4all.clock import now_ms
from chat4all.config import Settings
from chat4all.domain.addresses import network_of
from chat4all.logs import logger
from chat4all.rate_limits import RateLimiter
from chat4all.stores.rate_limits import RateLimit

ACCOUNT_RATE, ACCOUNT_BURST = 0.2, 10
"""Sign-in attempts of one account: 12 a minute in the long run."""
ADDRESS_RATE, ADDRESS_BURST = 5.0, 300
"""Sign-in attempts from one address, behind which a whole office may be; as many refreshes and sign-outs beside them."""
_KNOWN_S = 90 * 24 * 3600
"""So long an address is known after a sign-in."""


class IdentityLimits:
    """Each raises RateLimited, or Unavailable. Addresses: what the gateway or our CloudFront saw, not what a client says."""

    def __init__(self, settings: Settings, limiter: RateLimiter) -> None:
        self._settings = settings
        self._limiter = limiter

    def register(self, address: str) -> None:
        """Count a registration."""
        key = f"register:{network_of(address)}"
        self._limiter.take(key, self._settings.registrations_per_second, self._settings.registration_burst)

    def use_token(self, address: str) -> None:
        """Count a refresh or sign-out."""
        self._limiter.take(f"token:{network_of(address)}", ADDRESS_RATE, ADDRESS_BURST)

    def sign_in_from(self, address: str) -> None:
        """Count an attempt to sign in, whoever is meant."""
        self._limiter.take(f"sign-in:address:{network_of(address)}", ADDRESS_RATE, ADDRESS_BURST)

    def sign_in_to(self, account: str, address: str) -> None:
        """Count an attempt to sign in to `account`: a user's id, or a name that nobody has."""
        key = _place(account, address) if _is_known(account, address) else account
        self._limiter.take(f"sign-in:account:{key}", ACCOUNT_RATE, ACCOUNT_BURST)

    def signed_in(self, account: str, address: str) -> None:
        """Remember `address` as one of the account's; a failure must not cost the sign-in."""
        now = now_ms()
        try:
            RateLimit(_known_key(account, address), tat=now, expires_at=now // 1000 + _KNOWN_S).save()
        except PynamoDBException as error:
            logger.warning("address not remembered", user_id=account, cause=str(error))


def _is_known(account: str, address: str) -> bool:
    try:
        found = RateLimit.get(_known_key(account, address), consistent_read=True)
    except RateLimit.DoesNotExist:
        return False
    return float(found.expires_at) > now_ms() / 1000


def _known_key(account: str, address: str) -> str:
    return f"known:{_place(account, address)}"


def _place(account: str, address: str) -> str:
    """Kept for months, so it does not say where anybody was."""
    return hashlib.sha256(f"{account} {network_of(address)}".encode()).hexdigest()[:32]
