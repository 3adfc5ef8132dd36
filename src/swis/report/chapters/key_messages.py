"""Key messages of a trial: who took part, and its section 47 enquiries in the first and last year observed."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from swis.disclosure.protected import Protected
from swis.in_words import year_groups_words
from swis.report.inputs import Inputs
from swis.report.measures import PRIMARY
from swis.report.tables import ARM_TITLES
from swis.report.wording import count_span, listed, value_span


def key_sentence(inputs: Inputs, trial_name: str) -> Markup:
    """The key message of one trial; empty where nothing of it is observed."""
    parts = [part for part in (_who(inputs, trial_name), _primary(inputs, trial_name)) if part]
    if not parts:
        return Markup("")
    return Markup("<strong>{}.</strong> ").format(inputs.trials[trial_name].title) + Markup(" ").join(parts)


def _who(inputs: Inputs, trial_name: str) -> Markup:
    """How many schools and pupils a trial had in the academic year in which it began."""
    rows = inputs.participants.where(trial=trial_name, arm=list(ARM_TITLES)).frame
    rows = rows[rows["pupils"].notna()]
    if rows.empty:
        return Markup("")
    year = _year_of_trial(inputs, trial_name, set(rows["academic_year"]))
    parts = [
        Markup("{} {} schools ({} pupils)").format(
            count_span(row.schools), ARM_TITLES[row.arm].lower(), count_span(row.pupils, row.symbol)
        )
        for row in _by_arm(rows[rows["academic_year"] == year]).itertuples()
    ]
    groups = year_groups_words(inputs.trials[trial_name])
    return Markup("In {}, in {}, it had {}.").format(year, groups, listed(parts))


def _primary(inputs: Inputs, trial_name: str) -> Markup:
    """Section 47 enquiries in the first and last year observed."""
    rows = _by_arm(_values(inputs.outcomes, trial_name))
    years = sorted(set(rows["period"]))
    if len(years) < 2:
        return Markup("")
    first, last = years[0], years[-1]
    parts = []
    for arm, group in rows.groupby("arm", sort=False):
        ends = group.set_index("period")[["value", "symbol", "decimals"]]
        if {first, last} <= set(ends.index):
            values = [value_span(decimals=int(end["decimals"]), value=end["value"], symbol=end["symbol"])
                      for end in (ends.loc[first], ends.loc[last])]  # fmt: skip
            parts.append(Markup("{} and {} in {} schools").format(*values, ARM_TITLES[str(arm)].lower()))
    if not parts:
        return Markup("")
    unit = inputs.measures[PRIMARY].unit
    return Markup("Section 47 enquiries {}, in {} and in {}: {}.").format(unit, first, last, Markup("; ").join(parts))


def _values(outcomes: Protected, trial_name: str) -> pd.DataFrame:
    frame = outcomes.where(trial=trial_name, period_kind="academic year", measure=PRIMARY, arm=list(ARM_TITLES)).frame
    return frame[frame["value"].notna()]


def _by_arm(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("arm", key=lambda arms: arms.map(list(ARM_TITLES).index))


def _year_of_trial(inputs: Inputs, trial_name: str, years: set[str]) -> str:
    """The academic year in which the trial's first window begins, or the nearest with figures."""
    from swis.academic_year import academic_year_of

    starts = pd.Series([min(window.first_day for window in inputs.trials[trial_name].windows.values())])
    wanted = str(academic_year_of(starts).iloc[0])
    return wanted if wanted in years else max(years)
