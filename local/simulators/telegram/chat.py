"""A chat as one value: a person's with a bot, or a group's."""

from dataclasses import dataclass

from local.simulators.telegram.database import Row
from local.simulators.telegram.shapes import group_chat, private_chat


@dataclass(frozen=True, slots=True)
class Chat:
    """Exactly one of `person` and `group` is set."""

    bot: Row
    person: Row | None = None
    group: Row | None = None

    @property
    def id(self) -> int:
        """As bots see it."""
        owner = self.group or self.person
        assert owner is not None
        return int(owner["id"])

    @property
    def key(self) -> int:
        """As a phone sees it: the bot's id, or the group's."""
        return self.id if self.group else int(self.bot["id"])

    def document(self) -> Row:
        """Chat object."""
        if self.group is not None:
            return group_chat(self.group)
        assert self.person is not None
        return private_chat(self.person)
