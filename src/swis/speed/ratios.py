"""How much quicker help came in intervention schools: the ratio of subdistribution hazards, in whole working days.

Grouped-time proportional subdistribution hazards (Fine and Gray 1999; Prentice and Gloeckler 1978): the chance that a
wait ends with its event on day t, given that it had not before, is 1 − exp(−exp(α(t) + γ(a) + β z)), z the arm and
a the authority; exp(β) is the ratio. A wait that ended by a competing end stays at risk, for its event never comes, as
long as it would have been seen: to the last day that returns cover, which is known of every wait, so that no weights
are needed. Errors are clustered by school.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from swis.derive.waits import COMPETING, EVENT
from swis.params import Definitions, Trial
from swis.speed.curves import ARMS, STEPS

SCALE = "rate ratio"  # of subdistribution hazards
RATIO_COLUMNS = [
    "wait", "trial", "window", "scale", "estimate", "lower", "upper", "standard_error", "p_value",
    "schools_intervention", "schools_control", "count_intervention", "count_control", "message",
]  # fmt: skip
FEWEST_SCHOOLS = 2
NOT_ESTIMABLE = "an arm has fewer than two schools with waits, or no event"


def ratios(waits: pd.DataFrame, trials: dict[str, Trial], definitions: Definitions) -> pd.DataFrame:
    """One row a wait and trial (RATIO_COLUMNS): waits that began in the trial's first window, up to the last step.

    A ratio above 1 means that help came sooner, or more often, in intervention schools. Exploratory.
    """
    rows = []
    for (wait, name), own in waits.groupby(["wait", "trial"], sort=True):
        window, span = next(iter(trials[name].windows.items()))
        inside = own["start_date"].between(pd.Timestamp(span.first_day), pd.Timestamp(span.last_day))
        told = {"wait": wait, "trial": name, "window": window, "scale": SCALE}
        rows.append(told | ratio(own[inside], STEPS[str(wait)][-1], definitions.interval_level))
    return pd.DataFrame(rows, columns=RATIO_COLUMNS)


def ratio(waits: pd.DataFrame, last: int, level: float) -> dict[str, Any]:
    """The ratio of one set of waits with its error, limits and the schools and events of each arm behind it."""
    is_event = (waits["ended"] == EVENT) & (waits["days"] <= last)
    behind: dict[str, Any] = {}
    for arm in ARMS:
        mine = waits["arm"] == arm
        behind[f"schools_{arm}"] = int(waits.loc[mine, "urn"].nunique())
        behind[f"count_{arm}"] = float((mine & is_event).sum())
    if (
        min(behind[f"schools_{arm}"] for arm in ARMS) < FEWEST_SCHOOLS
        or min(behind[f"count_{arm}"] for arm in ARMS) == 0
    ):
        return {**behind, "message": NOT_ESTIMABLE}
    estimate, error, schools, authorities = _fitted(_person_days(waits, last))
    freedom = schools - authorities - 1
    half = special.stdtrit(freedom, (1 + level) / 2) * error
    return {
        **behind,
        "estimate": float(np.exp(estimate)),
        "lower": float(np.exp(estimate - half)),
        "upper": float(np.exp(estimate + half)),
        "standard_error": error,
        "p_value": float(2 * special.stdtr(freedom, -abs(estimate / error))),
        "message": "",
    }


def _person_days(waits: pd.DataFrame, last: int) -> pd.DataFrame:
    """Waits at risk and events by school and day [urn, authority, arm, day, at_risk, events].

    Waits with a competing end are at risk as long as they would have been seen, up to `last`. Days on which no school
    of the trial had an event tell nothing of the ratio and are left out, and so are authorities without any.
    """
    ends = waits["days"].where(waits["ended"] != COMPETING, waits["covered"]).clip(upper=last).astype(int)
    is_event = (waits["ended"] == EVENT) & (waits["days"] <= last)
    keys = ["authority", "urn", "arm"]
    held = waits[keys].assign(day=ends, ended=1, events=is_event.astype(int))
    by_day = held.groupby([*keys, "day"])[["ended", "events"]].sum()
    wide = by_day.unstack("day", fill_value=0)  # noqa: PD010
    wide = wide.reindex(columns=pd.MultiIndex.from_product([["ended", "events"], range(last + 1)]), fill_value=0)
    at_risk = wide["ended"].iloc[:, ::-1].cumsum(axis=1).iloc[:, ::-1]
    long = pd.DataFrame({"at_risk": at_risk.stack(), "events": wide["events"].stack()})  # noqa: PD013
    rows = long.rename_axis([*keys, "day"]).reset_index()
    has_event = (rows.groupby("day")["events"].transform("sum") > 0) & (
        rows.groupby("authority")["events"].transform("sum") > 0
    )
    return rows[(rows["at_risk"] > 0) & has_event].reset_index(drop=True)


def _fitted(rows: pd.DataFrame) -> tuple[float, float, int, int]:
    """Log ratio and its error by binomial regression with complementary log-log link, clustered by school.

    Day and authority are factors; the error has the factors k / (k − 1) for k schools and (n − 1) / (n − p) for n rows.
    """
    import statsmodels.api as sm

    days = pd.get_dummies(rows["day"], prefix="day", dtype=float)
    authorities = pd.get_dummies(rows["authority"], prefix="authority", dtype=float, drop_first=True)
    arm = (rows["arm"] == ARMS[0]).astype(float).rename("arm")
    design = pd.concat([arm, days, authorities], axis=1)
    outcome = np.column_stack([rows["events"], rows["at_risk"] - rows["events"]])
    family = sm.families.Binomial(link=sm.families.links.CLogLog())
    cluster, found = pd.factorize(rows["urn"], sort=True)
    fit = sm.GLM(outcome, design, family=family).fit(cov_type="cluster", cov_kwds={"groups": cluster})
    return float(fit.params["arm"]), float(fit.bse["arm"]), len(found), rows["authority"].nunique()
