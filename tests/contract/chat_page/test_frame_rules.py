"""Rules of the frame's modules in a real browser: names, times, addresses, roles, keys, and that both languages say the same."""

import json
from itertools import product
from typing import Any

import pytest

from chat4all.domain.roles import Role, may_delete, may_grant, may_hold, may_manage, outranks
from tests.local.console.browser import Page

ID = "0190a000-0000-7000-8000-000000000001"
ROLES = [str(role) for role in Role]


def run(page: Page, module: str, script: str) -> Any:
    """What the body of an async function gives, in which `m` is the module and `say` the words in English."""
    words = "const say = (await import('/pages/chat/words_en.js')).EN;"
    return page.run(f"import('/pages/chat/{module}').then(async (m) => {{ {words} {script} }})")


@pytest.mark.parametrize(
    ("address", "route"),
    [
        ("", [None, False]),
        ("#/", [None, False]),
        (f"#/c/{ID}", [ID, False]),
        (f"#/c/{ID.upper()}", [ID, False]),
        (f"#/c/{ID}/details", [ID, True]),
        (f"#/c/{ID}/other", [None, False]),
        ("#/c/<img>", [None, False]),
        ("#main", [None, False]),
    ],
)
def test_an_address_says_what_is_open(modules: Page, address: str, route: list[Any]) -> None:
    script = (
        f"const {{ conversationId, details }} = m.parseRoute({json.dumps(address)}); return [conversationId, details]"
    )
    assert run(modules, "route.js", script) == route
    if route[0]:
        there = f"const there = m.parseRoute(m.hashOf({json.dumps(route[0])}, {json.dumps(route[1])}));"
        assert run(modules, "route.js", f"{there} return [there.conversationId, there.details]") == route


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"display_name": "Ana Lima", "username": "ana"}, "Ana Lima"),
        ({"display_name": None, "username": "ana"}, "ana"),
        ({"display_name": None, "username": None}, "Guest"),
        ({"deleted_at": "2026-01-01T00:00:00.000Z"}, "Deleted account"),
        ({"display_name": "gpj.\u202eexe"}, "gpj.exe"),
        (None, "Somebody"),
    ],
)
def test_everybody_has_a_name(modules: Page, user: Any, name: str) -> None:
    assert run(modules, "names.js", f"return m.nameOf({json.dumps(user)}, say)") == name


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Ana Lima", "AL"),
        ("ana", "A"),
        ("ana.lima", "AL"),
        ("Ana de Souza Lima", "AL"),
        ("佐藤 由紀", "佐由"),
        ("🚀", "🚀"),
        ("❤️ 👩‍👩‍👧", "❤️"),
        ("?!", "#"),
        ("", "#"),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(modules: Page, name: str, initials: str) -> None:
    assert run(modules, "names.js", f"return m.initialsOf({json.dumps(name)})") == initials


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ({"type": "text", "preview": "a\n b"}, "a b"),
        ({"type": "text", "content": "hello"}, "hello"),
        ({"type": "text", "preview": "gone", "deleted_at": "2026-01-01T00:00:00.000Z"}, "Message was unsent"),
        ({"type": "file", "preview": "report.pdf"}, "report.pdf"),
        ({"type": "file", "preview": ""}, "File"),
        ({"type": "file", "content": "", "files": [{"filename": "a.png"}, {"filename": "b.png"}]}, "a.png, b.png"),
        ({"type": "location", "content": {"latitude": 1, "longitude": 2}}, "Location"),
        ({"type": "sticker", "preview": ""}, ""),
    ],
)
def test_a_message_has_one_line(modules: Page, message: Any, line: str) -> None:
    assert run(modules, "names.js", f"return m.previewOf({json.dumps(message)}, say)") == line


def test_conversations_are_called_by_who_is_in_them(modules: Page) -> None:
    script = """const live = { userId: "me", user: (id) => ({ username: id }) };
        const members = (ids) => new Map(ids.map((id) => [id, {}]));
        const of = (type, ids, title = null) => m.titleOf({ type, title, members: members(ids) }, live, say);
        return [of("private", ["me", "bia"]), of("private", []), of("group", ["me", "a", "b"]),
            of("group", ["me", "a", "b", "c", "d"]), of("group", ["me", "a", "b"], "Trip"), of("group", [])]"""
    assert run(modules, "names.js", script) == ["bia", "…", "a, b", "a, b, c +1", "Trip", "Group"]


def test_badges_are_of_the_others_channels_beside_the_app(modules: Page) -> None:
    script = """const reached = { me: ["telegram"], a: ["whatsapp", "in_app"], b: [] };
        const members = new Map(Object.entries(reached).map(([id, channels]) => [id, { channels }]));
        return m.channelsOf({ members }, "me")"""
    assert run(modules, "names.js", script) == ["whatsapp"]


