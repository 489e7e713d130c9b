"""Operations that need no token: everybody is treated alike."""

from tests.e2e.authorisation.row import Row, row

_NEW_USER = {"username": "{fresh}", "email": "{fresh}@example.com", "password": "{password}"}
_SIGN_IN = {"username": "{signing_in}", "password": "{password}"}
_SIGN_IN_CODE = {"code": "x", "code_verifier": "x" * 43}
_LOGIN = f"code_challenge={'x' * 43}&code_challenge_method=S256&return_to={{page}}"
_WEBHOOK = "POST /channels/telegram/{account_id}/webhook"
_SECRET = "X-Telegram-Bot-Api-Secret-Token"
_UPDATE = {"update_id": 1, "unknown_kind": {}}
OPEN_TO_ALL: list[Row] = [
    row("POST /v1/users", "a new user", "201", body=_NEW_USER, public=True),
    row("POST /token", "with a password", "200", body=_SIGN_IN, form=True, public=True),
    row(
        "POST /token",
        "with a wrong one",
        "400",
        body=_SIGN_IN | {"password": "not the password"},
        form=True,
        public=True,
    ),
    row("POST /token", "as a guest", "400", body=_SIGN_IN | {"username": "{guest}"}, form=True, public=True),
    row("POST /auth/token", "with a password", "200", body=_SIGN_IN, public=True),
    row("POST /auth/token", "as a guest", "401", body=_SIGN_IN | {"username": "{guest}"}, public=True),
    row("POST /auth/refresh", "with a refresh token", "200", body={"refresh_token": "{refresh_token}"}, public=True),
    row("POST /auth/refresh", "with one of nobody's", "401", body={"refresh_token": "x"}, public=True),
    row("POST /auth/revoke", "any token", "204", body={"refresh_token": "x"}, public=True),
    *(
        row(f"GET /auth/{{provider}}/{path}", what, status, ids={"provider": provider}, query=query, public=True)
        for path, what, status, provider, query in (
            ("login", "to a page of ours", "302", "google", _LOGIN),
            ("login", "to a page of somebody's", "400", "google", _LOGIN.replace("{page}", "https://example.com/")),
            ("login", "by a provider that there is not", "404", "gitlab", _LOGIN),
            ("callback", "that nobody began", "302", "github", "state=x&code=y"),
        )
    ),
    row(
        "POST /auth/{provider}/exchange",
        "with a code of nobody's",
        "403",
        ids={"provider": "google"},
        body=_SIGN_IN_CODE,
        public=True,
    ),
    *(
        row(f"GET {path}", "", "200", public=True)
        for path in (
            "/.well-known/openid-configuration",
            "/.well-known/jwks.json",
            "/health",
            "/health/live",
            "/health/ready",
        )
    ),
    row("GET /", "", "302", public=True),
    row("GET /chat", "", "200", public=True),
    row("GET /upload", "", "200", public=True),
    row("GET /pages/{file+}", "what a page loads", "200", ids={"file+": "icon.svg"}, public=True),
    row("GET /pages/{file+}", "what is not there", "404", ids={"file+": "nothing.js"}, public=True),
    row("GET /docs", "", "200", public=True),
    row("GET /redoc", "", "200", public=True),
    row("GET /openapi.json", "", "200", public=True),
    row("GET /reference/{file+}", "what a page loads", "200", ids={"file+": "docs.js"}, public=True),
    row(
        _WEBHOOK,
        "with the account's secret",
        "200",
        ids={"account_id": "{account}"},
        body=_UPDATE,
        headers={_SECRET: "{secret}"},
        public=True,
    ),
    row(
        _WEBHOOK,
        "with another",
        "404",
        ids={"account_id": "{account}"},
        body=_UPDATE,
        headers={_SECRET: "x"},
        public=True,
    ),
    row(_WEBHOOK, "without one", "404", ids={"account_id": "{account}"}, body=_UPDATE, public=True),
    row(
        _WEBHOOK,
        "of an account that does not exist",
        "404",
        ids={"account_id": "{absent}"},
        body=_UPDATE,
        headers={_SECRET: "{secret}"},
        public=True,
    ),
    *(
        row(
            f"POST /channels/{channel}/{{account_id}}/webhook",
            "of another channel",
            "404",
            ids={"account_id": "{account}"},
            body={},
            headers={"X-Hub-Signature-256": f"sha256={'0' * 64}"},
            public=True,
        )
        for channel in ("whatsapp", "messenger", "instagram")
    ),
    *(
        row(
            f"GET /channels/{channel}/{{account_id}}/webhook",
            "without the verify token",
            "403",
            ids={"account_id": "{account}"},
            query="hub.mode=subscribe&hub.verify_token=x&hub.challenge=1",
            public=True,
        )
        for channel in ("telegram", "whatsapp", "messenger", "instagram")
    ),
    row("GET /files/{id}/{token}", "without its token", "404", ids={"id": "{file}", "token": "x"}, public=True),
    row("GET /files/{id}/{token}", "of none", "404", ids={"id": "{absent}", "token": "x"}, public=True),
    row("HEAD /files/{id}/{token}", "without its token", "404", ids={"id": "{file}", "token": "x"}, public=True),
]
