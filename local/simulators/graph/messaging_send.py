"""POST /{page_id}/messages and /{ig_id}/messages: messages, reactions and sender actions of a page or profile.

Sources: .../messenger-platform/reference/send-api and .../error-codes, .../instagram-messaging/send-message; providers.md for
windows, rates and codes. Instagram's own host has been seen to answer 10/2534022 (IGApiException, 403) outside the window; here
both answer what providers.md says, 10/2018278. HTTP status 400 for 551 and 613: (unverified).
"""

import time
from typing import Any

import aiohttp

from local.simulators.buckets import Buckets, Limit
from local.simulators.graph import media_limits
from local.simulators.graph.chats import Chats
from local.simulators.graph.errors import GraphError, invalid_parameter
from local.simulators.graph.media import fetch, filename_of
from local.simulators.graph.messaging_schema import REACTIONS, TEMPLATES, UPLOAD, request
from local.simulators.graph.shape import check
from local.simulators.sqlite_file import Row

_EMOJI = {
    "love": "❤️",
    "smile": "😆",
    "wow": "😮",
    "sad": "😢",
    "angry": "😠",
    "like": "👍",
    "dislike": "👎",
    "other": "🙂",
}
_FILES = {"messenger": media_limits.MESSENGER, "instagram": media_limits.INSTAGRAM}
RATES = {
    "messenger": {"text": Limit(300, 300), "media": Limit(10, 10)},
    "instagram": {"text": Limit(100, 100), "media": Limit(10, 10)},
}
"""Messages a second of an account: providers.md; 10 audio or video of a page (.../messenger-platform/overview/rate-limiting)."""
_OUTSIDE = (
    "(#10) This message is sent outside of allowed window. Learn more about the new policy here:"
    " https://developers.facebook.com/docs/messenger-platform/policy-overview"
)


