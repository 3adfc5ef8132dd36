"""Bytes of no format that is read (fonts, old Office files, unknown ones): every printable run in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from swis.scan.parts import Part, Text

NARROW = re.compile(rb"[\x09\x0a\x0d\x20-\x7e]{6,}")
WIDE = re.compile(rb"(?:[\x20-\x7e]\x00){6,}")


def strings_of(content: bytes) -> Iterator[Part]:
    """The printable runs of six letters or more."""
    narrow = b"\n".join(NARROW.findall(content))
    if narrow:
        yield Text("printable bytes", narrow.decode("ascii"))
    wide = b"\n".join(run[::2] for run in WIDE.findall(content))
    if wide:
        yield Text("printable bytes", wide.decode("ascii"))
