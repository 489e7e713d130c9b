"""Who may do what: the one table of it. The rules are in `chat4all.domain.roles`; test_matrix.py holds both against the
running system, and docs/authorisation.md is written from here (scripts/authorisation).

A row is an operation on a target. Its outcomes stand in the order of CALLERS; one word stands for all of them. An outcome is
a status, with the error's code behind a colon where it says more (`409:last_owner`); `shown` and `hidden` are 200 and say
whether a list has the group.
"""

from collections.abc import Mapping, Sequence

from tests.e2e.authorisation.open_to_all import OPEN_TO_ALL
from tests.e2e.authorisation.row import Row, row

_BY_ID = [
    "GET /v1/conversations/{id}",
    "DELETE /v1/conversations/{id}",
    "GET /v1/conversations/{id}/members",
    "GET /v1/conversations/{id}/messages",
    "GET /v1/conversations/{id}/audit-log",
]
_TEXT = {"type": "text", "content": "x"}
_GROUP_TEXT = {"conversation_id": "{group}"} | _TEXT
_NOT_THERE = [
    row(
        operation,
        target,
        "404 404 404 404 404 404 " + (deleted if place == "{absent}" else "404"),
        ids={"id": place} | ids,
        body=body,
    )
    for target, place in (("one that does not exist", "{absent}"), ("what is no id", "not-an-id"))
    for operation, body, ids, deleted in (
        *((operation, None, {}, "401" if operation.startswith("DELETE") else "404") for operation in _BY_ID),
        ("PATCH /v1/conversations/{id}", {"title": "x"}, {}, "404"),
        ("POST /v1/conversations/{id}/members", {"user_id": "{newcomer}"}, {}, "404"),
        ("PATCH /v1/conversations/{id}/members/{user_id}", {"role": "reader"}, {"user_id": "{member}"}, "401"),
        ("DELETE /v1/conversations/{id}/members/{user_id}", None, {"user_id": "{member}"}, "401"),
        ("POST /v1/conversations/{id}/receipts", {"read_seq": 1}, {}, "404"),
        ("POST /v1/conversations/{id}/typing", None, {}, "404"),
    )
]

CONVERSATIONS: list[Row] = [
    row(
        "POST /v1/conversations",
        "with a user",
        "201 201 201 201 201 201 401",
        body={"type": "private", "member_ids": ["{stranger}"]},
    ),
    row(
        "POST /v1/conversations",
        "with a user who does not exist",
        "400 400 400 400 400 400 401",
        body={"type": "private", "member_ids": ["{absent}"]},
    ),
    row(
        "POST /v1/conversations",
        "with a user who is deleted",
        "400 400 400 400 400 400 401",
        body={"type": "private", "member_ids": ["{deleted}"]},
    ),
    row(
        "POST /v1/conversations",
        "with the owner's guest",
        "201 400 400 400 400 400 401",
        body={"type": "private", "member_ids": ["{guest}"]},
    ),
    row("GET /v1/conversations", "all", "shown shown shown shown hidden hidden hidden"),
    row(
        "GET /v1/conversations",
        "with a cursor of the owner's",
        "200 400 400 400 400 400 400",
        query="limit=1&cursor={cursor}",
    ),
    row("GET /v1/conversations/{id}", "the group", "200 200 200 200 404 404 404"),
    row("PATCH /v1/conversations/{id}", "the group", "200 200 403 403 404 404 404", body={"title": "x"}),
    row("DELETE /v1/conversations/{id}", "the group", "204 403 403 403 404 404 401"),
    row("GET /v1/conversations/{id}/messages", "the group", "200 200 200 200 404 404 404"),
    row(
        "GET /v1/conversations/{id}/messages",
        "the group, with a cursor of another conversation",
        "400 400 400 400 404 404 404",
        query="cursor={other_cursor}",
    ),
    row("POST /v1/conversations/{id}/receipts", "the group", "200 200 200 200 404 404 404", body={"read_seq": 1}),
    row(
        "POST /v1/conversations/{id}/receipts",
        "beyond its last message",
        "400 400 400 400 404 404 404",
        body={"read_seq": 9999},
    ),
    row("POST /v1/conversations/{id}/typing", "the group", "200 200 200 403 404 404 404", changes=False),
    row("GET /v1/conversations/{id}/audit-log", "the group", "200 200 403 403 404 404 404"),
    *_NOT_THERE,
]

