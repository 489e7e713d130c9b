"""All mutations. Each names the safety whose removal a chaos run must notice."""

from collections.abc import Sequence

from tests.chaos.faults.away import KafkaAway
from tests.chaos.faults.nothing import Nothing
from tests.chaos.faults.often import KillStackAtStep, Often
from tests.chaos.faults.steps import KillAtStep
from tests.chaos.mutations.mutation import Change, Mutation

_SEND, _ROUTER, _TELEGRAM = "MessagesSendFunction", "RouterFunction", "TelegramSendFunction"

MUTATIONS: Sequence[Mutation] = (
    Mutation(
        "put",
        "the condition on the message put",
        ("nothing_is_skipped_by_complete_through", "open_connections_are_pushed_to"),
        [Change("entries.py", "entry.save(Message.conversation_id.does_not_exist())", "entry.save()")],
        [Often("sends paused beyond their number", _SEND, "chat4all.sending:_claim:after", 0.1, pause_s=6.0)],
        [Change("template.yaml", 'NUMBER_ABANDONED_AFTER_S: "20"', 'NUMBER_ABANDONED_AFTER_S: "2"')],
        seconds=30.0,
    ),
    Mutation(
        "claim",
        "the condition on the claim of a message_id",
        ("one_number_for_each_message",),
        [Change("message_claims.py", "claim.save(MessageId.message_id.does_not_exist())", "claim.save()")],
    ),
    Mutation(
        "dedupe",
        "the dedupe of message_id: each try is a message",
        ("acknowledged_messages_stand",),
        [Change("sending.py", "message_id = command.message_id or new_id()", "message_id = new_id()")],
    ),
    Mutation(
        "outbox",
        "the outbox: the sweeper publishes nothing",
        ("all_is_routed",),
        [Change("outbox.py", "self._publisher.publish([entry_accepted(entry)])", "pass")],
        farewell=KafkaAway(),
        seconds=10.0,
        messages=100,
        settle_s=75.0,
    ),
    Mutation(
        "order",
        "the order by the head: the router takes what comes as what is next",
        ("connections_keep_the_order_of_numbers",),
        [
            Change(
                "routing.py",
                "pending = self._next_in_order(head, offered)",
                "pending = [offered[seq] for seq in sorted(offered)]",
            )
        ],
        [Often("sends paused before publish", _SEND, "chat4all.sending:write:after", 0.1, pause_s=1.0)],
    ),
    Mutation(
        "publish-first",
        "the order of write and publish in sending",
        ("what_is_seen_stands",),
        [
            Change(
                "sending.py",
                "            message = self._message(command, content, files, claim)\n",
                "            message = self._message(command, content, files, claim)\n"
                "            publish(self._publisher, message)\n",
            )
        ],
        [Often("kill -9 send before write", _SEND, "chat4all.sending:write:before", 0.5, for_s=12.0)],
        seconds=30.0,
    ),
    Mutation(
        "advance-first",
        "the order of publish and advance in the router",
        ("open_connections_are_pushed_to",),
        [
            Change("routing.py", "        self._publisher.publish(events)\n", ""),
            Change(
                "routing.py",
                "        _advance(conversation_id, known.routed_through, last)\n",
                "        _advance(conversation_id, known.routed_through, last)\n        self._publisher.publish(events)\n",
            ),
        ],
        [KillAtStep("kill -9 router after advance", _ROUTER, "chat4all.routing:_advance:after")],
    ),
    Mutation(
        "commit-first",
        "the order of handling and commit in the mapping",
        ("phones_have_every_message",),
        [
            Change(
                "local/event_source_mappings/runner.py",
                "            outcome = await self._attempt([chunk for chunk in chunks if chunk.records])\n",
                "            for lane, chunk in parts:\n"
                "                self._progress.done(lane.partition, chunk.next_offset)\n"
                "            outcome = await self._attempt([chunk for chunk in chunks if chunk.records])\n",
            )
        ],
        [
            KillStackAtStep(
                "kill -9 the whole stack while it sends to the provider",
                _TELEGRAM,
                "chat4all.channels.telegram.send:Sender.send:before",
            )
        ],
        seconds=40.0,
        messages=400,
    ),
    Mutation(
        "rate-limit",
        "the condition of the rate limit",
        ("sends_keep_the_rate",),
        [Change("rate_limits.py", "RateLimit.tat.between(now, latest)", "RateLimit.tat >= now")],
        [Nothing()],
        burst_share=1.0,
    ),
    Mutation(
        "delivery-log",
        "the look into the delivery log before a provider is asked",
        ("phones_have_each_message_once",),
        [
            Change("channels/sending_parts.py", "delivery = task.log.settled(number)", "delivery = None"),
            Change("channels/delivery_log.py", "~busy & ~_is_settled(), ", "~busy, "),
        ],
        [
            KillAtStep(
                "kill -9 telegram_send after the record",
                _TELEGRAM,
                "chat4all.channels.delivery_log:DeliveryLog.sent:after",
            )
        ],
    ),
    Mutation(
        "complete-through",
        "complete_through: a reader is told that all is there",
        ("nothing_is_skipped_by_complete_through",),
        [Change("history.py", '"complete_through": through,', '"complete_through": _last_seq(query.conversation_id),')],
        [Often("sends paused after their number", _SEND, "chat4all.sending:_claim:after", 0.2, pause_s=1.5)],
    ),
)


def named(name: str) -> Mutation:
    """Raises KeyError with the names that there are."""
    found = {mutation.name: mutation for mutation in MUTATIONS}
    if name not in found:
        raise KeyError(f"There is no mutation {name}. There are: {', '.join(found)}.")
    return found[name]
