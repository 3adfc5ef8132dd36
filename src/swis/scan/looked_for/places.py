"""Paths of a machine (they name people and servers) and tracebacks (they show the row that failed)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from swis.scan.find import places_of_any

PATHS = re.compile(
    r"(?<![\w/.:~-])(?:/(?:home|Users|root)/[\w.-]+|/(?:mnt|media)/[\w.-]+/[\w.-]+"
    r"|/(?:srv|nfs|scratch|opt)/[\w.-]+/[\w.-]+|/private/var/[\w.-]+|/var/folders/[\w.-]+|/tmp/[\w.-]+)"
    r"|file:/{2,3}[\w%./~-]{2,}"
    r"|(?<![A-Za-z])[A-Za-z]:[\\/]{1,2}(?:Users|Documents and Settings|Temp|Windows)[\\/]{1,2}\w"
    r"|(?<![A-Za-z])[A-Za-z]:\\{1,2}\w[\w .-]{2,40}\\{1,2}\w[\w .-]{2,}"
    r"|(?<![\\\w])\\\\{1,3}[A-Za-z][\w.-]{2,}\\{1,2}[\w$.-]{3,}\\{1,2}[\w.-]{2,}",
)
HINTS = (
    *(f"/{name}/" for name in ("home", "Users", "root", "mnt", "media", "srv", "nfs", "scratch", "opt")),
    *("/private/", "/tmp/"),
    *("/var/f", "file:/", ":\\", ":/Users", ":/Temp", ":/Windows", "\\\\"),
)
LONGEST = 200
TRACE = "Traceback (most recent call last)"


def paths_in(text: str, own: Iterable[str] = ()) -> set[str]:
    """The paths in text: of the usual places of each system, and the `own` ones (the folders of this very machine)."""
    found = {path for path in own if path in text}
    for place in places_of_any(text, HINTS):
        match = PATHS.search(text, max(0, place - 1), place + LONGEST)
        if match is not None:
            found.add(match.group())
    return found


def tracebacks_in(text: str) -> int:
    """How many tracebacks stand in text."""
    return text.count(TRACE)
