"""Reading for `bare_pandas.py`: our CIN reader for the XML, pandas for the rest, with the columns that are counted.

The same files as ours reads, and the same library for workbooks.
"""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pandas as pd

from swis.sources.cin_census import read_cin_census

PLACE = {"spring": 0, "summer": 1, "autumn": 2}
SESSIONS = [
    f"{prefix}{kind}"
    for prefix in ("termlysessions", "summerhalfterm2sessions")
    for kind in ("possible", "authorised", "unauthorised")
]
TRAITS = ["sex", "fsmeligible", "senprovision", "ethnicity"]
ROLL = [
    "nativeid", "upn", "formerupn", "dob", "entrydate", "leavingdate", "enrolstatus", "ncyearactual", "ncyearleaving",
    *TRAITS, *SESSIONS,
]  # fmt: skip
EXCLUSIONS = ["nativeid", "startdate", "sessions", "reason1", "reason2", "category"]
RESULTS = ["KS4_ATT8", "KS4_P8SCORE", "KS4_L2BASICS_95", "KS2_RWM_EXPECTED"]
PRIORS = ["KS2_READ_SCALED", "KS2_MATH_SCALED"]
DATE = "datetime64[us]"
CENSUS_DATE = "%Y-%b-%d %H:%M:%S"
SIDES = {"pupilonroll": "termlyexclusionsonroll", "pupilnolongeronroll": "termlyexclusionsoffroll"}
TEXT = {
    "nativeid", "upn", "formerupn", "urn", "enrolstatus", *TRAITS, "child", "ls", "place", "rec", "category", "reason1",
    "reason2", "la_child_id", "concern_codes", "outcome", "respondent",
}  # fmt: skip
# Annex A: the list of a workbook → the date that makes its event, and what more is counted of it.
SOURCE = "Contact Source"
LISTS = {
    1: ["Date of Contact", SOURCE],
    2: ["Assessment start date"],
    3: ["Date of Referral"],
    4: ["Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation"],
    5: [
        "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Date of Initial Child Protection Conference",
    ],
    6: ["CIN Start Date"],
}


def read(path: Path, wanted: list[str]) -> pd.DataFrame:
    """The wanted columns that the file has, under their wanted names whatever the case in the file."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", errors="replace") as stream:
        header = next(csv.reader(stream))
    ours = {name.lower(): name for name in wanted}
    names = {name: ours[name.lower()] for name in header if name.lower() in ours}
    text = {name: "str" for name, own in names.items() if own.lower() in TEXT}
    rows = pd.read_csv(path, usecols=list(names), dtype=text, encoding="utf-8-sig", encoding_errors="replace")
    return rows.rename(columns=names)


def cin(raw: Path, slug: str) -> dict[str, pd.DataFrame]:
    """Every table of the CIN census, stacked in the order of the years."""
    paths = sorted((raw / slug / "cin").glob("*.xml"))
    results = [read_cin_census(path, authority=slug).tables for path in paths]
    return {name: pd.concat([tables[name] for tables in results], ignore_index=True) for name in results[0]}


def allocation(raw: Path, slug: str) -> pd.DataFrame:
    rows = read(raw / "national" / "allocation.csv", ["urn", "stratum", "arm"])
    return rows.loc[rows["stratum"] == slug, ["urn", "arm"]].drop_duplicates("urn")


def roll(raw: Path, slug: str) -> pd.DataFrame:
    """Pupils of every census, on roll and left: urn, `at` (orders censuses), is_leaver, dates, traits, sessions."""
    parts = []
    for module in SIDES:
        for path, at in _censuses(raw, slug, module):
            rows = read(path, [*ROLL, f"{module}tableid"]).rename(columns={f"{module}tableid": "record"})
            rows = rows.rename(columns={"ncyearactual": "ncyear", "ncyearleaving": "ncyear"})
            parts.append(rows.assign(at=at, is_leaver=module == "pupilnolongeronroll"))
    rows = pd.concat(parts, ignore_index=True)
    for name in ("dob", "entrydate", "leavingdate"):
        rows[name] = pd.to_datetime(rows[name], format=CENSUS_DATE, errors="coerce")
    for name in ("ncyear", *SESSIONS):
        rows[name] = pd.to_numeric(rows[name], errors="coerce")
    return rows.assign(urn=_urn(rows["nativeid"], raw), upn=_tidy(rows["upn"]), formerupn=_tidy(rows["formerupn"]))


def suspensions(raw: Path, slug: str, roll_rows: pd.DataFrame) -> pd.DataFrame:
    """Suspensions of every census with the UPN of their pupil record."""
    parts = []
    for pupils, module in SIDES.items():
        for path, at in _censuses(raw, slug, module):
            rows = read(path, [*EXCLUSIONS, f"{pupils}tableid"]).rename(columns={f"{pupils}tableid": "record"})
            parts.append(rows.assign(at=at, is_leaver=pupils == "pupilnolongeronroll"))
    rows = pd.concat(parts, ignore_index=True)
    rows["startdate"] = pd.to_datetime(rows["startdate"], format=CENSUS_DATE, errors="coerce")
    rows["sessions"] = pd.to_numeric(rows["sessions"], errors="coerce")
    pupils_of = roll_rows[["at", "is_leaver", "record", "urn", "upn"]]
    return rows.merge(pupils_of, on=["at", "is_leaver", "record"], how="left").sort_values("at", kind="stable")


def _censuses(raw: Path, slug: str, module: str) -> list[tuple[Path, int]]:
    paths = (raw / slug / "school_census").glob(f"*_{module}.csv*")
    found = []
    for path in sorted(paths):
        year, term = path.name.split("_")[:2]
        found.append((path, int(year) * 3 + PLACE[term]))
    return found


def _tidy(text: pd.Series) -> pd.Series:
    return text.str.strip().str.upper()


def _urn(native: pd.Series, raw: Path) -> pd.Series:
    """The school's URN; a LAESTAB is looked up in the register."""
    register = pd.read_csv(
        raw / "national" / "gias.csv",
        usecols=["URN", "LA (code)", "EstablishmentNumber"],
        dtype="str",
        encoding="cp1252",
    ).dropna()
    urn_of = register.assign(laestab=register["LA (code)"] + register["EstablishmentNumber"])
    urn_of = urn_of.drop_duplicates("laestab", keep="last").set_index("laestab")["URN"]
    return native.map(urn_of).fillna(native)


