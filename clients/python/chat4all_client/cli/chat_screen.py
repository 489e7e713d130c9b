"""The terminal while one chats: who is there above, what was said, who is typing, and the line one writes."""

import asyncio
import sqlite3

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.data_structures import Point
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.widgets import TextArea

from chat4all_client.cli.chat_lines import Lines
from chat4all_client.cli.chat_view import View, view_of
from chat4all_client.cli.output import safe
from chat4all_client.client import Client
from chat4all_client.errors import ClientError
from chat4all_client.live.client import LiveClient
from chat4all_client.live.events import StateChanged

_TOLD_MAX = 30
_PAGE = 10


class Screen:
    """One conversation on the terminal; `run` until one leaves it."""

    def __init__(self, live: LiveClient, conversation_id: str, client: Client) -> None:
        self._live = live
        self._conversation_id = conversation_id
        self._lines = Lines(live, conversation_id, client, self._tell)
        self._view = View("", (), "", 0)
        self._told: list[str] = []
        """Answers to commands, and what went wrong; until the next line is written."""
        self._scrolled = 0
        self._changed = asyncio.Event()
        self._doing: set[asyncio.Task[None]] = set()
        self._input = TextArea(
            prompt="> ", multiline=False, wrap_lines=True, accept_handler=self._entered, history=InMemoryHistory()
        )
        self._input.buffer.on_text_changed += self._writes
        self._app: Application[str | None] = Application(self._layout(), key_bindings=self._keys(), full_screen=True)

    async def run(self) -> None:
        """Until /quit, Ctrl-D or Ctrl-C. Raises what has broken the live client."""
        self._live.watch(self._conversation_id)
        listening, drawing = asyncio.create_task(self._listen()), asyncio.create_task(self._draw())
        try:
            running = asyncio.create_task(self._app.run_async())
            await asyncio.wait({running, listening}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                self._app.exit()
                await running
                listening.result()
        finally:
            for task in (listening, drawing, *self._doing):
                task.cancel()
            await asyncio.gather(listening, drawing, *self._doing, return_exceptions=True)

    async def _listen(self) -> None:
        if not await self._live.messages(self._conversation_id, 1):
            self._do(self._first_page())
        self._changed.set()
        async for event in self._live.events():
            if isinstance(event, StateChanged) and event.why:
                self._tell(event.why) if event.state == "signed_out" else None
            self._changed.set()

    async def _first_page(self) -> None:
        await self._live.older(self._conversation_id)

    async def _draw(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            self._view = await view_of(self._live, self._conversation_id)
            self._app.invalidate()
            if self._view.last_seq and not self._scrolled:
                await self._live.read(self._conversation_id, self._view.last_seq)

    def _tell(self, text: str) -> None:
        self._told = [*self._told, safe(text)][-_TOLD_MAX:]
        self._scrolled = 0
        self._app.invalidate()

    def _entered(self, buffer: Buffer) -> bool:
        line = buffer.text.rstrip()
        if line:
            self._told, self._scrolled = [], 0
            self._do(self._lines.do(line))
        return False

    def _writes(self, buffer: Buffer) -> None:
        tell = self._live.typing if buffer.text and not buffer.text.startswith("/") else self._live.stopped_typing
        self._do(tell(self._conversation_id))

    def _do(self, work: "asyncio.Future[None] | object") -> None:
        task = asyncio.create_task(self._done(work))
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    async def _done(self, work: object) -> None:
        try:
            await work  # type: ignore[misc]
        except EOFError:
            self._app.exit()
        except sqlite3.Error as error:
            self._tell(f"Not kept on this machine: {error}. Write it again when there is room.")
        except (ClientError, OSError, ValueError) as error:
            self._tell(f"error: {error}")
        self._changed.set()

    def _layout(self) -> Layout:
        header = Window(FormattedTextControl(lambda: self._view.header), height=1, style="reverse")
        control = FormattedTextControl(self._text, get_cursor_position=self._bottom, show_cursor=False)
        typing = Window(FormattedTextControl(lambda: self._view.typing), height=1, style="italic")
        return Layout(HSplit([header, Window(control, wrap_lines=True), typing, self._input]), self._input)

    def _text(self) -> StyleAndTextTuples:
        return [("", "\n".join([*self._view.lines, *self._told]))]

    def _bottom(self) -> Point:
        last = "\n".join([*self._view.lines, *self._told]).count("\n")
        self._scrolled = min(self._scrolled, last)
        return Point(0, last - self._scrolled)

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("c-c")
        @keys.add("c-d")
        def _leave(event: KeyPressEvent) -> None:
            event.app.exit()

        @keys.add("pageup")
        def _up(event: KeyPressEvent) -> None:
            self._scrolled += _PAGE
            if self._scrolled >= len(self._view.lines):
                self._do(self._lines.older(""))
            event.app.invalidate()

        @keys.add("pagedown")
        def _down(_event: KeyPressEvent) -> None:
            self._scrolled = max(0, self._scrolled - _PAGE)
            self._changed.set()

        return keys
