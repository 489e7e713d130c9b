"""/v1/users."""

from chat4all.contract.operation import Operation
from chat4all.domain.user import ProfileChanges, Registration, UserQuery

_TAG = "Users"

OPERATIONS = (
    Operation("registerUser", "POST", "/v1/users", _TAG, "Register", {201: None}, body=Registration, is_open=True),
    Operation("findUsers", "GET", "/v1/users", _TAG, "Find users by name or by ids", {200: None}, query=UserQuery),
    Operation("getMe", "GET", "/v1/users/me", _TAG, "The caller's own profile", {200: None}),
    Operation("updateMe", "PATCH", "/v1/users/me", _TAG, "Change the own profile", {200: None}, body=ProfileChanges),
    Operation("deleteMe", "DELETE", "/v1/users/me", _TAG, "Delete the own account", {204: None}),
    Operation("getUser", "GET", "/v1/users/{id}", _TAG, "A user, as others see them", {200: None}),
)
