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
that it read them). """
