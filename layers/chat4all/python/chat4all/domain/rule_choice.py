"""Which way a message takes to a recipient: the sender's own channels, else the first rule that holds, else the default."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chat4all.domain.routes import Recipient
from chat4all.domain.routing_rules import Rule
from chat4all.domain.rule_conditions import Said, chain_for, channels_of, failures, holds

BY_SENDER, BY_RULE, BY_DEFAULT = "sender", "rule", "default"


@dataclass(frozen=True, slots=True)
class Choice:
    """For one recipient. The app has every message, so it is named in a chain only, where it is waited for."""

    recipient_id: str
    by: str
    """sender, rule or default."""
    channels: tuple[str, ...] = ()
    """External channels that are used at once."""
    rule_id: str | None = None
    chain: tuple[str, ...] = ()
    """Of a fallback, all its steps, with the first."""
    wait_s: int = 0
    is_dropped: bool = False

    def document(self) -> dict[str, Any]:
        """As it is stored and shown, without the recipient."""
        shown: dict[str, Any] = {"by": self.by, "channels": list(self.channels)}
        if self.rule_id is not None:
            shown["rule_id"] = self.rule_id
        if self.chain:
            shown |= {"chain": list(self.chain), "wait_s": self.wait_s}
        return shown | ({"dropped": True} if self.is_dropped else {})

    @classmethod
    def read(cls, recipient_id: str, document: Mapping[str, Any]) -> "Choice":
        """From `document()`."""
        return cls(
            recipient_id,
            document["by"],
            tuple(document["channels"]),
            document.get("rule_id"),
            tuple(document.get("chain", ())),
            int(document.get("wait_s", 0)),
            bool(document.get("dropped")),
        )


def choose(
    rules: Iterable[Rule], said: Said, recipient: Recipient, *, is_online: bool, is_hidden: bool = False
) -> Choice:
    """Exactly one choice for any rules and facts. Who hides is offline for rules, whose owner sees what they choose."""
    own = channels_of(recipient)
    if said.asked is not None:
        return Choice(recipient.user_id, BY_SENDER, _among(own, said.asked))
    for rule in rules:
        if rule.action.mirror_to is None and holds(rule, said, recipient, is_online=is_online and not is_hidden):
            return _by(rule, recipient)
    return default(recipient, is_online=is_online)


def default(recipient: Recipient, *, is_online: bool) -> Choice:
    """In the app, and each external identity of who is not online (design: section 5)."""
    return Choice(recipient.user_id, BY_DEFAULT, () if is_online and recipient.in_app else channels_of(recipient))


def mirrors(
    rules: Iterable[Rule], said: Said, recipients: Sequence[Recipient], online: Collection[str]
) -> dict[str, str]:
    """Conversations in which the message is said once more, with the rule that says so: those that hold for a recipient."""
    found: dict[str, str] = {}
    for rule in rules:
        target = rule.action.mirror_to
        if target is None or target in found:
            continue
        if any(holds(rule, said, r, is_online=r.user_id in online) for r in recipients):
            found[target] = rule.id
    return found


def explain(rules: Sequence[Rule], said: Said, recipient: Recipient, *, is_online: bool) -> dict[str, Any]:
    """The choice, why each rule before it does not hold, and the same in words: what POST /v1/routing-rules/test shows."""
    choice = choose(rules, said, recipient, is_online=is_online)
    looked_at: list[dict[str, Any]] = []
    for position, rule in enumerate(rules, start=1):
        if rule.action.mirror_to is not None:
            continue
        if choice.by == BY_SENDER:
            break
        failed = [
            {"condition": f.condition, "detail": f.detail} for f in failures(rule, said, recipient, is_online=is_online)
        ]
        looked_at.append(
            {"rule_id": rule.id, "name": rule.name, "position": position, "holds": not failed, "failed": failed}
        )
        if not failed:
            break
    return {
        "recipient_id": recipient.user_id,
        "choice": choice.document(),
        "rules": looked_at,
        "explanation": f"{_why(choice, looked_at)}: {_what(choice, recipient)}.",
    }


def _by(rule: Rule, recipient: Recipient) -> Choice:
    action, user_id = rule.action, recipient.user_id
    if action.fallback is not None:
        chain = chain_for(list(action.fallback.chain), recipient)
        return Choice(
            user_id, BY_RULE, _among(chain[:1], channels_of(recipient)), rule.id, chain, action.fallback.wait_s
        )
    if action.channels is not None:
        return Choice(user_id, BY_RULE, _among(channels_of(recipient), action.channels), rule.id)
    return Choice(user_id, BY_RULE, rule_id=rule.id, is_dropped=True)


def _among(channels: Iterable[str], wanted: Collection[Any]) -> tuple[str, ...]:
    return tuple(channel for channel in channels if channel in wanted or "all" in wanted)


def _why(choice: Choice, looked_at: Sequence[Mapping[str, Any]]) -> str:
    if choice.by == BY_SENDER:
        return "the sender named the channels, which goes before any rule"
    passed = [f"{_called(each)} does not hold ({each['failed'][0]['detail']})" for each in looked_at if each["failed"]]
    end = f"{_called(looked_at[-1])} holds" if choice.by == BY_RULE else "no rule holds, so the default does"
    return "; ".join([*passed, end])


def _called(looked_at: Mapping[str, Any]) -> str:
    return f"rule {looked_at['position']}" + (f" ({looked_at['name']})" if looked_at["name"] else "")


def _what(choice: Choice, recipient: Recipient) -> str:
    in_app = ["in_app"] if recipient.in_app else []
    if choice.is_dropped:
        return "nothing leaves the app for this recipient; history has the message"
    if choice.chain:
        return (
            f"{', then '.join(choice.chain)}, each {choice.wait_s} s after the one before has not reached the recipient"
        )
    ways = [*in_app, *choice.channels]
    return f"goes over {', '.join(ways)}" if ways else "reaches the recipient on no channel"