_MEMBER = "/v1/conversations/{id}/members/{user_id}"
MEMBERS: list[Row] = [
    row("GET /v1/conversations/{id}/members", "the group", "200 200 200 200 404 404 404"),
    *(
        row(
            "POST /v1/conversations/{id}/members",
            f"a user, as {role}",
            outcomes,
            body={"user_id": "{newcomer}", "role": role},
        )
        for role, outcomes in (
            ("owner", "201 403 403 403 404 404 404"),
            ("admin", "201 201 403 403 404 404 404"),
            ("member", "201 201 403 403 404 404 404"),
            ("reader", "201 201 403 403 404 404 404"),
        )
    ),
    *(
        row("POST /v1/conversations/{id}/members", target, outcomes, body={"user_id": who})
        for target, who, outcomes in (
            ("one who was removed", "{former}", "201 201 403 403 404 404 404"),
            ("one who is a member already", "{member}", "409:already_member 409:already_member 403 403 404 404 404"),
            ("oneself", "{me}", "409:already_member 409:already_member 403 403 404 404 404"),
            ("a user who does not exist", "{absent}", "400 400 403 403 404 404 404"),
            ("a user who is deleted", "{deleted}", "400 400 403 403 404 404 404"),
            ("a guest of the owner's", "{other_guest}", "201 400 403 403 404 404 404"),
        )
    ),
    row(
        "POST /v1/conversations/{id}/members",
        "a guest of the owner's, as admin",
        "400 400 403 403 404 404 404",
        body={"user_id": "{other_guest}", "role": "admin"},
    ),
    row(
        "POST /v1/conversations/{id}/members",
        "to the owner's private conversation",
        "409:private_conversation 404 404 404 404 404 404",
        ids={"id": "{private}"},
        body={"user_id": "{newcomer}"},
    ),
    *(
        row(f"PATCH {_MEMBER}", f"{target} becomes {role}", outcomes, ids={"user_id": who}, body={"role": role})
        for target, who, role, outcomes in (
            ("the last owner", "{owner}", "member", "409:last_owner 403 403 403 404 404 401"),
            ("an admin", "{admin}", "member", "200 403 403 403 404 404 401"),
            ("an admin", "{admin}", "owner", "200 403 403 403 404 404 401"),
            ("a member", "{member}", "owner", "200 403 403 403 404 404 401"),
            ("a member", "{member}", "admin", "200 200 403 403 404 404 401"),
            ("a member", "{member}", "reader", "200 200 403 403 404 404 401"),
            ("a reader", "{reader}", "member", "200 200 403 403 404 404 401"),
            ("a guest", "{guest}", "reader", "200 200 403 403 404 404 401"),
            ("a guest", "{guest}", "owner", "400 403 403 403 404 404 401"),
            ("one who was removed", "{former}", "member", "404 404 404 404 404 404 401"),
            ("a user who does not exist", "{absent}", "member", "404 404 404 404 404 404 401"),
        )
    ),
    row(
        f"PATCH {_MEMBER}",
        "the other one of a private conversation becomes reader",
        "409:private_conversation 404 404 404 404 404 401",
        ids={"id": "{private}", "user_id": "{stranger}"},
        body={"role": "reader"},
    ),
    *(
        row(f"DELETE {_MEMBER}", target, outcomes, ids={"user_id": who})
        for target, who, outcomes in (
            ("oneself", "{me}", "409:last_owner 204 204 204 404 404 401"),
            ("an owner", "{owner}", "409:last_owner 403 403 403 404 404 401"),
            ("an admin", "{other_admin}", "204 403 403 403 404 404 401"),
            ("a member", "{other_member}", "204 204 403 403 404 404 401"),
            ("a guest", "{guest}", "204 204 403 403 404 404 401"),
            ("one who was removed", "{former}", "404 404 404 404 404 404 401"),
            ("a user who does not exist", "{absent}", "404 404 404 404 404 404 401"),
        )
    ),
    row(
        f"DELETE {_MEMBER}",
        "oneself, of a private conversation",
        "409:private_conversation 404 404 404 404 404 401",
        ids={"id": "{private}", "user_id": "{me}"},
    ),
]

