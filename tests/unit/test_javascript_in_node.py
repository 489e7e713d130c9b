"""The JavaScript client in Node."""

import subprocess
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

CLIENT = Path(__file__).resolve().parents[2] / "clients/javascript/chat4all/index.js"
WITHOUT_A_WEBSOCKET = """
delete globalThis.WebSocket;
const { LiveClient } = await import(process.argv[1]);
await LiveClient.open({ session: { userId: "ana" } }).catch((error) => console.log(error.name, error.message));
"""
SIGNS_IN = """
const { Session } = await import(process.argv[1]);
const storage = { getItem: () => null, setItem() {}, removeItem() {} };
const session = new Session({ base: process.argv[2], storage });
await session.signIn("ana", "secret").catch((error) => console.log(error.constructor.name));
"""


def test_a_live_client_says_what_is_missing() -> None:
    command = ["node", "--input-type=module", "-e", WITHOUT_A_WEBSOCKET, str(CLIENT)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("TypeError There is no WebSocket here")


def test_a_password_goes_to_the_server_that_was_asked_and_to_no_other() -> None:
    """A redirect with 307 would have fetch send the body on."""
    asked: list[str] = []

    class Redirecting(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(307)
            self.send_header("location", "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Redirecting) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        command = ["node", "--input-type=module", "-e", SIGNS_IN, str(CLIENT), url]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        server.shutdown()
        thread.join()
    assert ran.stdout.startswith("NetworkError")
    assert asked == ["/auth/token"]
