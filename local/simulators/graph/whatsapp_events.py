"""What WhatsApp tells webhooks: the value of a change, of what is stored.

Source: the fixtures of WhatsApp's webhooks, and .../whatsapp/webhooks/reference/messages: `from_user_id` and `recipient_user_id`
are those of the page "Business-scoped user IDs", beside or in place of the phone number.
"""

import hashlib
from typing import Any

from local.simulators.graph.scene import Event, Scene
from local.simulators.sqlite_file import Row

_MEDIA = ("image", "video", "audio", "document", "sticker")


def message_event(scene: Scene, row: Row) -> Event:
    """A message of a person, or their press of a button or a row of a list (fixtures callback_button, callback_selection)."""
    return _told(scene, {**_head(scene, row), **(row["wire"] if row.get("pressed") else _content(row))})


def edit_event(scene: Scene, row: Row, event_id: str, at: int) -> Event:
    """An edit is an event of its own (fixture edited_message)."""
    message = {"context": {"id": row.get("reply_to") or "M0"}} | _content(row)
    edit = {"original_message_id": row["id"], "message": message}
    return _told(scene, _own(scene, event_id, at) | {"type": "edit", "edit": edit})


def unsend_event(scene: Scene, row: Row, event_id: str, at: int) -> Event:
    """Fixture deleted_message."""
    return _told(scene, _own(scene, event_id, at) | {"type": "revoke", "revoke": {"original_message_id": row["id"]}})


def reaction_event(scene: Scene, row: Row, emoji: str, event_id: str, at: int) -> Event:
    """An empty emoji takes the reaction back."""
    reaction = {"message_id": row["id"], "emoji": emoji}
    return _told(scene, _own(scene, event_id, at) | {"type": "reaction", "reaction": reaction})


def read_events(_scene: Scene, _rows: list[Row], _at: int) -> list[Event]:
    """WhatsApp tells by statuses, one for each message (`status_event`)."""
    return []


