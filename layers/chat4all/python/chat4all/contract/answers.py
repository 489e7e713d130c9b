"""Answers of operations as OpenAPI describes them."""

from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus

from chat4all.contract.documents.problems import GatewayError, OAuthProblem, Problem
from chat4all.contract.operation import FORM, JSON, Operation
from chat4all.contract.problems import CODES, codes_of, status_of
from chat4all.contract.schemas import Json, Schemas
from chat4all.http.problem import CONTENT_TYPE

_GATEWAY = frozenset({401, 404, 413, 429, 500, 503})
"""What API Gateway answers by itself."""
HEADERS: Json = {
    "RetryAfter": {"description": "Seconds (RFC 9110, 10.2.3)", "schema": {"type": "integer", "minimum": 0}},
    "RateLimit": {"description": "draft-ietf-httpapi-ratelimit-headers", "schema": {"type": "string"}},
    "RateLimitPolicy": {"description": "draft-ietf-httpapi-ratelimit-headers", "schema": {"type": "string"}},
    "WwwAuthenticate": {"description": "RFC 9110, 11.6.1", "schema": {"type": "string"}},
}
_OF_STATUS: dict[int, dict[str, str]] = {
    401: {"WWW-Authenticate": "WwwAuthenticate"},
    429: {"Retry-After": "RetryAfter", "RateLimit": "RateLimit", "RateLimit-Policy": "RateLimitPolicy"},
    503: {"Retry-After": "RetryAfter"},
}


class Answers:
    """Answers of operations; problems that several of them have are components of the document."""

    def __init__(self, operations: Sequence[Operation], schemas: Schemas) -> None:
        self._schemas = schemas
        counts = Counter(name for operation in operations for name in self._problems(operation).values())
        self._shared = {name for name, count in counts.items() if count > 1}
        self.components: Json = {}
        """By name, such as `not_found`."""

    def of(self, operation: Operation) -> Json:
        """By status: what it answers, and the problems that it may have."""
        found: Json = {}
        for status, model in operation.answers.items():
            content = {"content": {JSON: {"schema": self._schemas.ref(model)}}} if model is not None else {}
            found[str(status)] = {"description": HTTPStatus(status).phrase} | content
        for status, name in self._problems(operation).items():
            found[str(status)] = self._problem(operation, status, name, found.get(str(status)))
        if operation.query is not None:
            content = {JSON: {"schema": self._schemas.ref(GatewayError)}}
            found["431"] = {"description": "The query is larger than API Gateway takes", "content": content}
        return dict(sorted(found.items()))

    def _problems(self, operation: Operation) -> dict[int, str]:
        """Name of the problems of each status: their codes."""
        found: dict[int, str] = {}
        for code in codes_of(operation):
            status = status_of(operation, code)
            found[status] = f"{found[status]}.{code}" if status in found else code
        prefix = "oauth." if operation.media_type == FORM else ""
        return {status: prefix + codes for status, codes in found.items()}

    def _problem(self, operation: Operation, status: int, name: str, beside: Json | None) -> Json:
        codes = [code for code in codes_of(operation) if status_of(operation, code) == status]
        answer = self._described(status, codes, is_oauth=operation.media_type == FORM, beside=beside)
        if name not in self._shared or beside is not None:
            return answer
        self.components[name] = answer
        return {"$ref": f"#/components/responses/{name}"}

    def _described(self, status: int, codes: Sequence[str], *, is_oauth: bool, beside: Json | None) -> Json:
        shape = self._schemas.ref(OAuthProblem if is_oauth else Problem)
        # With types, and `enum` for one value too: generators of clients merge these with the fields of the shape.
        own = {"code": {"type": "string", "enum": codes}, "status": {"type": "integer", "enum": [status]}}
        schema: Json = {"allOf": [shape, {"type": "object", "properties": own}]}
        content: Json = {JSON if is_oauth else CONTENT_TYPE: {"schema": schema}}
        also = [self._schemas.ref(GatewayError)] if status in _GATEWAY else []
        also += [beside["content"][JSON]["schema"]] if beside is not None else []
        if also:
            every = [*([schema] if is_oauth else []), *also]
            content[JSON] = {"schema": every[0] if len(every) == 1 else {"anyOf": every}}
        meanings = "; ".join(f"`{code}`: {CODES[code].meaning}" for code in codes)
        answer: Json = {"description": f"{HTTPStatus(status).phrase}. {meanings}", "content": content}
        headers = _OF_STATUS.get(status)
        if headers:
            answer["headers"] = {name: {"$ref": f"#/components/headers/{ref}"} for name, ref in headers.items()}
        return answer
