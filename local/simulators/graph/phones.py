"""The phones' JSON API of WhatsApp, Messenger and Instagram, under /phones/api/graph: a person's hands and eyes.

Errors are {"error": text} with 4xx. Bodies are JSON, but for uploads. `channel`: whatsapp, messenger or instagram. Times: Unix
milliseconds. Whatever makes something answers 201 and it.

- GET PUT /settings: faults, rates, windows (`local.simulators.settings`, `graph.behaviour`); PUT takes any of them.
- GET /accounts: {items: [account]}, numbers, pages and profiles.
- POST /accounts {channel, name, id?, access_token?, app_secret?, verify_token?, username?, display_phone_number?, waba_id?,
  app_id?, throughput?, webhook_url?}: the account with its secrets; what is left out is made up. With `webhook_url` the
  handshake is made at once.
- GET PATCH /accounts/{account} {name?, access_token?, app_secret?, verify_token?, throughput?}.
- PUT /accounts/{account}/webhook {url, verify_token?, fields?}: the handshake of the App Dashboard, by which webhooks come from
  then on; 422 says what the server answered instead. DELETE: they come no more.
- GET /accounts/{account}/webhooks: {pending, delivered, last_error, items: the last 100 bodies tried, newest first}.
- GET POST /accounts/{account}/templates {name, language, category?, components}, DELETE .../templates/{name} (WhatsApp).
- POST /accounts/{account}/echoes {person, text}: somebody answers in the business's own app: the message.
- GET /people?channel=: {items: [person]}.
- POST /people {channel, name, phone_number?, user_id?, parent_user_id?, username?}: the person. On WhatsApp with a
  phone_number, a business-scoped user_id or both (a number is made up where neither is given); on the others `id` is the
  PSID or IGSID.
- PATCH /people/{person} {name?, username?, online?, phone_number?}: an offline phone gets nothing until it is online; a new
  number is told to the accounts (user_changed_number).
- PUT /people/{person}/uploads/{filename}, the bytes under their Content-Type: {media_id, mime_type, size, filename, url}.
- GET /people/{person}/chats: {items: [{account_id, blocked, unread, last_message}], revision}.
- GET /people/{person}/events: server-sent events message (id: revision), typing {account_id, on}, blocked {account_id,
  blocked}; Last-Event-ID or ?after= resumes without a gap.
- GET /media/{media}: the bytes of a file, as in a message's `media.url`.

Under /people/{person}/chats/{account}:

- GET /messages: {items: [message], oldest first, blocked}.
- POST /messages: one of `text`; `media` {media_id, type, caption?, voice?, animated?} with type image, video, audio,
  document (file on Messenger and Instagram) or sticker; `album` [media_id] (Messenger, Instagram); `location` {latitude,
  longitude, name?, address?, url?}; `contacts` [{name, phone}] (WhatsApp); `story_mention` {media_id} (Instagram); `share`
  {url, title?} (Messenger, Instagram); `unsupported` true. With it `reply_to`? (id of a message), `story`? {id?, url}
  (Instagram: a reply to the account's story), `forwarded`? (WhatsApp), `referral`? (an object as Meta sends it).
- PATCH /messages/{id} {text}: edit one's own text or caption (WhatsApp, Messenger).
- DELETE /messages/{id}: unsend one's own (WhatsApp, Instagram; Messenger tells nobody).
- PUT /messages/{id}/reaction {emoji}, DELETE: react to the account's message or one's own, and take it back.
- POST /messages/{id}/press {button}: id or payload of a button, row, quick reply or postback of a message received.
- POST /messages/{id}/played: a voice message was listened to (WhatsApp).
- POST /read {up_to?}: all is read, or all up to that message: {read: how many}.
- PUT DELETE /block: {blocked}.

An account: {id, channel, name, username, display_phone_number?, waba_id?, webhook_url, fields, last_error} and its secrets
{access_token, app_secret, verify_token, app_id}. A person: {id, channel, name, username, phone_number?, user_id?, online}.

A message: {id, account_id, person_id, from: "me" or "account", at, revision, type, status, deleted, edited_at?, reply_to?,
error?, reactions: {me?: emoji, account?: emoji}} and, by `type`, text {text}; image, video, audio, document, file, sticker
{media: {url, mime_type, size, filename?, voice?}, caption?}; album {items: [media]}; location {location}; contacts
{contacts}; buttons {text, buttons: [{id, title}]} (interactive, quick replies, templates with buttons); template {text,
template}; story_mention {media}; share {share}; postback {text, payload}; unsupported. A reply to a story also has {story}.
`status` of the account's messages: sent, delivered, read, played, failed; of the person's: sent, read (the account has told
that it read them)."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from aiohttp import web

from local.simulators.graph.accounts import CHANNELS, checked_phone, new_account, new_person, throughput
from local.simulators.graph.chats import Chats
from local.simulators.graph.errors import GraphError
from local.simulators.graph.phone_chats import PhoneChats
from local.simulators.graph.phone_view import SAFE, media_view, phone_view, shown
from local.simulators.graph.subscriptions import Subscriptions
from local.simulators.graph.templates import new_template
from local.simulators.live import Change
from local.simulators.phone_requests import PhoneError, answering, field, read_body, stream
from local.simulators.sqlite_file import Row

_ROOT = "/phones/api/graph"
_HIDDEN = ("throughput", "failing_since")


class Phones:
    """Accounts, people and settings; `PhoneChats` has what is done in a chat."""

    def __init__(self, chats: Chats, subscriptions: Subscriptions) -> None:
        self._chats = chats
        self._storage = chats.storage
        self._subscriptions = subscriptions

    def add_to(self, app: web.Application) -> None:
        routes: list[tuple[str, str, Callable[[web.Request], Awaitable[Any]]]] = [
            ("GET", "/settings", self.get_settings),
            ("PUT", "/settings", self.put_settings),
            ("GET", "/accounts", self.list_accounts),
            ("POST", "/accounts", self.create_account),
            ("GET", "/accounts/{account}", self.get_account),
            ("PATCH", "/accounts/{account}", self.change_account),
            ("PUT", "/accounts/{account}/webhook", self.set_webhook),
            ("DELETE", "/accounts/{account}/webhook", self.forget_webhook),
            ("GET", "/accounts/{account}/webhooks", self.list_tries),
            ("GET", "/accounts/{account}/templates", self.list_templates),
            ("POST", "/accounts/{account}/templates", self.create_template),
            ("DELETE", "/accounts/{account}/templates/{name}", self.delete_template),
            ("POST", "/accounts/{account}/echoes", self.echo),
            ("GET", "/people", self.list_people),
            ("POST", "/people", self.create_person),
            ("PATCH", "/people/{person}", self.change_person),
            ("PUT", "/people/{person}/uploads/{filename}", self.upload),
        ]
        for method, path, act in routes:
            app.router.add_route(method, _ROOT + path, answering(act))
        app.router.add_get(f"{_ROOT}/people/{{person}}/events", self.events)
        app.router.add_get(f"{_ROOT}/media/{{media}}", self.media)
        PhoneChats(self._chats).add_to(app, _ROOT)

    async def get_settings(self, _request: web.Request) -> Any:
        return self._chats.settings.all()

    async def put_settings(self, request: web.Request) -> Any:
        return self._chats.settings.change(await read_body(request))

    # --- accounts
    async def list_accounts(self, _request: web.Request) -> Any:
        return {"items": [_account_view(account) for account in self._storage.accounts()]}

    async def create_account(self, request: web.Request) -> Any:
        body = await read_body(request)
        account = new_account(self._storage, body)
        if body.get("webhook_url"):
            try:
                account = await self._handshake(account, body["webhook_url"], body)
            except PhoneError:
                self._storage.run("DELETE FROM accounts WHERE id = ?", account["id"])
                raise
        return 201, _account_view(account)

    async def get_account(self, request: web.Request) -> Any:
        return _account_view(self._account(request))

    async def change_account(self, request: web.Request) -> Any:
        account, body = self._account(request), await read_body(request)
        changes: Row = {
            name: field(body, name, 512)
            for name in ("name", "access_token", "app_secret", "verify_token")
            if name in body
        }
        if "throughput" in body:
            changes["throughput"] = throughput(body)
        return _account_view(self._storage.save_account(account | changes))

    async def set_webhook(self, request: web.Request) -> Any:
        account, body = self._account(request), await read_body(request)
        return _account_view(await self._handshake(account, body.get("url"), body))

    async def _handshake(self, account: Row, url: Any, body: dict[str, Any]) -> Row:
        fields = body.get("fields")
        if not isinstance(url, str) or not (fields is None or isinstance(fields, list)):
            raise PhoneError(400, "url must be a text, fields a list of texts")
        try:
            return await self._subscriptions.set(account, url, body.get("verify_token"), fields)
        except GraphError as error:
            raise PhoneError(422, error.message) from None

    async def forget_webhook(self, request: web.Request) -> Any:
        return _account_view(self._subscriptions.forget(self._account(request)))

    async def list_tries(self, request: web.Request) -> Any:
        account = self._account(request)
        tries = self._storage.tries(account["id"])
        return {
            "pending": self._storage.event_count(account["id"]),
            "delivered": sum(1 for one in tries if one["outcome"] == "200"),
            "last_error": account["last_error"],
            "items": tries,
        }

    async def list_templates(self, request: web.Request) -> Any:
        return {"items": self._storage.templates(self._waba(request))}

    async def create_template(self, request: web.Request) -> Any:
        waba_id = self._waba(request)
        template = new_template(await read_body(request), str(10**15 + len(self._storage.templates(waba_id))))
        return 201, self._storage.save_template(waba_id, template)

    async def delete_template(self, request: web.Request) -> Any:
        deleted = self._storage.delete_template(self._waba(request), request.match_info["name"])
        if not deleted:
            raise PhoneError(404, "there is no such template")
        return {"deleted": deleted}

    async def echo(self, request: web.Request) -> Any:
        account, body = self._account(request), await read_body(request)
        person = self._storage.person(str(body.get("person", "")))
        if person is None or self._storage.chat(account["id"], person["id"]) is None:
            raise PhoneError(404, "person: there is no chat of this account with them")
        row = self._chats.account_echoes(account, person, field(body, "text", 4096))
        return 201, phone_view(row, self._chats.origin)

    # --- people
    async def list_people(self, request: web.Request) -> Any:
        channel = request.query.get("channel")
        if channel not in (None, *CHANNELS):
            raise PhoneError(400, f"channel must be one of {', '.join(CHANNELS)}")
        return {"items": self._storage.people(channel)}

    async def create_person(self, request: web.Request) -> Any:
        return 201, new_person(self._storage, await read_body(request))

    async def change_person(self, request: web.Request) -> Any:
        person, body = self.person(request), await read_body(request)
        changes: Row = {name: field(body, name, 100) for name in ("name", "username") if name in body}
        if "online" in body:
            if not isinstance(body["online"], bool):
                raise PhoneError(400, "online must be true or false")
            changes["online"] = body["online"]
        person = self._storage.save_person(person | changes)
        if "phone_number" in body:
            if person["channel"] != "whatsapp":
                raise PhoneError(400, "phone_number: only people on WhatsApp have one")
            number = checked_phone(self._storage, field(body, "phone_number", 20))
            person = self._chats.number_changes(person, number)
        for chat in self._storage.chats(person["id"]):
            if (account := self._storage.account(chat["account_id"])) is not None:
                self._chats.arrive(account, person)
        return person

    async def upload(self, request: web.Request) -> Any:
        """A PUT of raw bytes: no page of another site can send it without being asked first."""
        self.person(request)
        data = await request.read()
        if not data:
            raise PhoneError(400, "the file is empty")
        self._chats.seen_at(str(request.url.origin()))
        media = self._chats.media.save(data, request.content_type, request.match_info["filename"][:240])
        return 201, media_view(media, self._chats.origin) | {"media_id": media["id"]}

    async def media(self, request: web.Request) -> web.StreamResponse:
        media = self._storage.media(request.match_info["media"])
        if media is None:
            return web.json_response({"error": "there is no such file"}, status=404)
        path = self._chats.media.path(media["id"])
        return web.FileResponse(path, headers={"Content-Type": media["mime_type"], **SAFE})

    async def events(self, request: web.Request) -> web.StreamResponse:
        try:
            person = self.person(request)
            after = int(request.headers.get("Last-Event-ID") or request.query.get("after") or self._storage.revision())
        except (PhoneError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=getattr(error, "status", 400))

        def missed() -> Iterator[Change]:
            for row in self._storage.messages_changed(person["id"], after):
                if shown(row):
                    yield Change("message", phone_view(row, self._chats.origin), row["revision"])

        return await stream(request, self._chats.live, person["id"], missed)

    # --- parts of the path
    def person(self, request: web.Request) -> Row:
        person = self._storage.person(request.match_info["person"])
        if person is None:
            raise PhoneError(404, "there is no such person")
        return person

    def _account(self, request: web.Request) -> Row:
        account = self._storage.account(request.match_info["account"])
        if account is None:
            raise PhoneError(404, "there is no such account")
        return account

    def _waba(self, request: web.Request) -> str:
        account = self._account(request)
        if account["channel"] != "whatsapp":
            raise PhoneError(400, "only numbers of WhatsApp have templates")
        return str(account["waba_id"])


def _account_view(account: Row) -> Row:
    return {name: value for name, value in account.items() if name not in _HIDDEN}
