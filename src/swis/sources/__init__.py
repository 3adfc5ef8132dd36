"""Readers of the returns: one module a real format, each giving canonical tables, faults and reading notes.

Only this package and `swis.io` touch files. `result` says what a reader returns, `text` parses cells, `csv_text`
loads CSV, `marker` tells simulated from real, `returns` finds and reads everything one authority has sent.
"""

from swis.sources.result import FAULT_COLUMNS, ReadResult, combine

__all__ = ["FAULT_COLUMNS", "ReadResult", "combine"]
