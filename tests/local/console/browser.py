"""A real browser, spoken to by the Chrome DevTools Protocol (chromedevtools.github.io/devtools-protocol)."""

import base64
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import urlopen

import pytest
from websockets.sync.client import ClientConnection, connect

from local.engines.parent_death import following

T = TypeVar("T")
_START_S = 60
_WAIT_S = 30
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--host-resolver-rules=MAP *.test 127.0.0.1",  # of another machine, to the browser: no secure context
    "--window-size=1440,900",
)


def executable() -> str:
    """Of Chromium; without one the test is skipped, unless CONSOLE_BROWSER=required (as in CI) makes that a failure."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        reason = "no Chromium: install Debian's chromium to test the console's pages"
        if os.environ.get("CONSOLE_BROWSER") == "required":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


class Browser:
    """A headless Chromium with a profile of its own, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "DevToolsActivePort").unlink(missing_ok=True)  # of one that was killed
        command = [executable(), *_FLAGS, f"--user-data-dir={folder}", "about:blank"]
        with (folder / "output.txt").open("wb") as output:
            with_tests = following(command, signal.SIGTERM)  # also where these are killed
            self._process = subprocess.Popen(with_tests, stdout=output, stderr=output, start_new_session=True)

    @contextmanager
    def open(self, url: str) -> Iterator["Page"]:
        """A new tab, which ends with the block: pages go on asking their server."""
        with urlopen(f"http://127.0.0.1:{self._port()}/json/version") as answer:
            address = json.load(answer)["webSocketDebuggerUrl"]
        # No pings: while a test looks elsewhere nobody takes what the tab tells, and the answer waits behind it.
        with connect(address, max_size=None, ping_interval=None) as socket:
            page = Page(socket, url)
            try:
                yield page
            finally:
                page.end()

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """All its processes, as when the machine loses power."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _port(self) -> int:
        file = self._folder / "DevToolsActivePort"

        def written() -> int | None:
            assert self._process.poll() is None, (self._folder / "output.txt").read_text("utf-8", "replace")
            lines = file.read_text().split() if file.exists() else []
            return int(lines[0]) if len(lines) == 2 else None

        return until(written, _START_S)


class Page:
    """One tab. `problems` are errors that the page has logged, violations of its CSP included."""

    def __init__(self, socket: ClientConnection, url: str) -> None:
        self.problems: list[str] = []
        self._socket = socket
        self._number = 0
        self._patience_s: float = _WAIT_S
        self._session = ""
        self._choosers: list[dict[str, Any]] = []
        self._target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=self._target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self._call(f"{domain}.enable")
        self.go(url)

    def end(self) -> None:
        """The tab, if it is there still; not waited for."""
        self._session = ""
        self._send("Target.closeTarget", {"targetId": self._target})

    def go(self, url: str) -> None:
        self._call("Page.navigate", url=url)

    def run(self, script: str, within_s: float = _WAIT_S) -> Any:
        """What an expression evaluates to; promises are waited for, so long."""
        self._patience_s = within_s
        try:
            answer = self._call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        finally:
            self._patience_s = _WAIT_S
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise AssertionError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    def text(self, selector: str = "main") -> str:
        """Text that can be seen of the first element that matches; empty where there is none."""
        return str(self.run(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''"))

    def until_text(self, wanted: str, selector: str = "main") -> str:
        """Wait for it to be seen; returns all of the element's text."""
        return until(
            lambda: text if wanted in (text := self.text(selector)) else None, _WAIT_S, lambda: self.text("body")
        )

    def click(self, text: str, selector: str = "a, button, summary") -> None:
        """The first element that matches, can be seen and has that text or label: with the mouse, in its middle."""
        found = f"""(() => {{
            const wanted = {json.dumps(text)};
            const element = [...document.querySelectorAll({json.dumps(selector)})].find((one) => one.checkVisibility()
                && (one.innerText.trim() === wanted || one.getAttribute("aria-label") === wanted));
            if (!element) return null;
            element.scrollIntoView({{block: "center"}});
            const {{x, y, width, height}} = element.getBoundingClientRect();
            return [x + width / 2, y + height / 2];
        }})()"""
        x, y = until(lambda: self.run(found), _WAIT_S, lambda: f"{text!r} is not there: {self.text('body')}")
        for kind in ("mousePressed", "mouseReleased"):
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def write(self, selector: str, text: str) -> None:
        """Replace what a field holds, as typing does."""
        until(lambda: self.run(f"!!document.querySelector({json.dumps(selector)})"), _WAIT_S)
        self.run(f"{{ const field = document.querySelector({json.dumps(selector)}); field.focus(); field.select(); }}")
        self._call("Input.insertText", text=text)

    def close(self) -> None:
        """The tab, without asking whether to leave."""
        self._call("Page.close")

    def press(self, key: str) -> None:
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        code = {"Enter": 13, "Escape": 27}.get(key, 0)
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if kind == "keyDown" and text else {}
            self._call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **more)

    def paste(self) -> None:
        """What the clipboard holds, where the focus is."""
        self._call("Input.dispatchKeyEvent", type="keyDown", key="v", modifiers=2, commands=["paste"])
        self._call("Input.dispatchKeyEvent", type="keyUp", key="v", modifiers=2)

    def choose_files(self, button: str, *files: Path) -> None:
        """Press a button that has the person choose, and choose these."""
        self._call("Page.setInterceptFileChooserDialog", enabled=True)
        self.click(button)
        until(lambda: self.run("true") and self._choosers, _WAIT_S, lambda: f"{button!r} does not let choose")
        node = self._choosers.pop()["backendNodeId"]
        self._call("DOM.setFileInputFiles", backendNodeId=node, files=[str(file) for file in files])

    def give_file(self, field: str, file: Path) -> None:
        """Have a field for files hold this one, without anybody choosing."""
        node = self._call("Runtime.evaluate", expression=f"document.querySelector({json.dumps(field)})")["result"]
        self._call("DOM.setFileInputFiles", objectId=node["objectId"], files=[str(file)])

    def drop_files(self, *files: Path) -> None:
        """Drag these from outside to the middle of the window, and let go."""
        x, y = self.run("[innerWidth / 2, innerHeight / 2]")
        data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self._call("Input.dispatchDragEvent", type=kind, x=x, y=y, data=data)

    def cut_off(self, *, is_offline: bool) -> None:
        """Take the connection away, or give it back."""
        self._call("Network.enable")
        network = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self._call("Network.emulateNetworkConditions", offline=is_offline, **network)

    def before_load(self, script: str) -> None:
        """Run it in every document to come, before its own scripts."""
        self._call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def look(self, *, dark: bool = False, width: int = 1440, height: int = 900, scale: float = 1) -> None:
        """The size of the window, and the colours that the system prefers."""
        self._call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])

    def screenshot(self, file: Path) -> None:
        """PNG of what the window shows."""
        file.write_bytes(base64.b64decode(self._call("Page.captureScreenshot", format="png")["data"]))

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        number = self._send(method, params)
        while True:
            answer = json.loads(self._socket.recv(self._patience_s))
            if answer.get("id") == number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return dict(answer["result"])
            self._hear(answer)

    def _send(self, method: str, params: dict[str, Any]) -> int:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        self._socket.send(json.dumps(message | ({"sessionId": self._session} if self._session else {})))
        return self._number

    def _hear(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        if event.get("method") == "Page.javascriptDialogOpening":
            self._send("Page.handleJavaScriptDialog", {"accept": True})
        elif event.get("method") == "Page.fileChooserOpened":
            self._choosers.append(params)
        elif event.get("method") == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description") or details["text"])
        elif event.get("method") == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.problems.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")


def until(look: Callable[[], T | None], within_s: float, explain: Callable[[], str] = lambda: "") -> T:
    """What `look` finds first."""
    deadline = time.monotonic() + within_s
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, explain() or "it did not happen in time"
        time.sleep(0.05)
