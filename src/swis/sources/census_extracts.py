"""The censuses of one authority as text: each module loaded, and those of one vintage stacked into one frame.

A module by itself is small: most of the work would be what every operation costs whatever it is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from swis.errors import ReadingNote
from swis.frames import stacked
from swis.sources.census_schools import native_ids_beside, school_of
from swis.sources.csv_text import CsvText, load_csv
from swis.sources.result import fault_rows
from swis.sources.school_census_layout import columns_of
from swis.sources.typed_table import source_file_of

NOT_LAID_OUT = "row does not fit the header"


@dataclass(frozen=True)
class Census:
    """One census: the files of its modules, the year and term of its day, and the schools that LAESTABs mean."""

    modules: Mapping[str, Path]
    year: int
    term: str
    laestab_to_urn: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Extracts:
    """The censuses of one authority, in order, and the folder that their files are named from."""

    censuses: Sequence[Census]
    authority: str
    folder: Path

    def with_module(self, module: str) -> list[Census]:
        """The censuses that have a module."""
        return [census for census in self.censuses if module in census.modules]

    def file_of(self, census: Census, module: str) -> str:
        """The name that a module goes by in tables and messages."""
        return source_file_of(census.modules[module], self.folder)

    def load(self, census: Census, module: str, table: str) -> tuple[CsvText, dict[str, str], pd.DataFrame]:
        """A module as text, the provenance of its faults, and the faults, of `table`, of rows not laid out.

        Record numbers are told apart by census: each census gives its own.
        """
        columns, required = columns_of(module, census.modules)
        said = {"authority": self.authority, "source_file": self.file_of(census, module)}
        text = load_csv(census.modules[module], columns, required=required, file=said["source_file"])
        if "record_id" in text.frame:
            text.frame["record_id"] = f"{census.year} {census.term} " + text.frame["record_id"]
        return text, said, fault_rows(table, "", NOT_LAID_OUT, text.bad_rows, **said)

    def urn_of(self, native_ids: pd.Series, census: Census) -> pd.Series:
        """The school that each row of a census means; missing where it is not known."""
        own = native_ids_beside(census.modules.values(), self.folder)
        return school_of(native_ids, dict(census.laestab_to_urn) | own)[0]


@dataclass(frozen=True)
class Vintage:
    """Modules with the same columns stacked: `rows` of text with their source_file, and the part each row is of."""

    censuses: Sequence[Census]
    files: Sequence[str]
    rows: pd.DataFrame
    part: np.ndarray

    def notes(self, kind: str, mask: pd.Series, message: str) -> list[ReadingNote]:
        """A note for each file of which the mask holds, with the number of its rows."""
        counts = np.bincount(self.part[mask.to_numpy(dtype=bool)], minlength=len(self.files))
        return [ReadingNote(file, kind, int(n), message) for file, n in zip(self.files, counts, strict=True) if n]

    def of_each(self, values: Sequence[str]) -> pd.Series:
        """For each row the value of its part."""
        return pd.Series(pd.array(list(values), dtype="string").take(self.part), index=self.rows.index)


def stack(censuses: Sequence[Census], files: Sequence[str], frames: Sequence[pd.DataFrame]) -> Vintage:
    """The text of one module of several censuses as one, in the order given."""
    part = np.repeat(np.arange(len(frames)), [len(frame) for frame in frames])
    vintage = Vintage(censuses, files, stacked(frames), part)
    years = np.array([census.year for census in censuses])[part]
    placed = {"source_file": vintage.of_each(files), "census_term": vintage.of_each([one.term for one in censuses])}
    return Vintage(censuses, files, vintage.rows.assign(**placed, census_year=years), part)
