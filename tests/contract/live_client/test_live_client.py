"""The JavaScript live client in Chromium: each test is a scene in a page with a server, and time that waits for what happens."""

from typing import Any

import pytest

from tests.local.console.browser import Page


def scene(page: Page, script: str) -> Any:
    """What the body of an async function gives, in which `world` is a world, and `ana` and `bia` share conversation `c`."""
    body = f"const {{ server, clock }} = world, c = server.add(['ana', 'bia'], 'private');\n{script}"
    return page.run(f"import('./world.js').then((m) => m.inWorld(async (world) => {{ {body} }}))")


def test_what_is_written_is_told_to_both_and_marked_up_to_read(page: Page) -> None:
    script = """
        const ana = await world.open("ana"), bia = await world.open("bia");
        const seen = [];
        ana.addEventListener("messages", () => { const [m] = ana.messages(c.id); if (m) seen.push(m.local ?? ana.statusOf(m)); });
        await world.whenLive(ana); await world.whenLive(bia);
        const id = ana.send(c.id, { content: "Oi" });
        const atOnce = world.texts(ana, c);
        await world.until(() => world.texts(bia, c)[0] === "Oi");
        const unread = bia.conversations()[0].unread;
        bia.read(c.id, bia.messages(c.id)[0].seq);
        const readAtOnce = bia.conversations()[0].unread;
        await world.until(() => ana.statusOf(ana.messages(c.id)[0]) === "read");
        const isTheSame = ana.messages(c.id)[0].message_id === id;
        return [atOnce, unread, readAtOnce, isTheSame, seen[0], ana.conversations()[0].unread]"""
    assert scene(page, script) == [["Oi (sending)"], 1, 0, True, "sending", 0]


def test_offline_messages_wait_in_order_survive_a_reload_and_arrive_once(page: Page) -> None:
    script = """
        let ana = await world.whenLive(await world.open("ana"));
        server.isDown = true; server.dropAll();
        for (const content of ["one", "two", "three"]) ana.send(c.id, { content });
        await clock.sleep(60_000);
        const [state, waiting] = [ana.state, world.texts(ana, c)];
        ana.close();
        ana = await world.open("ana");
        await world.until(() => ana.messages(c.id).length === 3);
        const kept = world.texts(ana, c);
        server.isDown = false;
        await world.until(() => ana.messages(c.id).every((one) => !one.local));
        return [state, waiting, kept, c.entries.map((entry) => entry.message.content)]"""
    waiting = ["one (sending)", "two (sending)", "three (sending)"]
    assert scene(page, script) == ["offline", waiting, waiting, ["one", "two", "three"]]


def test_what_is_refused_says_why_and_is_sent_again_or_given_up(page: Page) -> None:
    script = """
        const ana = await world.whenLive(await world.open("ana"));
        const first = ana.send(c.id, { content: "refused" }), second = ana.send(c.id, { content: "refused" });
        ana.send(c.id, { content: "behind" });
        await world.until(() => ana.messages(c.id).filter((one) => one.local === "failed").length === 2);
        const why = ana.messages(c.id).find((one) => one.local).why;
        await ana.edit(first, "accepted now");
        await ana.discard(second);
        await world.until(() => c.messages.size === 2);
        await world.until(() => ana.messages(c.id).every((one) => !one.local));
        const taken = await ana.discard(first).then(() => "given up", () => "refused");
        return [why, world.texts(ana, c), ana.statusOf(ana.messages(c.id)[0])]"""
    why = {"code": "invalid", "detail": "invalid", "status": 400}
    assert scene(page, script) == [why, ["behind", "accepted now"], "sent"]


def test_what_others_than_the_api_refuse_is_sent_again(page: Page) -> None:
    script = """
        const ana = await world.whenLive(await world.open("ana"));
        ana.send(c.id, { content: "garbled" });
        await world.until(() => c.messages.size === 1);
        await world.until(() => ana.messages(c.id).every((one) => !one.local));
        return [c.hasGarbled, world.texts(ana, c)]"""
    assert scene(page, script) == [True, ["garbled"]]


def test_what_is_refused_where_one_is_no_member_any_more_is_not_kept_for_nobody_to_see(page: Page) -> None:
    """As from a tab that has not heard of it yet."""
    script = """
        const ana = await world.whenLive(await world.open("ana"));
        server.leave(c, "ana");
        await world.until(() => !ana.conversation(c.id));
        ana.send(c.id, { content: "too late" });
        await world.until(() => server.seen.get("POST /v1/messages"));
        await world.until(() => !ana._core.held.entries.size);
        return (await ana._core.store.all()).entries.length"""
    assert scene(page, script) == 0