class MessagingSend:
    """The edges `messages` and `message_attachments` of pages and profiles."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self._storage = chats.storage
        self._buckets = Buckets(time.monotonic)
        self.session: aiohttp.ClientSession | None = None

    async def messages(self, account: Row, body: dict[str, Any], upload: Row | None = None) -> dict[str, Any]:
        """The answer of the request; `upload` is a file of the request itself. Raises GraphError."""
        check(request(account["channel"], list(_FILES[account["channel"]])), body)
        if ("message" in body) == ("sender_action" in body):
            both = "message" in body
            raise invalid_parameter(
                "Cannot send both message and state at the same time." if both else "The parameter message is required."
            )
        person = self._recipient(account, body)
        if "sender_action" in body:
            return self._act(account, person, body)
        _check_message(account, body, upload)
        self._check_window(account, person, body)
        document = self._reply_to(account, person, body)
        message = body["message"]
        self._limit(account, "media" if upload or "attachment" in message or "attachments" in message else "text")
        content = await self._content(account, message, upload)
        content |= {"app_id": account["app_id"], "metadata": message.get("metadata")}
        row = self._chats.account_says(account, person, document | content)
        return {"recipient_id": person["id"], "message_id": row["id"]} | _reusable(message, row)

    async def upload(self, account: Row, body: dict[str, Any], upload: Row | None) -> dict[str, Any]:
        """POST /{page_id}/message_attachments: a file to be sent by its attachment_id."""
        check(UPLOAD, body)
        given = body["message"]["attachment"]
        media = await self._file(account, given, upload)
        return {"attachment_id": media["id"]}

    # --- recipients, windows, rates
    def _recipient(self, account: Row, body: Row) -> Row:
        person = self._storage.person(body["recipient"]["id"])
        if person is None or person["channel"] != account["channel"] or not self._knows(account, person):
            raise GraphError(400, 100, "(#100) No matching user found", subcode=2018001)
        if self._chats.blocked(account, person["id"]):
            raise GraphError(400, 551, "(#551) This person isn't available right now.", subcode=1545041)
        return person

    def _knows(self, account: Row, person: Row) -> bool:
        """Scoped ids are known to an account only after the person has written to it."""
        return self._storage.chat(account["id"], person["id"]) is not None

    def _check_window(self, account: Row, person: Row, body: Row) -> None:
        seconds = "human_agent_s" if body.get("tag") == "HUMAN_AGENT" else "window_s"
        if not self._chats.window_open(account, person["id"], seconds):
            raise GraphError(400, 10, _OUTSIDE, subcode=2018278)

    def _limit(self, account: Row, kind: str) -> None:
        if not self._chats.settings.flag("rate_limits"):
            return
        _, wait_s = self._buckets.take([((account["id"], kind), RATES[account["channel"]][kind])])
        if wait_s > 0:
            raise too_many()

    # --- what is sent
    def _reply_to(self, account: Row, person: Row, body: Row) -> Row:
        if "reply_to" not in body:
            return {}
        return {"reply_to": self._message_of(account, person, body["reply_to"]["mid"], "reply_to['mid']")["id"]}

    def _message_of(self, account: Row, person: Row, mid: str, where: str) -> Row:
        row = self._storage.message(mid)
        if row is None or row["account_id"] != account["id"] or row["person_id"] != person["id"] or row["deleted"]:
            raise invalid_parameter(f"Param {where} is not the id of a message of this conversation.")
        return row

    async def _content(self, account: Row, message: Row, upload: Row | None) -> Row:
        if "attachments" in message:
            files = [await self._file(account, given, None) for given in message["attachments"]]
            return {"type": "album", "items": files}
        given = message.get("attachment")
        if given is None:
            replies = [_button(reply) for reply in message.get("quick_replies", [])]
            kind = "buttons" if replies else "text"
            return {"type": kind, "text": message["text"], "buttons": replies, "wire": {"press": "quick_reply"}}
        if given["type"] == "template":
            return shown_template(given["payload"])
        return {"type": given["type"], "media": await self._file(account, given, upload)}

    async def _file(self, account: Row, given: Row, upload: Row | None) -> Row:
        """The media of an attachment: of the request itself, of an upload before, or fetched now."""
        kind, payload = given["type"], given.get("payload", {})
        limits = _FILES[account["channel"]]
        if kind not in limits:
            raise invalid_parameter(
                f"Param message['attachment']['type'] must be one of {{{', '.join(limits)}}} - got {kind!r}."
            )
        if upload is None and "attachment_id" in payload:
            media = self._storage.media(payload["attachment_id"])
            if media is None or media["account_id"] != account["id"]:
                raise invalid_parameter(
                    "Param message['attachment']['payload']['attachment_id'] is not the id of an upload."
                )
            return media
        if upload is None and "url" not in payload:
            raise invalid_parameter("The parameter message['attachment']['payload']['url'] is required.")
        if upload is None:
            assert self.session is not None
            found = await fetch(self.session, str(payload.get("url", "")), limits[kind].size)
            if "more than" in found.problem:
                raise GraphError(400, 100, "(#100) Attachment size exceeds allowable limit", subcode=2018109)
            if found.problem:
                words = f"(#100) Failed to fetch the file from the url: {found.problem}"
                raise GraphError(400, 100, words, subcode=2018008)
            name = filename_of(str(payload["url"]), found.mime_type)
            upload = {"data": found.data, "mime_type": found.mime_type, "filename": name}
        if problem := media_limits.problem(limits, kind, upload["mime_type"], upload["data"]):
            if len(upload["data"]) > limits[kind].size:
                raise GraphError(400, 100, "(#100) Attachment size exceeds allowable limit", subcode=2018109)
            raise GraphError(400, 100, f"(#100) Upload attachment failure: {problem}", subcode=2018047)
        return self._chats.media.save(upload["data"], upload["mime_type"], upload["filename"], account["id"])

    # --- sender actions
    def _act(self, account: Row, person: Row, body: Row) -> dict[str, Any]:
        action = body["sender_action"]
        answer = {"recipient_id": person["id"]}
        if action in ("react", "unreact"):
            self._react(account, person, action, body.get("payload") or {})
            return answer
        if "payload" in body:
            raise invalid_parameter(f"Param payload cannot be sent with sender_action {action}.")
        if action == "mark_seen":
            theirs = [row for row in self._storage.messages(account["id"], person["id"]) if row["from"] == "me"]
            if theirs:
                self._chats.account_reads(theirs[-1])
        else:
            self._chats.account_types(account, person["id"], on=action == "typing_on")
        return answer

    def _react(self, account: Row, person: Row, action: str, payload: Row) -> None:
        """By any emoji (.../send-messages/sender-actions; .../instagram-api-with-instagram-login/messaging-api of v25.0,
        which has the name love beside it, and had it alone before); Messenger's by the other names too (unverified)."""
        if "message_id" not in payload:
            raise invalid_parameter("The parameter payload['message_id'] is required.")
        row = self._message_of(account, person, payload["message_id"], "payload['message_id']")
        reaction = payload.get("reaction", "")
        if action == "unreact":
            self._chats.account_reacts(row, "")
            return
        allowed = ("love",) if account["channel"] == "instagram" else REACTIONS
        if reaction not in allowed and not _is_emoji(reaction):
            raise invalid_parameter(
                f"Param payload['reaction'] must be one of {{{', '.join(allowed)}}} - got {reaction!r}."
            )
        self._chats.account_reacts(row, str(_EMOJI.get(reaction, reaction)))


