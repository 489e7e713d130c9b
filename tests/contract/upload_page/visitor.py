"""Somebody on the upload page: what they do, what they see, and what the API says of their files."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.local.console.browser import Page, until

PASSWORD = "correct horse"
WITHIN_S = 120
BY_INPUT = "delete window.showOpenFilePicker"
"""Files are chosen by a field, as in Firefox and Safari: the dialog of Chromium's own API cannot be driven."""
SLOWLY = """
const { send, abort } = XMLHttpRequest.prototype;
const held = [];
window.holds = true;
window.letThrough = (count) => {
  for (const one of held.splice(0, count)) send.call(one, one.body);
  return held.length;
};
XMLHttpRequest.prototype.send = function (body) {
  if (!window.holds) return send.call(this, body);
  this.body = body;
  held.push(this);
};
XMLHttpRequest.prototype.abort = function () {
  const at = held.indexOf(this);
  if (at < 0) return abort.call(this);
  held.splice(at, 1);
  this.dispatchEvent(new ProgressEvent("abort"));
};
"""
"""Parts leave when the test lets them: `letThrough(count)`, or all once `holds` is false."""
FIRST_LOOK_HELD = """
const reallyFetch = window.fetch.bind(window);
window.fetch = async (...asked) => {
  if (!window.lookNow && /files\\/[0-9a-f-]{36}$/.test(asked[0])) await new Promise((go) => { window.lookNow = go; });
  return reallyFetch(...asked);
};
"""
"""The page's first question about a file waits for `lookNow()`."""

BY_HANDLE = """
window.showOpenFilePicker = async () => [await (await navigator.storage.getDirectory()).getFileHandle("kept.bin")];
"""
"""Chromium's own dialog gives a handle; here that of a file in the origin's private file system, which asks for no permission."""
PUT_FILE = """(async () => {
  const kept = await (await navigator.storage.getDirectory()).getFileHandle("kept.bin", { create: true });
  const writing = await kept.createWritable();
  await writing.write(new Uint8Array(%d).fill(7));
  await writing.close();
})()"""
"""Makes that file, of so many bytes."""


@dataclass
class Visitor:
    page: Page
    url: str
    name: str

    def arrive(self, *before_load: str) -> None:
        for script in before_load or (BY_INPUT,):
            self.page.before_load(script)
        self.page.look(width=1000)
        self.page.go(f"{self.url}/upload")
        self.sign_in()

    def sign_in(self) -> None:
        self.until("document.querySelector('#sign-in')?.hidden === false")
        self.page.write("[name=username]", self.name)
        self.page.write("[name=password]", PASSWORD)
        self.page.press("Enter")
        self.until("document.querySelector('#drop')?.hidden === false")

    def choose(self, *files: Path) -> None:
        self.page.choose_files("Choose files", *files)

    def act(self, name: str, what: str) -> None:
        """Press a button of a file's row."""
        self.page.click(f"{what}: {name}", "#list button")

    def row(self, name: str) -> str:
        """What is said of a file."""
        found = f"[...document.querySelectorAll('.row')].find((row) => row.innerText.includes({json.dumps(name)}))"
        return str(self.page.run(f"{found}?.innerText ?? ''"))

    def sees(self, name: str, wanted: str) -> str:
        """Wait until this is said of the file; returns all that is said."""
        return until(
            lambda: text if wanted in (text := self.row(name)) else None,
            WITHIN_S,
            lambda: f"{wanted!r} is not said of {name}: {self.page.text('body')} {self.page.problems}",
        )

    def until(self, script: str) -> Any:
        return until(lambda: self.page.run(script), WITHIN_S, lambda: f"{script}: {self.page.text('body')}")

    def forgive(self, what: str) -> None:
        """Errors that the browser logs by itself, such as of a request that failed on purpose, are no mistakes of the page."""
        self.page.problems[:] = [problem for problem in self.page.problems if what not in problem]

    def api(self) -> httpx.Client:
        """The API, as the page is signed in."""
        token = self.page.run("JSON.parse(sessionStorage.getItem('chat4all.session')).access_token")
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=60)

    def until_arrived(self, file_id: str, parts: int) -> None:
        """Wait until S3 has so many parts."""
        with self.api() as api:
            until(lambda: len(api.get(f"/v1/files/{file_id}").json()["upload"]["arrived"]) == parts, WITHIN_S)

    def file_id(self, name: str) -> str:
        """Of an unfinished upload, as IndexedDB has it."""
        script = """new Promise((resolve) => {
            const opening = indexedDB.open("chat4all.uploads");
            opening.onsuccess = () => {
                const all = opening.result.transaction("uploads").objectStore("uploads").getAll();
                all.onsuccess = () => { opening.result.close(); resolve(all.result); };
            };
        }).then((all) => all.find((one) => one.name === %s)?.fileId ?? null)"""
        return str(self.until(script % json.dumps(name)))
