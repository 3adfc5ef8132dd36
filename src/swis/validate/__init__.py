"""Validation in three layers (shape, statutory, plausibility) with Great Expectations as the judge."""

from swis.validate.run import (
    Report,
    check_plausibility,
    check_shape,
    check_statutory,
    conclude,
    failures,
    read_returns,
    rows_by_table,
    save,
    summary,
)

__all__ = [
    "Report",
    "check_plausibility",
    "check_shape",
    "check_statutory",
    "conclude",
    "failures",
    "read_returns",
    "rows_by_table",
    "save",
    "summary",
]