def too_many() -> GraphError:
    return GraphError(400, 613, "(#613) Calls to this api have exceeded the rate limit.")


def _check_message(account: Row, body: Row, upload: Row | None) -> None:
    """Raises GraphError for what the schema cannot say."""
    message = body["message"]
    parts = [name for name in ("text", "attachment", "attachments") if name in message]
    if len(parts) != 1:
        raise invalid_parameter("Param message must have exactly one of text and attachment.")
    if upload is not None and parts != ["attachment"]:
        raise invalid_parameter("Param message['attachment'] is required with filedata.")
    if message.get("attachment", {}).get("type") == "template":
        payload = message["attachment"]["payload"]
        if payload["template_type"] not in TEMPLATES:
            raise invalid_parameter(f"Param template_type must be one of {{{', '.join(TEMPLATES)}}}.")
        check(TEMPLATES[payload["template_type"]], payload)
    text = message.get("text", "")
    length, most = (len(text.encode()), 1000) if account["channel"] == "instagram" else (len(text), 2000)
    if length > most:
        raise invalid_parameter(f"Length of param message[text] must be less than or equal to {most}")
    if account["channel"] == "messenger" and "messaging_type" not in body:
        raise invalid_parameter("The parameter messaging_type is required.")
    if ("tag" in body) != (body.get("messaging_type") == "MESSAGE_TAG") and account["channel"] == "messenger":
        raise invalid_parameter("Param tag is required with messaging_type MESSAGE_TAG, and only with it.")
    for reply in message.get("quick_replies", []):
        if reply["content_type"] == "text" and not ("title" in reply and "payload" in reply):
            raise invalid_parameter("Param message['quick_replies'] needs title and payload with content_type text.")


def shown_template(payload: Row) -> Row:
    """What the phone shows of a template: its text and the buttons to be pressed."""
    elements = payload.get("elements", [payload])
    texts = [part for one in elements for part in (one.get("title"), one.get("text"), one.get("subtitle")) if part]
    buttons = [_button(button) for one in elements for button in one.get("buttons", []) if "payload" in button]
    return {"type": "buttons", "text": "\n".join(texts), "buttons": buttons, "wire": {"press": "postback"}}


def _button(given: Row) -> Row:
    return {"id": given.get("payload", given["title"]), "title": given["title"]}


def _reusable(message: Row, row: Row) -> Row:
    wanted = message.get("attachment", {}).get("payload", {}).get("is_reusable")
    return {"attachment_id": row["media"]["id"]} if wanted and "media" in row else {}


def _is_emoji(text: str) -> bool:
    return 0 < len(text) <= 16 and not any(ch.isalnum() or ch.isspace() for ch in text)
