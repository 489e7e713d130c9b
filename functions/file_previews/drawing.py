"""Measures an image and draws its thumbnail, in a process of its own: what a hostile image does, it does to this process alone.

stdin is a file with the image, or with its beginning where it is too large. stdout gets a line of JSON and the thumbnail's bytes:
{} for what is no image that is drawn; {width, height, why} where it can be measured and not drawn; {width, height, content_type}
and a thumbnail. Width and height are those that are seen, with the orientation of the camera applied.
"""

import contextlib
import io
import json
import resource
import sys
from typing import IO, Any

from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
"""What browsers show. An SVG image is a program, which nobody runs here; the many others that Pillow knows are seldom used."""
THUMBNAIL_PX = 480
"""The longer side, at most."""
DECODED_PX_MAX = 64_000_000
"""Pixels that are held at once: 256 MB of them. A JPEG of a camera has many more, and is decoded at an eighth of its size."""
_MEMORY_MAX = 800 * 1024 * 1024
"""Bytes of address space: below what the function has."""
_PROCESSOR_S = 20
_ORIENTATION = 0x0112
"""Exif 2.32, table 4; values from 5 on turn the image by a quarter."""


def main() -> None:
    """Read, draw, write."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_MAX, _MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_S, _PROCESSOR_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    facts, thumbnail = drawn(sys.stdin.buffer)
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + thumbnail)


def drawn(source: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Facts and thumbnail; never raises."""
    facts: dict[str, Any] = {}
    Image.MAX_IMAGE_PIXELS = None  # else what is too large to be drawn could not be measured
    try:
        with Image.open(source, formats=FORMATS) as image:
            facts["width"], facts["height"] = _seen_size(image)
            thumbnail, content_type = _thumbnail(image)
            return facts | {"content_type": content_type}, thumbnail
    except Exception as error:  # decoders raise what they like
        return facts | ({"why": f"{type(error).__name__}: {error}"[:200]} if facts else {}), b""


def _seen_size(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    try:
        is_turned = image.getexif().get(_ORIENTATION) in (5, 6, 7, 8)
    except Exception:  # Exif that cannot be read says nothing
        is_turned = False
    return (height, width) if is_turned else (width, height)


def _thumbnail(image: Image.Image) -> tuple[bytes, str]:
    image.draft(None, (THUMBNAIL_PX, THUMBNAIL_PX))
    if image.width * image.height > DECODED_PX_MAX:
        raise ValueError(f"{image.width} x {image.height} pixels are too many")
    image.load()
    has_transparency = image.has_transparency_data
    profile = image.info.get("icc_profile")
    small = _of_eight_bits(image, has_transparency=has_transparency)
    small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    with contextlib.suppress(Exception):  # Exif that cannot be read: as it lies, then
        small = ImageOps.exif_transpose(small)
    small = _in_srgb(small, profile, "RGBA" if has_transparency else "RGB")
    small.info.clear()  # comments, Exif, XMP: a thumbnail tells nothing but what it shows
    made = io.BytesIO()
    if has_transparency:
        small.save(made, "WEBP", quality=80)
        return made.getvalue(), "image/webp"
    small.save(made, "JPEG", quality=82, optimize=True, progressive=True)
    return made.getvalue(), "image/jpeg"


def _of_eight_bits(image: Image.Image, *, has_transparency: bool) -> Image.Image:
    """In a mode whose pixels can be mixed: no palette, no 16 bits."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if has_transparency:
        return image if image.mode in ("RGBA", "LA") else image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None, mode: str) -> Image.Image:
    """Colours as a screen has them that knows of no profile; a profile that makes no sense is left out."""
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            described = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, described, ImageCms.createProfile("sRGB"), outputMode=mode)
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return image if image.mode == mode else image.convert(mode)


if __name__ == "__main__":
    main()
