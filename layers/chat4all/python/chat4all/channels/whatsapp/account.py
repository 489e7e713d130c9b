"""What a WhatsApp account holds, and how WhatsApp is told where to call us."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import StringConstraints

from chat4all.channels.meta.account import SECRETS, GraphId, MetaSettings, completed, proof, refusals_told
from chat4all.channels.meta.errors import Failure, GraphError
from chat4all.channels.meta.graph import Graph
from chat4all.errors import Invalid
from chat4all.validation import Input

__all__ = ["SECRETS", "Settings", "complete", "key", "register", "unregister"]

URL_MAX = 200
"""Characters of a webhook's URL (…/whatsapp/webhooks/override)."""


class Template(Input):
    """A template of the account's that WhatsApp has approved, whose body has one variable: what is said is put there."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,512}$")]
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(_[A-Za-z]{2,4})?$")]
    """As WhatsApp names it: en, en_US."""


class Settings(MetaSettings):
    """Settings of an account: one business phone number."""

    phone_number_id: GraphId
    waba_id: GraphId | None = None
    """The WhatsApp Business Account: where it is given, the app is subscribed to it."""
    template: Template | None = None
    """Says what is written outside the 24-hour window; without it, that is not sent."""


def complete(settings: Settings) -> dict[str, Any]:
    """Settings as they are stored."""
    return completed(settings)


def key(settings: Mapping[str, Any]) -> str:
    """The phone number's id, which each webhook names."""
    return str(settings["phone_number_id"])


def register(settings: dict[str, Any], webhook_url: str) -> None:
    """Have WhatsApp call `webhook_url` for this number (…/whatsapp/webhooks/override): it asks there for the handshake at
    once, so the account's `verify_token` must be answered to by then.

    Token, secret and number are tried first. The app's subscription to its WhatsApp Business Account is made where
    `waba_id` is given, else it must have been made by hand; which fields it has, only the app's own page says (`messages`).

    Raises:
        Invalid: code `provider_refused`, with WhatsApp's words; `invalid`: the URL is too long.
        Unavailable: WhatsApp cannot be reached, or has no time.
    """
    if len(webhook_url) > URL_MAX:
        raise Invalid(f"The webhook's URL has {len(webhook_url)} characters; WhatsApp takes {URL_MAX}")
    _configure(settings, {"override_callback_uri": webhook_url, "verify_token": settings["verify_token"]}, is_new=True)


def unregister(settings: dict[str, Any]) -> None:
    """Have it call nobody for this number; raises Invalid, Unavailable."""
    _configure(settings, {"override_callback_uri": ""}, is_new=False)


def _configure(settings: Mapping[str, Any], webhook: Mapping[str, str], *, is_new: bool) -> None:
    graph, number = Graph(), settings["phone_number_id"]
    reach = {"token": settings["access_token"], "api_base": settings.get("api_base")}
    try:
        with refusals_told("WhatsApp", "phone_number_id"):
            if is_new:
                fields = {"fields": "id,display_phone_number"} | proof(settings)
                _check_number(graph.call("GET", number, params=fields, **reach), number)
        with refusals_told("WhatsApp", "waba_id"):
            if is_new and settings.get("waba_id"):
                graph.call("POST", f"{settings['waba_id']}/subscribed_apps", **reach)
        with refusals_told("WhatsApp", "phone_number_id"):
            graph.call("POST", number, body={"webhook_configuration": webhook}, **reach)
    finally:
        graph.close()


def _check_number(answer: Mapping[str, Any], number: str) -> None:
    if answer.get("id") != number or "display_phone_number" not in answer:
        raise GraphError(Failure(f"{number} is no phone number of WhatsApp's", 400))
