"""Accounts of a business and people on the channels, made with what is not given made up."""

import base64
import re
import secrets
from typing import Any

from local.simulators.graph.storage import Storage
from local.simulators.phone_requests import PhoneError, field
from local.simulators.sqlite_file import Row

CHANNELS = ("whatsapp", "messenger", "instagram")
FIELDS = {
    "whatsapp": ["messages", "smb_message_echoes", "account_update", "message_template_status_update"],
    "messenger": [
        *("messages", "messaging_postbacks", "messaging_referrals", "message_deliveries", "message_reads"),
        *("message_reactions", "message_echoes", "message_edits"),
    ],
    "instagram": ["messages", "messaging_postbacks", "messaging_referral", "messaging_seen", "message_reactions"],
}
"""What webhooks may be subscribed to, and are where nothing else is said."""
_ID = re.compile(r"[0-9]{1,24}")
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_USER_ID = re.compile(r"[A-Z]{2}(\.ENT)?\.[A-Za-z0-9]{1,128}")


def new_account(storage: Storage, body: dict[str, Any]) -> Row:
    """Raises PhoneError."""
    channel = _channel(body)
    account_id = field(body, "id", 24, default=_number(15))
    if not _ID.fullmatch(account_id):
        raise PhoneError(400, "id must be digits")
    if storage.account(account_id) is not None:
        raise PhoneError(409, f"there is an account {account_id} already")
    name = field(body, "name", 100)
    account: Row = {
        "id": account_id,
        "channel": channel,
        "name": name,
        "username": field(body, "username", 64, default=re.sub(r"[^a-z0-9]", "", name.lower()) or "business"),
        "access_token": field(body, "access_token", 512, default="EAA" + secrets.token_hex(24)),
        "app_secret": field(body, "app_secret", 128, default=secrets.token_hex(16)),
        "verify_token": field(body, "verify_token", 256, default=secrets.token_hex(8)),
        "app_id": field(body, "app_id", 24, default=_number(15)),
        "throughput": throughput(body),
        "webhook_url": "",
        "fields": [],
        "last_error": None,
        "failing_since": None,
    }
    if any(other["access_token"] == account["access_token"] for other in storage.accounts()):
        raise PhoneError(409, "access_token: another account has this token")
    if channel == "whatsapp":
        phone = field(body, "display_phone_number", 20, default="1555" + _number(7))
        account |= {"display_phone_number": _digits(phone), "waba_id": field(body, "waba_id", 24, default=_number(15))}
    return storage.save_account(account)


def throughput(body: dict[str, Any]) -> int:
    """Messages a second that a number may send: 80, or up to 1,000 (providers.md)."""
    value = body.get("throughput", 80)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1000:
        raise PhoneError(400, "throughput must be a whole number from 1 to 1000")
    return value


def new_person(storage: Storage, body: dict[str, Any]) -> Row:
    """Raises PhoneError."""
    channel = _channel(body)
    name = field(body, "name", 100)
    person: Row = {
        "channel": channel,
        "name": name,
        "username": field(body, "username", 64, default=""),
        "online": True,
    }
    if channel == "whatsapp":
        person |= _whatsapp_address(storage, body)
    else:
        wanted = field(body, "id", 24, default=_number(16))
        if not _ID.fullmatch(wanted):
            raise PhoneError(400, "id must be digits")
        person["id"] = wanted
    if storage.person(person["id"]) is not None:
        raise PhoneError(409, f"there is a person {person['id']} already")
    return storage.save_person(person)


def _whatsapp_address(storage: Storage, body: dict[str, Any]) -> Row:
    user_id, parent = (field(body, name, 140, default="") for name in ("user_id", "parent_user_id"))
    for name, value in (("user_id", user_id), ("parent_user_id", parent)):
        if value and not _USER_ID.fullmatch(value):
            raise PhoneError(400, f"{name} must look like US.13491208655302741918")
    phone = field(body, "phone_number", 20, default="" if user_id else "1555" + _number(7))
    if phone:
        phone = checked_phone(storage, phone)
    if user_id and storage.person_where("whatsapp", "user_id", user_id) is not None:
        raise PhoneError(409, "user_id: another person has it")
    return {"id": phone or user_id, "phone_number": phone, "user_id": user_id, "parent_user_id": parent}


def checked_phone(storage: Storage, phone: str) -> str:
    """A free phone number as digits."""
    if not _PHONE.fullmatch(phone):
        raise PhoneError(400, "phone_number must be 5 to 15 digits, with or without +")
    if storage.person_where("whatsapp", "phone_number", _digits(phone)) is not None:
        raise PhoneError(409, "phone_number: another person has it")
    return _digits(phone)


def new_message_id(channel: str) -> str:
    """An id as the channel makes them: wamid. and Base64, m_ and Base64, or Instagram's long one."""
    noise = secrets.token_bytes(24)
    if channel == "whatsapp":
        digits, serial = _number(11).encode(), secrets.token_hex(10).upper().encode()
        return "wamid." + base64.b64encode(b"\x1c\x18\x0b%b\x15\x02\x00\x12\x18\x14%b\x00" % (digits, serial)).decode()
    if channel == "messenger":
        return "m_" + base64.urlsafe_b64encode(noise + secrets.token_bytes(24)).decode().rstrip("=")
    return "aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlE" + base64.urlsafe_b64encode(noise).decode().rstrip("=") + "ZD"


def account_with_token(storage: Storage, token: str) -> Row | None:
    """The account of an access token; for that of an app (<app id>|<app secret>) one of the app's accounts."""
    for account in storage.accounts():
        for known in (account["access_token"], app_token(account)):
            if secrets.compare_digest(known.encode(), token.encode()):
                return account
    return None


def app_token(account: Row) -> str:
    """What an app itself signs in with (Graph API, "Access tokens of apps")."""
    return f"{account['app_id']}|{account['app_secret']}"


def _channel(body: dict[str, Any]) -> str:
    channel = body.get("channel")
    if channel not in CHANNELS:
        raise PhoneError(400, f"channel must be one of {', '.join(CHANNELS)}")
    return str(channel)


def _digits(phone: str) -> str:
    return re.sub(r"[^0-9]", "", phone)


def _number(digits: int) -> str:
    return str(10 ** (digits - 1) + secrets.randbelow(9 * 10 ** (digits - 1)))
