"""Packed files (zip) whose bytes depend on what is in them and on nothing else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

# The first day that a packed file can name; no clock is read.
FIRST_DAY = (1980, 1, 1, 0, 0, 0)
# The level from which on a smaller file costs much time.
LEVEL = 6
TYPES = "[Content_Types].xml"


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts by name, the list of their types first as readers expect."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name in sorted(parts, key=lambda name: (name != TYPES, name)):
            member = zipfile.ZipInfo(name, FIRST_DAY)
            # A picture is packed already.
            member.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            archive.writestr(member, parts[name])
    return made.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """What is in a packed file, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
