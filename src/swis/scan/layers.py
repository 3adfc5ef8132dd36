"""What text says once it is decoded: entities, percent signs, backslashes, quoted-printable, hex, base32, base64, data
URIs, uuencode, Ascii85 between its marks, and letters given by their numbers (`70, 57, 57 …`).

Each gives a further text, or bytes that are read as a file of their own (and may be packed, or hold text again).
Not undone: base85 without marks, ciphers, words for digits, and what is drawn in the pixels of a picture.
"""

from __future__ import annotations

import base64
import binascii
import html
import quopri
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_to_bytes

from swis.scan.find import (
    BASE32_LETTERS,
    BASE64_LETTERS,
    HEX_LETTERS,
    classes_of,
    matches,
    places,
    places_of_any,
    runs,
)
from swis.scan.parts import Inside, Text

ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z]\w*);")
PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
BACKSLASH = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[0-3][0-7]{2}|[nrt\"'/\\])")
CODED_LETTER = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[0-3][0-7]{2})")
QUOTED_PRINTABLE = re.compile(r"=[0-9A-F]{2}|=\r?\n")
# Fourteen letters of base64 hold ten bytes, the shortest identifier that is looked for inside.
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{14,}(?:\r?\n[A-Za-z0-9+/_-]{4,})*={0,2}")
LEAST_BASE64 = 14
BASE64_LINES = re.compile(r"[A-Za-z0-9+/_-]{40,}(?:(?:\\n|\r?\n)\s*[A-Za-z0-9+/_-]+)*={0,2}")
HEX = re.compile(r"(?<![0-9A-Za-z])(?:0x)?(?:[0-9A-Fa-f]{2}){8,}(?![0-9A-Za-z])")
SPACED_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}[ :,]){7,}[0-9A-Fa-f]{2}(?![0-9A-Za-z])")
HEX_NUMBERS = re.compile(r"0x[0-9A-Fa-f]{2}(?:[\s,;]+0x[0-9A-Fa-f]{2}){7,}")
# Sixteen letters of base32 hold ten bytes.
BASE32 = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z2-7]{16,}|[a-z2-7]{16,})={0,6}(?![A-Za-z0-9])")
LEAST_BASE32 = 16
LETTERS_BEYOND_BYTES_OF_BASE32 = {1: 1, 3: 1, 6: 1}
UUENCODED = re.compile(r"begin [0-7]{3,4} [^\n]*\n((?:[ -`]{1,62}\r?\n)+)")
ASCII85 = re.compile(r"<~[!-uz\s]{10,}~>")
LETTER_NUMBERS = re.compile(r"(?:fromCharCode\(|bytes\(\[|bytearray\(\[|chr\()\s*(\d{2,3}(?:[\s,;]+\d{2,3}){7,})")
LEAST_HEX = 16
NOT_HEX = re.compile(r"[^0-9A-Fa-f]")
DATA_URI = re.compile(r"data:([\w.+-]+/[\w.+-]+)?((?:;[\w=.+-]+)*),")
URI_BODY = re.compile(r"[^\"'\s<>)]*")
# Not tried as base64: small letters alone, capitals alone and digits alone are words and numbers.
WORDLIKE = re.compile(r"^(?:[A-Z]?[a-z/_-]+|[A-Z_-]+|[\d_/+-]+)$")
LONG_BLOB = 256
LONG_LINE = 40


def without_blobs(text: str) -> tuple[str, list[Inside]]:
    """The text with data URIs and long runs of base64 taken out, and those as bytes."""
    found: list[Inside] = []
    kept, end = [], 0
    for start, stop, inside in _blobs(text):
        if start >= end:
            found.append(inside)
            kept.append(text[end:start])
            end = stop
    return (" ".join([*kept, text[end:]]) if found else text), found


def _blobs(text: str) -> Iterator[tuple[int, int, Inside]]:
    """Start, end and bytes of each blob: data URIs first, each in the order of its place."""
    spans = [*_data_uris(text), *_long_base64(text)]
    return iter(sorted(spans, key=lambda span: (span[0], -span[1])))


def _data_uris(text: str) -> Iterator[tuple[int, int, Inside]]:
    for place in places_of_any(text, ["data:"]):
        # The quotation mark before a URI ends it: finding the next one is quicker than looking at every letter.
        mark = text[place - 1 : place]
        stop = text.find(mark, place) if mark in {'"', "'"} else -1
        match = DATA_URI.match(text, place, stop if stop >= 0 else len(text))
        raw = None if match is None else _of_uri(match, text, stop)
        if match is not None and raw is not None:
            yield place, stop if stop >= 0 else match.end(), Inside("data URI", raw, is_guess=True)


def _long_base64(text: str) -> Iterator[tuple[int, int, Inside]]:
    classes, end = classes_of(text, BASE64_LETTERS), 0
    for start, stop in runs(classes, b"B", LONG_LINE):
        if start < end:
            continue
        match = BASE64_LINES.match(text, start)
        end = stop if match is None else match.end()
        raw = _of_base64(text[start:end]) if end - start >= LONG_BLOB else None
        if raw is not None:
            yield start, end, Inside("base64", raw, is_guess=True)


