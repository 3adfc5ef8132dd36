"""The ratio between arms: against the model of Cox, swapped arms, competing ends at risk, and too little behind it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from invented_waits import LAST, waits

from swis.params import Params, load_params
from swis.speed.curves import ARMS, STEPS, curves
from swis.speed.ratios import NOT_ESTIMABLE, ratio, ratios


@pytest.fixture(scope="module")
def params(project_root: Path) -> Params:
    return load_params(project_root / "params")


def test_it_agrees_with_the_model_of_cox_on_the_same_waits() -> None:
    from statsmodels.duration.hazard_regression import PHReg

    own = waits(1.4, 5)
    mine = ratio(own, LAST, 0.95)
    status = (own["ended"] == "event").astype(int).to_numpy()
    arm = (own["arm"] == "intervention").astype(float).to_numpy()[:, None]
    devon = (own["authority"] == "devon").astype(float).to_numpy()[:, None]
    other = PHReg(own["days"].to_numpy() + 1, np.hstack([arm, devon]), status=status, ties="efron").fit(disp=0)
    # Efron's handling of ties approximates the grouped-time model: chances a day are about 6 %.
    assert np.log(mine["estimate"]) == pytest.approx(other.params[0], abs=0.01)


def test_swapped_arms_turn_the_ratio_round() -> None:
    own = waits(1.4, 6)
    swapped = own.assign(arm=own["arm"].map(dict(zip(ARMS, ARMS[::-1], strict=True))))
    assert ratio(swapped, LAST, 0.95)["estimate"] == pytest.approx(1 / ratio(own, LAST, 0.95)["estimate"], rel=1e-6)


def test_a_competing_end_keeps_its_wait_at_risk() -> None:
    own = waits(1.0, 7)
    in_one_arm = own.assign(
        ended=np.where((own["arm"] == "intervention") & (own["urn"].astype(int) % 4 == 0), "competing", own["ended"])
    )
    assert ratio(in_one_arm, LAST, 0.95)["estimate"] < 0.7, "half of that arm's waits never come to their event"


def test_a_competing_end_is_at_risk_no_longer_than_it_would_have_been_seen() -> None:
    import statsmodels.api as sm

    whole = waits(1.3, 12, competing=0.4)
    # Every second school sends returns for ten working days more only: what is open then is seen no longer.
    seen = np.where(whole["urn"].astype(int) % 4 < 2, 10.0, LAST + 1.0)
    late = whole["days"] > seen
    own = whole.assign(covered=seen, days=np.minimum(whole["days"], seen), ended=whole["ended"].mask(late, "open"))
    rows = pd.DataFrame(
        [
            (day, float(arm == "intervention"), float(authority == "hull"), float(end == "event" and day == days))
            for arm, authority, days, end, covered in own[["arm", "authority", "days", "ended", "covered"]].to_numpy()
            for day in range(int(min(LAST, covered if end == "competing" else days)) + 1)
        ],
        columns=["day", "arm", "hull", "event"],
    )
    design = pd.concat([rows[["arm", "hull"]], pd.get_dummies(rows["day"], dtype=float)], axis=1)
    fit = sm.GLM(rows["event"], design, family=sm.families.Binomial(sm.families.links.CLogLog())).fit()
    assert np.log(ratio(own, LAST, 0.95)["estimate"]) == pytest.approx(fit.params["arm"], abs=1e-6)


def test_an_arm_without_events_or_schools_has_no_ratio() -> None:
    own = waits(1.0, 8)
    none = own.assign(ended=np.where(own["arm"] == "control", "open", own["ended"]))
    assert ratio(none, LAST, 0.95)["message"] == NOT_ESTIMABLE
    one = own[(own["arm"] == "control") | (own["urn"] == "0")]
    assert ratio(one, LAST, 0.95)["message"] == NOT_ESTIMABLE


def dated(own: pd.DataFrame) -> pd.DataFrame:
    return own.assign(
        wait="enquiry to conference", trial="swis", start_date=pd.Timestamp("2021-10-01"), academic_year="2021/22"
    )


def test_each_trial_is_read_over_its_own_first_window(params: Params) -> None:
    inside = dated(waits(1.2, 9))
    before = inside.assign(start_date=pd.Timestamp("2019-10-01"), days=0.0)
    (row,) = ratios(pd.concat([inside, before]), params.trials, params.definitions).to_dict("records")
    assert row["window"] == "23 months"
    assert row["estimate"] == pytest.approx(ratio(inside, LAST, 0.95)["estimate"])


def test_an_arm_without_waits_in_a_year_of_the_other_has_begun_none(params: Params) -> None:
    own = dated(waits(1.0, 11))
    table = curves(own[own["arm"] == "control"], params.definitions)
    other = table[table["arm"] == "intervention"]
    assert other["step"].tolist() == [*STEPS["enquiry to conference"]]
    assert (other[["starts", "ended", "competing", "open"]] == 0).all(axis=None)
    assert other["incidence"].isna().all()


def test_curves_are_told_at_their_steps_with_the_counts_behind(params: Params) -> None:
    own = dated(waits(1.0, 10, competing=0.3))
    table = curves(own, params.definitions)
    assert table["step"].tolist() == [*STEPS["enquiry to conference"]] * 2
    arm = own[own["arm"] == "control"]
    row = table[(table["arm"] == "control") & (table["step"] == 15)].iloc[0]
    assert row["starts"] == len(arm)
    assert row["ended"] == ((arm["ended"] == "event") & (arm["days"] <= 15)).sum()
    assert row["competing"] == (arm["ended"] == "competing").sum()
    assert row["incidence"] == pytest.approx(100 * row["ended"] / row["starts"]), "nothing was open before the day"
    assert row["lower"] < row["incidence"] < row["upper"]
