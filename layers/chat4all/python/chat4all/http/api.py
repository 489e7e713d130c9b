"""The edge of HTTP functions: powertools' resolver with our errors, bodies and callers."""

import base64
import json
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from pydantic import BaseModel

from chat4all import admission
from chat4all.config import settings
from chat4all.errors import DomainError, Forbidden, Invalid, NotFound, Unauthenticated
from chat4all.http.problem import CONTENT_TYPE, headers, problem, status_of
from chat4all.http.security_headers import secured
from chat4all.http.viewer import viewer_address
from chat4all.ids import is_id
from chat4all.logs import logger
from chat4all.observed import observed
from chat4all.tracing.current import current
from chat4all.tracing.trace_context import TRACEPARENT
from chat4all.unanswered import unavailable
from chat4all.validation import check_length, parse_json, validate

if TYPE_CHECKING:
    from chat4all.domain.audit import Action, Origin
    from chat4all.http.audited import Audited

Model = TypeVar("Model", bound=BaseModel)


class Api:
    """Routes of one function. Use `api.get(...)`, `api.post(...)` as decorators; `api.handle` is the Lambda handler."""

    def __init__(self, service: str) -> None:
        self.handle = observed(service)(self._handle)
        self.resolver = APIGatewayHttpResolver(serializer=_dumps)
        self.get = self.resolver.get
        self.post = self.resolver.post
        self.put = self.resolver.put
        self.patch = self.resolver.patch
        self.delete = self.resolver.delete
        self.resolver.exception_handler(DomainError)(self._problem)
        self.resolver.exception_handler(Exception)(self._unexpected)
        self.resolver.not_found(self._not_found)

    def _handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Payload 2.0."""
        with admission.request(context.get_remaining_time_in_millis() / 1000, settings().request_budget_s):
            answer = self.resolver.resolve(_with_ascii_path(event), context)
        answer = secured(answer, is_https=settings().public_url.startswith("https://"))
        trace = current()
        if trace is not None:
            answer.setdefault("headers", {})[TRACEPARENT] = trace.traceparent
        return answer

    def body(self, model: type[Model]) -> Model:
        """The JSON body as `model`; raises Invalid."""
        return parse_json(model, self.raw_body())

    def body_or(self, default: Model) -> Model:
        """The JSON body as a model of the same kind; `default` where there is none. Raises Invalid."""
        body = self.raw_body()
        return parse_json(type(default), body) if body else default

    def raw_body(self) -> bytes:
        """The body as it was sent; empty where there is none."""
        event = self.resolver.current_event
        body = event.body or ""
        return base64.b64decode(body) if event.is_base64_encoded else body.encode(errors="surrogatepass")

    def form(self, model: type[Model]) -> Model:
        """The `application/x-www-form-urlencoded` body as `model`; raises Invalid (also for a repeated field)."""
        from urllib.parse import parse_qs

        body = self.raw_body()
        check_length(body)
        try:
            fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=50)
        except ValueError as error:
            raise Invalid(f"The body is no form: {error}", code="invalid_form") from error
        repeated = [name for name, values in fields.items() if len(values) > 1]
        if repeated:
            raise Invalid(f"Given more than once: {', '.join(repeated)}")
        return validate(model, {name: values[0] for name, values in fields.items()})

    def query(self, model: type[Model]) -> Model:
        """The query parameters as `model`; raises Invalid with pointers such as `?limit`."""
        return validate(model, self.resolver.current_event.query_string_parameters or {}, prefix="?")

    def caller(self) -> str:
        """User id of the caller, as the gateway's JWT authorizer found it; raises Unauthenticated."""
        subject = self._subject()
        if subject is None:
            raise Unauthenticated("An access token is needed")
        return subject

    @property
    def session_id(self) -> str | None:
        """The session that the caller's access token names."""
        claims = self.resolver.current_event.request_context.authorizer.jwt_claim or {}
        return str(claims["sid"]) if claims.get("sid") else None

    @property
    def origin(self) -> "Origin":
        """From where the request comes, for the audit log."""
        from chat4all.domain.audit import Origin  # here and below: functions on the way of messages record nothing

        context = self.resolver.current_event.request_context
        return Origin(self.source_ip, context.http.user_agent, context.request_id)

    def audited(
        self, action: "Action", *, only: type[Exception] = Exception, **things: str
    ) -> AbstractContextManager["Audited"]:
        """Record what is done inside, in the logs of `things` (such as conversation=id) and of the caller; see http.audited."""
        from chat4all.http.audited import Audited, audited

        return audited(action, self.origin, Audited(self._subject(), things), only)

    def _subject(self) -> str | None:
        authorizer = self.resolver.current_event.request_context.authorizer
        subject = (authorizer.jwt_claim or {}).get("sub") if authorizer else None
        return str(subject) if subject else None

    def header(self, name: str) -> str | None:
        """A request header by its name in any case."""
        return self.resolver.current_event.headers.get(name.lower())

    def all_headers(self) -> dict[str, str]:
        """The request's headers, by their names in lower case."""
        return {name.lower(): value for name, value in self.resolver.current_event.headers.items()}

    def query_parameters(self) -> dict[str, str]:
        """The query's parameters; of one that is repeated, its values with commas between."""
        return dict(self.resolver.current_event.query_string_parameters or {})

    def cookies(self) -> list[str]:
        """The request's cookies, each as `name=value`."""
        return list(self.resolver.current_event.cookies)

    def idempotency_key(self) -> str | None:
        """The Idempotency-Key: any text, but some; raises Invalid (draft-ietf-httpapi-idempotency-key-header, section 2.7)."""
        key = self.header("idempotency-key")
        if key is not None and not key.strip():
            raise Invalid.at("Idempotency-Key", "is empty")
        return key

    @property
    def source_ip(self) -> str:
        """Address of the client as the gateway saw it, or as our CloudFront did."""
        seen = str(self.resolver.current_event.request_context.http.source_ip)
        return viewer_address(seen, self.all_headers(), settings().edge_secret)

    def _problem(self, error: DomainError) -> Response[str]:
        path = self.resolver.current_event.path
        logger.info("refused", code=error.code, detail=error.detail, path=path)
        subject = self._subject() if isinstance(error, Forbidden | NotFound) else None
        if subject is not None:
            from chat4all.http.audited import denied

            denied(subject, self.resolver.current_event.http_method, path, self.origin, error)
        return Response(status_of(error).value, CONTENT_TYPE, _dumps(problem(error, path)), headers(error))

    def _unexpected(self, error: Exception) -> Response[str]:
        not_answered = unavailable(error)
        if not_answered is not None:
            logger.warning("storage does not answer", cause=f"{type(error).__name__}: {error}")
            return self._problem(not_answered)
        logger.exception("unexpected error", error=type(error).__name__)
        path = self.resolver.current_event.path
        unexpected = DomainError("Something went wrong on our side; it is logged.", code="internal")
        return Response(500, CONTENT_TYPE, _dumps(problem(unexpected, path)))

    def _not_found(self, _error: Exception) -> Response[str]:
        return self._problem(NotFound(f"No such path: {self.resolver.current_event.path}"))


def _with_ascii_path(event: dict[str, Any]) -> dict[str, Any]:
    """The gateway decodes the path, and routes of the resolver match only what a URI may hold: an emoji is encoded again."""
    path = event["rawPath"]
    return event if path.isascii() else event | {"rawPath": quote(path, safe="/%:@!$&'()*+,;=-._~ ")}


def created(document: dict[str, Any]) -> Response[str]:
    """201 with the whole object."""
    return json_response(201, document)


def json_response(status: int, document: Any, extra_headers: dict[str, str] | None = None) -> Response[str]:
    """`document` as JSON with `status`."""
    return Response(status, "application/json", _dumps(document), extra_headers)


def no_content() -> Response[str]:
    """204."""
    return Response(204)


def path_id(value: str, what: str) -> str:
    """An id of the path; what cannot be an id does not exist.

    Raises:
        NotFound: `value` is no UUID.
    """
    if not is_id(value):
        raise NotFound(f"No such {what}")
    return value


def _dumps(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