def test_two_tabs_share_one_connection_and_the_next_takes_over(page: Page) -> None:
    script = """
        const first = await world.whenLive(await world.open("ana")), second = await world.open("ana");
        await world.until(() => second.state === "live");
        const sockets = server.sockets.size;
        world.say(c, "bia", "to both");
        await world.until(() => world.texts(second, c)[0] === "to both" && world.texts(first, c)[0] === "to both");
        second.send(c.id, { content: "from the second" });
        await world.until(() => world.texts(first, c)[1] === "from the second" && !first.messages(c.id)[1].local);
        for (let n = 0; n < 120; n++) world.say(c, "bia", `${n}`);
        first.close();
        await world.until(() => second.messages(c.id).length === 122 && server.sockets.size === 1);
        second.read(c.id, second.messages(c.id).at(-1).seq);
        await world.until(() => c.member("ana").read_seq === 122);
        return [sockets, server.sockets.size]"""
    assert scene(page, script) == [1, 1]


def test_a_tab_that_does_not_lead_has_older_messages_loaded_by_the_one_that_does(page: Page) -> None:
    script = """
        for (let n = 1; n <= 120; n++) world.say(c, "bia", `${n}`);
        const first = await world.whenLive(await world.open("ana")), second = await world.open("ana");
        const more = [await second.older(c.id), await second.older(c.id), await second.older(c.id), await second.older(c.id)];
        await world.until(() => second.messages(c.id).length === 120);
        return [more, world.texts(second, c)[0], second.conversation(c.id).loaded_from, first.messages(c.id).length]"""
    assert scene(page, script) == [[True, True, False, False], "1", 1, 120]


def test_who_comes_back_after_a_day_is_connected_anew_and_misses_nothing(page: Page) -> None:
    """The socket looks open, but the machine slept: the first sign of life is not answered."""
    script = """
        const ana = await world.whenLive(await world.open("ana"));
        const [socket] = server.sockets;
        socket.send = () => {}; server.sockets.delete(socket);
        for (let n = 0; n < 100; n++) world.say(c, "bia", `${n}`);
        clock._now += 24 * 3600_000;
        globalThis.dispatchEvent(new Event("pageshow"));
        await world.until(() => ana.messages(c.id).length === 100, 60_000);
        return [ana.state, server.sockets.size, ana.conversations()[0].unread]"""
    assert scene(page, script) == ["live", 1, 100]


def test_a_token_is_renewed_without_another_connection(page: Page) -> None:
    script = """
        server.tokenLifeMs = 10 * 60_000;
        const ana = await world.whenLive(await world.open("ana"));
        const [socket] = server.sockets;
        await clock.sleep(60 * 60_000);
        return [server.sockets.has(socket), ana.state, socket.until > clock.now()]"""
    assert scene(page, script) == [True, "live", True]


def test_whose_session_has_ended_elsewhere_is_signed_out(page: Page) -> None:
    script = """
        const ana = await world.whenLive(await world.open("ana"));
        const session = world.sessions.get("anaone");
        session.token = async () => { throw new server.errors.SignedOut(); };
        session.dispatchEvent(new CustomEvent("ended", { detail: { why: "refused" } }));
        const calls = [...server.seen.values()].length;
        await clock.sleep(120_000);
        ana.send(c.id, { content: "nobody hears" });
        const refused = await ana.older(c.id).catch((error) => error.name);
        return [ana.state, server.sockets.size, refused, [...server.seen.values()].length - calls]"""
    assert scene(page, script) == ["signed_out", 0, "SignedOut", 0]


def test_sign_out_empties_the_device_and_another_user_sees_nothing(page: Page) -> None:
    script = """
        world.say(c, "bia", "private");
        const ana = await world.whenLive(await world.open("ana")), other = await world.open("ana");
        await ana.older(c.id);
        await world.until(() => other.state === "live" && other.messages(c.id).length === 1);
        await world.sessions.get("anaone").signOut();
        await world.until(() => other.state === "signed_out");
        const caio = await world.whenLive(await world.open("caio"));
        server.isDown = true; server.dropAll();
        world.sessions.delete("anaone");
        const again = await world.open("ana");
        await clock.sleep(1000);
        return [ana.state, caio.conversations().length, again.conversations().length, again.messages(c.id).length]"""
    assert scene(page, script) == ["signed_out", 0, 0, 0]


def test_what_belongs_to_who_has_signed_out_is_not_written_again(page: Page) -> None:
    script = """
        const { openStore } = await import("/clients/javascript/chat4all/live/store.js");
        const { batch } = await import("/clients/javascript/chat4all/live/batch.js");
        const name = crypto.randomUUID();
        const { store: one } = await openStore(indexedDB, name), { store: other } = await openStore(indexedDB, name);
        const kept = batch({ marks: [{ conversation_id: c.id, delivered_seq: 1, read_seq: 1 }] });
        await one.commit(kept); await other.clear();
        const refused = await one.commit(kept).then(() => "written", (error) => error.message);
        const { store: later } = await openStore(indexedDB, name);
        await later.commit(kept);
        return [refused, (await later.all()).marks.length]"""
    assert scene(page, script) == ["cleared meanwhile", 1]


