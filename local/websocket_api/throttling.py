"""Whether one more request may pass: the account's quota, then that of the route."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.api_gateway import TokenBucket
from local.application import WebSocketRoute


@dataclass(frozen=True, slots=True)
class Throttling:
    """Of one API. `account` is shared with the other APIs."""

    account: TokenBucket
    routes: Mapping[str, TokenBucket] = field(default_factory=dict)
    """By route key: of the routes whose stage limits them."""

    def take(self, route_key: str) -> bool:
        bucket = self.routes.get(route_key)
        return self.account.take() and (bucket is None or bucket.take())


def route_buckets(routes: Mapping[str, WebSocketRoute]) -> dict[str, TokenBucket]:
    limited = ((key, route.throttle) for key, route in routes.items())
    return {key: TokenBucket(throttle.rate_per_s, throttle.burst) for key, throttle in limited if throttle is not None}
