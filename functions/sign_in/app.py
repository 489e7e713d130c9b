"""/auth/{provider}/login and /callback: sends browsers to Google and GitHub, and takes them back."""

from aws_lambda_powertools.event_handler import Response

import chat4all.audit
import chat4all.identity_limits
import chat4all.provider_sign_in.configured
import chat4all.provider_sign_in.login  # noqa: F401 - loaded in the init phase
from chat4all.bootstrap import app
from chat4all.config import settings
from chat4all.domain.audit import Action
from chat4all.domain.provider_requests import CallbackQuery, LoginQuery
from chat4all.http.api import Api
from chat4all.http.oauth import NO_STORE
from chat4all.http.sign_in_cookie import sign_in_cookie, sign_in_cookie_of
from chat4all.provider_sign_in.login import SentBack

api = Api("sign_in")
handler = api.handle


@api.get("/auth/<provider>/login")
def login(provider: str) -> Response[str]:
    """302 to the provider, with a cookie that only this browser has."""
    app().provider_login.provider(provider)
    app().identity_limits.sign_in_from(api.source_ip)
    begun = app().provider_login.begin(provider, api.query(LoginQuery))
    return redirect(begun.url, begun.browser)


@api.get("/auth/<provider>/callback")
def callback(provider: str) -> Response[str]:
    """302 to the page that began, with a one-time code in the fragment, or the word for what went wrong."""
    app().provider_login.provider(provider)
    app().identity_limits.sign_in_from(api.source_ip)
    browser = sign_in_cookie_of(api.cookies(), settings().public_url)
    try:
        with api.audited(Action.SIGN_IN, only=SentBack) as deed:
            deed.details["provider"] = provider
            return redirect(app().provider_login.finish(provider, api.query(CallbackQuery), browser), None)
    except SentBack as error:
        return redirect(error.url, None)


def redirect(url: str, browser: str | None) -> Response[str]:
    """The code of a callback stands in the address that the browser leaves: it is told to nobody."""
    headers = {"Location": url, "Referrer-Policy": "no-referrer", **NO_STORE}
    return Response(302, headers=headers, cookies=[sign_in_cookie(browser, settings().public_url)])
