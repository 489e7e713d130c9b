"""Members of a deleted conversation, and by which addresses they were reached."""

from collections.abc import Iterable, Sequence
from typing import Any

from chat4all.erasing.batches import delete_all
from chat4all.stores.erasures import Erasure
from chat4all.stores.former_members import FormerMember
from chat4all.stores.members import Member


def forget_members(job: Erasure, members: Sequence[Member]) -> None:
    """Delete the members; first their addresses are noted, by which their providers' ids are found."""
    note(job, members)
    delete_all(members, Member)


def note(job: Erasure, members: Iterable[Member | FormerMember]) -> None:
    """Keep their addresses with the erasure, before they go."""
    known: list[dict[str, Any]] = list(job.addresses or ())
    for member in members:
        for way in (*(member.addresses or ()), *_of_guests(member)):
            plain = {name: way[name] for name in ("channel", "account_id", "address")}
            if plain not in known:
                known.append(plain)
    if known != list(job.addresses or ()):
        job.addresses = known
        job.save()


def _of_guests(member: Member | FormerMember) -> list[dict[str, Any]]:
    """Addresses of guests whose place the member has taken."""
    places = (member.in_place_of or ()) if isinstance(member, Member) else ()
    return [way for place in places for way in place.get("addresses") or ()]