@pytest.mark.parametrize("broken", ["null", "{ open() { throw new DOMException('no', 'SecurityError') } }"])
def test_without_storage_it_works_for_this_visit_and_says_so(page: Page, broken: str) -> None:
    script = f"""
        const ana = await world.open("ana", {{ indexedDB: {broken} }}), notices = [];
        ana.addEventListener("notice", (event) => notices.push(event.detail.code));
        await world.whenLive(ana);
        ana.send(c.id, {{ content: "Oi" }});
        await world.until(() => c.messages.size === 1 && !ana.messages(c.id)[0].local);
        return [notices, world.texts(ana, c)]"""
    assert scene(page, script) == [["no_storage"], ["Oi"]]


def test_a_full_disk_is_told_and_what_is_stored_still_fits_together(page: Page) -> None:
    """A commit that finds the disk full is aborted with this error (Indexed Database API 3.0, "commit a transaction")."""
    script = """
        let ana = await world.whenLive(await world.open("ana"));
        const notices = [];
        ana.addEventListener("notice", (event) => notices.push(event.detail.code));
        world.say(c, "bia", "stored");
        await world.until(() => ana.messages(c.id).length === 1);
        await ana._core.writer.idle();
        ana._core.store.commit = async () => { throw new DOMException("full", "QuotaExceededError"); };
        world.say(c, "bia", "in memory"); world.say(c, "bia", "too");
        await world.until(() => ana.messages(c.id).length === 3);
        ana.send(c.id, { content: "mine" });
        await world.until(() => c.messages.size === 4 && ana.messages(c.id).length === 4);
        ana.close();
        ana = await world.open("ana");
        await world.until(() => ana.messages(c.id).length);
        const first = world.texts(ana, c);
        await world.until(() => ana.messages(c.id).length === 4);
        return [notices, first, world.texts(ana, c)]"""
    every = ["stored", "in memory", "too", "mine"]
    assert scene(page, script) == [["storage_full"], ["stored"], every]


def test_typing_and_presence_end_by_themselves(page: Page) -> None:
    script = """
        server.presences.set("bia", { user_id: "bia", status: "online", expires_in: 90 });
        const ana = await world.whenLive(await world.open("ana")), bia = await world.whenLive(await world.open("bia"));
        ana.watch(c.id);
        await world.until(() => ana.presence("bia")?.status === "online");
        bia.typing(c.id); bia.typing(c.id);
        await world.until(() => ana.typists(c.id)[0] === "bia");
        const told = server.seen.get("typing");
        await world.until(() => !ana.typists(c.id).length, 8_000);
        bia.typing(c.id); bia.stoppedTyping(c.id);
        await clock.sleep(1_000);
        bia.typing(c.id);
        await world.until(() => ana.typists(c.id).length);
        bia.send(c.id, { content: "done" });
        await world.until(() => ana.messages(c.id).length && !ana.typists(c.id).length, 3_000);
        ana.watch(null); server.presences.clear();
        await world.until(() => ana.presence("bia").status === "offline", 100_000);
        return told"""
    assert scene(page, script) == 1


def test_frames_of_kinds_that_are_not_known_are_counted_and_their_numbers_made_up_for(page: Page) -> None:
    script = """
        const ana = await world.whenLive(await world.open("ana"));
        c.skip();
        server.tell(c, ["ana"], { type: "poll.created", seq: 1, data: {} });
        await world.until(() => ana.unknownKinds.get("poll.created") === 1);
        world.say(c, "bia", "behind the hole");
        await world.until(() => ana.conversation(c.id).through === 2, 10_000);
        return world.texts(ana, c)"""
    assert scene(page, script) == ["behind the hole"]


def test_who_was_away_for_long_begins_anew_with_the_newest(page: Page) -> None:
    script = """
        world.say(c, "bia", "old");
        let ana = await world.whenLive(await world.open("ana"));
        await ana.older(c.id);
        ana.close();
        for (let n = 0; n < 6000; n++) c.skip();
        world.say(c, "bia", "new");
        ana = await world.whenLive(await world.open("ana"));
        const atFirst = world.texts(ana, c);
        await ana.older(c.id);
        return [atFirst, world.texts(ana, c), server.seen.get("sync")]"""
    assert scene(page, script) == [[], ["old", "new"], 2]


