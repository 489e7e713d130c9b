"""/v1/users."""

from chat4all.contract.documents.export import ExportPage
from chat4all.contract.documents.users import OwnUser, User, UserList
from chat4all.contract.operation import Operation
from chat4all.contract.problems import SESSION
from chat4all.domain.user import ProfileChanges, Registration, UserQuery
from chat4all.pages import PageParameters

_TAG = "Users"

OPERATIONS = (
    Operation(
        "registerUser",
        "POST",
        "/v1/users",
        _TAG,
        "Register",
        {201: OwnUser},
        "Names and emails belong to one user, in any case of their letters.",
        body=Registration,
        example={
            "username": "ana",
            "email": "ana@example.com",
            "password": "correct horse battery",
            "display_name": "Ana Lima",
        },
        errors=("username_taken", "email_taken", "rate_limited"),
        is_open=True,
    ),
    Operation(
        "findUsers",
        "GET",
        "/v1/users",
        _TAG,
        "Find users by name or by ids",
        {200: UserList},
        "Exactly one of `username` and `ids`. Who is not found, or not shown to the caller, is left out.",
        query=UserQuery,
        errors=("account_deleted", "rate_limited"),
    ),
    Operation("getMe", "GET", "/v1/users/me", _TAG, "The caller's own profile", {200: OwnUser}, errors=SESSION),
    Operation(
        "updateMe",
        "PATCH",
        "/v1/users/me",
        _TAG,
        "Change the own profile",
        {200: OwnUser},
        "What is given replaces what was there; null removes the display name. A new password needs `current_password`, and ends "
        "the caller's other sessions. Who has none yet sets one within ten minutes after signing in.",
        body=ProfileChanges,
        example={"display_name": "Ana L."},
        errors=(*SESSION, "wrong_password", "sign_in_needed", "conflict", "rate_limited"),
    ),
    Operation(
        "deleteMe",
        "DELETE",
        "/v1/users/me",
        _TAG,
        "Delete the own account",
        {204: None},
        "Erases what is personal, frees the names, leaves every conversation and ends every session.",
        errors=(*SESSION, "last_administrator"),
    ),
    Operation(
        "exportMe",
        "GET",
        "/v1/users/me/export",
        _TAG,
        "Everything that is kept of the caller",
        {200: ExportPage},
        "Profile, ways to sign in, addresses, sessions, webhooks, routing rules, accounts, files (what is known of them), and by "
        "conversation, those that were left included, the membership and the messages that the caller sent. No secrets, and "
        "nothing of others. A page may have fewer items than were asked for, or none, and not be the last.",
        query=PageParameters,
        errors=SESSION,
    ),
    Operation(
        "getUser",
        "GET",
        "/v1/users/{id}",
        _TAG,
        "A user, as others see them",
        {200: User},
        "Guests are shown to who shares a conversation with them.",
        errors=("account_deleted",),
    ),
)