_CHANGES = (
    ("edit", "PATCH", {"content": "changed"}, "one's own", "own_message", "200 200 200 403 404 404 404"),
    ("edit", "PATCH", {"content": "changed"}, "another's", "message", "403 403 403 403 404 404 404"),
    ("delete", "DELETE", {}, "one's own", "own_message", "200 200 200 200 404 404 404"),
    ("delete", "DELETE", {}, "another's", "message", "200 200 403 403 404 404 404"),
    *(
        (action, method, body, target, which, "404")
        for action, method, body in (("edit", "PATCH", {"content": "x"}), ("delete", "DELETE", {}))
        for target, which in (
            ("one of another conversation", "strange_message"),
            ("one that does not exist", "absent"),
        )
    ),
)
_REACTING = (
    ("one's own", "own_message", "200 200 200 403 404 404 404"),
    ("another's", "message", "200 200 200 403 404 404 404"),
    ("one of another conversation", "strange_message", "404"),
    ("one that does not exist", "absent", "404"),
)
MESSAGES: list[Row] = [
    *(
        row("POST /v1/messages", target, outcomes, body=_GROUP_TEXT | body)
        for target, body, outcomes in (
            ("to the group", {}, "202 202 202 403 404 404 404"),
            ("to one that does not exist", {"conversation_id": "{absent}"}, "404"),
            ("in answer to a message of the group", {"reply_to": "{message}"}, "202 202 202 403 404 404 404"),
            (
                "in answer to a message of another conversation",
                {"reply_to": "{strange_message}"},
                "400 400 400 403 404 404 404",
            ),
            ("in answer to one that does not exist", {"reply_to": "{absent}"}, "400 400 400 403 404 404 404"),
            (
                "with the id of another member's message",
                {"message_id": "{others_message}"},
                "409 409 409 409 404 404 404",
            ),
            ("with the id of a stranger's message", {"message_id": "{probed_message}"}, "202 202 202 403 404 404 404"),
        )
    ),
    *(
        row(f"GET /v1/messages/{{id}}{more}", target, outcomes, ids={"id": which})
        for more in ("", "/status")
        for target, which, outcomes in (
            ("one's own of the group", "{own_message}", "200 200 200 200 404 404 404"),
            ("another's of the group", "{message}", "200 200 200 200 404 404 404"),
            ("one of another conversation", "{strange_message}", "404"),
            ("one that does not exist", "{absent}", "404"),
            ("what is no id", "not-an-id", "404"),
        )
    ),
    *(
        row(f"{method} /v1/messages/{{id}}", target, outcomes, ids={"id": f"{{{which}}}"}, body=body or None)
        for _, method, body, target, which, outcomes in _CHANGES
    ),
    *(
        row(
            f"{method} /v1/messages/{{id}}/reactions/{{emoji}}",
            target,
            outcomes,
            ids={"id": f"{{{which}}}", "emoji": "%F0%9F%91%8D"},
            changes=False,
        )
        for method in ("PUT", "DELETE")
        for target, which, outcomes in _REACTING
    ),
]

_NOBODY = "404 404 404 404 404 404 401"
FILES: list[Row] = [
    row("POST /v1/files", "without a form", "400 400 400 400 400 400 401", body={}),
    row("POST /v1/files/initiate", "without a name", "400 400 400 400 400 400 401", body={}),
    *(
        row("POST /v1/files/{id}/parts", target, _NOBODY, ids={"id": which}, body={})
        for target, which in (("another's", "{file}"), ("one that does not exist", "{absent}"), ("no id", "not-an-id"))
    ),
    *(
        row("POST /v1/files/complete", target, _NOBODY, body={"file_id": which})
        for target, which in (("another's", "{file}"), ("one that does not exist", "{absent}"))
    ),
    *(
        row(f"{method} /v1/files/{{id}}{more}", target, outcomes, ids={"id": which})
        for method, more in (("GET", ""), ("GET", "/presigned"), ("DELETE", ""))
        for target, which, outcomes in (
            (
                "another's, which stands in the group",
                "{file}",
                "200 200 200 200 404 404 404" if method == "GET" else "403 403 403 403 404 404 401",
            ),
            ("one that does not exist", "{absent}", "404" if method == "GET" else "404 404 404 404 404 404 401"),
            ("what is no id", "not-an-id", "404" if method == "GET" else "404 404 404 404 404 404 401"),
        )
    ),
]

