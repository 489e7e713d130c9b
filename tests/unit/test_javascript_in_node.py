"""The JavaScript client in Node."""

import subprocess
from pathlib import Path

CLIENT = Path(__file__).resolve().parents[2] / "clients/javascript/chat4all/index.js"
WITHOUT_A_WEBSOCKET = """
delete globalThis.WebSocket;
const { LiveClient } = await import(process.argv[1]);
await LiveClient.open({ session: { userId: "ana" } }).catch((error) => console.log(error.name, error.message));
"""


def test_a_live_client_says_what_is_missing() -> None:
    command = ["node", "--input-type=module", "-e", WITHOUT_A_WEBSOCKET, str(CLIENT)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("TypeError There is no WebSocket here")
