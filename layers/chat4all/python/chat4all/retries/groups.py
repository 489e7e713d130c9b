"""Groups of consumers: the retrier works on each by itself, so that those of one never wait for those of another.

A try of a connector takes as long as a provider lets it, of a webhook as long as any customer's server does.
"""

from dataclasses import dataclass, replace

from chat4all.domain.retry import RetryRules


@dataclass(frozen=True, slots=True)
class Group:
    """Consumers whose lanes are due in the same partitions of the index."""

    prefix: str
    """Of the names of its partitions."""
    consumers: frozenset[str] = frozenset()
    """Those of no other group are in the first one."""
    max_age_s: float | None = None
    """How long a record is kept, where not the deployment's rules say it: its consumer knows when it is over."""
    is_of_customers: bool = False
    """Names of lanes begin with a customer: `<consumer>#<customer>:…`."""

    def whose(self, lane: str) -> str:
        """Whose servers are asked for a lane; the lane itself, where they are everybody's."""
        return lane.partition("#")[2].partition(":")[0] if self.is_of_customers else lane


PROVIDERS = Group("")
WEBHOOKS = Group("webhooks-", frozenset({"webhook_send"}), max_age_s=14 * 24 * 3600.0, is_of_customers=True)
GROUPS = (PROVIDERS, WEBHOOKS)


def group_of(consumer: str) -> Group:
    """The one that names it, or the first."""
    return next((group for group in GROUPS if consumer in group.consumers), PROVIDERS)


def shards(group: Group, count: int) -> list[str]:
    """Its partitions of the index."""
    return [f"{group.prefix}{number}" for number in range(count)]


def rules_of(consumer: str, rules: RetryRules) -> RetryRules:
    """When the records of a consumer are tried again, by the deployment's rules and its group's."""
    max_age_s = group_of(consumer).max_age_s
    return rules if max_age_s is None else replace(rules, max_age_s=max_age_s)
