"""Key stage 4 and 2 results by pupil: our own CSV form, or files with the names of the national pupil database.

Symbols that DfE performance tables write in place of a number become missing and are counted by what they mean. In
2019/20 and 2020/21 key stage 4 grades were set by teachers and there were no key stage 2 tests (DfE statistical
releases of those years), whatever a file says.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from swis.errors import Problem, ReadingNote, raise_if
from swis.sources.csv_text import check_csv, load_csv
from swis.sources.own_csv import NOT_LAID_OUT, as_listed
from swis.sources.result import NOT_A_BOOLEAN, ReadResult, fault_rows, stack_faults
from swis.sources.text import parse_numbers
from swis.sources.typed_table import source_file_of, typed_table

SYMBOLS = {
    "SUPP": ("suppressed", "results suppressed"),
    "C": ("suppressed", "results suppressed"),
    "NE": ("no_entries", "pupils with no entries"),
    "NP": ("not_published", "results not published"),
    "LOWCOV": ("low_coverage", "results withheld for low coverage"),
    "NA": ("not_available", "results not available"),
    "X": ("not_available", "results not available"),
    "Z": ("not_applicable", "results not applicable"),
}
TEACHER_ASSESSED_YEARS = ["2019/20", "2020/21"]
NO_KEY_STAGE_2 = "no key stage 2 tests in that year"
NO_RESULT_COLUMN = "neither key stage has a result"
KS4_RESULTS = ["attainment8", "progress8", "english_maths_grade5"]
KS2_RESULTS = ["ks2_expected_standard", "ks2_reading_scaled", "ks2_maths_scaled"]
FLAGS = ["english_maths_grade5", "ks2_expected_standard"]
ATTAINMENT_COLUMNS: dict[str, list[str]] = {
    "upn": ["upn", "KS4_UPN", "KS2_UPN"],
    "urn": ["urn", "KS4_URN", "KS2_URN"],
    "academic_year": ["academic_year", "KS4_ACADYR", "KS2_ACADYR", "ACADYR"],
    "key_stage": ["key_stage"],
    "attainment8": ["KS4_ATT8", "attainment8", "ATT8"],
    "progress8": ["KS4_P8SCORE", "progress8", "P8SCORE"],
    "english_maths_grade5": ["KS4_L2BASICS_95", "english_maths_grade5", "L2BASICS_95"],
    "ks2_reading_scaled": ["KS2_READ_SCALED", "KS2_READSCORE", "READSCORE", "ks2_reading_scaled"],
    "ks2_maths_scaled": ["KS2_MATH_SCALED", "KS2_MATSCORE", "MATSCORE", "ks2_maths_scaled"],
    "ks2_expected_standard": ["KS2_RWM_EXPECTED", "KS2_RWM_EXP", "RWM_EXP", "ks2_expected_standard"],
    "graded_by": ["graded_by"],
}
REQUIRED = ["upn", "urn", "academic_year"]


def check_attainment(path: Path, *, folder: Path | None = None) -> list[Problem]:
    """Why a results file could not be read (missing, empty, required column missing)."""
    name = source_file_of(path, folder or path.parent)
    problems = check_csv(path, ATTAINMENT_COLUMNS, required=REQUIRED, file=name)
    results = [*KS4_RESULTS, *KS2_RESULTS]
    absent = [check_csv(path, ATTAINMENT_COLUMNS, required=[result], file=name) for result in results]
    if not problems and all(absent):
        expected = f"at least one of {', '.join(ATTAINMENT_COLUMNS[result][0] for result in results)}"
        problems = [Problem(name, "no column of results", expected, "export the file with its results")]
    return problems


def read_attainment(path: Path, *, authority: str, folder: Path | None = None) -> ReadResult:
    """Table attainment, one row a pupil, key stage and academic year, from one results file.

    A row is key stage 4 where it has a key stage 4 result, else key stage 2; where every result is missing the columns
    of the file decide. On a key stage 4 row the key stage 2 scores are prior attainment. Raises InputError for a file
    that cannot be used.
    """
    within = folder or path.parent
    said = {"authority": authority, "source_file": source_file_of(path, within)}
    raise_if(check_attainment(path, folder=within))
    text = load_csv(path, ATTAINMENT_COLUMNS, required=REQUIRED, file=said["source_file"])
    rows, notes = _without_symbols(text.frame, said["source_file"])
    rows["academic_year"] = as_academic_year(rows["academic_year"])
    rows = as_listed(rows.assign(upn=rows["upn"].str.upper(), key_stage=_key_stage(rows)), "attainment")
    rows, grading = _graded(rows, said["source_file"])
    rows, faults = _flags_as_words(rows, said)
    rows, untested = _without_tests_never_held(rows)
    table, unread = typed_table(rows, "attainment", **said)
    faults += [
        fault_rows("attainment", "", NOT_LAID_OUT, text.bad_rows, **said),
        fault_rows("attainment", "key_stage", NO_KEY_STAGE_2, rows.loc[untested, "source_record"], **said),
        fault_rows(
            "attainment", "key_stage", NO_RESULT_COLUMN, rows.loc[rows["key_stage"].isna(), "source_record"], **said
        ),
    ]
    return ReadResult({"attainment": table}, stack_faults([unread, *faults]), [*text.notes, *notes, *grading])


def _without_symbols(text: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[ReadingNote]]:
    counts: dict[tuple[str, str], int] = {}
    rows = text.copy()
    for column in [name for name in [*KS4_RESULTS, *KS2_RESULTS] if name in rows]:
        upper = rows[column].str.upper()
        for symbol, count in upper[upper.isin(SYMBOLS)].value_counts().items():
            counts[SYMBOLS[str(symbol)]] = counts.get(SYMBOLS[str(symbol)], 0) + int(count)
        rows[column] = rows[column].mask(upper.isin(SYMBOLS))
    return rows, [ReadingNote(file, kind, count, message) for (kind, message), count in sorted(counts.items())]


def as_academic_year(years: pd.Series) -> pd.Series:
    """'2021/22' from 2021/22, 2021/2022, 2021-22 or 202122; anything else stays as it is."""
    parts = years.str.extract(r"^(20\d\d)[/-]?(?:20)?(\d\d)$")
    written = parts[0] + "/" + parts[1]
    return written.astype("string").fillna(years)


def _filled(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    present = [name for name in columns if name in rows]
    return rows[present].notna().any(axis=1) if present else pd.Series(False, rows.index)


def _key_stage(rows: pd.DataFrame) -> pd.Series:
    given = rows["key_stage"].str.upper() if "key_stage" in rows else pd.Series(pd.NA, rows.index, "string")
    only = [stage for stage, own in (("KS4", KS4_RESULTS), ("KS2", KS2_RESULTS[:1])) if set(own) & set(rows)]
    otherwise = only[0] if len(only) == 1 else None
    found = pd.Series(otherwise, rows.index, dtype="string")
    found = found.mask(_filled(rows, KS2_RESULTS), "KS2").mask(_filled(rows, KS4_RESULTS), "KS4")
    return given.fillna(found)


def _graded(rows: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[ReadingNote]]:
    """How the grades came about: by teachers in the two years without exams, else as given, else by exam."""
    given = rows["graded_by"] if "graded_by" in rows else pd.Series(pd.NA, rows.index, "string")
    by_teacher = rows["key_stage"].eq("KS4").fillna(False) & rows["academic_year"].isin(TEACHER_ASSESSED_YEARS)
    changed = int((by_teacher & given.ne("teacher").fillna(False)).sum())
    graded = given.fillna("exam").mask(by_teacher, "teacher")
    message = "results of 2019/20 and 2020/21 said to be by exam: grades of those years were set by teachers"
    notes = [ReadingNote(file, "graded_by_teacher", changed, message)] if changed else []
    return rows.assign(graded_by=graded), notes


def _flags_as_words(rows: pd.DataFrame, said: dict[str, str]) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Yes-or-no results also written as a percentage of one pupil (100%, 0%); other percentages are faults."""
    columns, faults = {}, []
    for name in [flag for flag in FLAGS if flag in rows]:
        percent = rows[name].str.endswith("%").fillna(False)
        number, _ = parse_numbers(rows[name].str.removesuffix("%"))
        whole = number.map({100.0: "1", 0.0: "0"}).astype("string")
        columns[name] = rows[name].mask(percent, whole)
        unread = rows.loc[percent & whole.isna(), "source_record"]
        faults.append(fault_rows("attainment", name, NOT_A_BOOLEAN, unread, **said))
    return rows.assign(**columns), faults


def _without_tests_never_held(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Rows with the results of key stage 2 taken out in the years it was not held, and the mask of those rows."""
    untested = rows["key_stage"].eq("KS2").fillna(False) & rows["academic_year"].isin(TEACHER_ASSESSED_YEARS)
    columns = {name: rows[name].mask(untested) for name in KS2_RESULTS if name in rows}
    return rows.assign(**columns), untested
