"""Addresses of people as they are written by them, and as each provider knows them."""

import re
from collections.abc import Mapping

from chat4all.errors import Invalid

_BUSINESS_SCOPED = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")
_RULES: Mapping[str, tuple[re.Pattern[str], str]] = {
    "telegram": (re.compile(r"[1-9][0-9]{0,15}"), "the number by which Telegram knows you (not your @name)"),
    "whatsapp": (
        re.compile(r"[1-9][0-9]{5,14}"),
        "a phone number with its country's code (E.164), such as +5511912345678",
    ),
    "messenger": (re.compile(r"[0-9]{1,64}"), "the page-scoped id (PSID), digits"),
    "instagram": (re.compile(r"[0-9]{1,64}"), "the Instagram-scoped id (IGSID), digits"),
}
"""Sources: core.telegram.org/bots/api#user (52 bits; groups are negative), …/whatsapp/cloud-api/phone-numbers (`wa_id`, digits
without +) and …/whatsapp/business-scoped-user-ids, …/messenger-platform/identity and …/instagram-messaging (scoped ids)."""
_BETWEEN = re.compile(r"[\s().\-/]")


def known_as(channel: str, address: str) -> str:
    """`address` as the provider of `channel` knows it; raises Invalid at /address."""
    if channel == "whatsapp":
        if _BUSINESS_SCOPED.fullmatch(address.strip()):
            return address.strip()
        address = _BETWEEN.sub("", address).removeprefix("+")
    pattern, wanted = _RULES[channel]
    if not pattern.fullmatch(address.strip()):
        raise Invalid.at("/address", f"must be {wanted}")
    return address.strip()


def may_begin(channel: str) -> bool:
    """Whether an account can be the first to write there at all: WhatsApp with a template, others never."""
    return channel == "whatsapp"
