"""The Send API, the same on Messenger and Instagram but for a few words: `POST /{page or profile}/messages`.

Sources: developers.facebook.com/docs/messenger-platform/reference/send-api, .../send-messages/sender-actions,
.../docs/graph-api/reference/page/messages and .../docs/instagram-platform/instagram-api-with-instagram-login/messaging-api.

It has no idempotency key: where an answer is lost, the same message may be sent twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chat4all.channels.channel import Fetched, Target, Unsupported
from chat4all.channels.fates import NotSent, Permanent, TryAgain
from chat4all.channels.meta.errors import GraphError
from chat4all.channels.meta.graph import Graph
from chat4all.channels.meta.messaging.errors import fate_of
from chat4all.channels.meta.messaging.fetch import Downloads
from chat4all.channels.meta.messaging.limits import RESERVE_MS
from chat4all.channels.outgoing import (
    Action,
    EditText,
    LinkPart,
    MarkRead,
    MediaPart,
    Part,
    React,
    Retract,
    Sent,
    ShowTyping,
    TextPart,
    link_text,
)
from chat4all.channels.pieces import piece_id, whole_id

if TYPE_CHECKING:
    from chat4all.channels.media import MediaStore

_INVALID_PARAMETER = 100


@dataclass(frozen=True, slots=True)
class Api:
    """What differs between the two."""

    official: str
    account_setting: str
    """The setting that has the id in the path."""
    terms: Mapping[str, Any]
    """What goes with each message where the window asks for nothing else."""
    has_metadata: bool
    """Whether a message's `metadata` comes back with its echo, which may be faster than the answer."""
    name_fields: Sequence[str]
    """Of a person's profile."""
    is_one_name: bool
    """Whether the first of these that there is is the name, and not all of them together."""

    def name_of(self, words: Sequence[str]) -> str | None:
        """The name in the words of `name_fields`."""
        return " ".join(words[:1] if self.is_one_name else words) or None


class MessagingSender:
    """Sends for all accounts of one of the two channels."""

    def __init__(self, media: "MediaStore", api: Api) -> None:
        self._media = media
        self._api = api
        self._graph = Graph(api.official)
        self._downloads = Downloads()

    def send(self, to: Target, part: Part, reply_to: str | None) -> Sent:
        """Send a part; where what it answers cannot be named there any more, without that. Raises NotSent."""
        return self._say(to, self._message(part), part.reason if isinstance(part, LinkPart) else None, reply_to)

    def send_album(self, to: Target, parts: Sequence[MediaPart], reply_to: str | None) -> Sequence[Sent]:
        """Send several images as one message of theirs, of which each is a piece. Raises NotSent."""
        sent = self._say(to, {"attachments": [self._attachment(part) for part in parts]}, None, reply_to)
        return [replace(sent, external_id=piece_id(sent.external_id, number)) for number in range(len(parts))]

    def _say(self, to: Target, message: dict[str, Any], note: str | None, reply_to: str | None) -> Sent:
        if self._api.has_metadata and to.reference:
            message["metadata"] = to.reference
        body = {"recipient": {"id": to.address}, **self._api.terms, **to.terms, "message": message}
        if reply_to is None:
            return Sent(self._sent(to, body), note)
        try:
            return Sent(self._sent(to, {**body, "reply_to": {"mid": whole_id(reply_to)}}), note)
        except _Refused as error:
            if error.code != _INVALID_PARAMETER:
                raise
        return Sent(self._sent(to, body), note or "reply_left_out: what it answers cannot be named there")

    def act(self, to: Target, action: Action) -> None:
        """Reactions, reads and typing; the API has neither edits nor unsends. Raises NotSent, Unsupported."""
        match action:
            case React(external_id, ()):
                self._act(to, "unreact", {"message_id": whole_id(external_id)})
            case React(external_id, emojis):  # a page has one reaction to a message: the latest of our people's
                self._act(to, "react", {"message_id": whole_id(external_id), "reaction": emojis[-1]})
            case MarkRead():
                self._act(to, "mark_seen")
            case ShowTyping():
                self._act(to, "typing_on")
            case EditText():
                raise Unsupported("the Send API cannot change what was sent")
            case Retract():
                raise Unsupported("the Send API cannot take back what was sent")

    def fetch(self, to: Target, media: Mapping[str, Any], most_bytes: int) -> Fetched:
        """Open a file by the URL that the webhook gave; raises NotSent."""
        url, own_base = str(media.get("url") or ""), to.settings.get("api_base")
        return self._downloads.open(url, own_base=own_base, most_bytes=most_bytes, remaining_ms=to.remaining_ms)

    def name_of(self, to: Target) -> str | None:
        """By the User Profile API (.../messenger-platform/identity/user-profile, .../instagram-messaging/user-profile): for
        those who have written, and with the permissions of the app. Raises NotSent."""
        profile = self._call(to, "GET", to.address, params={"fields": ",".join(self._api.name_fields)})
        words = [profile[field].strip() for field in self._api.name_fields if isinstance(profile.get(field), str)]
        return self._api.name_of([word for word in words if word])

    def close(self) -> None:
        """Close connections."""
        self._graph.close()
        self._downloads.close()

    def _message(self, part: Part) -> dict[str, Any]:
        match part:
            case TextPart(text):
                return {"text": text}
            case LinkPart():
                return {"text": link_text(part, self._media.share_link(part.file))}
            case MediaPart():
                return {"attachment": self._attachment(part)}
        raise NotSent(Permanent(f"unsupported_type: {type(part).__name__} cannot be sent"))

    def _attachment(self, part: MediaPart) -> dict[str, Any]:
        return {"type": part.kind, "payload": {"url": self._media.link(part.file)}}

    def _act(self, to: Target, name: str, payload: Mapping[str, Any] | None = None) -> None:
        """A sender action, which goes alone, and to somebody who wrote: no tag is of use to it."""
        body = {"recipient": {"id": to.address}, "sender_action": name}
        self._post(to, body | ({"payload": payload} if payload else {}))

    def _sent(self, to: Target, body: Mapping[str, Any]) -> str:
        answer = self._post(to, body)
        external_id = answer.get("message_id")
        if not isinstance(external_id, str) or not external_id:
            raise NotSent(TryAgain("unreachable: the answer has no message_id"))
        return external_id

    def _post(self, to: Target, body: Mapping[str, Any]) -> dict[str, Any]:
        if to.remaining_ms() < RESERVE_MS:
            raise NotSent(TryAgain("no_time: the invocation ends before it could be sent"))
        return self._call(to, "POST", f"{to.settings[self._api.account_setting]}/messages", body=body)

    def _call(self, to: Target, method: str, path: str, **more: Any) -> dict[str, Any]:
        settings = to.settings
        try:
            return self._graph.call(
                method, path, token=settings["access_token"], api_base=settings.get("api_base"), **more
            )
        except GraphError as error:
            raise _Refused(error) from error


class _Refused(NotSent):
    """A call that failed, with its fate on these channels."""

    def __init__(self, error: GraphError) -> None:
        super().__init__(fate_of(error.failure))
        is_refused = isinstance(self.fate, Permanent)
        self.code = error.failure.code if is_refused else None
        """Of an error that would come again."""
