"""What runs in an environment: awslambdaric's own handling of events, over a socket instead of the HTTP Runtime API."""

import contextlib
import logging
import os
import resource
import socket
import sys
import time
from dataclasses import dataclass
from typing import Any

from awslambdaric import bootstrap
from awslambdaric.lambda_runtime_client import LambdaRuntimeClient
from awslambdaric.lambda_runtime_exception import FaultException
from awslambdaric.lambda_runtime_log_utils import _JSON_FRAME_TYPES, LogFormat, _get_log_level_from_env_var
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller, to_json

from local.lambda_service import frames
from local.lambda_service.steps import Step, arm

_LEVEL_OF_FRAME = {frame: level for level, frame in _JSON_FRAME_TYPES.items()}


@dataclass(frozen=True, slots=True)
class Invocation:
    request_id: str
    deadline_ms: int
    arn: str
    client_context: str | None
    event: bytes


class SocketRuntimeClient:
    """The part of awslambdaric's runtime client that its event loop calls."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._input = connection.makefile("rb", buffering=65536)
        self._response_bytes = 0
        os.register_at_fork(after_in_child=self._leave)

    @property
    def marshaller(self) -> Any:
        """A class attribute in awslambdaric, which a function may replace."""
        return LambdaRuntimeClient.marshaller

    def next_invocation(self) -> Invocation | None:
        """Wait for it. None when the service has gone."""
        header = self._input.read(frames.HEADER_BYTES)
        if len(header) < frames.HEADER_BYTES:
            return None
        about_length, event_length = frames.lengths(header)
        request_id, deadline_ms, most, arn, context = frames.fields_of(self._input.read(about_length))
        self._response_bytes = int(most)
        return Invocation(request_id, int(deadline_ms), arn, context or None, self._input.read(event_length))

    def ready(self) -> None:
        self._send("ready", b"")

    def post_init_error(self, error: dict[str, Any], error_type_override: str | None = None) -> None:
        self._send("init_error", to_json(error).encode(), error_type=error_type_override or error["errorType"])

    def post_invocation_result(
        self, invoke_id: str, result: bytes | str, _content_type: str, _invocation_id: str | None = None
    ) -> None:
        self._answer("result", invoke_id, result if isinstance(result, bytes) else result.encode())

    def post_invocation_error(
        self, invoke_id: str, error: str, _xray_fault: str, _invocation_id: str | None = None
    ) -> None:
        self._answer("error", invoke_id, error.encode())

    def _answer(self, kind: str, request_id: str, payload: bytes) -> None:
        sent = payload if len(payload) <= self._response_bytes else b""
        self._send(kind, sent, request_id, len(payload))

    def _leave(self) -> None:
        """In a process that the function forks: only the environment's own process answers, or hears of invocations."""
        with contextlib.suppress(OSError):  # the function may have closed it
            os.close(self._connection.detach())

    def _send(self, kind: str, payload: bytes, request_id: str = "", size: int = 0, error_type: str = "") -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self._connection.sendall(frames.encode((kind, peak, request_id, size, error_type), payload))


class LineSink:
    """awslambdaric's log sink. Lambda's own keeps the lines of one entry together; so does this, in one write.

    An entry below the function's application log level is left out, whatever level its logger has.
    """

    def __init__(self) -> None:
        self.least = logging.NOTSET

    def log(self, message: str, frame_type: bytes | None = None) -> None:
        if frame_type is None or _LEVEL_OF_FRAME.get(frame_type, logging.CRITICAL) >= self.least:
            sys.stdout.write(message)

    def log_error(self, lines: list[str]) -> None:
        sys.stdout.write("\n".join(lines) + "\n")


def run(handler: str, connection: socket.socket, steps: list[Step]) -> int:
    """Import the handler, then serve invocations one at a time. The exit status of the environment.

    `steps` are where it is to be killed or paused.
    """
    LambdaRuntimeClient.marshaller = LambdaMarshaller()  # anew: it reads AWS_EXECUTION_ENV when it is made
    client = SocketRuntimeClient(connection)
    sink = LineSink()
    sys.stdout, sys.stderr = bootstrap.Unbuffered(sys.stdout), bootstrap.Unbuffered(sys.stderr)
    _set_up_logging(sink)
    function = _import_handler(handler, client, sink)
    if function is None:
        return 1
    if steps:
        arm(steps, lambda: str(bootstrap._GLOBAL_AWS_REQUEST_ID))
        function = _import_handler(handler, client, sink)  # which may be a step itself
    client.ready()
    while (invocation := client.next_invocation()) is not None:
        bootstrap._GLOBAL_AWS_REQUEST_ID = invocation.request_id
        bootstrap.handle_event_request(
            client,
            function,
            invocation.request_id,
            invocation.event,
            "application/json",
            invocation.client_context,
            None,
            invocation.arn,
            invocation.deadline_ms,
            None,
            sink,
        )
    return 0


def _set_up_logging(sink: LineSink) -> None:
    """As bootstrap.run does with what it has read from the variables when it was imported; here they come later."""
    kind = LogFormat.from_str(os.environ.get("AWS_LAMBDA_LOG_FORMAT"))
    level = _get_log_level_from_env_var(os.environ.get("AWS_LAMBDA_LOG_LEVEL"))
    level = {"WARN": "WARNING", "FATAL": "CRITICAL"}.get(level, level)
    bootstrap._setup_logging(kind, level, sink)
    if kind == LogFormat.JSON:
        sink.least = logging.getLevelName(level)
        bootstrap.log_error = _log_error_as_json


def _log_error_as_json(error: dict[str, Any], sink: LineSink) -> None:
    """bootstrap has this one when it is imported with the JSON format."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sink.log_error([to_json({"timestamp": now, "level": "ERROR", **error})])


def _import_handler(handler: str, client: SocketRuntimeClient, sink: LineSink) -> Any:
    """The function that `handler` names, or None after its error has been told, as bootstrap.run does it."""
    try:
        return bootstrap._get_handler(handler)
    except FaultException as fault:
        error = bootstrap.make_error(fault.msg, fault.exception_type, fault.trace)
    except Exception:
        error = bootstrap.build_fault_result(sys.exc_info(), None)
    bootstrap.log_error(error, sink)
    client.post_init_error(error)
    return None


def enter(code: str, layer_roots: list[str], variables: dict[str, str], output: int, own_path: list[str]) -> None:
    """Make this process what Lambda gives a function: its variables, folder, import path, and where it prints."""
    os.environ.clear()
    os.environ.update(variables)
    time.tzset()
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(null)
    os.close(output)
    os.chdir(code)
    sys.path[:] = [code, *layer_roots, *own_path]
    sys.argv[:] = ["/var/runtime/bootstrap"]
    for folder in (code, *layer_roots):  # what finders of the warm parent know; all others lie outside the application
        sys.path_importer_cache.pop(folder, None)
