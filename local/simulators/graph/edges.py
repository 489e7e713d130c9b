"""Edges about apps, webhooks and templates: subscribed_apps, subscriptions, message_templates, phone_numbers.

Sources: .../whatsapp/business-management-api (subscribed_apps with override_callback_uri), Graph API reference of Page
subscribed_apps and of App subscriptions (the access token of an app is <app id>|<app secret>).
"""

from typing import Any

from local.simulators.graph.accounts import FIELDS, app_token
from local.simulators.graph.call import Call
from local.simulators.graph.errors import invalid_parameter, unknown_object
from local.simulators.graph.storage import Storage
from local.simulators.graph.subscriptions import Subscriptions
from local.simulators.sqlite_file import Row

_OBJECTS = {"whatsapp_business_account": "whatsapp", "page": "messenger", "instagram": "instagram"}

_URL_MAX = 200


class Edges:
    """What is not about messages."""

    def __init__(self, storage: Storage, subscriptions: Subscriptions) -> None:
        self._storage = storage
        self._subscriptions = subscriptions

    async def subscribed_apps(self, call: Call) -> dict[str, Any]:
        """GET, POST or DELETE of the app's own subscription to an account's events."""
        account = call.account
        owner = account["waba_id"] if account["channel"] == "whatsapp" else account["id"]
        if call.object_id != owner:
            raise unknown_object(call.method, call.object_id)
        if call.method == "GET":
            return {"data": [self._app(call)] if account["fields"] else []}
        if call.method == "DELETE":
            self._subscriptions.unsubscribe(account)
            return {"success": True}
        fields = self._fields(call)
        if uri := call.parameters.get("override_callback_uri"):
            await self._subscriptions.set(account, str(uri), call.parameters.get("verify_token"), fields)
        else:
            self._subscriptions.subscribe(account, fields)
        return {"success": True}

    async def subscriptions(self, call: Call) -> dict[str, Any]:
        """GET, POST, DELETE /{app_id}/subscriptions {object, callback_url, verify_token, fields}: a channel's webhook."""
        accounts = [one for one in self._storage.accounts() if app_token(one) == app_token(call.account)]
        if call.method == "GET":
            return {"data": [_subscription(one) for one in accounts if one["webhook_url"]]}
        kind = call.parameters.get("object")
        if kind not in _OBJECTS:
            raise invalid_parameter(f"Param object must be one of {{{', '.join(_OBJECTS)}}} - got {kind!r}.")
        fields = call.parameters.get("fields")
        names = fields.split(",") if isinstance(fields, str) else fields
        for account in accounts:
            if account["channel"] == _OBJECTS[kind] and call.method == "DELETE":
                self._subscriptions.forget(account)
            elif account["channel"] == _OBJECTS[kind]:
                url, token = (call.parameters.get(name) for name in ("callback_url", "verify_token"))
                if not isinstance(url, str) or not isinstance(token, str):
                    raise invalid_parameter("The parameters callback_url and verify_token are required.")
                await self._subscriptions.set(account, url, token, names)
        return {"success": True}

    async def number_webhook(self, call: Call) -> dict[str, Any]:
        """POST /{phone_number_id} {webhook_configuration: {override_callback_uri, verify_token}}: the number's own URL, which
        goes before those of its business account and app; an empty one takes it away (.../whatsapp/webhooks/override)."""
        wanted = call.parameters.get("webhook_configuration")
        if not isinstance(wanted, dict) or not isinstance(uri := wanted.get("override_callback_uri"), str):
            raise invalid_parameter("The parameter webhook_configuration is required.")
        if len(uri) > _URL_MAX:
            raise invalid_parameter(f"Param override_callback_uri must be at most {_URL_MAX} characters long.")
        if uri:
            await self._subscriptions.set(call.account, uri, wanted.get("verify_token"), None)
        else:
            self._subscriptions.forget(call.account)
        return {"success": True}

    def _app(self, call: Call) -> dict[str, Any]:
        account = call.account
        if account["channel"] == "whatsapp":
            link = f"https://www.facebook.com/games/?app_id={account['app_id']}"
            return {"whatsapp_business_api_data": {"link": link, "name": account["name"], "id": account["app_id"]}}
        return {"id": account["app_id"], "name": account["name"], "subscribed_fields": account["fields"]}

    def _fields(self, call: Call) -> list[str] | None:
        given = call.parameters.get("subscribed_fields")
        if given is None:
            if call.account["channel"] != "whatsapp":
                raise invalid_parameter("The parameter subscribed_fields is required.")
            return None
        names = given if isinstance(given, list) else [name.strip() for name in str(given).split(",") if name.strip()]
        for place, name in enumerate(names):
            if name not in (known := FIELDS[call.account["channel"]]):
                words = f"Param subscribed_fields[{place}] must be one of {{{', '.join(known)}}} - got {name!r}."
                raise invalid_parameter(words)
        return names

    def templates(self, call: Call) -> dict[str, Any]:
        """GET /{waba_id}/message_templates."""
        self._only_waba(call)
        found = self._storage.templates(call.object_id)
        name = call.parameters.get("name")
        return {"data": [template for template in found if name in (None, template["name"])]}

    def phone_numbers(self, call: Call) -> dict[str, Any]:
        """GET /{waba_id}/phone_numbers."""
        self._only_waba(call)
        numbers = [one for one in self._storage.accounts() if one.get("waba_id") == call.object_id]
        return {
            "data": [
                {
                    "verified_name": one["name"],
                    "display_phone_number": "+" + one["display_phone_number"],
                    "id": one["id"],
                }
                for one in numbers
            ]
        }

    def _only_waba(self, call: Call) -> None:
        if call.method != "GET" or call.object_id != call.account.get("waba_id"):
            raise unknown_object(call.method, call.object_id)


def _subscription(account: Row) -> dict[str, Any]:
    kind = next(name for name, channel in _OBJECTS.items() if channel == account["channel"])
    fields = [{"name": name, "version": "v26.0"} for name in account["fields"]]
    return {"object": kind, "callback_url": account["webhook_url"], "active": bool(fields), "fields": fields}
