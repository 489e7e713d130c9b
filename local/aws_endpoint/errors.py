"""Errors as AWS words them on the wire, for each of its protocols."""

import json
import uuid
from xml.sax.saxutils import escape

from aiohttp import web


class AwsError(Exception):
    """An error answer. `code` is the name of the exception in the service's API."""

    def __init__(self, status: int, code: str, message: str, body: dict[str, object] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.body = {"message": message} if body is None else body


def missing_credentials() -> AwsError:
    """What AWS answers to a request without a signature."""
    return AwsError(403, "MissingAuthenticationTokenException", "Missing Authentication Token")


def not_offered(service: str, what: str) -> AwsError:
    """Something that AWS has and this stack has not."""
    text = f"The local stack does not offer {what} of the service '{service}'"
    return AwsError(501, "NotImplementedException", text)


def json_response(error: AwsError, request_id: str | None = None) -> web.Response:
    """REST-JSON and JSON protocols: botocore takes the code from the header, or from `__type`."""
    headers = {"x-amzn-ErrorType": error.code, "x-amzn-RequestId": request_id or str(uuid.uuid4())}
    body = {"__type": error.code, **error.body} if error.code == "NotImplementedException" else error.body
    text = json.dumps(body) if body else ""
    return web.Response(status=error.status, text=text, headers=headers, content_type="application/json")


def target_response(error: AwsError, request_id: str, old: bool) -> web.Response:
    """JSON protocols 1.0 (`old`) and 1.1, where the code is a member of the body."""
    headers = {"x-amzn-ErrorType": error.code, "x-amzn-RequestId": request_id}
    text = json.dumps({"__type": error.code, **error.body})
    kind = f"application/x-amz-json-1.{0 if old else 1}"
    return web.Response(status=error.status, text=text, headers=headers, content_type=kind)


def query_response(error: AwsError, request_id: str | None = None) -> web.Response:
    """Query protocol (STS, SNS, IAM …), where the codes of refused signatures do without the word Exception."""
    code = error.code.removesuffix("Exception") if error.status == 403 else error.code
    text = (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{escape(code)}</Code>"
        f"<Message>{escape(error.message)}</Message></Error>"
        f"<RequestId>{request_id or uuid.uuid4()}</RequestId></ErrorResponse>"
    )
    return web.Response(status=error.status, text=text, content_type="text/xml")


def s3_response(error: AwsError, request_id: str | None = None) -> web.Response:
    """S3's own XML."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
        f"<RequestId>{request_id or uuid.uuid4()}</RequestId></Error>"
    )
    return web.Response(status=error.status, text=text, content_type="application/xml")
