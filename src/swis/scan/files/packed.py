"""Packed bytes: gzip, bzip2, xz, lzma, zlib, tar; zip with its members, comment and anything around it."""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from swis.scan.files import office
from swis.scan.files.raw_bytes import strings_of
from swis.scan.parts import APPENDED, ENCRYPTED, LINK, TOO_DEEP, UNREADABLE, Found, Inside, Part, Text

MOST_BYTES = 1_000_000_000
MOST_MEMBERS = 20_000
MOST_RATIO = 500
SMALL = 10_000_000
END_OF_ZIP = b"PK\x05\x06"
END_OF_ZIP_LENGTH = 22
STARTED: dict[str, Callable[[], Any]] = {
    "gzip": lambda: zlib.decompressobj(wbits=31),
    "zlib": zlib.decompressobj,
    "bzip2": bz2.BZ2Decompressor,
    "xz": lzma.LZMADecompressor,
    "lzma": lzma.LZMADecompressor,
}


def read_packed(content: bytes, kind: str) -> Iterator[Part]:
    """What one stream (or several in a row) unpacks to, and what follows it."""
    if kind == "gzip":
        yield from strings_of(content[:300])
    rest = content
    while rest:
        unpacker = STARTED[kind]()
        try:
            out = unpacker.decompress(rest, MOST_BYTES)
        except (zlib.error, OSError, lzma.LZMAError, EOFError):
            if rest is content:
                yield Found("packed bytes", UNREADABLE)
            else:
                yield Found("after the packed bytes", APPENDED)
                yield Inside("after the packed bytes", rest, is_guess=True)
            return
        if not unpacker.eof:
            yield Found("packed bytes", TOO_DEEP if len(out) >= MOST_BYTES else UNREADABLE)
        yield Inside("packed bytes", out)
        rest = unpacker.unused_data.lstrip(b"\x00") if unpacker.eof else b""


def read_tar(content: bytes) -> Iterator[Part]:
    """Every member of a tar archive; its names and owners are text too."""
    try:
        with tarfile.TarFile(fileobj=io.BytesIO(content)) as archive:
            for member in archive:
                yield Text(
                    "names in the archive", f"{member.name}\n{member.linkname}\n{member.uname}\n{member.pax_headers}"
                )
                if member.issym() or member.islnk():
                    yield Found("archive", LINK)
                stream = archive.extractfile(member) if member.isfile() else None
                if stream is not None:
                    yield Inside("archive", stream.read(MOST_BYTES), member.name)
    except (tarfile.TarError, EOFError, OSError):
        yield Found("archive", UNREADABLE)


def read_zip(content: bytes) -> Iterator[Part]:
    """Every member of a zip archive (an Office file is one), its names, comments, and what is around it."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError):
        yield Found("archive", UNREADABLE)
        yield from strings_of(content)
        return
    yield from _around(content, archive)
    members = archive.infolist()
    notes = [
        part for one in members for part in (one.filename, one.comment.decode("latin-1"), one.extra.decode("latin-1"))
    ]
    yield Text("names in the archive", "\n".join(notes))
    if len(members) > MOST_MEMBERS:
        yield Found("archive", TOO_DEEP)
    for member in members[:MOST_MEMBERS]:
        yield from _member(archive, member)
    yield from office.read_office(archive, content)


def _around(content: bytes, archive: zipfile.ZipFile) -> Iterator[Part]:
    """The comment; bytes before the first member and after the end."""
    if archive.comment:
        yield Inside("comment of the archive", archive.comment, is_guess=True)
    first = min((one.header_offset for one in archive.infolist()), default=0)
    end = content.rfind(END_OF_ZIP) + END_OF_ZIP_LENGTH + len(archive.comment)
    for extra in (content[:first], content[end:]):
        if extra.strip(b"\x00\r\n"):
            yield Found("around the archive", APPENDED)
            yield Inside("around the archive", extra, is_guess=True)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[Part]:
    if member.is_dir():
        return
    if member.flag_bits & 1:
        yield Found("archive", ENCRYPTED)
        return
    if member.file_size > MOST_BYTES or (
        member.file_size > SMALL and member.file_size > MOST_RATIO * member.compress_size
    ):
        yield Found("archive", TOO_DEEP)
        return
    try:
        yield Inside("archive", archive.read(member), member.filename)
    # A compression or a cipher that the library does not know is a RuntimeError of some kind.
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError):
        yield Found("archive", UNREADABLE)
