"""The symbols that stand where a number does not, as the Government Analysis Function gives them."""

from __future__ import annotations

HIDDEN = "[c]"
LOW = "[low]"
NOT_AVAILABLE = "[x]"
NOT_APPLICABLE = "[z]"
LOW_RELIABILITY = "[u]"

MEANINGS: dict[str, str] = {
    HIDDEN: "hidden to protect children: the number is small, too few schools stand behind it, or a small one could be "
    "worked out from it",
    LOW: "rounds to zero",
    NOT_AVAILABLE: "not available: the return that holds it was not received, or it was not published",
    NOT_APPLICABLE: "not applicable: there is no such number for this measure, period or school phase",
    LOW_RELIABILITY: "low reliability: published by the DfE as not reliable enough to show",
}

OF_PUBLISHED_SYMBOLS: dict[str, str] = {
    "not applicable": NOT_APPLICABLE,
    "not available": NOT_AVAILABLE,
    "suppressed": HIDDEN,
    "rounds to zero": LOW,
    "low reliability": LOW_RELIABILITY,
}
