"""Signing in and out, and who one is."""

import os
import sys
from dataclasses import replace
from typing import Any

import click

from chat4all_client.api import Api
from chat4all_client.cli.exit_codes import WrongUse
from chat4all_client.cli.given import Given, asked_password, told_websocket_url
from chat4all_client.cli.output import Output, one_line
from chat4all_client.cli.profiles import Profile, Profiles
from chat4all_client.cli.special import special
from chat4all_client.client import Client
from chat4all_client.errors import ApiError, NotSignedIn, Unreachable
from chat4all_client.operation_table import OPERATIONS

_PASSWORD_STDIN = "--password-stdin"  # noqa: S105 - the name of an option


def _login_parameters() -> list[click.Parameter]:
    return [
        click.Argument(["name"], required=False, metavar="[USERNAME]"),
        click.Option([_PASSWORD_STDIN], is_flag=True, help="Read the password from standard input."),
    ]


@special("login", operations=("signIn", "getMe"), parameters=_login_parameters)
async def login(given: Given, name: str | None, password_stdin: bool) -> None:
    """Sign in, and keep the session in the profile. The password is asked for, or is CHAT4ALL_PASSWORD."""
    kept = given.kept()
    username = name or given.username or (kept.username if kept else "") or _asked("Username: ")
    password = _password(username, from_stdin=password_stdin)
    await _signed_in(given, username, password)


def _register_parameters() -> list[click.Parameter]:
    return [
        click.Argument(["name"], metavar="USERNAME"),
        click.Option(["--email"], required=True),
        click.Option(["--display-name"]),
        click.Option([_PASSWORD_STDIN], is_flag=True, help="Read the password from standard input."),
    ]


@special("register", operations=("registerUser", "signIn", "getMe"), parameters=_register_parameters)
async def register(given: Given, name: str, email: str, display_name: str | None, password_stdin: bool) -> None:
    """Make an account, and sign in to it."""
    password = _password(name, from_stdin=password_stdin, prompt="New password of {}: ")
    body = {"username": name, "email": email, "password": password}
    body |= {"display_name": display_name} if display_name else {}
    async with Client(given.address(), settings=given.settings()) as client:
        await client.api.ask(OPERATIONS["registerUser"], body=body)
    await _signed_in(given, name, password)


@special("logout", operations=("revokeToken",))
async def logout(given: Given) -> None:
    """End the session, here at once and at the server."""
    kept = given.kept()
    if kept is None or not kept.refresh_token:
        raise NotSignedIn("Nobody is signed in")
    profiles = Profiles()
    with profiles.locked(given.profile):
        kept = profiles.read(given.profile) or kept
        profiles.forget_tokens(given.profile)
    try:
        async with Client(kept.url, settings=given.settings()) as client:
            await client.api.ask(OPERATIONS["revokeToken"], body={"refresh_token": kept.refresh_token})
    except (ApiError, Unreachable) as error:
        raise Unreachable(f"Signed out here; the server could not be told: {error}") from error
    Output(given.as_json).document({"profile": given.profile, "signed_in": False})


@special("whoami", operations=("getMe",))
async def whoami(given: Given) -> None:
    """Who is signed in, and where."""
    async with given.client() as client:
        me = await client.api.ask(OPERATIONS["getMe"])
    where = {"profile": given.profile, "url": client.base_url}
    Output(given.as_json).document(me | where, ("id", "username", "display_name", "email", "url", "profile"))


@special("token", operations=("getMe", "refreshToken"))
async def token(given: Given) -> None:
    """Print an access token that is good now, for other programs: curl, grpcurl. It is a secret."""
    async with given.client() as client:
        await client.api.ask(OPERATIONS["getMe"])
        access_token = await client.api.token()
    if given.as_json:
        Output(given.as_json).line({"access_token": access_token, "token_type": "bearer"})
    else:
        print(one_line(access_token))


@special("password", operations=("updateMe",))
async def password(given: Given) -> None:
    """Change the own password; all other sessions end. The new one is asked for, or is CHAT4ALL_NEW_PASSWORD."""
    new = os.environ.get("CHAT4ALL_NEW_PASSWORD")
    old = os.environ.get("CHAT4ALL_PASSWORD") or asked_password("the account", "Present password: ")
    if new is None:
        new = asked_password("the account", "New password: ")
        if asked_password("the account", "Again: ") != new:
            raise WrongUse("These are two different passwords")
    async with given.client() as client:
        body = {"password": new, "current_password": old}
        await client.api.ask(OPERATIONS["updateMe"], body=body)
    Output(given.as_json).document({"changed": True})


@special("profiles", "list")
async def list_profiles(given: Given) -> None:
    """Sign-ins that are kept on this machine."""

    async def rows() -> Any:
        profiles = Profiles()
        for name in profiles.names():
            kept = profiles.read(name)
            if kept is not None:
                yield {
                    "profile": name,
                    "url": kept.url,
                    "username": kept.username,
                    "signed_in": bool(kept.access_token),
                }

    await Output(given.as_json).rows(rows(), ("profile", "url", "username", "signed_in"))


@special("profiles", "remove", parameters=lambda: [click.Argument(["name"], metavar="PROFILE")])
async def remove_profile(given: Given, name: str) -> None:
    """Forget a sign-in; `chat4all logout` ends its session."""
    with Profiles().locked(name):
        found = Profiles().remove(name)
    if not found:
        raise WrongUse(f"There is no profile {name!r}: `chat4all profiles list` shows them")
    Output(given.as_json).document({"profile": name, "removed": True})


async def _signed_in(given: Given, username: str, password: str) -> None:
    profiles, url = Profiles(), given.address()
    with profiles.locked(given.profile), profiles.room(given.profile) as put:
        async with Client(url, settings=given.settings()) as client:
            said = await client.api.ask(OPERATIONS["signIn"], body={"username": username, "password": password})
            profile = Profile(
                url, await _websocket_url(client.api), username, "", said["access_token"], said["refresh_token"]
            )
        async with Client(url, token=profile.access_token, settings=given.settings()) as client:
            me = await client.api.ask(OPERATIONS["getMe"])
        put(replace(profile, user_id=me["id"], username=me["username"]))
    document = {"profile": given.profile, "url": url, "username": me["username"], "user_id": me["id"]}
    output = Output(given.as_json)
    if given.as_json:
        output.line(document)
    else:
        output.text(f"Signed in as {me['username']} at {url} (profile {given.profile}).")


async def _websocket_url(api: Api) -> str:
    return os.environ.get("CHAT4ALL_WEBSOCKET_URL") or await told_websocket_url(api)


def _password(username: str, *, from_stdin: bool, prompt: str = "Password of {}: ") -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    given = os.environ.get("CHAT4ALL_PASSWORD")
    return given if given is not None else asked_password(username, prompt)


def _asked(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise WrongUse("Who are you? `chat4all login USERNAME`, or CHAT4ALL_USERNAME")
    return str(click.prompt(prompt.rstrip(": "), err=True))