def status_event(scene: Scene, row: Row, status: str, at: int, errors: list[Row] | None = None) -> Event:
    """One status of a message that the account has sent (fixture message_status)."""
    document: Row = {"id": row["id"], "status": status, "timestamp": str(at // 1000)}
    document |= {"recipient_id": scene.person.get("phone_number") or row["to"]} if not _hidden(scene) else {}
    if scene.person.get("user_id"):
        document["recipient_user_id"] = scene.person["user_id"]
    if row.get("callback_data"):
        document["biz_opaque_callback_data"] = row["callback_data"]
    if errors:
        document["errors"] = errors
    else:
        document |= _billing(row, status, at)
    contacts = {"contacts": [_contact(scene)]} if scene.person.get("user_id") and status != "failed" else {}
    return Event("messages", _value(scene, **contacts, statuses=[document]))


def number_change_event(scene: Scene, old: str, new: str, event_id: str, at: int) -> Event:
    """Fixture system, phone_number_change: without contacts."""
    system = {
        "body": f"User {scene.person['name']} changed from {old} to {new}",
        "wa_id": new,
        "type": "user_changed_number",
    }
    message = {"from": old, "id": event_id, "timestamp": str(at // 1000), "system": system, "type": "system"}
    return Event("messages", _value(scene, messages=[message]))


def echo_event(scene: Scene, row: Row) -> Event:
    """What somebody wrote in the business's own app (fixture outgoing_message)."""
    echo = {
        "from": scene.account["display_phone_number"],
        **({"to": scene.person["phone_number"]} if not _hidden(scene) else {}),
        **({"to_user_id": scene.person["user_id"]} if scene.person.get("user_id") else {}),
        "id": row["id"],
        "timestamp": str(row["at"] // 1000),
        **_content(row),
    }
    return Event("smb_message_echoes", _value(scene, contacts=[_contact(scene)], message_echoes=[echo]))


def _hidden(scene: Scene) -> bool:
    """A person whose phone number the business does not get to know."""
    return bool(scene.person.get("user_id")) and not scene.person.get("phone_number")


def _value(scene: Scene, **parts: Any) -> Row:
    metadata = {
        "display_phone_number": scene.account["display_phone_number"],
        "phone_number_id": scene.account["id"],
    }
    return {"messaging_product": "whatsapp", "metadata": metadata, **parts}


def _told(scene: Scene, message: Row) -> Event:
    return Event("messages", _value(scene, contacts=[_contact(scene)], messages=[message]))


def _contact(scene: Scene) -> Row:
    person = scene.person
    profile = {"name": person["name"]} | ({"username": person["username"]} if person["username"] else {})
    contact: Row = {"profile": profile}
    if person.get("phone_number"):
        contact["wa_id"] = person["phone_number"]
    return contact | {name: person[name] for name in ("user_id", "parent_user_id") if person.get(name)}


def _own(scene: Scene, event_id: str, at: int) -> Row:
    sender = {"from": scene.person["phone_number"]} if scene.person.get("phone_number") else {}
    if scene.person.get("user_id"):
        sender |= {"from_user_id": scene.person["user_id"]}
    return sender | {"id": event_id, "timestamp": str(at // 1000)}


def _head(scene: Scene, row: Row) -> Row:
    context: Row = {}
    if row.get("reply_to"):
        replied = scene.message(row["reply_to"])
        mine = replied is not None and replied["from"] == "me"
        context = {
            "from": scene.person["id"] if mine else scene.account["display_phone_number"],
            "id": row["reply_to"],
        }
    elif row.get("forwarded"):
        context = {"forwarded": True}
    head = {"referral": row["referral"]} if row.get("referral") else {}
    return head | ({"context": context} if context else {}) | _own(scene, row["id"], row["at"])


def _content(row: Row) -> Row:
    kind = row["type"]
    if kind == "text":
        return {"text": {"body": row["text"]}, "type": "text"}
    if kind in _MEDIA:
        return {"type": kind, kind: _media(row)}
    if kind == "location":
        return {"location": row["location"], "type": "location"}
    if kind == "contacts":
        return {"type": "contacts", "contacts": [_card(one) for one in row["contacts"]]}
    unknown = "Message type unknown"
    details = {"details": "Message type is currently not supported."}
    errors = [{"code": 131051, "title": unknown, "message": unknown, "error_data": details}]
    return {"errors": errors, "type": "unsupported"}


def _media(row: Row) -> Row:
    media = row["media"]
    document: Row = {"caption": row["caption"]} if row.get("caption") else {}
    if row["type"] == "document":
        document["filename"] = media["filename"]
    document |= {"mime_type": media["mime_type"], "sha256": media["sha256"], "id": media["id"]}
    if row["type"] == "audio":
        document["voice"] = bool(media.get("voice"))
    if row["type"] == "sticker":
        document["animated"] = bool(media.get("animated"))
    return document


def _card(contact: Row) -> Row:
    first, _, last = contact["name"].partition(" ")
    name = {"first_name": first, "last_name": last} if last else {"first_name": first}
    digits = "".join(ch for ch in contact["phone"] if ch.isdigit())
    phone = {"phone": contact["phone"], "wa_id": digits, "type": "CELL"}
    return {"name": name | {"formatted_name": contact["name"]}, "phones": [phone]}


def _billing(row: Row, status: str, at: int) -> Row:
    category = row.get("category") or "service"
    pair = f"{row['account_id']} {row['person_id']}".encode()
    conversation: Row = {"id": hashlib.sha256(pair).hexdigest()[:30]}
    if status == "sent":
        conversation["expiration_timestamp"] = str(at // 1000 + 86_400)
    conversation["origin"] = {"type": category}
    pricing = {"billable": category != "service", "pricing_model": "PMP", "category": category}
    return {"conversation": conversation, "pricing": pricing}
