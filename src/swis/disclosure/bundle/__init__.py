"""The output-check bundle: what a human checker needs to judge a release; see README.md."""

from swis.disclosure.bundle.exceptions import AskedException, load_exceptions
from swis.disclosure.bundle.hand_over import hand_over, read_audit, write_audit
from swis.disclosure.bundle.model import AuditWords, HiddenCells, MeasureDefinition, ReleasedOutput, Rule
from swis.disclosure.bundle.parts import ReportPart, write_part
from swis.disclosure.bundle.rules import rules_of
from swis.disclosure.bundle.write import Release, write_bundle

__all__ = [
    "AskedException",
    "AuditWords",
    "HiddenCells",
    "MeasureDefinition",
    "Release",
    "ReleasedOutput",
    "ReportPart",
    "Rule",
    "hand_over",
    "load_exceptions",
    "read_audit",
    "rules_of",
    "write_audit",
    "write_bundle",
    "write_part",
]
