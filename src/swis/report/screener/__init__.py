"""Our own screener of open-data files: what the DfE asks of a file for Explore Education Statistics."""

from __future__ import annotations

from swis.report.screener.data_file import DataFile, data_file
from swis.report.screener.screen import CHECKS, FAIL, PASS, REVIEW, Finding, failures, screen

__all__ = ["CHECKS", "FAIL", "PASS", "REVIEW", "DataFile", "Finding", "data_file", "failures", "screen"]
