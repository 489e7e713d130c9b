"""Every code of a problem that the HTTP API answers, with its status and meaning; and which of them any operation may answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from chat4all.contract.operation import FORM, MULTIPART, Operation


@dataclass(frozen=True, slots=True)
class Code:
    """A stable word for what went wrong."""

    status: int
    meaning: str


CODES: Mapping[str, Code] = {
    "invalid": Code(400, "a field or parameter is wrong; `errors` says which"),
    "invalid_json": Code(400, "the body is no JSON object, or holds what cannot be stored"),
    "invalid_form": Code(400, "the body is no form, or not the one that is wanted"),
    "invalid_cursor": Code(400, "the cursor is not one of this list"),
    "unsupported_grant_type": Code(400, "grant_type is neither password nor refresh_token"),
    "unsupported_type": Code(400, "nothing of that type can be sent"),
    "unsupported_channel": Code(400, "there is no such channel"),
    "unsupported": Code(400, "the channel cannot do that"),
    "host_not_allowed": Code(400, "the deployment does not allow that host"),
    "provider_refused": Code(400, "the channel's provider refuses it"),
    "empty_file": Code(400, "a file has at least one byte"),
    "checksum_mismatch": Code(400, "the bytes have another SHA-256"),
    "content_type_mismatch": Code(400, "the bytes are not of the type that is said"),
    "wrong_code": Code(400, "not the code that was sent"),
    "unauthenticated": Code(401, "an access token is needed"),
    "invalid_credentials": Code(401, "the name or the password is wrong; 400 at /token (RFC 6749)"),
    "invalid_refresh_token": Code(401, "no refresh token of ours; 400 at /token, as the next three"),
    "refresh_token_expired": Code(401, "not used for too long: sign in again"),
    "refresh_token_reused": Code(401, "used before: its session has ended"),
    "refresh_token_revoked": Code(401, "its session has ended"),
    "session_ended": Code(401, "the session of the access token has ended"),
    "account_deleted": Code(401, "the user of the token is gone"),
    "forbidden": Code(403, "the caller's role does not allow it"),
    "administrators_only": Code(403, "only administrators of the deployment"),
    "reader": Code(403, "readers only read"),
    "not_the_sender": Code(403, "only who sent it, or who manages the conversation"),
    "not_the_owner": Code(403, "only the owner of the file"),
    "wrong_password": Code(403, "the current password is another"),
    "invalid_sign_in_code": Code(403, "the code is used, too old, or another page's"),
    "sign_in_needed": Code(403, "a first password is set, and a provider linked, within ten minutes after signing in"),
    "no_verified_email": Code(403, "the provider names no verified email, without which no account is made"),
    "not_found": Code(404, "it does not exist, or not for the caller"),
    "no_code": Code(404, "no code is waiting"),
    "not_linked": Code(404, "no such address or sign-in is linked"),
    "conflict": Code(409, "somebody else changed it meanwhile"),
    "username_taken": Code(409, "somebody has that name"),
    "email_taken": Code(409, "somebody has that email"),
    "sign_in_taken": Code(409, "another account signs in by it"),
    "already_linked": Code(409, "the account has another one of that provider"),
    "last_sign_in": Code(409, "it is the last way to sign in"),
    "idempotency_key_reused": Code(409, "with that Idempotency-Key something else was asked for"),
    "message_id_reused": Code(409, "that message_id is another message's"),
    "private_conversation": Code(409, "a private conversation has its two members"),
    "already_member": Code(409, "they are in it already"),
    "group_full": Code(409, "a group has at most 100 members"),
    "last_owner": Code(409, "a group keeps an owner"),
    "last_administrator": Code(409, "a deployment keeps an administrator"),
    "too_many_administrators": Code(409, "there are 100 administrators already"),
    "message_deleted": Code(409, "the message was unsent"),
    "edited_meanwhile": Code(409, "the message is at another revision"),
    "too_many_reactions": Code(409, "10 emojis of a user, 20 of all on a message"),
    "file_pending": Code(409, "the bytes are not here yet, or not checked"),
    "file_failed": Code(409, "there are no bytes of it"),
    "file_quota_reached": Code(409, "all files of the user are too large together"),
    "too_many_uploads": Code(409, "too many uploads of the user are unfinished"),
    "not_an_upload": Code(409, "the file came in one request"),
    "parts_missing": Code(409, "`numbers` of the parts that are missing"),
    "parts_changed": Code(409, "parts came meanwhile, or are others than was said"),
    "upload_over": Code(409, "the upload was completed or given up"),
    "upload_expired": Code(409, "the upload's time is over"),
    "upload_gone": Code(409, "S3 has the upload no more"),
    "address_taken": Code(409, "the address is linked to another user"),
    "code_used_up": Code(409, "too many wrong codes: ask for another"),
    "account_taken": Code(409, "another account here serves the provider's"),
    "too_many_rules": Code(409, "there are 100 rules already"),
    "too_many_mirrors": Code(409, "at most 10 rules mirror"),
    "too_many_webhooks": Code(409, "there are 10 webhooks already"),
    "webhook_disabled": Code(409, "enable the webhook first"),
    "too_large": Code(413, "larger than anything that is taken"),
    "rate_limited": Code(429, "too many: again after Retry-After seconds"),
    "internal": Code(500, "our mistake; it is logged"),
    "unavailable": Code(503, "something that is needed does not answer: again after Retry-After seconds"),
    "overloaded": Code(503, "nothing was tried: again after Retry-After seconds"),
}

CREDENTIALS = (
    "invalid_credentials",
    "invalid_refresh_token",
    "refresh_token_expired",
    "refresh_token_reused",
    "refresh_token_revoked",
    "account_deleted",
)
SESSION = ("session_ended", "account_deleted")
"""Of operations that ask whether the session of the token still goes on."""


def codes_of(operation: Operation) -> tuple[str, ...]:
    """What an operation may answer, in the order of `CODES`."""
    found = {"internal", "unavailable", "overloaded", *operation.errors}
    if not operation.is_open:
        found.add("unauthenticated")
    if operation.body is not None:
        kind = "invalid_form" if operation.media_type in (FORM, MULTIPART) else "invalid_json"
        found |= {"invalid", kind, "too_large"}
    if operation.query is not None:
        found |= {"invalid", "invalid_cursor"} if "cursor" in operation.query.model_fields else {"invalid"}
    if operation.takes_key:
        found.add("invalid")
    if operation.path_parameters:
        found.add("not_found")
    return tuple(code for code in CODES if code in found)


def status_of(operation: Operation, code: str) -> int:
    """With which status the operation answers it: the token endpoint says 400 where others say 401 (RFC 6749, section 5.2)."""
    status = CODES[code].status
    return 400 if operation.media_type == FORM and status == 401 else status
