"""The last look at a page before it is written: what an attentive reader would find that should not be there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

from lxml import html

from swis.disclosure.protected import DisclosureError
from swis.disclosure.symbols import MEANINGS

# The shape of a unique pupil number: letter, eleven digits, a digit or letter (DfE guide to unique pupil numbers).
UPN_SHAPE = re.compile(r"(?<![A-Za-z0-9])[A-HJ-NP-RT-Z]\d{11}[0-9A-HJ-NP-RT-Z](?![A-Za-z0-9])")
OUTSIDE = re.compile(r"^\s*(https?:)?//", re.IGNORECASE)
RUNS = re.compile(r"^\s*(javascript|vbscript):", re.IGNORECASE)


def prove_page(page: str, numbers: Collection[int], scripts: Collection[str] = ()) -> None:
    """Refuse a page with a count that is none of `numbers`, a pupil number, a script or anything loaded from outside.

    `numbers` are those that passed the door; `scripts` are the whole texts of those scripts of our own that may stand
    in the page, none unless given. DisclosureError says how many of which, and never what they are.
    """
    tree = html.document_fromstring(page)
    # Texts of neighbouring elements must not run together, or a number could hide behind the word before it.
    text = " ".join(tree.itertext())
    faults = {
        "counts that did not pass the door": sum(
            not is_let_through(cell.text_content(), numbers) for cell in tree.xpath('//*[@data-kind="count"]')
        ),
        "texts in the shape of a pupil number": len(UPN_SHAPE.findall(text)),
        "scripts": _foreign_scripts(tree, scripts),
        "things loaded from outside": sum(
            bool(OUTSIDE.match(address)) for address in tree.xpath("//@src | //link/@href | //@srcset | //object/@data")
        ),
        "pictures without alt text": len(tree.xpath('//img[not(@alt) or normalize-space(@alt)=""]')),
    }
    found = [f"{number} {what}" for what, number in faults.items() if number]
    if found:
        raise DisclosureError(f"the page may not be released: {', '.join(found)}")


def hash_of_script(text: str) -> str:
    """What a script is known by: the SHA-256 of its text without the blanks around it."""
    return hashlib.sha256(text.strip().encode("utf-8")).hexdigest()


def _foreign_scripts(tree: html.HtmlElement, scripts: Collection[str]) -> int:
    """How many scripts are none of ours, word for word; one with an attribute could load or be something else.

    What runs without a script element, by an attribute of another element or an address, is never ours.
    """
    known = {hash_of_script(text) for text in scripts}
    found = tree.xpath("//*[local-name()='script']")
    foreign = [one for one in found if one.attrib or hash_of_script(one.text_content()) not in known]
    handlers = tree.xpath("//@*[starts-with(translate(name(), 'ON', 'on'), 'on')]")
    return len(foreign) + len(handlers) + sum(bool(RUNS.match(address)) for address in tree.xpath("//@*"))


def is_let_through(text: str, numbers: Collection[int]) -> bool:
    """Whether the text of a count is a symbol, a dash or a number that passed the door."""
    shown = text.strip().replace(",", "")
    if shown in MEANINGS or shown == "–":
        return True
    return shown.isdecimal() and int(shown) in numbers
