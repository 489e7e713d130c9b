"""What Messenger and Instagram tell webhooks: an item of messaging[], of what is stored.

Sources: the fixtures; .../messenger-platform/reference/webhook-events (message_edits, message-deliveries, message-reads), and
.../instagram-messaging/webhooks. Messenger's watermarks are milliseconds; Instagram has no deliveries, and reads by message.
"""

from local.simulators.graph.scene import Event, Scene
from local.simulators.sqlite_file import Row

REACTIONS = {
    "❤": "love",
    "😆": "smile",
    "😂": "smile",
    "😮": "wow",
    "😢": "sad",
    "😠": "angry",
    "😡": "angry",
    "👍": "like",
    "👎": "dislike",
}
"""Names of reactions; the others are "other"."""
_KINDS = {"image": "image", "video": "video", "audio": "audio", "document": "file", "file": "file", "sticker": "image"}


def message_event(scene: Scene, row: Row) -> Event:
    """A message of a person, or the echo of one of the account."""
    if row["type"] == "postback":
        return Event("messaging_postbacks", _item(scene, row["at"], postback=row["wire"]))
    message: Row = {"mid": row["id"]}
    if row["type"] in ("text", "buttons", "template", "story_reply") and row.get("text"):
        message["text"] = row["text"]
    if row.get("quick_reply"):
        message["quick_reply"] = {"payload": row["quick_reply"]}
    if attachments := _attachments(scene, row):
        message["attachments"] = attachments
    if row["type"] == "unsupported":
        message["is_unsupported"] = True
    reply_to = _reply_to(row)
    if reply_to:
        message["reply_to"] = reply_to
    if row.get("referral"):
        message["referral"] = row["referral"]
    return Event("messages", _item(scene, row["at"], message=message))


def echo_event(scene: Scene, row: Row) -> Event:
    """What the account has sent, by whichever app; Instagram sends it under `messages`."""
    item = message_event(scene, row).document
    item["sender"], item["recipient"] = item["recipient"], item["sender"]
    item["message"]["is_echo"] = True
    if row.get("app_id") and scene.account["channel"] == "messenger":
        item["message"]["app_id"] = int(row["app_id"])
    if row.get("metadata"):
        item["message"]["metadata"] = row["metadata"]
    return Event("message_echoes" if scene.account["channel"] == "messenger" else "messages", item)


def edit_event(scene: Scene, row: Row, _event_id: str, at: int) -> Event:
    """An edit keeps the mid (message_edits)."""
    edit = {"mid": row["id"], "text": row.get("text", ""), "num_edit": row["num_edit"]}
    return Event("message_edits", _item(scene, at, message_edit=edit))


def unsend_event(scene: Scene, row: Row, _event_id: str, at: int) -> Event | None:
    """Instagram tells of an unsent message under the same mid; Messenger tells nothing."""
    if scene.account["channel"] == "messenger":
        return None
    return Event("messages", _item(scene, at, message={"mid": row["id"], "is_deleted": True}))


def reaction_event(scene: Scene, row: Row, emoji: str, _event_id: str, at: int) -> Event:
    """An empty emoji takes the reaction back; Messenger says then too what it was, Instagram does not."""
    shown = emoji or row["reactions"].get("me", "")
    reaction: Row = {"mid": row["id"], "action": "react" if emoji else "unreact"}
    if emoji or scene.account["channel"] == "messenger":
        reaction["emoji"] = shown
    if scene.account["channel"] == "messenger":
        reaction["reaction"] = REACTIONS.get(shown.replace("\ufe0f", ""), "other")
    return Event("message_reactions", _item(scene, at, reaction=reaction))


def delivery_events(scene: Scene, rows: list[Row], at: int) -> list[Event]:
    """Messenger only; `rows` are the account's messages that have now arrived."""
    if scene.account["channel"] != "messenger" or not rows:
        return []
    delivery = {"mids": [row["id"] for row in rows], "watermark": max(row["at"] for row in rows)}
    return [Event("message_deliveries", _item(scene, at, delivery=delivery))]


def read_events(scene: Scene, rows: list[Row], at: int) -> list[Event]:
    """Messenger: a watermark; Instagram: each message."""
    if not rows:
        return []
    if scene.account["channel"] == "messenger":
        watermark = max(row["at"] for row in rows)
        return [Event("message_reads", _item(scene, at, read={"watermark": watermark}))]
    return [Event("messaging_seen", _item(scene, at, read={"mid": row["id"]})) for row in rows]


def _item(scene: Scene, at: int, **kind: Row) -> Row:
    return {"sender": {"id": scene.person["id"]}, "recipient": {"id": scene.account["id"]}, "timestamp": at, **kind}


def _reply_to(row: Row) -> Row:
    if row.get("story"):
        return {"story": row["story"]}
    return {"mid": row["reply_to"]} if row.get("reply_to") else {}


def _attachments(scene: Scene, row: Row) -> list[Row]:
    kind = row["type"]
    if kind == "album":
        return [_file(scene, "image", media) for media in row["items"]]
    if kind == "story_mention":
        return [_file(scene, "story_mention", row["media"])]
    if kind == "location":
        # Messenger has taken locations out of its app; its webhooks' reference still has the form.
        place = {"lat": row["location"]["latitude"], "long": row["location"]["longitude"]}
        return [{"type": "location", "payload": {"coordinates": place}}]
    if kind == "share":
        return [{"type": "share" if scene.account["channel"] == "instagram" else "fallback", "payload": row["share"]}]
    if kind in _KINDS and row.get("media"):
        return [_file(scene, _KINDS[kind], row["media"])]
    return []


def _file(scene: Scene, kind: str, media: Row) -> Row:
    return {"type": kind, "payload": {"url": scene.link(media)}}
