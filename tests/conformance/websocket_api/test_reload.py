"""Handlers that change while clients are connected."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from websockets.sync.client import ClientConnection

from tests.conformance.websocket_api.served import TEMPLATE, WITHIN_S, Served, context_of, until

pytestmark = pytest.mark.engines


def answer(client: ClientConnection) -> str:
    client.send("hello")
    return str(client.recv(WITHIN_S))


@pytest.mark.statement("websocket.reload")
def test_a_changed_handler_answers_on_the_connections_there_are(tmp_path: Path) -> None:
    application = tmp_path / "application"
    shutil.copytree(TEMPLATE.parent, application, ignore=shutil.ignore_patterns("__pycache__"))
    handler = application / "functions" / "message.py"
    with closing(Served(tmp_path, template=application / TEMPLATE.name)) as served, served.connect() as client:
        before = context_of(client)
        assert answer(client) == "$default: hello"
        handler.write_text(handler.read_text().replace(": {body}", " says: {body}"))
        until(lambda: answer(client) == "$default says: hello", "answer of the changed handler", within_s=10)
        after = context_of(client)
        assert (after["connectionId"], after["connectedAt"]) == (before["connectionId"], before["connectedAt"])
