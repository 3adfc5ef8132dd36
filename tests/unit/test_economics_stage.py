"""The economics stage on an invented trial: the same schools as the effect, costs that add up, and what is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from invented_economics import cost_tables, evaluated, invented, settings, swis
from invented_effects_tables import invented_tables

from swis.economics import steps
from swis.effects.analysis import estimate_named
from swis.errors import InputError

# Salary, on-costs and overheads of a worker, of a manager, and who starts, in prices of 2021/22; the invented deflator
# index is 100 in 2020/21 and 2021/22 and 107 in 2022/23.
WORKER_MONTH = (38_000 + 11_400 + 4_200) / 12
MANAGER_MONTH = (50_000 + 15_000) / 12
STARTING = 1_605 / 1.07


def test_the_schools_compared_are_those_of_the_trials_own_main_analysis() -> None:
    _, trial, held = invented()
    effect = estimate_named(trial, swis(), ["section47_enquiries/23 months/main"]).results.iloc[0]
    behind = held.behind.iloc[0]
    for arm in ("intervention", "control"):
        assert behind[f"schools_{arm}"] == effect[f"schools_{arm}"]
        assert behind[f"count_{arm}"] == effect[f"count_{arm}"]


def test_cost_of_a_school_is_its_months_and_its_share_of_managers() -> None:
    _, trial, held = invented()
    rows = held.costs.set_index(["window", "arm"])
    months = trial.school_covariates.groupby("arm")["worker_months_23_months"].mean()["intervention"]
    expected = months * (WORKER_MONTH + MANAGER_MONTH / 10) + STARTING
    assert rows.loc[("23 months", "intervention"), "undiscounted_per_school"] == pytest.approx(expected)
    # 12 of 23 months are in the first year, 11 in the second and discounted.
    of_posts = months * (WORKER_MONTH + MANAGER_MONTH / 10) * (12 / 23 + 11 / 23 / 1.035)
    assert rows.loc[("23 months", "intervention"), "per_school"] == pytest.approx(of_posts + STARTING)
    assert rows.loc[("23 months", "control"), "per_school"] == 0
    assert rows["per_supervised_lead"].isna().all(), "nobody is supervised in this trial"


def test_costs_of_authorities_add_up_to_the_costs_of_all() -> None:
    _, _, held = invented()
    parts = held.by_authority.assign(total=held.by_authority["per_school"] * held.by_authority["schools"])
    summed = parts.groupby(["window", "arm"])[["total", "schools"]].sum()
    whole = held.costs.set_index(["window", "arm"])
    np.testing.assert_allclose(summed["total"], whole["per_school"] * whole["schools"])
    assert summed["schools"].to_dict() == whole["schools"].to_dict()


def test_net_benefit_leads_and_is_what_the_other_rows_say() -> None:
    _, _, held = invented()
    value = held.value.set_index("quantity")
    cost, prevented = (value.loc[name, "estimate"] for name in ("incremental cost", "events prevented"))
    first = held.value.iloc[0]
    assert (first["quantity"], first["pounds"]) == ("net benefit", 1_000)
    assert first["estimate"] == pytest.approx(1_000 * prevented - cost)
    assert first["lower"] < first["estimate"] < first["upper"]


def test_the_published_chances_stand_beside_the_curve() -> None:
    _, _, held = invented()
    known = held.curve.dropna(subset="published").set_index("pounds")["published"]
    assert known.to_dict() == pytest.approx({1_000: 0.013, 10_000: 0.011, 20_000: 0.061})


def test_days_in_care_by_group_add_up_to_the_days_of_the_schools_compared() -> None:
    tables, _, held = invented()
    own = tables.care_days_by_placement[tables.care_days_by_placement["window"] == "23 months"]
    rows = held.consequences[held.consequences["unit"] == "days"].set_index("consequence")
    # Placements U4 are foster care; R5 is youth custody, which has children enough to stand by itself.
    assert list(rows.index) == ["custody", "foster"]
    in_arm = own.groupby(["arm", "placement"])["days"].sum()
    ratio = in_arm["control", "U4"] / in_arm["control", "R5"]
    # Both groups are weighted alike within an arm only on average, so their ratio is near that of the plain days.
    assert rows.loc["foster", "control"] / rows.loc["custody", "control"] == pytest.approx(ratio, rel=0.15)
    # 630 pounds a week are 90 a day; £1,430 are 204.29.
    assert rows["pounds_each"].to_dict() == pytest.approx({"foster": 90, "custody": 1_430 / 7})


def test_one_way_prices_change_the_net_benefit_by_their_share_of_the_cost() -> None:
    _, _, held = invented()
    rows = held.one_way.set_index("analysis")
    value = held.value.set_index(["quantity", "pounds"])["estimate"]
    middle = value["net benefit", 20_000]
    pay = rows.loc["pay"]
    assert (pay["benefit_low"] + pay["benefit_high"]) / 2 == pytest.approx(middle)
    assert pay["benefit_low"] > middle > pay["benefit_high"], "dearer social workers leave less"
    # Discounting at nothing makes the second year dearer.
    assert rows.loc["discount", "benefit_low"] < middle < rows.loc["discount", "benefit_high"]


def test_the_extension_is_spread_over_every_post() -> None:
    _, trial, held = invented()
    posts = int((trial.school_covariates["worker_months_35_months"] > 0).sum())
    whole = held.extension.set_index("share_percent").loc[100]
    assert whole["schools"] == posts
    # 4,790,000 in prices of 2022/23 are 4,790,000 / 1.07 in those of 2021/22; a 146th of it a post.
    assert whole["pounds_per_school"] == pytest.approx(4_790_000 / 1.07 / 146)
    assert held.extension["net_benefit"].is_monotonic_increasing, "the smaller the share, the less it cost"


def test_an_authority_without_a_record_of_delivery_is_left_out_in_both_arms_and_counted() -> None:
    tables, trial, held = invented()
    gone = tables.delivered["authority"] == "authority-02"
    without = replace(tables, delivered=tables.delivered.assign(quantity=tables.delivered["quantity"].mask(gone)))
    made = evaluated(without, trial)
    lost = made.left_out.set_index("reason").loc["no record of delivery"]
    own = trial.school_covariates[trial.school_covariates["authority"] == "authority-02"]["arm"].value_counts()
    assert (lost["intervention"], lost["control"]) == (own["intervention"], own["control"])
    assert "authority-02" not in set(made.by_authority["authority"])
    assert made.behind.iloc[0]["schools_control"] == held.behind.iloc[0]["schools_control"] - own["control"]


def test_days_that_no_return_covers_make_no_pupil_dearer() -> None:
    tables, trial, held = invented()

    def partly(rows: pd.DataFrame) -> pd.DataFrame:
        part = pd.Series(1.0, index=rows.index).mask(rows["period"].isin(["23 months", "35 months"]), 0.6)
        numbers = {name: rows[name] * part for name in ("denominator", "observed_share")}
        return rows.assign(**numbers)

    seen = replace(tables, outcomes=partly(tables.outcomes))
    made = evaluated(seen, replace(trial, outcomes=partly(trial.outcomes)))
    for name in ("costs", "by_authority"):
        pd.testing.assert_frame_equal(getattr(made, name), getattr(held, name))
    before, after = (one.value.set_index("quantity")["estimate"] for one in (held, made))
    for quantity in ("incremental cost", "incremental cost, uncertain prices"):
        assert after[quantity] == pytest.approx(before[quantity])
    # The same enquiries in 0.6 of the pupil-years are a higher rate, and so is the difference of two.
    assert after["events prevented"] == pytest.approx(before["events prevented"] / 0.6)
    free = made.one_way.set_index("analysis").loc["discount", "benefit_low"]
    expected = held.one_way.set_index("analysis").loc["discount", "benefit_low"]
    assert free - expected == pytest.approx(20_000 * before["events prevented"] * (1 / 0.6 - 1))


def test_a_supervised_lead_bears_its_share_of_what_its_school_cost() -> None:
    tables, _, _ = invented()
    school = {"authority": "authority-00", "trial": "dsls_group", "urn": "1", "arm": "intervention"}
    window = {"window": "school year 2021/22", "trial_year": 1}
    quantities = {"supervised schools": 1.0, "supervision sessions held": 10.0}
    rows = [school | window | {"basis": basis, "quantity": quantity} for basis, quantity in quantities.items()]
    seen = {"measure": "section47_enquiries", "period": window["window"], "denominator": 250.0, "observed_share": 0.5}
    own = replace(tables, delivered=pd.DataFrame(rows), outcomes=pd.DataFrame([school | seen]))
    for leads, expected in ((1.0, 1_070), (2.0, 535)):
        economics = settings()
        economics = economics.model_copy(
            update={"supervised_leads": economics.supervised_leads.model_copy(update={"a_school": leads})}
        )
        costs = steps.costs_of_schools(own, steps.unit_prices(own, economics), economics)
        row = steps.cost_table(steps.known_costs(own, costs, economics)).iloc[0]
        # 10 sessions at £85 and £220 of training: £1,070; half of the window has 250 pupil-years, so the whole has 500.
        assert (row["per_school"], row["per_pupil"]) == pytest.approx((1_070, 1_070 / 500))
        assert row["per_supervised_lead"] == pytest.approx(expected)


def test_without_prices_nothing_is_costed_and_nothing_fails() -> None:
    tables, trial, _ = invented()
    made = evaluated(replace(tables, costs=tables.costs.iloc[:0]), trial)
    for name in ("prices", "costs", "by_authority", "value", "curve", "plane", "consequences", "one_way", "extension"):
        assert getattr(made, name).empty, name


def test_without_a_return_on_care_assessments_stand_alone() -> None:
    tables, trial, _ = invented()
    seen = tables.outcomes["measure"] != "days_in_care"
    none = tables.care_days_by_placement.iloc[:0]
    made = evaluated(replace(tables, outcomes=tables.outcomes[seen], care_days_by_placement=none), trial)
    assert made.consequences["consequence"].tolist() == ["section17_assessments_started"]


def test_uncertain_prices_widen_the_interval_of_the_cost() -> None:
    _, _, held = invented()
    rows = held.value.set_index("quantity")
    width = rows["upper"] - rows["lower"]
    assert width["incremental cost, uncertain prices"] > 1.5 * width["incremental cost"]
    assert rows.loc["incremental cost, uncertain prices", "estimate"] == rows.loc["incremental cost", "estimate"]


def test_one_authority_is_too_few_to_compare() -> None:
    trial = invented_tables(11, authorities=6)
    tables = cost_tables(trial)
    alone = replace(tables, costs=tables.costs[tables.costs["authority"] == "authority-00"])
    made = evaluated(alone, trial)
    assert made.value.empty
    assert set(made.by_authority["authority"]) == {"authority-00"}


def test_a_comparison_that_no_plan_has_is_refused() -> None:
    tables, trial, _ = invented()
    economics = settings()
    costs = steps.costs_of_schools(tables, steps.unit_prices(tables, economics), economics)
    other = economics.model_copy(
        update={"comparison": economics.comparison.model_copy(update={"outcome": "children_entering_care_twice"})}
    )
    with pytest.raises(InputError):
        steps.compare_arms(trial, swis(), costs, other)


def test_every_choice_is_told_with_a_source_or_a_reason() -> None:
    _, _, held = invented()
    told = held.assumptions.set_index("key")
    assert {"perspective", "price_year"} <= set(told.index)
    assert (told[["source", "assumed"]] != "").any(axis=1).all()
    assert told.loc["discounting", "setting"].startswith("3.5 %")


def test_the_tables_are_kept_and_read_back_as_they_were(tmp_path: object) -> None:
    _, _, held = invented()
    held.save(tmp_path)  # type: ignore[arg-type]
    again = type(held).load(tmp_path)  # type: ignore[arg-type]
    for name, table in held.tables().items():
        pd.testing.assert_frame_equal(again.tables()[name], table, check_dtype=False)
