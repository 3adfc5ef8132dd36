"""What the trials of supervision ask for, for the yardstick: contacts, the survey of leads, and what was delivered."""

from __future__ import annotations

import pandas as pd
from bare_periods import CUT, ONE_DAY, Periods, over

OUTCOMES = ("no_further_action", "early_help", "referral")
DAYS_A_MONTH = 365.25 / 12


def contacts(rows: pd.DataFrame, periods: Periods) -> pd.DataFrame:
    """Contacts by school: all, about sexual abuse, and by outcome known at the cut; one a school, child and day."""
    made = rows[rows["contact_date"] <= CUT].sort_values("decision_date", na_position="first", kind="stable")
    once = made.drop_duplicates(["urn", "la_child_id", "contact_date"], keep="last")
    known = once["outcome"].where(once["decision_date"] <= CUT)
    marked = once.rename(columns={"contact_date": "day"}).assign(
        contacts_from_schools=1,
        contacts_sexual_abuse=once["concern_codes"].str.contains(r"\bSAB\b").fillna(False),
        **{f"contacts_{outcome}": known == outcome for outcome in OUTCOMES},
    )
    columns = [name for name in marked if name.startswith("contacts_")]
    return over(marked, periods, lambda inside: inside.groupby("urn")[columns].sum())


def survey(rows: pd.DataFrame, periods: Periods, windows: Periods) -> pd.DataFrame:
    """By school: leads who answered each scale and the sum of their means, in the period that holds the wave.

    The baseline wave is dated by the end of the baseline, the follow-up by that of the window that ends first. Beside
    them the leads who left in the period.
    """
    followed = min(last for name, (_, last) in windows.items() if name != "baseline")
    day_of = {"baseline": windows["baseline"][1], "follow-up": followed}
    lead = ["urn", "respondent"]
    means = rows.groupby([*lead, "wave", "scale"])["score"].mean().reset_index()
    means["day"] = pd.to_datetime(means["wave"].map(day_of))
    means["scale"] = means["scale"].str.split().str[0].str.lower()
    scores = over(
        means, periods, lambda inside: inside.groupby(["urn", "scale"])["score"].agg(["sum", "count"]).unstack()
    )
    scores.columns = [f"dsl_{scale} {what}" for what, scale in scores.columns]
    leads = rows.drop_duplicates(lead).rename(columns={"left_post_on": "day"})
    left = over(leads, periods, lambda inside: inside.groupby("urn").size())
    return scores.join(left.rename("leads_who_left"), how="outer")


def delivery(rows: pd.DataFrame, windows: Periods) -> pd.DataFrame:
    """Sessions of supervision planned and held, and full-time months of workers, by school and window."""
    counted = ["sessions_planned", "sessions_held"]
    monthly = rows.dropna(subset=["month"]).rename(columns={"month": "day"})
    sessions = over(monthly, windows, lambda inside: inside.groupby("urn")[counted].sum())
    spells = rows[rows["month"].isna() & (rows["role"] == "social worker")]
    by_window = {}
    for name, (first, last) in windows.items():
        days = (spells["to"].clip(upper=min(last, CUT)) - spells["from"].clip(lower=first) + ONE_DAY).dt.days
        months = spells["fte"].astype(float) * days.clip(lower=0) / DAYS_A_MONTH
        by_window[name] = months.groupby(spells["urn"]).sum()
    worked = pd.concat(by_window, names=["period", "urn"]).swaplevel()
    return sessions.join(worked.rename("worker_months"), how="outer")
