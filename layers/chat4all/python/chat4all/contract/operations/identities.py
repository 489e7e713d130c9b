"""/v1/users/me/identities: the caller's addresses on channels."""

from chat4all.contract.documents.identities import Identity, IdentityList, IdentityRequest
from chat4all.contract.documents.samples import ACCOUNT
from chat4all.contract.operation import Operation
from chat4all.contract.problems import SESSION
from chat4all.identities import LinkBody, VerifyBody, WhichOnes

_TAG = "Identities"
_PATH = "/v1/users/me/identities/{channel}"

OPERATIONS = (
    Operation("listIdentities", "GET", _PATH, _TAG, "Own addresses on a channel", {200: IdentityList}, errors=SESSION),
    Operation(
        "linkIdentity",
        "PUT",
        _PATH,
        _TAG,
        "Have a code sent to an address",
        {202: IdentityRequest},
        "The code goes over the channel; it is good for ten minutes and five tries.",
        body=LinkBody,
        example={"account_id": ACCOUNT, "address": "+55 11 91234-5678"},
        errors=(*SESSION, "rate_limited"),
    ),
    Operation(
        "verifyIdentity",
        "POST",
        f"{_PATH}/verify",
        _TAG,
        "Link an address by its code",
        {200: Identity},
        "The address is the user's from then on, and what is written from there is said by the user.",
        body=VerifyBody,
        example={"code": "K7PX2M9Q"},
        errors=(*SESSION, "wrong_code", "no_code", "address_taken", "code_used_up", "rate_limited"),
    ),
    Operation(
        "unlinkIdentity",
        "DELETE",
        _PATH,
        _TAG,
        "Let go of addresses",
        {204: None},
        "Of what is named, or of all on the channel where nothing is.",
        query=WhichOnes,
        errors=(*SESSION, "not_linked"),
    ),
)
