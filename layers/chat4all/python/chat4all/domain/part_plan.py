"""Into which parts a file is cut for its upload.

The limits are S3's (Amazon S3 User Guide, "Amazon S3 multipart upload limits"): 10,000 parts of 5 MiB to 5 GiB, of which the last
may be smaller, and 5 TiB in all.
"""

from collections.abc import Mapping
from dataclasses import dataclass

MIB = 1024 * 1024
PARTS_MAX = 10_000
PART_MIN = 5 * MIB
PART_MAX = 5 * 1024 * MIB
PART_DEFAULT = 16 * MIB
"""One round trip in 100 at 10 MB/s, and little to send again after a break."""


@dataclass(frozen=True, slots=True)
class PartPlan:
    """`size` bytes in parts of `part_size`, of which the last has what is left. Numbers begin at 1."""

    size: int
    part_size: int

    @property
    def count(self) -> int:
        return -(-self.size // self.part_size)

    def size_of(self, number: int) -> int:
        """Bytes of a part."""
        return min(self.part_size, self.size - (number - 1) * self.part_size)

    def missing(self, arrived: Mapping[int, int]) -> list[int]:
        """Numbers of parts that have not arrived whole, of {number: bytes}."""
        return [number for number in range(1, self.count + 1) if arrived.get(number) != self.size_of(number)]


def planned(size: int, part_size: int | None) -> PartPlan | str:
    """The plan for a file of `size` bytes (at least 1) in parts of `part_size`, or of the size that suits; else what is wrong."""
    if part_size is None:
        return PartPlan(size, suitable_part_size(size))
    if not PART_MIN <= part_size <= PART_MAX:
        return f"must be between {PART_MIN} and {PART_MAX} bytes"
    plan = PartPlan(size, part_size)
    if plan.count > PARTS_MAX:
        return f"would make {plan.count} parts; at most {PARTS_MAX}: at least {suitable_part_size(size)} bytes each"
    return plan


def suitable_part_size(size: int) -> int:
    """16 MiB, and for what is larger than 10,000 of them whole MiB."""
    return max(PART_DEFAULT, -(-size // (PARTS_MAX * MIB)) * MIB)
