"""What text says once it is decoded: entities, percent signs, backslashes, quoted-printable, hex and base64, data URIs.

Each gives a further text, or bytes that are read as a file of their own (and may be packed, or hold text again).
Not undone: base32, base85, ciphers, words for digits, and what is drawn in the pixels of a picture.
"""

from __future__ import annotations

import base64
import binascii
import html
import quopri
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from swis.scan.parts import Inside, Text

ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]\w*);")
PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
BACKSLASH = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[0-3][0-7]{2}|[nrt\"'/\\])")
CODED_LETTER = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[0-3][0-7]{2})")
QUOTED_PRINTABLE = re.compile(r"=[0-9A-F]{2}|=\r?\n")
# Fourteen letters of base64 hold ten bytes, the shortest identifier that is looked for inside.
BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{14,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*={0,2}")
BASE64_LINES = re.compile(r"(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/_-]{40,}(?:\\n|\r?\n)\s*){2,}[A-Za-z0-9+/_-]*={0,2}")
HEX = re.compile(r"(?<![0-9A-Za-z])(?:0x)?((?:[0-9A-Fa-f]{2}[ :,]?){8,})(?![0-9A-Za-z])")
DATA_URI = re.compile(r"data:([\w.+-]+/[\w.+-]+)?((?:;[\w=.+-]+)*),([^\"'\s<>)]*)")
# A word is tried as base64 only where it could be it: of letters or of digits alone it is a word or a number.
WORDLIKE = re.compile(r"^(?:[a-z_-]+|[A-Z_-]+|[A-Za-z/_-]+|[\d_/+-]+)$")
LONG_BLOB = 256


def without_blobs(text: str) -> tuple[str, list[Inside]]:
    """The text with data URIs and long runs of base64 taken out, and those as bytes."""
    found: list[Inside] = []

    def uri(match: re.Match[str]) -> str:
        raw = _of_uri(match)
        if raw is None:
            return match.group()
        found.append(Inside("data URI", raw, is_guess=True))
        return f"data:{match.group(1) or ''},"

    def blob(match: re.Match[str]) -> str:
        raw = _of_base64(match.group())
        if raw is None or len(match.group()) < LONG_BLOB:
            return match.group()
        found.append(Inside("base64", raw, is_guess=True))
        return " "

    if "data:" in text:
        text = DATA_URI.sub(uri, text)
    if len(text) >= LONG_BLOB:
        text = BASE64_LINES.sub(blob, text)
        text = _LONG_BASE64.sub(blob, text)
    return text, found


_LONG_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{256,}={0,2}")


def decoded(text: str) -> Iterator[Text | Inside]:
    """The text after each decoding that changes it, and the bytes of base64 and hex words in it."""
    if "&" in text and ENTITY.search(text):
        yield Text("decoded entities", html.unescape(text))
    if "%" in text and PERCENT.search(text):
        yield Text("decoded percent signs", unquote_to_bytes(text).decode("utf-8", "replace"))
    if "\\" in text and CODED_LETTER.search(text):
        yield Text("decoded backslashes", BACKSLASH.sub(_unescaped, text))
    if "=" in text and QUOTED_PRINTABLE.search(text):
        raw = quopri.decodestring(text.encode("utf-8", "replace"))
        yield Text("decoded quoted-printable", raw.decode("utf-8", "replace"))
    for word in {match.group() for match in BASE64.finditer(text)}:
        raw64 = None if WORDLIKE.match(word) else _of_base64(word)
        if raw64 is not None:
            yield Inside("base64", raw64, is_guess=True)
    for word in {match.group(1) for match in HEX.finditer(text)}:
        raw = bytes.fromhex(re.sub(r"[ :,]", "", word))
        yield Inside("hex", raw, is_guess=True)


def _unescaped(match: re.Match[str]) -> str:
    kind, rest = match.group()[1], match.group()[2:]
    if kind in "ux":
        return chr(int(rest, 16))
    if kind.isdigit():
        return chr(int(kind + rest, 8))
    return {"n": "\n", "r": "\r", "t": "\t"}.get(kind, kind)


def _of_uri(match: re.Match[str]) -> bytes | None:
    if ";base64" in match.group(2).lower():
        return _of_base64(unquote_to_bytes(match.group(3)).decode("ascii", "ignore"))
    return unquote_to_bytes(match.group(3)) or None


def _of_base64(word: str) -> bytes | None:
    """The bytes of base64 in either alphabet, padded or not, lines joined; None where it is none."""
    joined = word.replace("\\n", "") if "\\" in word else word
    if "\n" in joined or " " in joined:
        joined = "".join(joined.split())
    joined = joined.rstrip("=").replace("-", "+").replace("_", "/")
    if len(joined) % 4 == 1:
        joined = joined[:-1]
    try:
        return base64.b64decode(joined + "=" * (-len(joined) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
