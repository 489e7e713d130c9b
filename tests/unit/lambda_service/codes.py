"""Codes for tests."""

from local.lambda_service.fork_request import Code


def code(name: str, layer_roots: list[str]) -> Code:
    return Code(name, "app.handler", f"/functions/{name}", layer_roots, {})
