"""Actions of the WebSocket API (design: section 4): each answers an `ack` or an `error` frame with the request's id."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field

from chat4all import admission
from chat4all.changing import Edit, Unsend
from chat4all.domain.message import DeleteData, EditData, Id, ReactData, SendBody
from chat4all.domain.receipt import ReceiptBody
from chat4all.domain.signals import HeartbeatData, TypingData
from chat4all.errors import DomainError, FieldError
from chat4all.logs import logger
from chat4all.message_commands import send_command
from chat4all.metrics.emission import count, observe
from chat4all.metrics.metric_list import WEBSOCKET_ACTION_SECONDS, WEBSOCKET_ACTIONS
from chat4all.unanswered import unavailable
from chat4all.validation import Input, json_object, validate
from chat4all.websocket.caller import Caller
from chat4all.websocket.frames import ACTIONS, RequestId, checked_request_id, error_frame, request_id_of, unknown_action

if TYPE_CHECKING:
    from chat4all.bootstrap import App


class Request(Input):
    """A frame from a client: `data` is the action's; `id` comes back in the reply."""

    action: str
    id: Annotated[Any, AfterValidator(checked_request_id)] = None
    data: dict[str, Any] = Field(default_factory=dict)
    traceparent: str | None = Field(default=None, max_length=256)
    """W3C Trace Context, and `tracestate`: what comes of the request goes on in this trace. What is none begins one."""
    tracestate: str | None = Field(default=None, max_length=512)


class ReceiptData(ReceiptBody):
    """Data of `receipt`."""

    conversation_id: Id


class SyncData(Input):
    """Data of `sync` (sync.Wanted)."""

    conversations: Annotated[dict[Id, Annotated[int, Field(ge=0, lt=2**53)]], Field(max_length=1000)] = Field(
        default_factory=dict
    )
    after: Id | None = None


Action = Callable[[Caller, dict[str, Any]], dict[str, Any]]


class Actions:
    """Answers the frames of one user's connection."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self._known: Mapping[str, Action] = {name: getattr(self, f"_{name}") for name in ACTIONS}

    def answer(self, caller: Caller, body: str | None) -> dict[str, Any]:
        """The reply to one frame: never raises for what the client did."""
        began = time.perf_counter()
        name, reply = self._answered(caller, body)
        outcome = "ok" if reply["type"] == "ack" else "refused" if reply["error"]["status"] < 500 else "failed"
        count(WEBSOCKET_ACTIONS, name, outcome)
        observe(WEBSOCKET_ACTION_SECONDS, time.perf_counter() - began, name, outcome)
        return reply

    def _answered(self, caller: Caller, body: str | None) -> tuple[str, dict[str, Any]]:
        """The action's name, `unknown` where it is none, and the reply."""
        request_id: RequestId = None
        name = "unknown"
        try:
            document = json_object(body)
            # A frame that is wrong elsewhere is answered with its id all the same.
            request_id = request_id_of(document)
            request = validate(Request, document)
            action = self._known.get(request.action)
            if action is None:
                raise unknown_action(request.action)
            name = request.action
            return name, {"type": "ack", "id": request_id, "data": _acted(action, caller, request.data)}
        except DomainError as error:
            return name, error_frame(request_id, error)
        except Exception as error:
            return name, error_frame(request_id, _unexpected(error))

    def _send(self, caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
        accepted = self._app.sending.send(send_command(caller.user_id, validate(SendBody, data)))
        return accepted.document()

    def _edit(self, caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
        edit = validate(EditData, data)
        return self._app.changing.edit(Edit(caller.user_id, edit.message_id, edit.content, edit.revision))

    def _delete(self, caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
        return self._app.changing.unsend(Unsend(caller.user_id, validate(DeleteData, data).message_id))

    def _react(self, caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
        from chat4all.reactions import React  # with Unicode's list of emojis, which only those who react need

        asked = validate(ReactData, data)
        return self._app.reactions.react(React(caller.user_id, asked.message_id, asked.emoji, asked.remove))

    def _receipt(self, caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
        receipt = validate(ReceiptData, data)
        marks = self._app.receipts.record(
            caller.user_id, receipt.conversation_id, receipt.delivered_seq, receipt.read_seq
        )
        return marks.document()

    def _typing(self, caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
        typing = validate(TypingData, data)
        return self._app.typing.tell(caller.user_id, typing.conversation_id, stopped=typing.stopped)

    def _sync(self, caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
        from chat4all.sync import Wanted

        asked = validate(SyncData, data)
        admission.commit()  # It takes as long as there are messages.
        return self._app.sync.run(caller, Wanted(asked.conversations, asked.after))

    def _heartbeat(self, caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
        heartbeat = validate(HeartbeatData, data)
        return self._app.heartbeats.of_connection(caller, heartbeat.conversation_id, heartbeat.token)


def _acted(action: Action, caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
    """The action's answer. Its errors point into the frame, where the body of an HTTP request is the frame's `data`."""
    try:
        return action(caller, data)
    except DomainError as error:
        if error.errors and error.detail.startswith(f"{error.errors[0].pointer}:"):
            error.detail = "/data" + error.detail
        error.errors = tuple(FieldError("/data" + found.pointer, found.detail) for found in error.errors)
        raise


def _unexpected(error: Exception) -> DomainError:
    not_answered = unavailable(error)
    if not_answered is not None:
        logger.warning("storage does not answer", cause=f"{type(error).__name__}: {error}")
        return not_answered
    logger.exception("action failed")
    return DomainError("Something went wrong on our side; it is logged.", code="internal")
