"""Pictures: what is written beside the pixels (text chunks, EXIF, comments) and after the picture's end.

The pixels themselves are not read: what is drawn in them is for the human who checks the release.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import ExifTags, Image

from swis.scan.files.raw_bytes import strings_of
from swis.scan.parts import APPENDED, UNREADABLE, Found, Inside, Part, Text

PNG_START = 8
# The pixels; every other chunk is read, for a reader of pictures skips what is too long in it.
PIXELS = {b"IDAT", b"fdAT"}
MOST_UNPACKED = 50_000_000


def read_png(content: bytes) -> Iterator[Part]:
    """Every chunk but the pixels, unpacked where it is packed, and what stands after the last one."""
    place = PNG_START
    while place + 12 <= len(content):
        length, name = struct.unpack(">I4s", content[place : place + 8])
        body = content[place + 8 : place + 8 + length]
        place += 12 + length
        if name == b"IEND":
            if content[place:].strip(b"\x00\r\n"):
                yield Found("after the picture", APPENDED)
                yield Inside("after the picture", content[place:], is_guess=True)
            return
        if name not in PIXELS:
            yield from _chunk(name, body)
    yield Found("picture", UNREADABLE)


def _chunk(name: bytes, body: bytes) -> Iterator[Part]:
    if name == b"eXIf":
        yield from _exif(body)
    keyword, _, rest = body.partition(b"\x00")
    packed = rest[1:] if name in {b"zTXt", b"iCCP"} else rest.partition(b"\x00")[2] if name == b"iTXt" else b""
    if name == b"iTXt" and rest[:1] == b"\x01":
        packed = rest[2:].split(b"\x00", 2)[-1]
    yield Text("text of the picture", f"{keyword.decode('latin-1')}: {_latin_or_utf8(rest)}", is_markup=True)
    try:
        unpacked = zlib.decompressobj().decompress(packed, MOST_UNPACKED) if packed else b""
    except zlib.error:
        return
    if unpacked:
        yield Inside("text of the picture", unpacked, is_guess=True)


def read_picture(content: bytes) -> Iterator[Part]:
    """A picture of any other format: what PIL finds beside the pixels, every printable run, and what is appended."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            kind = image.format
            notes = {**image.info, "text": getattr(image, "text", "")}
            exif = image.getexif()
            tags = [*exif.items(), *(pair for block in ExifTags.IFD for pair in exif.get_ifd(block).items())]
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        yield Found("picture", UNREADABLE)
        kind, notes, tags = None, {}, []
    written = [_as_text(value) for value in [*notes.values(), *(value for _, value in tags)]]
    yield Text("notes of the picture", "\n".join(one for one in written if one), is_markup=True)
    yield from strings_of(content)
    if kind == "JPEG":
        end = content.rfind(b"\xff\xd9") + 2
        if content[end:].strip(b"\x00"):
            yield Found("after the picture", APPENDED)
            yield Inside("after the picture", content[end:], is_guess=True)


def _exif(body: bytes) -> Iterator[Part]:
    exif = Image.Exif()
    try:
        exif.load(body)
    except (ValueError, OSError, struct.error, SyntaxError):
        yield Text("EXIF", body.decode("latin-1"))
        return
    values = [*exif.values(), *(value for block in ExifTags.IFD for value in exif.get_ifd(block).values())]
    yield Text("EXIF", "\n".join(_as_text(value) for value in values))


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        # Windows keeps its comments as UTF-16 in a field of bytes.
        wide = len(value) % 2 == 0 and value[1::2].count(0) > len(value) // 4
        return value.decode("utf-16-le", "replace") if wide else _latin_or_utf8(value)
    return str(value)


def _latin_or_utf8(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
