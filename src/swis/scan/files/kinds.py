"""What kind of file some bytes are: told from the bytes first, from the name only where bytes cannot tell."""

from __future__ import annotations

import re

# Formats that carry rows, models or code whole: no reader shows what they hold to somebody who is to check them.
CARRIERS: dict[str, tuple[bytes, ...]] = {
    "pickle": (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"),
    "numpy array": (b"\x93NUMPY",),
    "feather or arrow": (b"ARROW1", b"FEA1", b"\xff\xff\xff\xff"),
    "HDF5": (b"\x89HDF\r\n\x1a\n",),
    "SQLite": (b"SQLite format 3\x00",),
    "R data": (b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n", b"X\n\x00\x00\x00", b"A\n2\n", b"A\n3\n"),
    "Stata": (b"<stata_dta>", b"\x71\x02", b"\x72\x02", b"\x73\x02"),
    "SPSS": (b"$FL2", b"$FL3"),
    "SAS": (b"\x00" * 12 + b"\xc2\xea\x81\x60",),
    "Avro": (b"Obj\x01",),
    "ORC": (b"ORC\x11", b"ORC\x08"),
    "program": (b"\x7fELF", b"MZ\x90", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe"),
    "Access": (b"\x00\x01\x00\x00Standard",),
}
CARRIER_NAMES = re.compile(
    r"\.(?:pkl|pickle|joblib|npy|npz|feather|arrow|ipc|h5|hdf5?|sqlite3?|db|duckdb|rds|rda|rdata|dta|sav|zsav|sas7bdat"
    r"|xpt|avro|orc|pt|pth|onnx|pyc|so|dll|exe|jar|accdb|mdb|dill|cloudpickle|msgpack|dbf|qvd|hyper|tde|pbix|twbx)"
    r"(?:\.(?:gz|bz2|xz|zst|lzma|z))?$",
    re.IGNORECASE,
)
TEXT_PICKLE = re.compile(rb"^(?:\(?[dl]p\d+\n|\(dp|c[\w.]+\n\w+\n)")
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "picture"), (b"GIF87a", "picture"), (b"GIF89a", "picture"), (b"BM", "bitmap"),
    (b"II*\x00", "picture"), (b"MM\x00*", "picture"), (b"\x00\x00\x01\x00", "picture"),
    (b"%PDF-", "pdf"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"PAR1", "parquet"),
    (b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"\x5d\x00\x00", "lzma"),
    (b"\x78\x01", "zlib"), (b"\x78\x5e", "zlib"), (b"\x78\x9c", "zlib"), (b"\x78\xda", "zlib"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"), (b"wOFF", "font"), (b"wOF2", "font"), (b"OTTO", "font"),
    (b"\x00\x01\x00\x00\x00", "font"), (b"true\x00", "font"),
)  # fmt: skip
KNOWN_UNREAD = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18")
MOST_CONTROL = 0.02
CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b\x0b")


def carrier_of(content: bytes, name: str) -> str | None:
    """Which carrier of data or code the bytes (or the name) are of, or None."""
    for kind, starts in CARRIERS.items():
        if content.startswith(starts) and not (kind in {"Stata", "SPSS"} and _is_plain(content)):
            return kind
    if content[8:12] == b"DUCK":
        return "DuckDB"
    if TEXT_PICKLE.match(content) and content.rstrip().endswith(b"."):
        return "pickle"
    match = CARRIER_NAMES.search(name)
    return match.group() if match else None


def kind_of(content: bytes) -> str:
    """The kind of some bytes: one of MAGIC, tar, webp, text, utf-16, archive (known but not read), empty, unknown."""
    if not content:
        return "empty"
    for start, kind in MAGIC:
        if content.startswith(start) and not (kind in {"bitmap", "zlib", "lzma"} and _is_plain(content)):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "picture"
    if content[257:262] == b"ustar":
        return "tar"
    if content.startswith(KNOWN_UNREAD):
        return "archive"
    if _is_wide(content):
        return "utf-16"
    return "text" if _is_plain(content) else "unknown"


def _is_wide(content: bytes) -> bool:
    """Whether every other byte is zero, as in UTF-16 of Latin letters, marked as such or not."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) and len(content) % 2 == 0:
        return True
    head = content[:4096]
    if len(head) < 8 or len(content) % 2:
        return False
    half = len(head) // 2
    odd, even = head[1::2].count(0), head[0::2].count(0)
    return (odd >= 0.9 * half and even <= 0.1 * half) or (even >= 0.9 * half and odd <= 0.1 * half)


def _is_plain(content: bytes) -> bool:
    head = content[:65536]
    controls = len(head) - len(head.translate(None, CONTROL))
    return controls <= MOST_CONTROL * len(head) and _decodes(head)


def is_utf8(content: bytes) -> bool:
    """Whether bytes are UTF-8 throughout."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decodes(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A letter cut in two at the end of the head is no fault; elsewhere only Latin text with few such letters is.
        if error.start >= len(head) - 3:
            return True
        return sum(byte >= 0x80 for byte in head) <= 0.1 * len(head)
    return True
