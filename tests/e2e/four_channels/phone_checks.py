"""One phone in the end: each message once, in the order of seq, as it says now or with a word that it changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.e2e.four_channels.acts import EMOJIS
from tests.e2e.four_channels.ledger import EDITED, squeezed
from tests.e2e.four_channels.natives import Native, Shown, bare
from tests.e2e.four_channels.records import Record
from tests.e2e.people import Frame


@dataclass
class Screen:
    """What a phone shows, and what of it is which message."""

    native: Native
    shown: list[Shown]
    """Oldest first."""
    records: dict[str, Record] = field(default_factory=dict)
    """By the phone's id: what is a part of which message by its deliveries."""
    repeats: list[Shown] = field(default_factory=list)
    """Parts that are there once more: of sends that were taken and not answered."""
    words: list[Shown] = field(default_factory=list)
    """Texts in the place of edits and reactions."""

    @property
    def from_account(self) -> list[Shown]:
        return [shown for shown in self.shown if not shown.is_mine]

    def ours(self) -> Iterator[tuple[str, str]]:
        """The phone's id and ours."""
        return ((shown_id, record.id) for shown_id, record in self.records.items())

    def problems(self, records: Sequence[Record], reactions: dict[str, dict[str, str]]) -> Iterator[str]:
        """What does not hold on this phone."""
        where = self.native.channel
        by_id = {shown.id: shown for shown in self.shown}
        for record in records:
            for problem in self._message(record, by_id, reactions.get(record.id, {})):
                yield f"{where}: {record.said.token} (seq {record.message['seq']}) {problem}"
        yield from self._order(records)

    def sort_out(self, records: Sequence[Record]) -> None:
        """Tell what each thing on the screen is."""
        for record in records:
            for delivery in record.deliveries(self.native.user_id):
                if delivery.get("external_id"):
                    self.records[str(delivery["external_id"])] = record
        for shown in self.from_account:
            if shown.id not in self.records:
                text = bare(shown.text.rpartition(": ")[2]).split()
                is_word = bare(EDITED) in bare(shown.text).split() or (text and set(text) <= {*map(bare, EMOJIS)})
                (self.words if is_word else self.repeats).append(shown)

    def _message(self, record: Record, by_id: dict[str, Shown], reactions: dict[str, str]) -> Iterator[str]:
        deliveries = record.deliveries(self.native.user_id)
        if record.message["sender_id"] == self.native.user_id:
            yield from self._reactions(record, [by_id.get(record.said.own_id)], reactions)
            return
        if not any(r["user_id"] == self.native.user_id for r in record.status["recipients"]):
            return  # they were no member yet
        parts = [by_id.get(str(d.get("external_id"))) for d in deliveries if d.get("external_id")]
        if None in parts:
            yield f"is not on the phone: {deliveries}"
            return
        here = [part for part in parts if part is not None]
        if record.said.is_deleted:
            yield from self._unsent(deliveries, here)
            return
        if not here:
            yield f"was not sent: {deliveries}"
            return
        yield from self._says(record, here)
        yield from self._reactions(record, list(parts), reactions)

    def _unsent(self, deliveries: Sequence[Frame], here: Sequence[Shown]) -> Iterator[str]:
        """Gone, or a word in its status that it is not."""
        if self.native.is_telegram:
            if any(not shown.is_deleted for shown in here):
                yield f"is unsent and still there: {here}"
        elif here and not any("not_taken_back" in str(d.get("note")) for d in deliveries):
            yield f"is unsent, and its status does not tell that it is still there: {deliveries}"

    def _says(self, record: Record, here: Sequence[Shown]) -> Iterator[str]:
        said = record.said
        text = squeezed("".join(shown.text for shown in here if not shown.is_deleted))
        if said.filename is not None:
            captions = said.texts(said.versions[0]) if record.message["content"] else map(squeezed, said.names)
            if not any(caption in text for caption in captions):
                yield f"has no caption: {here}"
            if not any(shown.filename is not None or said.filename in shown.text for shown in here):
                yield f"shows no file: {here}"
        elif text in said.texts(said.versions[-1]):
            return
        elif not any(text in said.texts(version) for version in said.versions):
            yield f"says {text!r}, not one of {said.versions} of {said.names}"
        elif not any(squeezed(said.versions[-1]) in squeezed(word.text) for word in self.words):
            yield f"was changed to {said.versions[-1]!r}, and the phone does not tell it"

    def _reactions(self, record: Record, parts: Sequence[Shown | None], reactions: dict[str, str]) -> Iterator[str]:
        """One of others': on the message, on the text in the place of its edit, or in words."""
        wanted = {bare(emoji) for user, emoji in reactions.items() if user != self.native.user_id}
        if not wanted or record.said.is_deleted:
            return
        ids = {part.id for part in parts if part is not None}
        about = [word for word in self.words if word.reply_to in ids]
        on_it = {emoji for one in (*parts, *about) if one is not None for emoji in one.reactions}
        told = {emoji for word in about for emoji in bare(word.text).split()}
        if not wanted & (on_it | told):
            yield f"has reactions {wanted}, and the phone shows {on_it}, tells {told}"

    def _order(self, records: Sequence[Record]) -> Iterator[str]:
        """Repeats too stand where their message does."""
        before, ahead = (0, 0), "nothing"
        for shown in self.from_account:
            record, part = self.records.get(shown.id), 0
            if record is not None:
                ids = [str(d.get("external_id")) for d in record.deliveries(self.native.user_id)]
                part = ids.index(shown.id)
            elif shown in self.repeats and not shown.is_deleted:
                record = _repeated(shown, records, before[0])
                if record is None and shown.filename is None:
                    yield f"{self.native.channel}: nobody said {shown}"
            if record is None:
                continue
            place = (int(record.message["seq"]), part)
            is_repeat = shown.id not in self.records
            if place[0] < before[0] or (place < before and not is_repeat):
                yield f"{self.native.channel}: {record.said.token} (seq {place}) stands behind seq {before}, {ahead}"
            if place > before:
                before, ahead = place, f"{'a repeat' if is_repeat else 'sent'}: {shown.text[:80]!r}"


def _repeated(shown: Shown, records: Sequence[Record], last_seq: int) -> Record | None:
    """The message of a part that no delivery knows: of several with such words (the short end of a long text is in many),
    the one that stands before it, else the next."""
    text = squeezed(shown.text)
    found = [r for r in records if text and any(text in whole for v in r.said.versions for whole in r.said.texts(v))]
    if not found:
        found = [r for r in records if r.said.filename and r.said.filename in f"{shown.text} {shown.filename}"]
    later = (r for r in found if int(r.message["seq"]) >= last_seq)
    return next(later, found[-1] if found else None)
