"""Rules of the conversation in a real browser: what is a link, how messages are grouped, what is new, marks that only rise."""

import json
from typing import Any

import pytest

from tests.local.console.browser import Page

ME, BIA = "me", "bia"


def run(page: Page, module: str, script: str) -> Any:
    """What the body of an async function gives, in which `m` is the module."""
    return page.run(f"import('/pages/chat/conversation/{module}').then(async (m) => {{ {script} }})")


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("nothing to see", []),
        ("see https://a.example.", ["https://a.example"]),
        ("(https://a.example/x_(y))", ["https://a.example/x_(y)"]),
        ("http://a.example/?q=1&r=é, and HTTPS://b.example!", ["http://a.example/?q=1&r=é", "HTTPS://b.example"]),
        ('<a href="https://a.example/">x</a>', ["https://a.example/"]),
        ("javascript:alert(1) data:text/html,x file:///etc ftp://a.example", []),
        ("https:// https://[ xhttps://a.example", []),
        ("https://good.example\u202e/moc.live//:sptth", ["https://good.example"]),
        ("https://a.example\nhttps://b.example", ["https://a.example", "https://b.example"]),
    ],
)
def test_addresses_of_the_web_become_links_and_nothing_else(modules: Page, text: str, links: list[str]) -> None:
    found = run(modules, "text.js", f"return m.pieces({json.dumps(text)})")
    assert [piece["text"] for piece in found if "href" in piece] == links
    assert "".join(piece["text"] for piece in found) == text
    assert all(piece["href"].startswith(("http://", "https://")) for piece in found if "href" in piece)


def test_what_is_looked_for_stands_out_whatever_its_case_and_accents(modules: Page) -> None:
    text = "Não, NAO e não: https://nao.example 👩‍👩‍👧 nã\u006f\u0303"
    found = run(modules, "text.js", f"return m.pieces({json.dumps(text)}, 'nao')")
    assert [piece["text"] for piece in found if piece.get("isFound")][:4] == ["Não", "NAO", "não", "nao"]
    assert "".join(piece["text"] for piece in found) == text


def test_few_emojis_are_large_and_text_is_not(modules: Page) -> None:
    large = ["😍", "👍🏽", "👩‍👩‍👧", "🇧🇷", "❤️", "1️⃣", "🎉 🎉\n🎉"]
    plain = ["", " ", "©", "❤", "12", "#", "ok 😍", "😍😍😍😍", "a", "🏻x"]
    script = f"return {json.dumps(large + plain)}.map(m.isFewEmojis)"
    assert run(modules, "text.js", script) == [True] * len(large) + [False] * len(plain)


def rows(page: Page, messages: list[dict[str, Any]], unread_from: int | None = None, **held: Any) -> list[str]:
    given = {"messages": messages, "userId": ME, "unreadFrom": unread_from, "isBeginning": False} | held
    script = f"""return m.rowsOf({json.dumps(given)}).map((row) => row.kind !== "message" ? row.kind
        : `${{row.message.seq}}${{row.isFirst ? "(" : ""}}${{row.isLast ? ")" : ""}}`)"""
    return list(run(page, "timeline.js", script))


def message(seq: int, minute: int, by: str = BIA, **more: Any) -> dict[str, Any]:
    at = f"2026-03-{1 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00.000"
    return {"message_id": f"m{seq}-{more.get('local', '')}", "seq": seq, "sender_id": by, "created_at": at} | more


def test_messages_of_one_sender_and_channel_stand_together_for_five_minutes_of_a_day(modules: Page) -> None:
    said = [message(1, 600), message(2, 601), message(3, 607), message(4, 608, ME), message(5, 609, channel="telegram")]
    assert rows(modules, said) == ["day", "1(", "2)", "3()", "4()", "5()"]
    assert rows(modules, [message(1, 1439), message(2, 1440)]) == ["day", "1()", "day", "2()"]
    assert rows(modules, [], isBeginning=True) == ["beginning"]


def test_the_line_stands_above_the_first_unread_message_of_others(modules: Page) -> None:
    said = [
        message(1, 600),
        message(2, 601, ME),
        message(3, 602),
        message(4, 602, ME),
        message(0, 603, ME, local="sending"),
    ]
    assert rows(modules, said, 2) == ["day", "1()", "2()", "unread", "3()", "4(", "0)"]
    assert rows(modules, said, 4) == rows(modules, said)


def test_a_mark_never_goes_back(modules: Page) -> None:
    told = ["sending", "sent", "accepted", "read", "delivered", "failed"]
    script = f"const marks = new m.Marks(); return {json.dumps(told)}.map((status) => marks.status('a', status))"
    assert run(modules, "marks.js", script) == ["sending", "sent", "sent", "read", "read", "read"]
    again = (
        "const marks = new m.Marks(); return ['sent', 'failed', 'sending', 'sent'].map((one) => marks.status('a', one))"
    )
    assert run(modules, "marks.js", again) == ["sent", "failed", "sending", "sent"]


def test_what_came_while_nobody_looked_is_new_and_what_was_seen_is_read(modules: Page) -> None:
    script = f"""const read = [], live = {{ userId: "{ME}", read: (id, seq) => read.push(seq) }};
        const say = (seq, by) => ({{ seq, sender_id: by }});
        const reading = new m.Reading(live), said = [say(1, "{BIA}"), say(2, "{ME}")];
        reading.open("c", {{ unread: 0, read_seq: 2 }});
        reading.came(said, true); reading.seen(2, true);
        said.push(say(3, "{ME}"), say(4, "{BIA}"), say(5, "{BIA}"), say(0, "{ME}"));
        const below = [reading.below(said)];
        reading.came(said, false); reading.seen(5, false);
        const from = [reading.unreadFrom];
        below.push(reading.below(said)); reading.seen(5, true); reading.answered(); from.push(reading.unreadFrom);
        return {{ read, from, below }}"""
    assert run(modules, "reading.js", script) == {"read": [2, 5], "from": [4, None], "below": [2, 0]}


def test_a_message_with_files_that_another_tab_holds_is_taken_over_when_that_ends(modules: Page) -> None:
    """So it is also where the page before a reload still lives for a moment."""
    script = """
        const key = "k1", file = { key: "u1", fileId: "f1", name: "a.txt" }, sent = [];
        const kept = [{ key, conversationId: "c", caption: "oi", replyTo: null, at: 1, files: [file] }];
        localStorage.setItem("chat4all.outgoing.ana", JSON.stringify(kept));
        let end;
        const other = new Promise((held) => navigator.locks.request(`chat4all.outgoing.${key}`, () => {
            held();
            return new Promise((over) => (end = over));
        }));
        await other;
        const uploads = Object.assign(new EventTarget(), { list: [], restore: async () => {} });
        const document = { file_id: "f1", filename: "a.txt", status: "completed" };
        const outgoing = new m.Outgoing({ userId: "ana", uploads, file: async () => document, send: (...of) => sent.push(of) });
        outgoing.restore();
        await new Promise((done) => setTimeout(done, 100));
        const before = sent.length;
        end();
        while (!sent.length) await new Promise((done) => setTimeout(done, 10));
        const still = localStorage.getItem("chat4all.outgoing.ana");
        return [before, sent.map(([id, { content, file_ids }]) => [id, content, file_ids]), still];
    """
    assert run(modules, "outgoing.js", script) == [0, [["c", "oi", ["f1"]]], None]
