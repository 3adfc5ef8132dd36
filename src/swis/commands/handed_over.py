"""What became of a release when it was handed over; apart from how, which takes the libraries of the reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HandedOver:
    """What the scan of a release came to: the verdict for the checker, and a line for each finding."""

    verdict: str
    findings: tuple[str, ...]