def decoded(text: str) -> Iterator[Text | Inside]:
    """The text after each decoding that changes it, and the bytes of base64 and hex words in it."""
    for place, other in _other_texts(text):
        yield Text(place, other, is_markup="</" in other)
    for word in set(_words(text, BASE64, BASE64_LETTERS, b"B", LEAST_BASE64)):
        raw64 = None if WORDLIKE.match(word) else _of_base64(word)
        if raw64 is not None:
            yield Inside("base64", raw64, is_guess=True)
    for word in {*_words(text, HEX, HEX_LETTERS, b"H", LEAST_HEX), *_words(text, SPACED_HEX, HEX_LETTERS, b"HH ", 4)}:
        yield Inside("hex", bytes.fromhex(NOT_HEX.sub("", word.removeprefix("0x"))), is_guess=True)
    for word in set(_words(text, BASE32, BASE32_LETTERS, b"B", LEAST_BASE32)):
        yield Inside("base32", _of_base32(word), is_guess=True)
    yield from _rare(text)


def _rare(text: str) -> Iterator[Inside]:
    """Bytes of the encodings that say of themselves where they begin."""
    for match in matches(HEX_NUMBERS, text, ["0x"]):
        yield Inside("hex", bytes.fromhex(NOT_HEX.sub("", match.group().replace("0x", ""))), is_guess=True)
    for match in matches(LETTER_NUMBERS, text, ["fromCharCode(", "bytes([", "bytearray([", "chr("]):
        raw = of_letter_numbers(int(number) for number in re.findall(r"\d+", match.group(1)))
        if raw is not None:
            yield Inside("numbers of letters", raw, is_guess=True)
    for match in matches(UUENCODED, text, ["begin "]):
        yield Inside("uuencode", b"".join(_of_uuencoded(match.group(1).splitlines())), is_guess=True)
    for match in matches(ASCII85, text, ["<~"]):
        try:
            yield Inside("Ascii85", base64.a85decode(match.group(), adobe=True), is_guess=True)
        except ValueError:
            continue


def of_letter_numbers(numbers: Iterable[int]) -> bytes | None:
    """The text whose letters have these numbers; None where one is no printable ASCII letter."""
    listed = list(numbers)
    return bytes(listed) if all(0x20 <= number < 0x7F for number in listed) else None


def _of_uuencoded(lines: Iterable[str]) -> Iterator[bytes]:
    for line in lines:
        try:
            yield binascii.a2b_uu(line)
        except binascii.Error:
            return


def _of_base32(word: str) -> bytes:
    """The bytes of base32, padded or not; letters at the end that hold no whole byte are left out."""
    letters = word.rstrip("=").upper()
    kept = letters[: len(letters) - LETTERS_BEYOND_BYTES_OF_BASE32.get(len(letters) % 8, 0)]
    return base64.b32decode(kept + "=" * (-len(kept) % 8))


def _other_texts(text: str) -> Iterator[tuple[str, str]]:
    if "&" in text and ENTITY.search(text):
        yield "decoded entities", html.unescape(text)
    if "%" in text and PERCENT.search(text):
        yield "decoded percent signs", unquote_to_bytes(text).decode("utf-8", "replace")
    if "\\" in text and CODED_LETTER.search(text):
        yield "decoded backslashes", BACKSLASH.sub(_unescaped, text)
    if "=" in text and QUOTED_PRINTABLE.search(text):
        yield (
            "decoded quoted-printable",
            quopri.decodestring(text.encode("utf-8", "replace")).decode("utf-8", "replace"),
        )


def _words(text: str, pattern: re.Pattern[str], letters: bytes, word: bytes, least: int) -> Iterator[str]:
    """The matches of a pattern at each place where so many letters of its class stand in a row."""
    classes, end = classes_of(text, letters), 0
    for place in places(classes, word * least):
        match = pattern.match(text, place) if place >= end else None
        if match is not None:
            end = match.end()
            yield match.group()


def _unescaped(match: re.Match[str]) -> str:
    kind, rest = match.group()[1], match.group()[2:]
    if kind in "ux":
        return chr(int(rest, 16))
    if kind.isdigit():
        return chr(int(kind + rest, 8))
    return {"n": "\n", "r": "\r", "t": "\t"}.get(kind, kind)


def _of_uri(match: re.Match[str], text: str, stop: int) -> bytes | None:
    body = text[match.end() : stop] if stop >= 0 else URI_BODY.match(text, match.end())[0]  # type: ignore[index]
    if ";base64" in match.group(2).lower():
        return _of_base64(unquote_to_bytes(body).decode("ascii", "ignore") if "%" in body else body)
    return unquote_to_bytes(body) or None


def _of_base64(word: str) -> bytes | None:
    """The bytes of base64 in either alphabet, padded or not, lines joined; None where it is none."""
    joined = word.replace("\\n", "") if "\\" in word else word
    if not joined.isalnum():
        joined = "".join(joined.split())
    joined = joined.rstrip("=").replace("-", "+").replace("_", "/")
    if len(joined) % 4 == 1:
        joined = joined[:-1]
    try:
        return base64.b64decode(joined + "=" * (-len(joined) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
