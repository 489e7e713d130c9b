"""How far a conversation is held: the numbers of its entries (docs/clients.md, "Numbers"). Pure."""

from dataclasses import dataclass

BEYOND_MAX = 5_000
"""Numbers kept beyond a hole; what is forgotten comes again by the sync that fills it."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whatever there is up to `through` is held, and what has the numbers `beyond` (ascending), behind a hole."""

    through: int = 0
    beyond: tuple[int, ...] = ()

    @property
    def has_hole(self) -> bool:
        """Whether something is missing that must be asked for: a number that nobody used is told of by nobody."""
        return bool(self.beyond)

    def counted(self, seq: int) -> "Numbers":
        """With the entry `seq`, which was taken."""
        if seq <= self.through or seq in self.beyond:
            return self
        return _advanced(self.through, (*self.beyond, seq))

    def complete(self, through: int) -> "Numbers":
        """With all that there is up to `through`: `complete_through` and `sync.done` say so, of voids too."""
        return self if through <= self.through else _advanced(through, self.beyond)


def _advanced(through: int, beyond: tuple[int, ...]) -> Numbers:
    waiting = sorted(seq for seq in beyond if seq > through)
    reached = 0
    while reached < len(waiting) and waiting[reached] == through + 1:
        through = waiting[reached]
        reached += 1
    return Numbers(through, tuple(waiting[reached:][:BEYOND_MAX]))
