"""Open data holds every protected outcome by academic year as the report shows it, in the DfE's form."""

from __future__ import annotations

import dataclasses
import io
from datetime import date

import pandas as pd
import pytest
from invented_report_inputs import DEFINITIONS, ROOT, invented_inputs

from swis.disclosure.label import LABEL, releasable_cells
from swis.disclosure.protected import DisclosureError, Protected
from swis.outcomes.registry import measures
from swis.params import load_params
from swis.report.inputs import ALL, Inputs
from swis.report.measures import measure_texts
from swis.report.open_data import UnsoundFileError, open_data_files, open_data_tables
from swis.report.open_data.families import BASE, FAMILIES, family_of, item_of
from swis.report.open_data.matrix import ARMS
from swis.report.open_data.places import REGIONS, code_in
from swis.report.open_data.values import bare
from swis.report.render import SYNTHETIC_WORDS
from swis.report.screener import PASS, data_file, screen
from swis.report.tables import _arm_cells
from swis.report.wording import DASH

AUTHORITIES = load_params(ROOT / "params").authorities
# What a person should look at, and why it is so: trials and outcomes do not add up to a total, and the authorities
# whose names are not public carry codes that no official area has.
TO_REVIEW = {"filters have a total", "codes look like codes"}


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return invented_inputs(ALL)


@pytest.fixture(scope="module")
def frames(inputs: Inputs) -> dict[str, pd.DataFrame]:
    files = open_data_files(inputs)
    return {file.path.name: pd.read_csv(io.BytesIO(file.content), dtype=str, keep_default_na=False) for file in files}


def test_every_file_is_labelled_described_and_passes_the_screener(inputs: Inputs) -> None:
    files = open_data_files(inputs)
    assert [file.path.as_posix() for file in files] == [
        f"open_data/{family.file}{ending}" for family in FAMILIES for ending in (".csv", ".meta.csv")
    ]
    assert {file.label for file in files} == {LABEL}
    for made, described in zip(files[::2], files[1::2], strict=True):
        found = screen(data_file(made.path.name, made.content, described.path.name, described.content))
        assert {finding.check for finding in found if finding.result != PASS} == TO_REVIEW


def test_the_same_inputs_give_the_same_bytes(inputs: Inputs) -> None:
    assert open_data_files(inputs) == open_data_files(invented_inputs(ALL))


def test_every_protected_outcome_is_there_as_the_report_shows_it(
    inputs: Inputs, frames: dict[str, pd.DataFrame]
) -> None:
    assert inputs.by_authority is not None
    rows = pd.concat([inputs.outcomes.frame, inputs.by_authority.frame])
    years = rows[rows["period_kind"] == "academic year"]
    names = ["la_name", "trial", "arm", "outcome", "time_period"]
    found = {name: frame.set_index(names).sort_index() for name, frame in frames.items() if "meta" not in name}
    for row in years.to_dict("records"):
        family, text = family_of(measures()[row["measure"]]), inputs.measures[row["measure"]]
        place = "" if row["authority"] == ALL else inputs.authorities[row["authority"]]
        year = row["period"][:4] + row["period"][-2:]
        key = (place, inputs.trials[row["trial"]].title, ARMS[row["arm"]], item_of(text, family), year)
        cells = found[f"{family.file}.csv"].loc[key]
        number, behind, value, interval = _arm_cells([row])
        if family.number:
            assert cells[family.number] == bare(number)
        assert cells[BASE] == bare(behind)
        assert cells[family.value] == bare(value)
        lower, upper = (cells[name] for name in family.value_columns[1:])
        if interval == DASH:
            assert lower == upper == (bare(str(row["symbol"])) or "z")
        else:
            assert (lower, upper) == tuple(bare(end) for end in interval.split(" to "))


def test_hidden_numbers_are_symbols_in_every_column_that_would_tell_them(frames: dict[str, pd.DataFrame]) -> None:
    hidden = frames["social_care_rates.csv"].query("event_count == 'c'")
    assert len(hidden)
    assert set(hidden[["event_rate", "event_lower_rate", "event_upper_rate"]].to_numpy().ravel()) == {"c"}


def test_combinations_without_a_number_say_why(inputs: Inputs) -> None:
    kept = inputs.outcomes.where(trial=["swis"])
    only_swis = inputs.outcomes.where(measure=["referrals"])
    outcomes = Protected(pd.concat([kept.frame, only_swis.frame]).drop_duplicates(), kept.counts, kept.policy)
    assert inputs.by_authority is not None
    by_authority = inputs.by_authority.where(measure=["referrals"])
    table = open_data_tables(dataclasses.replace(inputs, outcomes=outcomes, by_authority=by_authority))[0].cells
    enquiries = table[table["outcome"] == "Section 47 enquiries"]
    is_swis = enquiries["trial"] == "Social Workers in Schools"
    of_authorities = enquiries["geographic_level"] == "Local authority"
    # An outcome that the trial has, but not by authority; and one that the trial has not.
    assert set(enquiries.loc[is_swis & of_authorities, "event_rate"]) == {"x"}
    assert set(enquiries.loc[~is_swis, "event_rate"]) == {"z"}