def care(raw: Path, slug: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Child and UPN of every 903 header, and episodes, stacked in the order of the years."""
    years = sorted((raw / slug / "ssda903").iterdir())
    headers = pd.concat([_of_903(year, "header", ["CHILD", "UPN"]) for year in years], ignore_index=True)
    named = headers.dropna().drop_duplicates("CHILD", keep="last")
    episodes = [_of_903(year, "episodes", ["CHILD", "DECOM", "LS", "PLACE", "DEC", "REC"]) for year in years]
    stacked = pd.concat(episodes, ignore_index=True)
    for name in ("DECOM", "DEC"):
        stacked[name] = pd.to_datetime(stacked[name], format="%d/%m/%Y", errors="coerce")
    return named.rename(columns={"CHILD": "la_child_id", "UPN": "upn"}), stacked


def _of_903(folder: Path, module: str, wanted: list[str]) -> pd.DataFrame:
    return pd.concat([read(path, wanted) for path in sorted(folder.glob(f"*{module}*.csv*"))], ignore_index=True)


def attainment(raw: Path, slug: str) -> pd.DataFrame:
    numbers = [*RESULTS, *PRIORS]
    rows = read(raw / slug / "attainment" / "attainment.csv", ["upn", "urn", "academic_year", *numbers])
    return rows.assign(**{name: pd.to_numeric(rows[name], errors="coerce") for name in numbers})


def annex_a(raw: Path, slug: str) -> dict[int, pd.DataFrame]:
    """Lists 1 to 6 of every workbook by number: la_child_id and the columns of LISTS; no rows without a workbook."""
    books = [
        pd.read_excel(path, sheet_name=None, engine="calamine")
        for path in sorted((raw / slug / "annex_a").glob("*.xlsx"))
    ]
    return {number: _stacked_list(books, number, columns) for number, columns in LISTS.items()}


def _stacked_list(books: list[dict[str, pd.DataFrame]], number: int, columns: list[str]) -> pd.DataFrame:
    wanted = {"Child Unique ID": "la_child_id"} | {name: name for name in columns}
    sheets = [book[f"List {number}"][list(wanted)] for book in books if f"List {number}" in book]
    rows = pd.concat(sheets, ignore_index=True) if sheets else pd.DataFrame(columns=list(wanted))
    dates = [name for name in columns if name != SOURCE]
    parsed = {name: pd.to_datetime(rows[name], format="mixed", dayfirst=True, errors="coerce") for name in dates}
    return rows.rename(columns=wanted).assign(**parsed).astype(dict.fromkeys(dates, DATE))


def contacts(raw: Path, slug: str) -> pd.DataFrame:
    """Contacts as the authority's form has them, with their dates."""
    columns = ["la_child_id", "upn", "urn", "contact_date", "concern_codes", "outcome", "decision_date"]
    return _own_file(raw / slug / "contacts.csv", columns, ["contact_date", "decision_date"])


def survey(raw: Path, slug: str) -> pd.DataFrame:
    columns = ["urn", "respondent", "wave", "scale", "item", "score", "left_post_on"]
    return _own_file(raw / slug / "dsl_survey.csv", columns, ["left_post_on"])


def delivery(raw: Path, slug: str) -> pd.DataFrame:
    columns = ["worker", "role", "urn", "from", "to", "fte", "month", "sessions_planned", "sessions_held"]
    return _own_file(raw / slug / "delivery.csv", columns, ["from", "to", "month"])


def _own_file(path: Path, columns: list[str], dates: list[str]) -> pd.DataFrame:
    rows = read(path, columns) if path.exists() else pd.DataFrame(columns=columns)
    parsed = {name: pd.to_datetime(rows[name], errors="coerce") for name in dates}
    return rows.assign(**parsed).astype(dict.fromkeys(dates, DATE))
