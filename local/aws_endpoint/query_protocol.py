"""AWS's Query protocol: the operation and its input are a form, the answer is XML.

smithy.io/2.0/aws/protocols/aws-query-protocol.html
"""

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from aiohttp import web

from local.aws_endpoint.errors import AwsError

Value = Any
"""A text, a map of members, or a list of values."""


async def read_form(request: web.Request) -> dict[str, str]:
    """Members of the body, over those of the query. Raises AwsError."""
    try:
        text = await request.text()
        return dict(request.query) | dict(parse_qsl(text, keep_blank_values=True))
    except web.HTTPRequestEntityTooLarge:
        raise AwsError(413, "RequestEntityTooLarge", "The request is larger than this service takes") from None
    except (UnicodeDecodeError, ValueError, LookupError):
        raise AwsError(400, "MalformedQueryString", "The body is no form in UTF-8") from None


def result(action: str, namespace: str, values: Mapping[str, Value]) -> web.Response:
    """The answer to an action."""
    text = (
        f'<{action}Response xmlns="{namespace}"><{action}Result>{_members(values)}</{action}Result>'
        f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata></{action}Response>"
    )
    return web.Response(text=text, content_type="text/xml")


def _members(values: Mapping[str, Value]) -> str:
    return "".join(f"<{name}>{_xml(value)}</{name}>" for name, value in values.items())


def _xml(value: Value) -> str:
    if isinstance(value, Mapping):
        return _members(value)
    if isinstance(value, list):
        return "".join(f"<member>{_xml(item)}</member>" for item in value)
    return escape(str(value))
