"""The program of file_previews: every kind of image, and every kind of harm that one can be made to do."""

import importlib.util
import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PIL import Image, ImageCms

from chat4all import drawing

PROGRAM = Path(__file__).resolve().parents[2] / "functions/file_previews/drawing.py"
SIZE = (640, 360)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("drawing_program", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)  # restored afterwards
    return module


def picture(mode: str = "RGB") -> Image.Image:
    return Image.linear_gradient("L").resize(SIZE).convert("RGB").convert(mode)


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    made = io.BytesIO()
    image.save(made, form, **options)
    return made.getvalue()


def png(width: int, height: int, pixels: bytes) -> bytes:
    """With a header that says what it likes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def transparent() -> Image.Image:
    image = picture("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(SIZE))
    return image


FRAMES = {"save_all": True, "append_images": [Image.new("RGB", SIZE, "red")]}
PLAIN = {
    "JPEG": lambda: encoded(picture(), "JPEG"),
    "PNG": lambda: encoded(picture(), "PNG"),
    "AVIF": lambda: encoded(picture(), "AVIF"),
    "GIF that moves": lambda: encoded(picture(), "GIF", **FRAMES),
    "WebP that moves": lambda: encoded(picture(), "WEBP", **FRAMES),
    "PNG that moves": lambda: encoded(picture(), "PNG", **FRAMES),
    "CMYK": lambda: encoded(picture("CMYK"), "JPEG"),
    "CMYK, profile of nonsense": lambda: encoded(picture("CMYK"), "JPEG", icc_profile=b"x" * 3000),
    "1 bit": lambda: encoded(picture("1"), "PNG"),
    "palette": lambda: encoded(picture("P"), "PNG"),
}
TRANSPARENT = {
    "RGBA": lambda: encoded(transparent(), "PNG"),
    "LA": lambda: encoded(transparent().convert("LA"), "PNG"),
    "palette": lambda: encoded(picture("P"), "PNG", transparency=picture("P").getpixel((0, 0))),
    "WebP": lambda: encoded(transparent(), "WEBP"),
}


@pytest.mark.parametrize("make", PLAIN.values(), ids=PLAIN)
def test_images_are_drawn_as_jpeg(program: ModuleType, make: Callable[[], bytes]) -> None:
    facts, small = program.drawn(io.BytesIO(make()))
    assert facts == {"width": 640, "height": 360, "content_type": "image/jpeg"}
    image = Image.open(io.BytesIO(small))
    assert (image.format, image.size, image.mode) == ("JPEG", (480, 270), "RGB")
    top, bottom = image.getpixel((240, 5)), image.getpixel((240, 265))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] < 60 < 180 < bottom[0]


@pytest.mark.parametrize("make", TRANSPARENT.values(), ids=TRANSPARENT)
def test_what_is_transparent_stays_so_as_webp(program: ModuleType, make: Callable[[], bytes]) -> None:
    facts, small = program.drawn(io.BytesIO(make()))
    assert facts["content_type"] == "image/webp"
    image = Image.open(io.BytesIO(small))
    assert (image.format, image.size, image.has_transparency_data) == ("WEBP", (480, 270), True)


def test_sixteen_bits_are_not_all_white(program: ModuleType) -> None:
    _, small = program.drawn(io.BytesIO(encoded(Image.new("I;16", (30, 20), 0x8000), "PNG")))
    assert Image.open(io.BytesIO(small)).getpixel((5, 5)) == (128, 128, 128)


def test_it_is_turned_as_the_camera_was_and_has_no_metadata(program: ModuleType) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 8, "secret place"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for form, more in (("JPEG", {"comment": b"secret"}), ("WEBP", {"xmp": b"<x>secret</x>"}), ("PNG", {})):
        body = encoded(picture(), form, exif=exif, icc_profile=profile, **more)
        facts, small = program.drawn(io.BytesIO(body))
        image = Image.open(io.BytesIO(small))
        assert ((facts["width"], facts["height"]), image.size) == ((360, 640), (270, 480))
        assert b"secret" not in small
        assert not {"exif", "icc_profile", "comment", "xmp"} & image.info.keys()


def test_a_small_one_is_not_made_larger(program: ModuleType) -> None:
    _, small = program.drawn(io.BytesIO(encoded(Image.new("RGB", (1, 2000)), "PNG")))
    assert Image.open(io.BytesIO(small)).size == (1, 480)
    _, small = program.drawn(io.BytesIO(encoded(Image.new("RGB", (3, 2)), "PNG")))
    assert Image.open(io.BytesIO(small)).size == (3, 2)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no image",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run",
        encoded(picture(), "TIFF"),
        encoded(picture(), "BMP"),
        encoded(picture(), "WEBP")[:40],
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"\xff\xd8\xff\xe0" + bytes(100),
    ],
)
def test_what_is_no_image_of_the_web_is_not_even_opened(program: ModuleType, body: bytes) -> None:
    assert program.drawn(io.BytesIO(body)) == ({}, b"")


@pytest.mark.parametrize(
    ("body", "size"),
    [
        (encoded(Image.effect_noise(SIZE, 60), "PNG")[:20_000], SIZE),
        (encoded(Image.effect_noise(SIZE, 60), "JPEG")[:5_000], SIZE),
        (png(32_000, 32_000, zlib.compress(bytes(1_000_000))), (32_000, 32_000)),
        (png(2**31 - 1, 2**31 - 1, b""), (2**31 - 1, 2**31 - 1)),
    ],
    ids=["cut off", "cut off JPEG", "1 GB of pixels", "more than there can be"],
)
def test_what_cannot_be_drawn_is_measured(program: ModuleType, body: bytes, size: tuple[int, int]) -> None:
    facts, small = program.drawn(io.BytesIO(body))
    assert ((facts["width"], facts["height"]), small) == (size, b"")
    assert facts["why"]


@pytest.fixture
def on_disk(tmp_path: Path) -> Iterator[Callable[[bytes], io.BufferedReader]]:
    opened: list[io.BufferedReader] = []

    def write(body: bytes) -> io.BufferedReader:
        (tmp_path / "image").write_bytes(body)
        opened.append((tmp_path / "image").open("rb"))
        return opened[-1]

    yield write
    for each in opened:
        each.close()


OnDisk = Callable[[bytes], io.BufferedReader]


def test_a_camera_has_more_pixels_than_are_decoded(on_disk: OnDisk) -> None:
    drawn = drawing.draw(PROGRAM, on_disk(encoded(Image.new("L", (10_000, 7_500), 90), "JPEG")))
    assert drawn is not None
    assert (drawn.width, drawn.height, drawn.content_type) == (10_000, 7_500, "image/jpeg")
    assert Image.open(io.BytesIO(drawn.thumbnail or b"")).size == (480, 360)


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.kill(os.getpid(), 11)",
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**26, 2**26)); bytes(2**30)",
        "import sys; sys.exit(3)",
    ],
    ids=["dies", "eats all memory", "fails"],
)
def test_a_program_that_dies_takes_nobody_with_it(tmp_path: Path, on_disk: OnDisk, program: str) -> None:
    (tmp_path / "program.py").write_text(program)
    assert drawing.draw(tmp_path / "program.py", on_disk(b"x")) is None


def test_a_program_that_hangs_is_ended(tmp_path: Path, on_disk: OnDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_WITHIN_S", 0.5)
    (tmp_path / "program.py").write_text("import time; time.sleep(600)")
    assert drawing.draw(tmp_path / "program.py", on_disk(b"x")) is None


def test_it_has_limits_of_its_own(on_disk: OnDisk) -> None:
    start = "import resource, runpy, sys; runpy.run_path(sys.argv[1], run_name='__main__')"
    tell = "; print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0])"
    ran = subprocess.run(
        [sys.executable, "-c", start + tell, PROGRAM], stdin=on_disk(b"x"), capture_output=True, check=True
    )
    memory, processor = map(int, ran.stdout.splitlines()[-1].split())
    assert (memory, processor) == (800 * 2**20, 20)
