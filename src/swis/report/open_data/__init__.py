"""The outcomes of an evaluation as open data: tidy CSV that the DfE's table tool and any program can read."""

from __future__ import annotations

from swis.report.open_data.files import FOLDER, UnsoundFileError, open_data_files, open_data_tables

__all__ = ["FOLDER", "UnsoundFileError", "open_data_files", "open_data_tables"]
