"""API Gateway's HTTP API on loopback."""

from local.http_api.server import HttpApiServer

__all__ = ["HttpApiServer"]