def test_a_change_that_is_told_while_its_page_is_on_its_way_is_not_lost(page: Page) -> None:
    script = """
        const id = world.say(c, "bia", "before"), other = world.say(c, "bia", "liked");
        const ana = await world.whenLive(await world.open("ana"));
        const api = ana._core.asking._api, { request } = api;
        api.request = async (...given) => {
            const answer = await request(...given);
            if (given[1].includes("/messages?")) {
                server.act("bia", c, "change", { id, content: "after" });
                server.act("bia", c, "react", { id: other, emoji: "👍" });
                await world.until(() => ana.conversation(c.id).through === 4);
            }
            return answer;
        };
        await ana.older(c.id);
        return [world.texts(ana, c), ana.messages(c.id)[1].reactions]"""
    assert scene(page, script) == [["after", "liked"], {"👍": ["bia"]}]


def test_many_watermarks_are_told_seldom(page: Page) -> None:
    script = """
        for (let n = 0; n < 50; n++) world.say(c, "bia", `${n}`);
        const ana = await world.whenLive(await world.open("ana"));
        await ana.older(c.id); await clock.sleep(5_000);
        const before = server.seen.get("receipt") ?? 0;
        for (let seq = 1; seq <= 50; seq++) { ana.read(c.id, seq); await clock.sleep(20); }
        await world.until(() => c.member("ana").read_seq === 50);
        return (server.seen.get("receipt") ?? 0) - before"""
    assert 1 <= scene(page, script) <= 4


def test_what_was_too_large_for_a_frame_is_asked_for_before_anything_else_counts(page: Page) -> None:
    script = """
        const ana = await world.whenLive(await world.open("ana"));
        const message_id = crypto.randomUUID(), { tell } = server;
        server.tell = (to, users, { data: { content, ...data }, ...frame }) =>
            tell.call(server, to, users, { ...frame, data: { ...data, truncated: ["content"] } });
        server.act("bia", c, "send", { message_id, content: "large" });
        server.tell = tell;
        await world.until(() => ana.messages(c.id).length);
        return [world.texts(ana, c), ana.conversation(c.id).through, server.seen.get("GET /v1/messages/{id}")]"""
    assert scene(page, script) == [["large"], 1, 1]


def test_what_was_not_pushed_for_a_while_is_asked_for(page: Page) -> None:
    script = """
        const ana = await world.whenLive(await world.open("ana"));
        const { tell } = server;
        server.tell = () => {};
        world.say(c, "bia", "not told");
        server.tell = tell;
        server.hasMissed = true;
        await world.until(() => ana.messages(c.id).length, 60_000);
        return world.texts(ana, c)"""
    assert scene(page, script) == ["not told"]


def test_who_looks_at_a_conversation_that_is_theirs_no_more_stays_online(page: Page) -> None:
    script = """
        const ana = await world.whenLive(await world.open("ana"));
        const [socket] = server.sockets;
        ana.watch(c.id);
        server.leave(c, "ana");
        await clock.sleep(300_000);
        return [ana.conversations().length, server.sockets.has(socket), server.seen.get("heartbeat") > 8]"""
    assert scene(page, script) == [0, True, True]


def test_a_session_that_was_ended_is_found_out_by_renewing_it(page: Page) -> None:
    script = """
        const ana = await world.whenLive(await world.open("ana"));
        const session = world.sessions.get("anaone");
        session.token = async (refused) => {
            if (!refused) return "ana.ended";
            session.dispatchEvent(new CustomEvent("ended", { detail: { why: "refused" } }));
            throw new server.errors.SignedOut();
        };
        const [socket] = server.sockets;
        socket.push({ type: "error", id: null, error: { status: 401, code: "session_ended" } });
        await world.until(() => ana.state === "signed_out", 60_000);
        return server.sockets.size"""
    assert scene(page, script) == 0


def test_search_knows_no_case_and_no_accents(page: Page) -> None:
    script = """
        for (const content of ["Amanhã às dez", "AMANHA não", "hoje"]) world.say(c, "bia", content);
        const ana = await world.whenLive(await world.open("ana"));
        await ana.older(c.id);
        return [ana.search(c.id, "amanha").length, ana.search(c.id, "dez AMANHÃ").length, ana.search(c.id, " ").length]"""
    assert scene(page, script) == [2, 1, 0]


def test_users_are_asked_for_in_batches(page: Page) -> None:
    script = """
        server.users.set("bia", "Beatriz");
        const ana = await world.whenLive(await world.open("ana"));
        ana.user("bia"); ana.user("caio");
        await world.until(() => ana.user("bia") && ana.user("caio"));
        return [ana.user("bia").username, server.seen.get("GET /v1/users")]"""
    assert scene(page, script) == ["Beatriz", 1]