def test_times_are_said_as_people_say_them(modules: Page) -> None:
    script = """const now = new Date(2026, 2, 12, 15, 0);
        const at = (...given) => m.shortTime(new Date(...given).toISOString(), say, now);
        return [at(2026, 2, 12, 9, 5), at(2026, 2, 11, 23, 59), at(2026, 2, 7, 12), at(2026, 2, 5, 12), at(2025, 2, 12, 12)]"""
    assert run(modules, "times.js", script) == ["09:05", "Yesterday", "Sat", "Mar 5", "3/12/25"]
    script = """const now = new Date(2026, 2, 12, 15, 0);
        const ago = (minutes) => m.lastSeen(new Date(now - minutes * 60e3).toISOString(), say, now);
        return [ago(0), ago(-3), ago(5), ago(125), ago(1500), ago(60 * 24 * 3)]"""
    seen = ["just now", "just now", "5 minutes ago", "2 hours ago", "yesterday", "3 days ago"]
    assert run(modules, "times.js", script) == [f"last seen {when}" for when in seen]


def test_what_is_offered_is_what_the_server_allows(modules: Page) -> None:
    """The same answers as chat4all.domain.roles, for all roles."""
    script = f"""const roles = {json.dumps(ROLES)};
        return roles.map((own) => [m.mayManage(own), m.mayDelete(own), m.grantable(own, true), m.grantable(own, false)])"""
    expected = []
    for own in Role:
        granted = [str(role) for role in Role if may_grant(own, role)]
        of_guests = [role for role in granted if may_hold(Role(role), signs_in=False)]
        expected.append([may_manage(own), may_delete(own), granted, of_guests])
    assert run(modules, "roles.js", script) == expected
    script = f"const roles = {json.dumps(ROLES)}; return roles.flatMap((own) => roles.map((other) => m.outranks(own, other)))"
    expected_ranks = [may_manage(own) and outranks(own, other) for own, other in product(Role, Role)]
    assert run(modules, "roles.js", script) == expected_ranks
    assert run(modules, "roles.js", "return [m.mayManage(undefined), m.grantable(undefined, true)]") == [False, []]


def test_keys_are_commands_with_a_modifier_only(modules: Page) -> None:
    script = """const of = (key, code, more = {}) => m.commandOf(new KeyboardEvent("keydown", { key, code, ...more }));
        return [of("k", "KeyK"), of("k", "KeyK", { ctrlKey: true }), of("k", "KeyK", { metaKey: true }),
            of("ñ", "KeyN", { altKey: true }), of("n", "KeyN", { altKey: true, ctrlKey: true }),
            of("/", "Slash"), of("/", "Digit7", { ctrlKey: true })]"""
    assert run(modules, "shortcuts.js", script) == [None, "search", "search", "new", None, None, "help"]


@pytest.mark.parametrize("folder", ["page", "upload", "chat", "chat/conversation"])
def test_both_languages_say_the_same_things(modules: Page, folder: str) -> None:
    """The same words, of the same kind, and nothing empty."""
    script = f"""const {{ EN }} = await import("/pages/{folder}/words_en.js");
        const {{ PT }} = await import("/pages/{folder}/words_pt.js");
        const shape = (words) => Object.fromEntries(Object.keys(words).sort().map((key) =>
            [key, typeof words[key] === "object" ? shape(words[key]) : words[key] === "" ? "NOTHING" : typeof words[key]]));
        return [shape(EN), shape(PT)]"""
    english, portuguese = modules.run(f"(async () => {{ {script} }})()")
    assert english == portuguese
    assert "NOTHING" not in json.dumps([english, portuguese])


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize(
    ("status", "problem", "told"),
    [
        (401, {}, ["wrongPassword"]),
        (422, {"errors": [{"pointer": "/password", "detail": "too short"}]}, ["wrongFields", "/password"]),
        (409, {"code": "username_taken", "detail": "taken"}, ["taken", "username_taken"]),
        (409, {"code": "email_taken", "detail": "taken"}, ["taken", "email_taken"]),
        (422, {"errors": [{"pointer": "/other", "detail": "is new"}]}, "other: is new"),
        (422, {"detail": "of a kind that is new"}, "of a kind that is new"),
    ],
)
def test_who_signs_up_is_told_what_is_wrong_in_their_language(
    modules: Page, language: str, status: int, problem: dict[str, Any], told: str | list[str]
) -> None:
    script = f"""const words = (await import("/pages/page/words_{language}.js")).{language.upper()};
        const {{ ApiError }} = await import("/pages/chat4all/errors.js");
        return [m.reason(new ApiError({status}, {json.dumps(problem)}), words), words]"""
    said, words = run(modules, "../page/reason.js", script)
    for part in told if isinstance(told, list) else []:
        words = words[part]
    assert said == (words if isinstance(told, list) else told)
