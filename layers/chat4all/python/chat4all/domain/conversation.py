"""What conversations and members may look like when a caller asks for them."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chat4all.domain.message import Id
from chat4all.errors import Invalid
from chat4all.validation import Input

GROUP_MAX = 100
METADATA_MAX_BYTES = 4_096

Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
RoleName = Literal["owner", "admin", "member", "reader"]


class CreateConversation(Input):
    """Body of POST /v1/conversations. The creator is a member whether listed or not."""

    type: Literal["private", "group"]
    member_ids: Annotated[list[Id], Field(max_length=GROUP_MAX)]
    title: Title | None = None
    metadata: dict[str, Any] | None = None


class UpdateConversation(Input):
    """Body of PATCH /v1/conversations/{id}: what is given replaces what was there; null removes it."""

    title: Title | None = None
    metadata: dict[str, Any] | None = None


class AddMember(Input):
    """Body of POST .../members."""

    user_id: Id
    role: RoleName = "member"


class UpdateMember(Input):
    """Body of PATCH .../members/{user_id}."""

    role: RoleName


def check_size(kind: str, members: int) -> None:
    """Private is exactly 2, a group 3 to 100 members, the creator counted.

    Raises:
        Invalid: at /member_ids.
    """
    if kind == "private" and members != 2:
        detail = f"a private conversation has exactly 2 members, not {members} (the creator is one)"
    elif kind == "group" and not 3 <= members <= GROUP_MAX:
        detail = f"a group has 3 to {GROUP_MAX} members, not {members} (the creator is one)"
    else:
        return
    raise Invalid.at("/member_ids", detail)