USERS: list[Row] = [
    row("GET /v1/users/me", "oneself", "200 200 200 200 200 200 401"),
    row("GET /v1/users/me/audit-log", "oneself", "200"),
    row("GET /v1/users/me/export", "oneself", "200 200 200 200 200 200 401"),
    row("GET /v1/users", "by name", "200 200 200 200 200 200 401", query="username=somebody"),
    row("GET /v1/users", "by ids", "200 200 200 200 200 200 401", query="ids={stranger},{absent}"),
    row("GET /v1/users", "by nothing", "400", query=""),
    row("PATCH /v1/users/me", "oneself", "200 200 200 200 200 200 401", body={"display_name": "x"}),
    row("DELETE /v1/users/me", "oneself", "204 204 204 204 204 204 401", by_newcomer=True),
    *(
        row("GET /v1/users/{id}", target, outcomes, ids={"id": who})
        for target, who, outcomes in (
            ("oneself", "{me}", "200 200 200 200 200 200 401"),
            ("another user", "{stranger}", "200 200 200 200 200 200 401"),
            ("a deleted user", "{deleted}", "200 200 200 200 200 200 401"),
            ("a guest of the group", "{guest}", "200 200 200 200 404 404 401"),
            (
                "the owner's guest, in the owner's private conversation",
                "{private_guest}",
                "200 404 404 404 404 404 401",
            ),
            ("one who does not exist", "{absent}", "404 404 404 404 404 404 401"),
            ("what is no id", "not-an-id", "404"),
        )
    ),
]

_PRESENCE = "GET /v1/users/{id}/presence"
PRESENCE: list[Row] = [
    row(_PRESENCE, "oneself", "200", ids={"id": "{me}"}),
    row(_PRESENCE, "a member of the group", "200 200 200 200 404 404 404", ids={"id": "{other_member}"}),
    row(_PRESENCE, "a guest of the group", "200 200 200 200 404 404 404", ids={"id": "{guest}"}),
    row(_PRESENCE, "one who does not exist", "404", ids={"id": "{absent}"}),
    row(_PRESENCE, "what is no id", "404", ids={"id": "not-an-id"}),
    row("POST /v1/presence/heartbeat", "", "200 200 200 200 200 200 401", body={}),
    *(
        row("POST /v1/presence/heartbeat", target, outcomes, body={"conversation_id": which})
        for target, which, outcomes in (
            ("looking at the group", "{group}", "200 200 200 200 404 404 401"),
            ("looking at one that does not exist", "{absent}", "404 404 404 404 404 404 401"),
        )
    ),
]

_IDENTITIES = "/v1/users/me/identities/{channel}"
_HAVING = {"account_id": "{account}", "address": "{fresh_number}"}
IDENTITIES: list[Row] = [
    row(f"GET {_IDENTITIES}", "one's own", "200 200 200 200 200 200 401", ids={"channel": "telegram"}),
    row(f"GET {_IDENTITIES}", "of no channel", "404 404 404 404 404 404 401", ids={"channel": "fax"}),
    row(
        f"PUT {_IDENTITIES}",
        "on an account of the owner's",
        "202 202 202 202 202 202 401",
        ids={"channel": "telegram"},
        body=_HAVING,
    ),
    *(
        row(
            f"PUT {_IDENTITIES}",
            target,
            "400 400 400 400 400 400 401",
            ids={"channel": channel},
            body=_HAVING | {"account_id": account},
        )
        for target, channel, account in (
            ("on an account that does not exist", "telegram", "{absent}"),
            ("on an account of another channel", "messenger", "{account}"),
            ("on what is no id", "telegram", "not-an-id"),
        )
    ),
    row(
        f"POST {_IDENTITIES}/verify",
        "a code that nobody asked for",
        "404:no_code 404:no_code 404:no_code 404:no_code 404:no_code 404:no_code 401",
        ids={"channel": "whatsapp"},
        body={"code": "ACDEFHJK"},
    ),
    row(
        f"DELETE {_IDENTITIES}",
        "what is not linked",
        "404:not_linked 404:not_linked 404:not_linked 404:not_linked 404:not_linked 404:not_linked 401",
        ids={"channel": "whatsapp"},
    ),
]

