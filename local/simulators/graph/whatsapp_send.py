"""POST /{phone_number_id}/messages: messages, reactions, reads and typing of a WhatsApp number.

Source: .../whatsapp/cloud-api/reference/messages, providers.md for rates and codes. Links are fetched before the answer, but
a file that cannot be had is told by a failed status (131053), as WhatsApp does. Blocked numbers are told as 131026 (unverified).
"""

import math
import re
import time
from typing import Any

import aiohttp

from local.simulators.buckets import Buckets, Limit
from local.simulators.graph import media_limits, templates
from local.simulators.graph.chats import Chats
from local.simulators.graph.errors import GraphError, invalid_parameter, whatsapp_error
from local.simulators.graph.media import fetch, filename_of
from local.simulators.graph.shape import check
from local.simulators.graph.whatsapp_schema import CONTENT, READ, envelope, interactive
from local.simulators.sqlite_file import Row

PAIR = Limit(1 / 6, 45)
"""One message every 6 s to the same person, with bursts of 45 (.../whatsapp/cloud-api/overview, "Pair rate limits")."""
_EMOJI = re.compile(r"[^\s\w]{1,16}|[#*0-9]\ufe0f?\u20e3")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{3,24}")


class WhatsAppSend:
    """The edge `messages` of a number."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self._storage = chats.storage
        self._buckets = Buckets(time.monotonic)
        self.session: aiohttp.ClientSession | None = None

    async def messages(self, account: Row, body: dict[str, Any]) -> dict[str, Any]:
        """The answer of the request; raises GraphError."""
        if "status" in body:
            return self._read(account, body)
        kind = body.get("type", "text")
        if kind not in CONTENT:
            words = ", ".join(name.upper() for name in CONTENT)
            raise invalid_parameter(f"Param type must be one of {{{words}}} - got {kind!r}.")
        check(envelope(kind), body)
        if kind not in body:
            raise whatsapp_error(131008, f"Parameter '{kind}' is mandatory for type '{kind}'")
        if kind == "interactive":
            check_interactive(body["interactive"])
        person, given = self._recipient(account, body)
        self._limit(account, person)
        document = {"type": kind, "to": given, "callback_data": body.get("biz_opaque_callback_data")}
        document |= self._context(account, person, body)
        if kind == "reaction":
            return self._answer(body, person, self._react(account, person, document, body["reaction"]))
        content, problem = await self._content(account, kind, body[kind])
        fate, details = (131053, problem) if problem else (self._refusal(account, person, kind), "")
        if fate is not None and not problem and self._chats.settings.text("refusals") == "answer":
            raise whatsapp_error(fate)
        return self._answer(
            body, person, self._chats.account_says(account, person, document | content, fate=fate, details=details)
        )

    # --- recipients, windows, rates
    def _recipient(self, account: Row, body: Row) -> tuple[Row, str]:
        """The person (a stand-in where there is none) and how the request named them; `to` comes before `recipient`."""
        if to := body.get("to"):
            digits = re.sub(r"[^0-9]", "", to)
            if not _PHONE.fullmatch(to):
                raise whatsapp_error(131009, f"Param to is not a valid phone number: {to}")
            if digits == account["display_phone_number"]:
                raise whatsapp_error(131021)
            known = self._storage.person_where("whatsapp", "phone_number", digits)
            return known or {
                "id": digits,
                "phone_number": digits,
                "name": digits,
                "username": "",
                "unknown": True,
            }, digits
        if user_id := body.get("recipient"):
            found = self._storage.person_where("whatsapp", "user_id", user_id)
            found = found or self._storage.person_where("whatsapp", "parent_user_id", user_id)
            unknown = {
                "id": user_id,
                "phone_number": "",
                "user_id": user_id,
                "name": user_id,
                "username": "",
                "unknown": True,
            }
            return found or unknown, user_id
        raise invalid_parameter("The parameter to is required.")

    def _refusal(self, account: Row, person: Row, kind: str) -> int | None:
        if person.get("unknown") or self._chats.blocked(account, person["id"]):
            return 131026
        if kind != "template" and not self._chats.window_open(account, person["id"]):
            return 131047
        return None

    def _limit(self, account: Row, person: Row) -> None:
        if not self._chats.settings.flag("rate_limits"):
            return
        number = Limit(account["throughput"], account["throughput"])
        lacking, wait_s = self._buckets.take([(account["id"], number), ((account["id"], person["id"]), PAIR)])
        if wait_s > 0:
            error = whatsapp_error((130429, 131056)[lacking])
            error.retry_after_s = math.ceil(wait_s) if lacking == 0 else None
            raise error

    # --- what is sent
    def _context(self, account: Row, person: Row, body: Row) -> Row:
        if "context" not in body:
            return {}
        message_id = body["context"]["message_id"]
        self._message_of(account, person, message_id, "context")
        return {"reply_to": message_id}

    def _message_of(self, account: Row, person: Row, message_id: str, where: str) -> Row:
        row = self._storage.message(message_id)
        if row is None or row["account_id"] != account["id"] or row["person_id"] != person["id"]:
            raise whatsapp_error(131009, f"{where}.message_id: there is no such message with this user: {message_id}")
        return row

    def _react(self, account: Row, person: Row, document: Row, reaction: Row) -> Row:
        emoji = reaction["emoji"]
        if emoji and not _EMOJI.fullmatch(emoji):
            raise whatsapp_error(131009, "Param reaction['emoji'] must be one emoji or empty")
        row = self._message_of(account, person, reaction["message_id"], "reaction")
        if row["type"] == "reaction" or row["deleted"]:
            raise whatsapp_error(131009, "reaction.message_id: reactions and deleted messages take no reactions")
        fate = self._refusal(account, person, "reaction")
        sent = self._chats.account_says(account, person, document | {"reaction": reaction, "hidden": True}, fate=fate)
        if fate is None:
            self._chats.account_reacts(row, emoji)
        return sent

    async def _content(self, account: Row, kind: str, given: Any) -> tuple[Row, str]:
        """What is stored, and why it fails ("" where it does not)."""
        if kind == "text":
            return {"text": given["body"]}, ""
        if kind in media_limits.WHATSAPP:
            return await self._media(account, kind, given)
        if kind == "location":
            return {"location": _location(given)}, ""
        if kind == "contacts":
            return {"contacts": [_card(contact) for contact in given]}, ""
        if kind == "interactive":
            return shown_interactive(given), ""
        template = self._storage.template(account["waba_id"], given["name"], given["language"]["code"])
        if template is None:
            details = f"template name ({given['name']}) does not exist in {given['language']['code']}"
            raise whatsapp_error(132001, details)
        return templates.filled(template, given.get("components", [])), ""

    async def _media(self, account: Row, kind: str, given: Row) -> tuple[Row, str]:
        caption = {"caption": given["caption"]} if given.get("caption") else {}
        if "id" in given:
            media = self._storage.media(given["id"])
            if media is None or media["account_id"] != account["id"]:
                raise whatsapp_error(
                    131009, f"Param {kind}['id'] is not the id of a media of this phone number: {given['id']}"
                )
            problem = media_limits.problem(media_limits.WHATSAPP, kind, media["mime_type"], self._bytes(media["id"]))
        else:
            assert self.session is not None
            found = await fetch(self.session, given["link"], media_limits.WHATSAPP[kind].size)
            problem = found.problem or media_limits.problem(media_limits.WHATSAPP, kind, found.mime_type, found.data)
            name = filename_of(given["link"], found.mime_type)
            media = {} if problem else self._chats.media.save(found.data, found.mime_type, name)
        if problem:
            return caption | {"media": {"filename": "", "mime_type": "", "size": 0, "id": ""}}, problem
        shown = {"filename": given["filename"]} if given.get("filename") else {}
        shown |= {"voice": True} if given.get("voice") else {}
        return caption | {"media": media | shown}, ""

    def _bytes(self, media_id: str) -> bytes:
        path = self._chats.media.path(media_id)
        return path.read_bytes() if path.exists() else b""

    # --- reads and answers
    def _read(self, account: Row, body: Row) -> dict[str, Any]:
        check(READ, body)
        row = self._storage.message(body["message_id"])
        if row is None or row["account_id"] != account["id"] or row["from"] != "me":
            raise whatsapp_error(131009, f"Param message_id is not the id of a message received: {body['message_id']}")
        self._chats.account_reads(row)
        if "typing_indicator" in body:
            self._chats.account_types(account, row["person_id"], on=True)
        return {"success": True}

    def _answer(self, body: Row, person: Row, row: Row) -> dict[str, Any]:
        by_phone = "to" in body
        contact = {"wa_id": person["phone_number"]} if by_phone else {"user_id": person["user_id"]}
        message: Row = {"id": row["id"]} | ({"message_status": "accepted"} if row["type"] == "template" else {})
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"input": body["to"] if by_phone else body["recipient"], **contact}],
            "messages": [message],
        }


def check_interactive(given: Row) -> None:
    """Raises GraphError: the shape by its type, the sum of rows, ids that are the same."""
    kind = given["type"]
    try:
        check(interactive(kind), given)
    except GraphError as error:
        raise invalid_parameter(
            error.message.removeprefix("(#100) ").replace("Param ", "Param interactive.", 1)
        ) from None
    buttons = [button["id"] for button in shown_interactive(given)["buttons"]]
    if kind == "list" and len(buttons) > 10:
        raise whatsapp_error(131009, "Total row count exceed max allowed count: 10")
    if len(set(buttons)) < len(buttons):
        raise whatsapp_error(131009, "Button ids and row ids must be unique")


def shown_interactive(given: Row) -> Row:
    """What the phone shows: the text, and the buttons or rows to be pressed."""
    action = given["action"]
    buttons = [button["reply"] for button in action.get("buttons", [])]
    buttons += [row for section in action.get("sections", []) for row in section["rows"]]
    parts = [given.get("header", {}).get("text"), given["body"]["text"], given.get("footer", {}).get("text")]
    return {
        "type": "buttons",
        "text": "\n".join(part for part in parts if part),
        "buttons": buttons,
        "wire": {"interactive": given["type"]},
    }


def _location(given: Row) -> Row:
    place: Row = {name: given[name] for name in ("name", "address") if given.get(name)}
    for name, most in (("latitude", 90), ("longitude", 180)):
        try:
            degrees = float(given[name])
        except ValueError:
            raise invalid_parameter(f"Param location[{name!r}] must be a number.") from None
        if not abs(degrees) <= most:
            raise whatsapp_error(131009, f"Param location[{name!r}] must be from -{most} to {most}")
        place[name] = degrees
    return place


def _card(contact: Row) -> Row:
    phones = contact.get("phones") or [{}]
    emails = contact.get("emails") or [{}]
    found = {"phone": phones[0].get("phone", ""), "email": emails[0].get("email", "")}
    return {"name": contact["name"]["formatted_name"], **{name: value for name, value in found.items() if value}}
