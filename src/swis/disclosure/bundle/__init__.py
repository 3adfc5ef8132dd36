"""The output-check bundle: what a human checker needs to judge a release; see README.md."""

from swis.disclosure.bundle.exceptions import AskedException, load_exceptions
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
    "load_exceptions",
    "rules_of",
    "write_bundle",
    "write_part",
]
