"""The HTTP API of the model: what each request answers."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.live.model import history
from tests.live.model.entries import DELETE, EDIT, REACT
from tests.live.model.server import Refused, Server

Json = dict[str, Any]


async def answered(server: Server, user_id: str, method: str, path: str, body: Json | None) -> Json:
    """The JSON of an answer; raises Refused."""
    parts = urlsplit(path)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if method == "GET":
        return _read(server, user_id, parts.path.split("/")[2:], query)
    match (method, *parts.path.split("/")[2:]):
        case ("POST", "conversations", conversation_id, "receipts"):
            return server.receipt(user_id, conversation_id, body or {})
        case ("DELETE", "conversations", conversation_id, "members", member_id):
            server.leave(server.of(user_id, conversation_id), member_id)
            return {}
        case ("POST", "messages"):
            return await server.send(user_id, body or {})
        case ("PATCH", "messages", message_id):
            return await server.change(user_id, EDIT, {"message_id": message_id, **(body or {})})
        case ("DELETE", "messages", message_id):
            return await server.change(user_id, DELETE, {"message_id": message_id})
        case ("PUT" | "DELETE", "messages", message_id, "reactions", emoji):
            data = {"message_id": message_id, "emoji": unquote(emoji), "remove": method == "DELETE"}
            return await server.change(user_id, REACT, data)
    raise Refused(404, f"no route {method} {path}")


def _read(server: Server, user_id: str, path: list[str], query: dict[str, str]) -> Json:
    match path:
        case ["users", "me"]:
            return {"id": user_id}
        case ["users"]:
            return {"items": [{"id": one, "username": f"name of {one}"} for one in query["ids"].split(",")]}
        case ["conversations"]:
            return _listed(server, user_id, int(query.get("cursor", 0)))
        case ["conversations", conversation_id]:
            return server.of(user_id, conversation_id).document(user_id, with_members=True)
        case ["conversations", conversation_id, "messages"]:
            conversation = server.of(user_id, conversation_id)
            return history.newest_first(conversation, int(query["before_seq"]), int(query["limit"]))
        case ["messages", message_id]:
            conversation, seq = server.message(user_id, message_id)
            return history.view(conversation, seq)
    raise Refused(404, f"no route GET {path}")


def _listed(server: Server, user_id: str, start: int) -> Json:
    mine = [c for _, c in sorted(server.conversations.items()) if user_id in c.members]
    page = [c.document(user_id, with_members=False) for c in mine[start : start + 2]]
    return {"items": page, "next_cursor": str(start + 2) if len(mine) > start + 2 else None}
