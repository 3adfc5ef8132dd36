"""Planted leaks written by hand: the identifier split, spaced, encoded, packed, in another case or backwards."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import json
import quopri
import zlib
from collections.abc import Callable
from pathlib import Path

from disclosure.scan.invented_child import CHILD, CHILDREN_OF_RETURNS

from swis.scan import parts

Leak = tuple[str, str, Callable[[Path], object]]


def wrote(text: str, encoding: str = "utf-8") -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding=encoding)


def table(cells: list[str]) -> str:
    return f"<html><body><table><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table></body></html>"


UPN, ID = CHILD.upn, CHILD.child_id
HALVES = [UPN[:5], UPN[5:]]
ROWS = "authority,count\n" + "".join(f"Gateshead,{number}\n" for number in (120, 345, 90))
BIRTHDAYS = "\n".join(f"{one.birth_date},{at}" for at, one in enumerate(CHILDREN_OF_RETURNS[:30]))
FULL_WIDTH = "".join(chr(ord(letter) + 0xFEE0) for letter in UPN)
ARABIC = "".join(chr(0x660 + int(letter)) if letter.isdigit() else letter for letter in UPN)
TAGGED = "".join(chr(0xE0000 + ord(letter)) for letter in UPN)
UUENCODED = f"begin 644 rows.csv\n{binascii.b2a_uu(UPN.encode()).decode()}`\nend\n"
NUMBERS = [ord(letter) for letter in UPN]
DEEP = base64.b64encode(gzip.compress(base64.b64encode(zlib.compress(f"see {ID} there".encode()))))

BY_HAND: list[Leak] = [
    ("lower_case.csv", parts.UPN, wrote(f"{ROWS}note,{UPN.lower()}\n")),
    ("without_any_label.txt", parts.CHILD_ID, wrote(f"as {ID} shows")),
    ("glued.txt", parts.CHILD_ID, wrote(f"case{ID.lower()}x and so on")),
    ("two_cells.csv", parts.UPN, wrote(f"part,rest\n{HALVES[0]},{HALVES[1]}\n")),
    ("two_lines.csv", parts.UPN, wrote(f"k,v\na,{UPN[:5]}\nb,{UPN[5:9]}\nc,{UPN[9:]}\n")),
    ("dashes.txt", parts.UPN, wrote("-".join([UPN[:1], UPN[1:4], UPN[4:6], UPN[6:]]))),
    ("spaced.txt", parts.UPN, wrote(" ".join(UPN))),
    ("many_spaces.txt", parts.CHILD_ID, wrote(".  .".join(ID))),
    ("backwards.txt", parts.UPN, wrote(f"x {UPN[::-1]} x")),
    ("entities.html", parts.UPN, wrote(f"<p>{''.join(f'&#{ord(letter)};' for letter in UPN)}</p>")),
    ("hexadecimal_entities.html", parts.CHILD_ID, wrote(f"<p>{''.join(f'&#x{ord(x):x};' for x in ID)}</p>")),
    ("tags_within.html", parts.UPN, wrote(f"<p><b>{UPN[:4]}</b><i>{UPN[4:8]}</i>{UPN[8:]}</p>")),
    ("cells.html", parts.CHILD_ID, wrote(table([ID[:4], ID[4:]]))),
    ("comment.html", parts.CHILD_ID, wrote(f"<html><!-- {ID} --><p>Nothing here</p></html>")),
    ("attribute.html", parts.CHILD_ID, wrote(f'<html><p data-key="{ID}">12</p></html>')),
    ("percent.html", parts.UPN, wrote(f'<a href="/c?{"".join(f"%{ord(letter):02X}" for letter in UPN)}">more</a>')),
    ("data_uri.html", parts.CHILD_ID, wrote(f'<a href="data:text/csv,id%0A{ID}">table</a>')),
    (
        "data_uri_base64.html",
        parts.UPN,
        wrote(f'<a href="data:text/csv;base64,{base64.b64encode(f"upn{chr(10)}{UPN}".encode()).decode()}">table</a>'),
    ),
    ("escaped.json", parts.UPN, wrote(json.dumps({"k": "@"}).replace("@", "".join(f"\\u{ord(x):04x}" for x in UPN)))),
    ("escaped.js", parts.CHILD_ID, wrote(f'var k = "{"".join(f"{chr(92)}x{ord(letter):02x}" for letter in ID)}";')),
    ("base64.txt", parts.UPN, wrote(f"token {base64.b64encode(UPN.encode()).decode()} end")),
    ("base64_for_links.txt", parts.CHILD_ID, wrote(base64.urlsafe_b64encode(f"?>~{ID}?>~".encode()).decode())),
    ("base64_of_gzip_of_base64_of_zlib.txt", parts.CHILD_ID, wrote(DEEP.decode())),
    ("hex.txt", parts.UPN, wrote(f"key: {UPN.encode().hex()}")),
    ("hex_in_pairs.txt", parts.CHILD_ID, wrote(ID.encode().hex(" "))),
    ("wide.txt", parts.UPN, wrote(f"the pupil is {UPN}", "utf-16")),
    ("wide_without_mark.txt", parts.UPN, wrote(f"the pupil is {UPN}", "utf-16-le")),
    ("full_width.txt", parts.UPN, wrote(FULL_WIDTH)),
    ("invisible.txt", parts.UPN, wrote("\u200b".join(UPN))),
    ("directions.txt", parts.UPN, wrote("\u200f".join(UPN))),
    ("variants.txt", parts.UPN, wrote("\ufe0f".join(UPN))),
    ("long_dashes.txt", parts.UPN, wrote("\u2013".join([UPN[:1], UPN[1:4], UPN[4:6], UPN[6:]]))),
    ("arabic_digits.txt", parts.UPN, wrote(ARABIC)),
    ("letters_not_seen.txt", parts.UPN, wrote(f"Counts only.{TAGGED}")),
    ("base32.txt", parts.UPN, wrote(f"token {base64.b32encode(UPN.encode()).decode()} end")),
    ("base32_small.txt", parts.CHILD_ID, wrote(f"t={base64.b32encode(ID.encode()).decode().lower().rstrip('=')};")),
    ("ascii85.txt", parts.UPN, wrote(base64.a85encode(UPN.encode(), adobe=True).decode())),
    ("uuencoded.txt", parts.UPN, wrote(UUENCODED)),
    ("hex_numbers.txt", parts.UPN, wrote(", ".join(f"0x{number:02x}" for number in NUMBERS))),
    ("letter_numbers.json", parts.UPN, wrote(json.dumps({"k": NUMBERS}))),
    ("letter_numbers.js", parts.UPN, wrote(f"k = String.fromCharCode({','.join(map(str, NUMBERS))})")),
    ("letter.eml", parts.CHILD_ID, wrote(quopri.encodestring("".join(f"={ord(x):02X}" for x in ID).encode()).decode())),
    ("coded.eml", parts.CHILD_ID, wrote("Subject: x\n\n" + "".join(f"={ord(letter):02X}" for letter in ID))),
    ("birth.xml", parts.BIRTH_DATE, wrote("<Child><PersonBirthDate>2011-04-09</PersonBirthDate></Child>")),
    ("birth.txt", parts.BIRTH_DATE, wrote("The girl (date of birth: 9 April 2011) moved school.")),
    ("birth_of_two_digits.txt", parts.BIRTH_DATE, wrote("DOB 9/4/11, moved school in May.")),
    ("birthdays.csv", parts.BIRTH_DATE, wrote(f"d,n\n{BIRTHDAYS}\n")),
    ("name.txt", parts.NAME, wrote(f"We spoke with {CHILD.forename} {CHILD.surname.upper()} in May.")),
    ("name_in_cells.csv", parts.NAME, wrote(f'a,b\n"{CHILD.surname}","{CHILD.forename}"\n')),
    ("name_under_heading.csv", parts.NAME, wrote("school,Surname\nA,Zzyzx\n")),
    ("short_id.csv", parts.CHILD_ID, wrote(f"Child ID,plans\n{CHILD.short_id},3\n")),
    ("one_short_id_alone.csv", parts.CHILD_ID, wrote(f"Child ID\n{CHILD.short_id}\n")),
    ("short_id.txt", parts.CHILD_ID, wrote(f"See child_id={CHILD.short_id} for the reason.")),
    ("home.txt", parts.PATH, wrote("made from /home/a.person/returns/2021.csv")),
    ("windows.json", parts.PATH, wrote(json.dumps({"source": r"C:\Users\a.person\Desktop\x.csv"}))),
    ("share.txt", parts.PATH, wrote(r"see \\server01\childrens-services\returns")),
    ("server.txt", parts.PATH, wrote("made from /srv/returns/2021.csv")),
    ("trace.txt", parts.TRACEBACK, wrote("Traceback (most recent call last):\n  KeyError: 3\n")),
    (f"{ID}.csv", parts.CHILD_ID, wrote(ROWS)),
    ("escaped_page.txt", parts.UPN, wrote(html.escape(f"<b>{UPN[:3]}</b>{UPN[3:]}"))),
]
