"""Events of a WebSocket API (Developer Guide, "Lambda proxy integration input format of WebSocket APIs")."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from local.api_gateway import new_request_id, now_ms, request_time
from local.application import WebSocketApi
from local.websocket_api.session import Session

_HOP_BY_HOP = ("connection", "upgrade")
"""What the authorizer sees ("Control access to WebSocket APIs with AWS Lambda REQUEST authorizers"), and `$connect` does not."""


@dataclass(frozen=True, slots=True)
class ApiIdentity:
    """What events say of the API itself."""

    api: WebSocketApi
    account_id: str
    region: str
    domain_name: str

    @property
    def connect_arn(self) -> str:
        """`methodArn` of the authorizer's event."""
        place = f"{self.region}:{self.account_id}:{self.api.api_id}/{self.api.stage}"
        return f"arn:aws:execute-api:{place}/$connect"


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The handshake as events show it."""

    headers: list[tuple[str, str]]
    """As the client wrote them, with those that API Gateway adds."""
    query_string: str

    def parameters(self, without: Collection[str] = ()) -> dict[str, Any]:
        """Headers and query parameters; a single-value map holds the last of repeated values.

        `without` names headers, in lower case, that are left out.
        """
        headers = _group([item for item in self.headers if item[0].lower() not in without])
        query = _group(parse_qsl(self.query_string, keep_blank_values=True))
        parameters: dict[str, Any] = {
            "headers": {name: values[-1] for name, values in headers.items()},
            "multiValueHeaders": headers,
        }
        if query:
            parameters["queryStringParameters"] = {name: values[-1] for name, values in query.items()}
            parameters["multiValueQueryStringParameters"] = query
        return parameters


@dataclass(frozen=True, slots=True)
class Moment:
    """When an event happened, and its ids."""

    request_id: str = field(default_factory=new_request_id)
    epoch_ms: int = field(default_factory=now_ms)


def authorizer_event(identity: ApiIdentity, session: Session, upgrade: Upgrade, moment: Moment) -> dict[str, Any]:
    return {
        "type": "REQUEST",
        "methodArn": identity.connect_arn,
        "queryStringParameters": {},
        "multiValueQueryStringParameters": {},
        **upgrade.parameters(),
        "stageVariables": dict(identity.api.stage_variables),
        "requestContext": _context(identity, session, moment, "$connect", "CONNECT"),
        "isBase64Encoded": False,
    }


def connect_event(identity: ApiIdentity, session: Session, upgrade: Upgrade, moment: Moment) -> dict[str, Any]:
    return {
        **upgrade.parameters(without=_HOP_BY_HOP),
        **_stage_variables(identity),
        "requestContext": _context(identity, session, moment, "$connect", "CONNECT"),
        "isBase64Encoded": False,
    }


def message_event(
    identity: ApiIdentity, session: Session, moment: Moment, route_key: str, message: str
) -> dict[str, Any]:
    context = _context(identity, session, moment, route_key, "MESSAGE")
    context["messageId"] = new_request_id()
    return {**_stage_variables(identity), "requestContext": context, "body": message, "isBase64Encoded": False}


def disconnect_event(identity: ApiIdentity, session: Session, moment: Moment, code: int, reason: str) -> dict[str, Any]:
    context = _context(identity, session, moment, "$disconnect", "DISCONNECT")
    context["disconnectStatusCode"] = code
    context["disconnectReason"] = reason
    headers = {"Host": identity.domain_name, "x-api-key": "", "X-Forwarded-For": "", "x-restapi": ""}
    return {
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        **_stage_variables(identity),
        "requestContext": context,
        "isBase64Encoded": False,
    }


def _context(
    identity: ApiIdentity, session: Session, moment: Moment, route_key: str, event_type: str
) -> dict[str, Any]:
    caller = {"sourceIp": session.source_ip}
    if session.user_agent is not None:
        caller["userAgent"] = session.user_agent
    context: dict[str, Any] = {
        "routeKey": route_key,
        "eventType": event_type,
        "extendedRequestId": moment.request_id,
        "requestTime": request_time(moment.epoch_ms),
        "messageDirection": "IN",
        "stage": identity.api.stage,
        "connectedAt": session.connected_ms,
        "requestTimeEpoch": moment.epoch_ms,
        "identity": caller,
        "requestId": moment.request_id,
        "domainName": identity.domain_name,
        "connectionId": session.connection_id,
        "apiId": identity.api.api_id,
    }
    if session.authorizer is not None:
        context["authorizer"] = dict(session.authorizer)
    return context


def _stage_variables(identity: ApiIdentity) -> dict[str, Any]:
    variables = identity.api.stage_variables
    return {"stageVariables": dict(variables)} if variables else {}


def _group(items: list[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in items:
        grouped.setdefault(name, []).append(value)
    return grouped
