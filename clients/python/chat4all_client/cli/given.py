"""What every command can be given: which profile, which server, in which form it answers."""

import getpass
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import click

from chat4all_client.api import Api
from chat4all_client.cli.exit_codes import WrongUse
from chat4all_client.cli.kept_sign_in import KeptSignIn
from chat4all_client.cli.profiles import Profile, Profiles
from chat4all_client.client import Client
from chat4all_client.errors import ApiError, NotSignedIn
from chat4all_client.operation import Operation
from chat4all_client.sign_in import SignIn, Tokens, TokenSource
from chat4all_client.transfers import Settings

PATIENCE_S = 30.0
_PAGE_SETTINGS = Operation("pageSettings", "GET", "/pages/settings.json", is_open=True)
"""What the deployment tells its own pages."""


@dataclass
class Given:
    """The options of all commands; wherever they stand, the last word counts."""

    profile: str = "default"
    url: str | None = None
    username: str | None = None
    as_json: bool = False
    quiet: bool = False
    patience_s: float | None = None

    def kept(self) -> Profile | None:
        """The profile, if there is one."""
        return Profiles().read(self.profile)

    def address(self) -> str:
        """URL of the HTTP API. Raises WrongUse."""
        kept = self.kept()
        url = self.url or (kept.url if kept else None)
        if not url:
            raise WrongUse("Where is the server? `chat4all login --url https://…`, --url, or CHAT4ALL_URL")
        if not url.startswith(("http://", "https://")):
            raise WrongUse(f"A URL begins with http:// or https://, not {url!r}")
        return url.rstrip("/")

    def sign_in(self) -> TokenSource | None:
        """Who asks: CHAT4ALL_TOKEN, name and CHAT4ALL_PASSWORD, or the profile; None: nobody."""
        token, password = os.environ.get("CHAT4ALL_TOKEN"), os.environ.get("CHAT4ALL_PASSWORD")
        if token:
            return SignIn(Tokens(token))
        if self.username and password is None and not self._is_kept(self.username):
            password = asked_password(self.username)
        if self.username and password is not None:
            return SignIn(username=self.username, password=password)
        kept = self.kept()
        if kept is None or not kept.access_token:
            return None
        if kept.url != self.address():
            # A token is for who has given it: another server could use it.
            raise NotSignedIn(f"Profile {self.profile} is signed in at {kept.url}, not at {self.address()}")
        return KeptSignIn(Profiles(), self.profile)

    def is_the_profile(self) -> bool:
        """Whether it is the profile's user who asks."""
        return isinstance(self.sign_in(), KeptSignIn)

    def _is_kept(self, username: str) -> bool:
        kept = self.kept()
        return kept is not None and bool(kept.access_token) and kept.username.casefold() == username.casefold()

    @asynccontextmanager
    async def client(self, *, patience_s: float = PATIENCE_S, parallel: int = 4) -> AsyncIterator[Client]:
        """A client of the server, signed in where anybody is."""
        settings = self.settings(patience_s, parallel)
        async with Client(self.address(), sign_in=self.sign_in(), settings=settings) as client:
            yield client

    def settings(self, patience_s: float = PATIENCE_S, parallel: int = 4) -> Settings:
        """How long it is tried, and how many bytes move at once."""
        return Settings(parallel, self.patience_s if self.patience_s is not None else patience_s)

    async def websocket_url(self, api: Api) -> str:
        """Of the WebSocket API: CHAT4ALL_WEBSOCKET_URL, as login has kept it, or as the server says. Raises WrongUse."""
        kept = self.kept()
        known = kept.websocket_url if kept is not None and kept.url == self.address() else ""
        url = os.environ.get("CHAT4ALL_WEBSOCKET_URL") or known or await told_websocket_url(api)
        if not url:
            raise WrongUse("The server does not say where its WebSocket API is: set CHAT4ALL_WEBSOCKET_URL")
        return url


async def told_websocket_url(api: Api) -> str:
    """As the deployment tells its own pages; empty where it has none."""
    try:
        said = await api.ask(_PAGE_SETTINGS)
    except ApiError:
        return ""
    return str(said.get("websocket_url") or "") if isinstance(said, dict) else ""


def asked_password(username: str, prompt: str = "Password of {}: ") -> str:
    """Asked of a person; never taken from the command line, which others can read. Raises WrongUse where nobody can be asked."""
    if not sys.stdin.isatty():
        raise WrongUse("There is no password: set CHAT4ALL_PASSWORD, or use `chat4all login --password-stdin`")
    return getpass.getpass(prompt.format(username))


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    source = context.get_parameter_source(str(parameter.name))
    if value is None or (source is not None and source.name == "DEFAULT"):
        return
    given = context.find_root().ensure_object(Given)
    name = {"json": "as_json", "patience": "patience_s"}.get(str(parameter.name), str(parameter.name))
    if source is not None and source.name == "ENVIRONMENT" and getattr(given, name) != getattr(Given(), name):
        return  # said on the command line, before the subcommand
    setattr(given, name, value)


def _option(*flags: str, **named: Any) -> click.Option:
    return click.Option(flags, expose_value=False, callback=_keep, **named)


def common_parameters() -> list[click.Parameter]:
    """Options that every command takes."""
    return [
        _option(
            "--profile", envvar="CHAT4ALL_PROFILE", metavar="NAME", help="Whose sign-in (CHAT4ALL_PROFILE; default)."
        ),
        _option(
            "--url", envvar="CHAT4ALL_URL", metavar="URL", help="Of the HTTP API (CHAT4ALL_URL; that of the profile)."
        ),
        _option(
            "--username",
            envvar="CHAT4ALL_USERNAME",
            metavar="NAME",
            help="Sign in with CHAT4ALL_PASSWORD in the place of the profile (CHAT4ALL_USERNAME).",
        ),
        _option("--patience", type=click.FloatRange(0), metavar="SECONDS", help="How long to try what nobody answers."),
        _option("--json", is_flag=True, help="JSON on standard output, problems as JSON on standard error."),
        _option("--quiet", is_flag=True, help="No progress."),
    ]