_SIGN_INS = "/v1/users/me/sign-ins"
SIGN_INS: list[Row] = [
    row(f"GET {_SIGN_INS}", "one's own", "200 200 200 200 200 200 401"),
    row(
        f"PUT {_SIGN_INS}/{{provider}}",
        "with a code of nobody's",
        "403:invalid_sign_in_code " * 6 + "401",
        ids={"provider": "google"},
        body={"code": "x", "code_verifier": "x" * 43},
    ),
    row(
        f"DELETE {_SIGN_INS}/{{provider}}",
        "what is not linked",
        "404:not_linked " * 6 + "401",
        ids={"provider": "github"},
    ),
]

_BOT = {
    "channel": "telegram",
    "name": "x",
    "settings": {"bot_token": "{fresh_bot}", "api_base": "{api_base}"},
}
_ONLY = "403:administrators_only " * 6
ACCOUNTS: list[Row] = [
    row("POST /v1/accounts", "a bot", _ONLY + "201 401", body=_BOT),
    row(
        "POST /v1/accounts",
        "a bot that serves another account",
        _ONLY + "409 401",
        body=_BOT | {"settings": {"bot_token": "{taken_bot}", "api_base": "{api_base}"}},
    ),
    row(
        "POST /v1/accounts",
        "a bot whose guests go to the group",
        _ONLY + "400 401",
        body=_BOT | {"inbound": {"conversation": "{group}"}},
    ),
    row("GET /v1/accounts", "all", _ONLY + "200 401"),
    *(
        row(f"{method} /v1/accounts/{{id}}{more}", target, outcomes, ids={"id": which}, body=body)
        for method, more, body, done, deleted in (
            ("GET", "", None, "200", "401"),
            ("PATCH", "", {"name": "x"}, "200", "401"),
            ("DELETE", "", None, "204", "401"),
            ("GET", "/audit-log", None, "200", "401"),
        )
        for target, which, outcomes in (
            ("the owner's", "{account}", f"{_ONLY}{done} {deleted}"),
            ("one that does not exist", "{absent}", f"{_ONLY}404 {deleted}"),
            ("what is no id", "not-an-id", f"{_ONLY}404 {deleted}"),
        )
    ),
]

