"""Photos as Telegram keeps them: JPEG in several sizes, and what it refuses (core.telegram.org/bots/api#sendphoto)."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, UnidentifiedImageError

PHOTO_MAX_BYTES = 10 * 1024 * 1024
_SIZES = (90, 320, 800, 1280)
_SIDES_MAX = 10_000
_RATIO_MAX = 20


class PhotoRefusedError(ValueError):
    """In the words of the Bot API."""


@dataclass(frozen=True, slots=True)
class PhotoSize:
    data: bytes
    width: int
    height: int


def photo_sizes(data: bytes) -> list[PhotoSize]:
    """The sizes of a photo, smallest first; raises PhotoRefusedError. A JPEG of at most 1280 a side stays as it is."""
    if len(data) > PHOTO_MAX_BYTES:
        raise PhotoRefusedError(
            f"file of size {len(data)} bytes is too big for a photo; the maximum size is {PHOTO_MAX_BYTES} bytes"
        )
    try:
        image = Image.open(BytesIO(data))
        width, height = image.size
        if width + height > _SIDES_MAX or max(width, height) > _RATIO_MAX * min(width, height):
            raise PhotoRefusedError("PHOTO_INVALID_DIMENSIONS")
        image.load()
    except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
        raise PhotoRefusedError("IMAGE_PROCESS_FAILED") from None
    longest = max(image.size)
    smaller = [_scaled(image, side) for side in _SIZES if side < min(longest, _SIZES[-1])]
    if longest <= _SIZES[-1] and image.format == "JPEG":
        return [*smaller, PhotoSize(data, *image.size)]
    return [*smaller, _scaled(image, min(longest, _SIZES[-1]))]


def _scaled(image: Image.Image, side: int) -> PhotoSize:
    copy = image.convert("RGB")
    copy.thumbnail((side, side))
    out = BytesIO()
    copy.save(out, "JPEG", quality=87)
    return PhotoSize(out.getvalue(), *copy.size)
