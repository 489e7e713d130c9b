"""kill -9 of an environment at each step whose loss could be seen: the names of the code that it is around."""

from dataclasses import dataclass
from random import Random

from tests.chaos.faults.processes import until_gone
from tests.chaos.faults.rules import rule, until_met
from tests.chaos.world import Fault, World

_MET_WITHIN_S = 60.0


@dataclass
class KillAtStep(Fault):
    """The next environment of this function that comes to the step is killed there."""

    name: str
    function: str
    """Logical id."""
    at: str
    """`module:name:before|after`."""
    may_double_on_provider: bool = False

    def inject(self, world: World, random: Random) -> None:
        """Raises NotMet where nothing comes by."""
        with rule(world, "function", self.function, "kill", at=self.at, count=1) as identifier:
            until_gone([until_met(world, identifier, _MET_WITHIN_S)["pid"]])


def _kill(what: str, function: str, at: str, *, may_double: bool = False) -> KillAtStep:
    return KillAtStep(f"kill -9 {what}", function, at, may_double)


_PUBLISH = "chat4all.kafka.publisher:Publisher.publish"
_TELEGRAM = "chat4all.channels.telegram.send:Sender.send"
_TELEGRAM_ACT = "chat4all.channels.telegram.send:Sender.act"
_PUT = "chat4all.file_bucket:FileBucket.put"

STEPS = (
    _kill("send after number", "MessagesSendFunction", "chat4all.sending:take_number:after"),
    _kill("send after claim", "MessagesSendFunction", "chat4all.sending:_claim:after"),
    _kill("send after write", "MessagesSendFunction", "chat4all.sending:write:after"),
    _kill("send after publish", "MessagesSendFunction", "chat4all.sending:publish:after"),
    _kill("router before publish", "RouterFunction", f"{_PUBLISH}:before"),
    _kill("router after publish, before advance", "RouterFunction", "chat4all.routing:_advance:before"),
    _kill("router after advance", "RouterFunction", "chat4all.routing:_advance:after"),
    _kill("realtime before push", "RealtimeFunction", "chat4all.websocket.push:Push.post:before"),
    _kill("realtime after push", "RealtimeFunction", "chat4all.websocket.push:Push.post:after"),
    _kill(
        "telegram_send after the claim",
        "TelegramSendFunction",
        "chat4all.channels.delivery_log:DeliveryLog.begin:after",
    ),
    _kill("telegram_send before the provider", "TelegramSendFunction", f"{_TELEGRAM}:before"),
    _kill("telegram_send after the provider's answer", "TelegramSendFunction", f"{_TELEGRAM}:after", may_double=True),
    _kill(
        "telegram_send after the record",
        "TelegramSendFunction",
        "chat4all.channels.delivery_log:DeliveryLog.sent:after",
    ),
    _kill(
        "delivery_status before it reads",
        "DeliveryStatusFunction",
        "chat4all.delivery_status:DeliveryStatuses.apply:before",
    ),
    _kill("delivery_status before publish", "DeliveryStatusFunction", f"{_PUBLISH}:before"),
    _kill("delivery_status after publish", "DeliveryStatusFunction", f"{_PUBLISH}:after"),
    _kill("edit after number", "MessagesChangeFunction", "chat4all.entries:take_number:after"),
    _kill("edit after its entry", "MessagesChangeFunction", "chat4all.entries:write:after"),
    _kill("edit after the message", "MessagesChangeFunction", "chat4all.change_entries:apply:after"),
    _kill("edit after publish", "MessagesChangeFunction", "chat4all.entries:publish:after"),
    _kill("reaction after number", "ReactionsFunction", "chat4all.entries:take_number:after"),
    _kill("reaction after its entry", "ReactionsFunction", "chat4all.entries:write:after"),
    _kill("reaction after the message", "ReactionsFunction", "chat4all.change_entries:apply:after"),
    _kill("reaction after publish", "ReactionsFunction", "chat4all.entries:publish:after"),
    _kill("telegram_send before an action", "TelegramSendFunction", f"{_TELEGRAM_ACT}:before"),
    _kill("telegram_send after an action", "TelegramSendFunction", f"{_TELEGRAM_ACT}:after"),
    _kill("media_fetch before S3", "MediaFetchFunction", f"{_PUT}:before"),
    _kill("media_fetch after S3", "MediaFetchFunction", f"{_PUT}:after"),
    _kill("media_fetch after the file", "MediaFetchFunction", "chat4all.channels.media_fetch:_settle:after"),
    _kill("media_fetch after its change", "MediaFetchFunction", "chat4all.file_changes:write_change:after"),
    _kill("channel_signals before publish", "ChannelSignalsFunction", f"{_PUBLISH}:before"),
    _kill("channel_signals after publish", "ChannelSignalsFunction", f"{_PUBLISH}:after"),
    _kill("receipt after write", "ReceiptsFunction", "chat4all.receipts:_raised:after"),
    _kill("receipt after publish", "ReceiptsFunction", f"{_PUBLISH}:after"),
)