ADMINISTRATORS: list[Row] = [
    row("GET /v1/administrators", "all", _ONLY + "200 401"),
    row("GET /v1/administrators/{user_id}", "the first one", _ONLY + "200 401", ids={"user_id": "{administrator}"}),
    row("GET /v1/administrators/{user_id}", "one who is none", _ONLY + "404 401", ids={"user_id": "{owner}"}),
    row("GET /v1/administrators/{user_id}", "what is no id", _ONLY + "404 401", ids={"user_id": "not-an-id"}),
    row("PUT /v1/administrators/{user_id}", "a user", _ONLY + "200 401", ids={"user_id": "{newcomer}"}),
    row("PUT /v1/administrators/{user_id}", "a deleted user", _ONLY + "404 401", ids={"user_id": "{deleted}"}),
    row("PUT /v1/administrators/{user_id}", "a guest", _ONLY + "404 401", ids={"user_id": "{guest}"}),
    row("PUT /v1/administrators/{user_id}", "what is no id", _ONLY + "404 401", ids={"user_id": "not-an-id"}),
    row(
        "DELETE /v1/administrators/{user_id}", "another one", _ONLY + "204 401", ids={"user_id": "{old_administrator}"}
    ),
    row("DELETE /v1/administrators/{user_id}", "one who is none", _ONLY + "404 401", ids={"user_id": "{owner}"}),
    row("DELETE /v1/administrators/{user_id}", "what is no id", _ONLY + "404 401", ids={"user_id": "not-an-id"}),
    row("GET /v1/audit-log", "the deployment's", _ONLY + "200 401"),
    row("GET /v1/audit-log", "another user's", _ONLY + "200 401", query="log=user:{stranger}"),
    row("GET /v1/audit-log", "a day", _ONLY + "200 401", query="day=2026-11-21"),
    row("GET /v1/users/{id}/webhooks", "the owner's", _ONLY + "200 401", ids={"id": "{owner}"}),
    row("GET /v1/users/{id}/webhooks", "what is no id", _ONLY + "404 401", ids={"id": "not-an-id"}),
    *(
        row("DELETE /v1/users/{id}/webhooks/{webhook_id}", target, outcomes, ids={"id": "{owner}", "webhook_id": which})
        for target, which, outcomes in (
            ("the owner's", "{bad_webhook}", _ONLY + "204 401"),
            ("one that does not exist", "{absent}", _ONLY + "404 401"),
            ("what is no id", "not-an-id", _ONLY + "404 401"),
        )
    ),
]

_RULE = {"action": {"drop": True}, "conditions": {"senders": ["{absent}"]}}
_DRAFT = {"message": {"content": "x"}}
ROUTING_RULES: list[Row] = [
    row("POST /v1/routing-rules", "a rule", "201 201 201 201 201 201 401", body=_RULE),
    row(
        "POST /v1/routing-rules",
        "a rule that mirrors to the group",
        "201 201 400 400 400 400 401",
        body={"conditions": {"senders": ["{absent}"]}, "action": {"mirror_to": "{group}"}},
    ),
    row("GET /v1/routing-rules", "all", "200 200 200 200 200 200 401"),
    row(
        "POST /v1/routing-rules/test",
        "for the group",
        "200 403 403 403 404 404 401",
        body=_DRAFT | {"conversation_id": "{group}"},
    ),
    row(
        "POST /v1/routing-rules/test",
        "for one that does not exist",
        "404 404 404 404 404 404 401",
        body=_DRAFT | {"conversation_id": "{absent}"},
    ),
    row(
        "POST /v1/routing-rules/test",
        "with facts by hand",
        "200 200 200 200 200 200 401",
        body=_DRAFT | {"recipients": [{"recipient_id": "{absent}", "channels": ["telegram"]}]},
    ),
    *(
        row(f"{method} /v1/routing-rules/{{id}}", target, outcomes, ids={"id": which}, body=body)
        for method, body, done in (("GET", None, "200"), ("PATCH", {"name": "x"}, "200"), ("DELETE", None, "204"))
        for target, which, outcomes in (
            ("the owner's", "{old_rule}" if method == "DELETE" else "{rule}", f"{done} 404 404 404 404 404 401"),
            ("one that does not exist", "{absent}", "404 404 404 404 404 404 401"),
            ("what is no id", "not-an-id", "404"),
        )
    ),
]

_HOOK = {"url": "http://127.0.0.1:9/{fresh}", "events": ["webhook.disabled"]}
_SPAN = {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}
WEBHOOKS: list[Row] = [
    row("POST /v1/webhooks", "a server", "201 201 201 201 201 201 401", body=_HOOK),
    row(
        "POST /v1/webhooks",
        "a private address",
        "400 400 400 400 400 400 401",
        body=_HOOK | {"url": "https://10.0.0.1/"},
    ),
    row("GET /v1/webhooks", "all", "200 200 200 200 200 200 401"),
    *(
        row(f"{method} /v1/webhooks/{{id}}{more}", target, outcomes, ids={"id": which}, body=body)
        for method, more, body, done in (
            ("GET", "", None, "200"),
            ("PATCH", "", {"description": "x"}, "200"),
            ("DELETE", "", None, "204"),
            ("POST", "/secret", {}, "201"),
            ("POST", "/test", None, "202"),
            ("GET", "/deliveries", None, "200"),
            ("POST", "/replay", _SPAN, "202"),
        )
        for target, which, outcomes in (
            ("the owner's", "{old_webhook}" if method == "DELETE" else "{webhook}", f"{done} 404 404 404 404 404 401"),
            ("one that does not exist", "{absent}", "404 404 404 404 404 404 401"),
            ("what is no id", "not-an-id", "404"),
        )
    ),
]

