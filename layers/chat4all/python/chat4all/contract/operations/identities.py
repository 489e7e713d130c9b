"""/v1/users/me/identities: the caller's addresses on channels."""

from chat4all.contract.operation import Operation
from chat4all.identities import LinkBody, VerifyBody, WhichOnes

_TAG = "Identities"
_PATH = "/v1/users/me/identities/{channel}"

OPERATIONS = (
    Operation("listIdentities", "GET", _PATH, _TAG, "Own addresses on a channel", {200: None}),
    Operation("linkIdentity", "PUT", _PATH, _TAG, "Have a code sent to an address", {202: None}, body=LinkBody),
    Operation(
        "verifyIdentity", "POST", f"{_PATH}/verify", _TAG, "Link an address by its code", {200: None}, body=VerifyBody
    ),
    Operation("unlinkIdentity", "DELETE", _PATH, _TAG, "Let go of addresses", {204: None}, query=WhichOnes),
)
