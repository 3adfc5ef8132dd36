"""Our own CSV forms, the roll, and the templates that begin them."""

from __future__ import annotations

import pandas as pd
import pytest

from swis.errors import InputError
from swis.sources.csv_text import check_csv
from swis.sources.own_csv import check_own_csv, read_own_csv
from swis.sources.own_formats import FORMS, own_form, required_columns
from swis.sources.roll import read_roll
from swis.sources.templates import write_templates

NAMES_OF_THE_ASSUMPTIONS = {
    "allocation": "urn,trial,stratum,arm,allocated_on,withdrawn_on,reason,merged_into_urn",
    "contacts": "la_child_id,upn,urn,contact_date,source_code,concern_codes,outcome,decision_date",
    "attainment": "upn,urn,academic_year,KS4_ATT8,KS4_P8SCORE,KS4_L2BASICS_95,"
    "KS2_READ_SCALED,KS2_MATH_SCALED,KS2_RWM_EXPECTED,graded_by",
    "suspensions": "urn,upn,start_date,sessions,reason,category",
    "delivery": "worker,role,urn,from,to,fte,month,sessions_planned,sessions_held,community_of_practice",
    "costs": "item,unit,quantity_basis,unit_cost,price_year,source",
    "dsl_survey": "urn,respondent,wave,scale,item,score,left_post_on",
}


@pytest.mark.parametrize(("form", "names"), NAMES_OF_THE_ASSUMPTIONS.items())
def test_the_columns_of_a_form_are_the_documented_ones(form, names):
    assert ",".join(column.name for column in own_form(form)) == names


def test_delivery_reads_from_and_to_and_values_in_any_case(tmp_path):
    path = tmp_path / "delivery.csv"
    path.write_text("Worker,Role,URN,From,To,FTE\nw1,Social Worker,900001,01/09/2020,,0.8\n")
    table = read_own_csv(path, "delivery", authority="x").tables["delivery"]
    assert table["from_date"].item() == pd.Timestamp("2020-09-01")
    assert (table["role"].item(), table["fte"].item()) == ("social worker", 0.8)
    assert "authority" not in table


def test_cells_that_do_not_parse_are_faults_and_unlisted_values_are_kept(tmp_path):
    path = tmp_path / "suspensions.csv"
    path.write_text("upn,urn,start_date,sessions,reason,category\nA1,900001,32/01/2021,two,DB,expelled\n")
    result = read_own_csv(path, "suspensions", authority="x", folder=tmp_path)
    assert set(result.faults["column"]) == {"start_date", "sessions"}
    assert result.tables["suspensions"]["category"].item() == "expelled"
    assert result.tables["suspensions"]["reasons"].item() == "DB"


def test_a_roll_gives_pupils_and_attendance_in_arrears(tmp_path):
    path = tmp_path / "roll.csv"
    path.write_text(
        "upn,urn,census_year,census_term,entry_date,leaving_date,year_group,sex,fsm,sessions_possible,authorised,"
        "unauthorised,code_x,summer_half_term_2_possible,summer_half_term_2_authorised\n"
        "A1,900001,2021,autumn,2019-09-03,,R,1,1,120,5,2,0,60,3\n"
        "A2,900001,,2021 Spring,2019-09-03,2020-12-18,9,F,0,100,1,0,9,,\n"
    )
    result = read_roll(path, authority="x")
    pupils, attendance = result.tables["pupils"], result.tables["attendance"]
    assert list(pupils["is_on_roll"]) == [True, False]
    assert list(pupils["year_group"]) == [0, 9]
    assert list(zip(pupils["census_year"], pupils["census_term"], strict=True)) == [(2021, "autumn"), (2021, "spring")]
    columns = ["upn", "academic_year", "absence_term", "sessions_possible"]
    assert sorted(attendance[columns].itertuples(index=False, name=None)) == [
        ("A1", "2020/21", "summer", 120),
        ("A1", "2020/21", "summer half-term 2", 60),
        ("A2", "2020/21", "autumn", 100),
    ]
    assert result.faults.empty


def test_termly_counts_are_never_taken_for_summer_half_term_2(tmp_path):
    path = tmp_path / "roll.csv"
    path.write_text(
        "upn,urn,census_year,census_term,entry_date,sessions_possible,sessions_authorised,sessions_unauthorised\n"
        "A1,900001,2021,autumn,2019-09-03,120,5,2\n"
    )
    attendance = read_roll(path, authority="x").tables["attendance"]
    assert list(attendance["absence_term"]) == ["summer"]
    assert list(attendance["sessions_authorised"]) == [5]


def test_templates_are_forms_that_our_own_reader_accepts(tmp_path):
    written = write_templates(tmp_path / "forms")
    assert sorted(path.name for path in written) == sorted([f"{f}.csv" for f in FORMS] + [f"{f}.md" for f in FORMS])
    assert [check_own_csv(tmp_path / "forms" / f"{form}.csv", form) for form in FORMS] == [[] for _ in FORMS]
    for form in set(FORMS) - {"roll"}:
        assert read_own_csv(tmp_path / "forms" / f"{form}.csv", form, authority="x").tables[form].empty


def test_a_guide_names_every_column_and_its_allowed_values(tmp_path):
    write_templates(tmp_path)
    guide = (tmp_path / "allocation.md").read_text()
    assert all(f"`{column.name}`" in guide for column in own_form("allocation"))
    assert "dsls_greater_manchester" in guide


def test_templates_never_overwrite(tmp_path):
    (tmp_path / "costs.csv").write_text("mine")
    with pytest.raises(InputError, match=r"costs\.csv: the file exists already"):
        write_templates(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["costs.csv"]


def test_a_form_that_does_not_exist_is_refused():
    with pytest.raises(KeyError, match="forms are allocation"):
        own_form("survey")


def test_missing_columns_of_a_form_name_the_nearest_header(tmp_path):
    path = tmp_path / "costs.csv"
    path.write_text("item,unit,basis_of_quantity,unit_costs,price_year,source\na,b,c,1,2021/22,d\n")
    columns = {column.key: column.spellings for column in own_form("costs")}
    problems = check_csv(path, columns, required=required_columns("costs"))
    assert [problem.where for problem in problems] == [
        "required column quantity_basis is missing",
        "required column unit_cost is missing",
    ]
    assert "'unit_costs'" in problems[1].action
