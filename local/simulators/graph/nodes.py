"""What can be read of objects: accounts, people's profiles, media, and the edges about them.

Sources: .../whatsapp/cloud-api/reference/phone-numbers and /media, .../messenger-platform/identity/user-profile,
.../instagram-messaging/user-profile. A field that an object does not have is error 100.
"""

import base64
from typing import Any

from local.simulators.graph import media_limits
from local.simulators.graph.call import Call
from local.simulators.graph.chats import Chats
from local.simulators.graph.errors import invalid_parameter, unknown_object
from local.simulators.sqlite_file import Row


class Nodes:
    """GET and DELETE /{id}, and the media edge."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self._storage = chats.storage

    def get(self, call: Call) -> dict[str, Any]:
        """GET /{id}?fields=...; raises GraphError."""
        account = call.account
        if call.object_id == account["id"]:
            return _chosen(call, *_account_fields(account))
        if call.object_id == account.get("waba_id"):
            return _chosen(
                call, {"id": account["waba_id"], "name": account["name"]}, ("id", "name"), "WhatsAppBusinessAccount"
            )
        if account["channel"] == "whatsapp":
            return self._media(call)
        person = self._storage.person(call.object_id)
        if person is None or self._storage.chat(account["id"], person["id"]) is None:
            raise unknown_object("get", call.object_id)
        return _chosen(call, *_profile(account, person))

    def _media(self, call: Call) -> dict[str, Any]:
        """GET /{media_id}: a URL that is valid for five minutes."""
        media = self._own_media(call)
        return {
            "messaging_product": "whatsapp",
            "url": self._chats.media.whatsapp_link(call.origin, media["id"]),
            "mime_type": media["mime_type"],
            "sha256": base64.b64decode(media["sha256"]).hex(),
            "file_size": media["size"],
            "id": media["id"],
        }

    def delete(self, call: Call) -> dict[str, Any]:
        """DELETE /{media_id}."""
        if call.account["channel"] != "whatsapp":
            raise unknown_object("delete", call.object_id)
        self._chats.media.delete(self._own_media(call)["id"])
        return {"success": True}

    def _own_media(self, call: Call) -> Row:
        media = self._storage.media(call.object_id)
        wanted = call.parameters.get("phone_number_id", call.account["id"])
        if media is None or media["account_id"] != call.account["id"] or wanted != call.account["id"]:
            raise unknown_object(call.method, call.object_id)
        return media

    def upload(self, call: Call) -> dict[str, Any]:
        """POST /{phone_number_id}/media: multipart with messaging_product, file and type."""
        if call.parameters.get("messaging_product") != "whatsapp":
            raise invalid_parameter("The parameter messaging_product is required.")
        if unknown := sorted(call.parameters.keys() - {"messaging_product", "type"}):
            raise invalid_parameter(f'Unexpected key "{unknown[0]}".')
        if call.upload is None or call.upload["name"] != "file":
            raise invalid_parameter("The parameter file is required.")
        mime_type, data = call.upload["mime_type"], call.upload["data"]
        kind = next((name for name, limit in media_limits.WHATSAPP.items() if limit.takes(mime_type)), None)
        if kind is None:
            types = ", ".join(one for limit in media_limits.WHATSAPP.values() for one in limit.types)
            raise invalid_parameter(
                f"Param file must be a file with one of the following types: {types}. Received file of type '{mime_type}'."
            )
        if problem := media_limits.problem(media_limits.WHATSAPP, kind, mime_type, data):
            raise invalid_parameter("Invalid parameter", details=problem)  # (unverified)
        if not data:
            raise invalid_parameter("Param file must not be empty.")
        media = self._chats.media.save(data, mime_type, call.upload["filename"], call.account["id"])
        return {"id": media["id"]}


def _account_fields(account: Row) -> tuple[Row, tuple[str, ...], str]:
    """All fields of an account, those given without `fields`, and the name of its kind of node."""
    if account["channel"] == "whatsapp":
        level = "HIGH" if account["throughput"] > 80 else "STANDARD"
        fields = {
            "verified_name": account["name"],
            "code_verification_status": "VERIFIED",
            "display_phone_number": "+" + account["display_phone_number"],
            "quality_rating": "GREEN",
            "platform_type": "CLOUD_API",
            "throughput": {"level": level},
            "webhook_configuration": {"application": account["webhook_url"]},
            "status": "CONNECTED",
            "id": account["id"],
        }
        return fields, tuple(name for name in fields if name != "status"), "WhatsAppBusinessPhoneNumber"
    if account["channel"] == "messenger":
        return {"name": account["name"], "username": account["username"], "id": account["id"]}, ("name", "id"), "Page"
    fields = {
        "user_id": account["id"],
        "username": account["username"],
        "name": account["name"],
        "account_type": "BUSINESS",
        "id": account["id"],
    }
    return fields, ("id",), "IGUser"


def _profile(account: Row, person: Row) -> tuple[Row, tuple[str, ...], str]:
    first, _, last = person["name"].partition(" ")
    if account["channel"] == "messenger":
        fields: Row = {"first_name": first, "last_name": last, "name": person["name"], "id": person["id"]}
        return fields | {"profile_pic": ""}, ("first_name", "last_name", "profile_pic", "id"), "User"
    fields = {
        "name": person["name"],
        "username": person["username"] or first.lower(),
        "profile_pic": "",
        "follower_count": 0,
        "is_verified_user": False,
        "is_user_follow_business": False,
        "is_business_follow_user": False,
        "id": person["id"],
    }
    return fields, ("name", "username", "profile_pic", "id"), "IGBusinessScopedID"


def _chosen(call: Call, fields: Row, usual: tuple[str, ...], node: str) -> dict[str, Any]:
    """The fields that were asked for, and always `id`."""
    asked = [name.strip() for name in str(call.parameters.get("fields", "")).split(",") if name.strip()]
    for name in asked:
        if name not in fields:
            raise invalid_parameter(f"Tried accessing nonexisting field ({name}) on node type ({node})")
    wanted = dict.fromkeys([*(asked or usual), "id"])
    return {name: fields[name] for name in wanted if fields[name] != ""}