def test_rows_of_all_authorities_together_say_that_they_are_not_england(frames: dict[str, pd.DataFrame]) -> None:
    national = frames["social_care_rates.csv"].query("geographic_level == 'National'")
    assert set(national["trial"]) == {trial.title for trial in load_params(ROOT / "params").trials.values()}
    for name in (name for name in frames if "meta" in name):
        hint = frames[name].set_index("col_name").loc["trial", "filter_hint"]
        assert "they are not figures of England" in hint


@pytest.mark.parametrize("is_synthetic", [True, False])
def test_simulated_numbers_are_marked_in_every_row_and_real_ones_in_none(is_synthetic: bool) -> None:
    for table in open_data_tables(invented_inputs(ALL, is_synthetic=is_synthetic)):
        assert set(table.cells.get("data_status", [])) == ({SYNTHETIC_WORDS} if is_synthetic else set())


def test_an_authority_report_has_no_open_data_of_its_own() -> None:
    assert open_data_files(invented_inputs("salford")) == []


@pytest.mark.parametrize(
    ("slug", "academic_year", "codes"),
    [
        ("cumbria", "2021/22", ("909", "E10000006")),
        ("cumbria", "2022/23", ("909", "E10000006")),  # became two in April 2023; the trial authority stays one
        ("cumbria", "2023/24", ("909", "E10000006")),
        ("somerset", "2022/23", ("933", "E10000027")),
        ("somerset", "2023/24", ("933", "E06000066")),
        ("invented-group-authority-1", "2018/19", ("966", "E99000006")),
    ],
)
def test_an_authority_carries_the_code_of_the_first_day_of_the_year(
    slug: str, academic_year: str, codes: tuple[str, str]
) -> None:
    code = code_in(AUTHORITIES[slug], academic_year)
    assert (code.old_la_code, code.new_la_code) == codes
    assert code.valid_from <= date(int(academic_year[:4]), 9, 1)


def test_every_region_of_a_real_authority_has_a_code() -> None:
    real = {one.region for one in AUTHORITIES.values() if not one.is_invented}
    assert real <= set(REGIONS)


def test_invented_authorities_are_plainly_named_and_lie_in_no_region(frames: dict[str, pd.DataFrame]) -> None:
    invented = frames["social_care_rates.csv"].query("new_la_code.str.startswith('E99')")
    assert invented["la_name"].str.startswith("Invented ").all()
    assert set(invented["region_code"]) == {"z"}
    assert set(invented["old_la_code"]) == {str(code) for code in range(961, 974)}


def test_the_label_of_a_rate_says_what_it_is_per_under_the_parameters(frames: dict[str, pd.DataFrame]) -> None:
    labels = {
        name: frames[f"{name}.meta.csv"].set_index("col_name")["label"]
        for name in ("social_care_rates", "behaviour_rates")
    }
    assert labels["social_care_rates"]["event_rate"] == "Rate per 1,000 pupil-years"
    assert labels["behaviour_rates"]["event_lower_rate"] == "Rate per 100 pupils, lower end of the 95% interval"


def test_every_measure_of_the_registry_has_its_place_in_one_file() -> None:
    texts = measure_texts(DEFINITIONS)
    for family in FAMILIES:
        items = [item_of(text, family) for name, text in texts.items() if family_of(measures()[name]) is family]
        assert items
        assert len(set(items)) == len(items)
    rates = {texts[name].unit for name, one in measures().items() if family_of(one).file == "behaviour_rates"}
    assert rates == {"per 100 pupils", "sessions per 100 pupils"}


def test_a_file_that_the_screener_fails_is_not_released(inputs: Inputs) -> None:
    texts = {name: dataclasses.replace(text, title=f"{text.title} ") for name, text in inputs.measures.items()}
    with pytest.raises(UnsoundFileError, match=r"social_care_rates\.csv may not be released: .*stray spaces"):
        open_data_files(dataclasses.replace(inputs, measures=texts))


def test_a_count_that_did_not_pass_the_door_is_refused_and_not_told() -> None:
    cells = pd.DataFrame({"pupil_count": ["12", "c", "4321", "-3", "1.5"], "rate": ["9.9"] * 5})
    with pytest.raises(DisclosureError, match=r"3 counts of pupil_count in a\.csv did not pass the door") as caught:
        releasable_cells("a.csv", cells, ["pupil_count"], {12})
    assert "4321" not in str(caught.value)
    sound = releasable_cells("a.csv", cells.head(2), ["pupil_count"], {12})
    assert sound.content == b"pupil_count,rate\n12,9.9\nc,9.9\n"


def test_a_column_that_names_a_school_is_refused() -> None:
    with pytest.raises(DisclosureError, match="urn"):
        releasable_cells("a.csv", pd.DataFrame({"urn": ["1"]}), [], set())
