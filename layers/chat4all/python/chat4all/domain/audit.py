"""What the audit log records: who did what, when, from where, and how it ended. Never passwords, tokens or contents."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from enum import StrEnum

DEPLOYMENT = "deployment"
"""The log of what belongs to nobody: sign-ins of unknown names, what operators do."""
_TEXT_MAX = 256


class Action(StrEnum):
    """What is recorded."""

    USER_CREATE = "user.create"
    USER_EXPORT = "user.export"
    USER_DELETE = "user.delete"
    PASSWORD_CHANGE = "password.change"  # noqa: S105 - a name
    SIGN_IN = "session.sign_in"
    SIGN_OUT = "session.sign_out"
    SIGN_IN_LINK = "sign_in.link"
    SIGN_IN_UNLINK = "sign_in.unlink"
    REFRESH = "session.refresh"
    """Recorded only where a refresh token was used a second time."""
    CONVERSATION_CREATE = "conversation.create"
    CONVERSATION_UPDATE = "conversation.update"
    CONVERSATION_DELETE = "conversation.delete"
    MEMBER_ADD = "member.add"
    MEMBER_ROLE = "member.change_role"
    MEMBER_REMOVE = "member.remove"
    IDENTITY_REQUEST = "identity.request"
    IDENTITY_LINK = "identity.link"
    IDENTITY_UNLINK = "identity.unlink"
    ACCOUNT_CREATE = "account.create"
    ACCOUNT_UPDATE = "account.update"
    ACCOUNT_DELETE = "account.delete"
    ROUTING_RULE_CREATE = "routing_rule.create"
    ROUTING_RULE_UPDATE = "routing_rule.update"
    ROUTING_RULE_DELETE = "routing_rule.delete"
    WEBHOOK_CREATE = "webhook.create"
    WEBHOOK_UPDATE = "webhook.update"
    WEBHOOK_SECRET = "webhook.new_secret"  # noqa: S105 - a name
    WEBHOOK_DELETE = "webhook.delete"
    ACCESS = "access"
    """Recorded only where it was denied."""
    ADMINISTRATOR_GRANT = "administrator.grant"
    ADMINISTRATOR_REVOKE = "administrator.revoke"
    AUDIT_READ = "audit_log.read"
    """By an administrator: of others, or of the deployment."""
    KEY_ROTATE = "signing_key.rotate"
    KEY_REVOKE = "signing_key.revoke"
    DEAD_LETTER_REPLAY = "dead_letter.replay"
    PARKED_RELEASE = "parked.release"
    BREAKER_CLOSE = "circuit_breaker.close"
    TOPICS_ENSURE = "topics.ensure"


class Outcome(StrEnum):
    """How it ended."""

    BEGUN = "begun"
    """By an operator, before it is done."""
    DONE = "done"
    DENIED = "denied"
    FAILED = "failed"
    """On our side: it may be done, in part."""


_OF_THE_DEPLOYMENT = (Action.ADMINISTRATOR_GRANT, Action.ADMINISTRATOR_REVOKE, Action.AUDIT_READ)
"""What administrators do stands in the deployment's log, whoever else's it belongs to."""


@dataclass(frozen=True, slots=True)
class Origin:
    """From where: what the gateway saw, and what the client says of itself (the user agent)."""

    source_address: str | None = None
    user_agent: str | None = None
    request_id: str | None = None
    connection_id: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done or tried."""

    action: Action
    outcome: Outcome
    actor: str | None
    """User id, or `operator:<ARN>`; None where nobody has proved who they are."""
    origin: Origin = Origin()
    code: str | None = None
    """Of the error, where it was denied or has failed."""
    target: str | None = None
    details: dict[str, str | int] = field(default_factory=dict)

    def logs(self, things: dict[str, str]) -> list[str]:
        """The logs it belongs to: of the things and of the actor, each once. `things`: {kind: id}."""
        found = [f"{kind}:{thing}" for kind, thing in things.items()]
        if self.actor is not None and not self.actor.startswith("operator:"):
            found.append(f"user:{self.actor}")
        if self.action in _OF_THE_DEPLOYMENT:
            found.append(DEPLOYMENT)
        return list(dict.fromkeys(found)) or [DEPLOYMENT]

    def shortened(self) -> "Entry":
        """With texts of others at a length that is stored."""
        agent, target = self.origin.user_agent, self.target
        origin = replace(self.origin, user_agent=agent and agent[:_TEXT_MAX])
        return replace(self, origin=origin, target=target and target[:_TEXT_MAX])


class Sampler:
    """Lets the first few of each key through and then one a minute, so that who is denied cannot make us write.

    Keeps at most `keys` of them: the one not seen for longest is forgotten.
    """

    def __init__(self, burst: int = 5, every_ms: int = 60_000, keys: int = 1000) -> None:
        self._burst, self._every_ms, self._keys = burst, every_ms, keys
        self._seen: OrderedDict[str, tuple[float, int, int]] = OrderedDict()

    def take(self, key: str, now: int) -> int | None:
        """How many of `key` were left out since the last one; None where this one is left out too. `now` in milliseconds."""
        left, at, omitted = self._seen.pop(key, (float(self._burst), now, 0))
        left = min(float(self._burst), left + max(0, now - at) / self._every_ms)
        passes = left >= 1
        self._seen[key] = (left - 1, now, 0) if passes else (left, now, omitted + 1)
        if len(self._seen) > self._keys:
            self._seen.popitem(last=False)
        return omitted if passes else None
