"""The school census reader: schools, enrolments, absence by reason, suspensions."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd

from swis.sources.school_census import read_school_census

ROLL_HEADER = (
    "pupilonrolltableid,NativeId,dob,surname,upn,formerupn,sex,entrydate,ncyearactual,enrolstatus,senprovision"
)
ROLL_ROW = "a1,900001,2008-Mar-02 00:00:00,NAME,a999000000001,,F,2019-Sep-03 00:00:00,9,C,N"
LEFT_HEADER = "pupilnolongeronrolltableid,NativeId,upn,entrydate,leavingdate,ncyearleaving,gender"
EXCLUSIONS_HEADER = "pupilonrolltableid,NativeId,startdate,sessions,reason1,reason2,reason3,category"


def _write(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


def _read(folder: Path, paths: dict[str, Path], term: str = "spring", **options):
    return read_school_census(
        paths, authority="gateshead", folder=folder, census_year=2022, census_term=term, **options
    )


def test_pupils_on_and_off_roll_become_one_table(tmp_path):
    on = _write(tmp_path, "on.csv", ROLL_HEADER, ROLL_ROW)
    left = _write(
        tmp_path, "off.csv", LEFT_HEADER, "b1,900001,A999000000002,2018-Sep-04 00:00:00,2021-Nov-30 00:00:00,R,1"
    )
    pupils = _read(tmp_path, {"pupilonroll": on, "pupilnolongeronroll": left}).tables["pupils"]
    assert list(pupils["is_on_roll"]) == [True, False]
    assert list(pupils["upn"]) == ["A999000000001", "A999000000002"]
    assert list(pupils["sex"]) == ["F", "M"]
    assert list(pupils["year_group"]) == [9, 0]
    assert pupils["leaving_date"].iloc[1] == pd.Timestamp("2021-11-30")
    assert list(pupils["source_file"]) == ["on.csv", "off.csv"]
    assert set(pupils["census_term"]) == {"spring"}


def test_columns_a_census_does_not_have_are_said(tmp_path):
    on = _write(tmp_path, "on.csv", "NativeId,upn,entrydate,dob,enrolstatus", "900001,A1,2019-09-03,2008-03-02,C")
    notes = [note for note in _read(tmp_path, {"pupilonroll": on}).notes if note.kind == "column_absent"]
    assert [note.message for note in notes] == [
        "columns this census does not have: year_group, termlysessions_sessions_possible"
    ]


def test_names_are_never_in_the_tables(tmp_path):
    on = _write(tmp_path, "on.csv", ROLL_HEADER, ROLL_ROW)
    result = _read(tmp_path, {"pupilonroll": on})
    assert "NAME" not in result.tables["pupils"].astype("string").to_csv()


def test_a_school_is_found_by_urn_laestab_or_own_number(tmp_path):
    rows = [ROLL_ROW.replace("900001", school) for school in ["900001", "3904321", "390/4321", "SCH1", "900001.0"]]
    on = _write(tmp_path, "on.csv", ROLL_HEADER, *rows)
    _write(tmp_path, "native_ids.csv", "native_id,urn", "SCH1,900003")
    result = _read(tmp_path, {"pupilonroll": on}, laestab_to_urn={"3904321": "900002"})
    assert list(result.tables["pupils"]["urn"]) == ["900001", "900002", "900002", "900003", "900001"]
    assert result.faults.empty


def test_an_unknown_school_keeps_its_rows_and_is_a_fault_without_its_value(tmp_path):
    on = _write(tmp_path, "on.csv", ROLL_HEADER, ROLL_ROW.replace("900001", "SCH9"), ROLL_ROW)
    result = _read(tmp_path, {"pupilonroll": on})
    assert list(result.tables["pupils"]["urn"].isna()) == [True, False]
    assert result.faults.to_dict("records") == [
        {
            "authority": "gateshead",
            "table": "pupils",
            "source_file": "on.csv",
            "source_record": 1,
            "column": "urn",
            "fault": "unknown school",
        }
    ]


def test_absence_is_summed_from_reason_rows_where_the_totals_are_gone(tmp_path):
    on = _write(tmp_path, "on.csv", "pupilonrolltableid,NativeId,upn,entrydate,termlysessionspossible",
                "a1,900001,A1,2019-09-03,134.0", "a2,900001,A2,2019-09-03,130.0")  # fmt: skip
    reasons = _write(tmp_path, "r.csv", "pupilonrolltableid,sessions,attendancereason",
                     "a1,4.0,I", "a1,2.0,m", "a1,3.0,O", "a1,5.0,X", "zz,9.0,I")  # fmt: skip
    result = _read(tmp_path, {"pupilonroll": on, "termlysessiondetailsonroll": reasons})
    counts = result.tables["attendance"].filter(like="sessions_")
    assert counts.to_numpy().tolist() == [[134, 6, 3, 5], [130, 0, 0, 0]]
    assert [note.count for note in result.notes if note.kind == "reasons_without_pupil"] == [1]


def test_totals_win_over_reason_rows_and_blanks_are_filled_by_them(tmp_path):
    header = "pupilonrolltableid,NativeId,upn,entrydate,termlysessionspossible,termlysessionsauthorised"
    on = _write(tmp_path, "on.csv", header, "a1,900001,A1,2019-09-03,100,8", "a2,900001,A2,2019-09-03,100,",
                "a3,900001,A3,2019-09-03,100,")  # fmt: skip
    reasons = _write(tmp_path, "r.csv", "pupilonrolltableid,absencesessions,attendancereason", "a1,1,I", "a2,2,I")
    authorised = _read(tmp_path, {"pupilonroll": on, "termlysessiondetailsonroll": reasons}).tables["attendance"]
    assert list(authorised["sessions_authorised"].fillna(-1)) == [8, 2, -1]


def test_absence_without_totals_or_reasons_is_missing_not_zero(tmp_path):
    on = _write(tmp_path, "on.csv", "NativeId,upn,entrydate,termlysessionspossible", "900001,A1,2019-09-03,100")
    result = _read(tmp_path, {"pupilonroll": on})
    assert result.tables["attendance"]["sessions_authorised"].isna().all()
    assert [note.kind for note in result.notes if note.kind.endswith("without_absence")] == [
        "termlysessions_without_absence"
    ]


def test_a_pupil_without_any_session_count_has_no_attendance_row(tmp_path):
    on = _write(tmp_path, "on.csv", "NativeId,upn,entrydate,termlysessionspossible", "900001,A1,2019-09-03,")
    assert _read(tmp_path, {"pupilonroll": on}).tables["attendance"].empty


def test_code_x_is_read_in_both_its_spellings(tmp_path):
    for spelling in ["termlysessionscodex", "termlysessionscoronavirus"]:
        on = _write(
            tmp_path,
            "on.csv",
            f"NativeId,upn,entrydate,termlysessionspossible,{spelling}",
            "900001,A1,2019-09-03,100,12.0",
        )
        assert list(_read(tmp_path, {"pupilonroll": on}).tables["attendance"]["sessions_code_x"]) == [12]


def test_an_unknown_attendance_code_is_a_fault_of_its_row(tmp_path):
    on = _write(tmp_path, "on.csv", "pupilonrolltableid,NativeId,upn,entrydate", "a1,900001,A1,2019-09-03")
    reasons = _write(tmp_path, "r.csv", "pupilonrolltableid,sessions,attendancereason", "a1,2,I", "a1,2,%")
    faults = _read(tmp_path, {"pupilonroll": on, "termlysessiondetailsonroll": reasons}).faults
    columns = ["table", "source_file", "source_record", "column", "fault"]
    assert faults[columns].to_numpy().tolist() == [["attendance", "r.csv", 2, "attendancereason", "not in the list"]]


def test_suspensions_take_upn_and_category_and_joined_reasons(tmp_path):
    on = _write(tmp_path, "on.csv", ROLL_HEADER, ROLL_ROW)
    exclusions = _write(
        tmp_path,
        "ex.csv",
        EXCLUSIONS_HEADER,
        "a1,900001,2021-Jun-08 00:00:00,10.0,DB,PA,DB,FIXD",
        "a1,900001,2021-Jun-09 00:00:00,4.0,PP,,,SUSP",
        "a1,900001,2021-Jun-10 00:00:00,,,,,PERM",
        "a1,900001,2021-Jun-11 00:00:00,1.0,OT,,,LNCH",
        "a1,900001,2021-Jun-12 00:00:00,1.0,OT,,,ODD",
    )
    table = _read(tmp_path, {"pupilonroll": on, "termlyexclusionsonroll": exclusions}).tables["suspensions"]
    assert list(table["category"]) == ["suspension", "suspension", "permanent", "lunchtime", "ODD"]
    assert list(table["reasons"].fillna("")) == ["DB PA", "PP", "", "OT", "OT"]
    assert set(table["upn"]) == {"A999000000001"}
    assert table["start_date"].iloc[0] == pd.Timestamp("2021-06-08")


def test_an_exclusion_of_no_known_pupil_is_kept_and_is_a_fault(tmp_path):
    on = _write(tmp_path, "on.csv", ROLL_HEADER, ROLL_ROW)
    exclusions = _write(tmp_path, "ex.csv", EXCLUSIONS_HEADER, "zz,900001,2021-Jun-08 00:00:00,2.0,DB,,,SUSP")
    result = _read(tmp_path, {"pupilonroll": on, "termlyexclusionsonroll": exclusions})
    assert len(result.tables["suspensions"]) == 1
    assert list(result.faults["fault"]) == ["no pupil with this record number"]


def test_the_one_reason_of_earlier_censuses_is_read(tmp_path):
    on = _write(tmp_path, "on.csv", ROLL_HEADER, ROLL_ROW)
    exclusions = _write(
        tmp_path,
        "ex.csv",
        "pupilonrolltableid,NativeId,startdate,sessions,reason,category",
        "a1,900001,2019-Jun-08 00:00:00,2.0,DB,FIXD",
    )
    table = _read(tmp_path, {"pupilonroll": on, "termlyexclusionsonroll": exclusions}).tables["suspensions"]
    assert list(table["reasons"]) == ["DB"]


def test_free_school_meals_on_census_day_come_from_periods_of_eligibility(tmp_path):
    rows = [ROLL_ROW.replace("a1", record) for record in ["a1", "a2", "a3"]]
    on = _write(tmp_path, "on.csv", ROLL_HEADER, *rows)
    periods = _write(
        tmp_path,
        "fsm.csv",
        "pupilonrolltableid,fsmstartdate,fsmenddate",
        "a1,2020-Apr-01 00:00:00,",
        "a2,2020-Apr-01 00:00:00,2021-Dec-31 00:00:00",
    )
    pupils = _read(tmp_path, {"pupilonroll": on, "fsmperiodsonroll": periods}).tables["pupils"]
    assert list(pupils["is_fsm_eligible"]) == [True, False, False]


def test_a_compressed_module_reads_as_the_plain_one(tmp_path):
    plain = _write(tmp_path, "on.csv", ROLL_HEADER, ROLL_ROW)
    packed = tmp_path / "on.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    one, other = (_read(tmp_path, {"pupilonroll": path}).tables["pupils"] for path in (plain, packed))
    pd.testing.assert_frame_equal(one.drop(columns="source_file"), other.drop(columns="source_file"))


def test_a_cell_that_does_not_parse_becomes_missing_and_a_fault(tmp_path):
    on = _write(tmp_path, "on.csv", ROLL_HEADER, ROLL_ROW.replace("2019-Sep-03 00:00:00", "soon").replace(",9,", ",Q,"))
    result = _read(tmp_path, {"pupilonroll": on})
    assert set(zip(result.faults["column"], result.faults["fault"], strict=True)) == {
        ("entry_date", "not a date"),
        ("year_group", "not a number"),
    }
    assert "soon" not in result.faults.to_csv()