_THOSE_CONNECTED = "{0} {0} {0} {0} {0} {0} closed"


def _over_websocket(outcomes: str) -> str:
    """What HTTP answers, as a frame; who is erased has no connection any more."""
    words = outcomes.replace("200", "ack").split()
    return " ".join([*(words if len(words) > 1 else words * 6)[:6], "closed"])


WEBSOCKET: list[Row] = [
    row("ws $connect", "with one's token", "ack ack ack ack ack ack 401"),
    row("ws $default", "an action that does not exist", _THOSE_CONNECTED.format("400")),
    row("ws heartbeat", "", _THOSE_CONNECTED.format("ack")),
    row(
        "ws heartbeat",
        "looking at the group",
        _over_websocket("200 200 200 200 404 404 404"),
        body={"conversation_id": "{group}"},
    ),
    row("ws heartbeat", "with a token that is none", _THOSE_CONNECTED.format("400"), body={"token": "x"}),
    row("ws send", "to the group", "ack ack ack 403 404 404 closed", body=_GROUP_TEXT),
    row(
        "ws send",
        "to one that does not exist",
        _THOSE_CONNECTED.format("404"),
        body=_GROUP_TEXT | {"conversation_id": "{absent}"},
    ),
    *(
        row(f"ws {action}", target, _over_websocket(outcomes), body={"message_id": f"{{{which}}}"} | body)
        for action, _, body, target, which, outcomes in _CHANGES
    ),
    *(
        row(
            "ws react",
            target,
            _over_websocket(outcomes),
            body={"message_id": f"{{{which}}}", "emoji": "\N{THUMBS UP SIGN}"},
        )
        for target, which, outcomes in _REACTING
    ),
    row("ws typing", "the group", _over_websocket("200 200 200 403 404 404 404"), body={"conversation_id": "{group}"}),
    row("ws typing", "one that does not exist", _over_websocket("404"), body={"conversation_id": "{absent}"}),
    row(
        "ws receipt", "the group", "ack ack ack ack 404 404 closed", body={"conversation_id": "{group}", "read_seq": 1}
    ),
    row(
        "ws receipt",
        "one that does not exist",
        _THOSE_CONNECTED.format("404"),
        body={"conversation_id": "{absent}", "read_seq": 1},
    ),
    row("ws sync", "the group", "shown shown shown shown hidden hidden closed", body={"conversations": {"{group}": 0}}),
    row("ws sync", "all", "shown shown shown shown hidden hidden closed", body={}),
    row(
        "ws sync", "one that does not exist", _THOSE_CONNECTED.format("hidden"), body={"conversations": {"{absent}": 0}}
    ),
]

SECTIONS: Mapping[str, Sequence[Row]] = {
    "Conversations": CONVERSATIONS,
    "Members": MEMBERS,
    "Messages": MESSAGES,
    "Files": FILES,
    "Users": USERS,
    "Presence": PRESENCE,
    "Addresses on channels": IDENTITIES,
    "Signing in by Google and GitHub": SIGN_INS,
    "Channel accounts": ACCOUNTS,
    "Routing rules": ROUTING_RULES,
    "Outgoing webhooks": WEBHOOKS,
    "Administrators": ADMINISTRATORS,
    "Open to all": OPEN_TO_ALL,
    "WebSocket": WEBSOCKET,
}
ROWS: Sequence[Row] = [row for rows in SECTIONS.values() for row in rows]
WITHOUT_ROW: Mapping[str, str] = {
    "ws $disconnect": "API Gateway calls it when a connection has ended; nobody can ask for it"
}
