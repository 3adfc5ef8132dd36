"""How well school staff feel supported by social care: what safeguarding leads answered, by trial, arm and wave."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.delivery.ratios import ratio_of_sums
from swis.delivery.sources import DeliverySources
from swis.derive.lead_scores import BASELINE_WAVE, FOLLOW_UP_WAVE
from swis.outcomes.measures.safeguarding_leads import ROLE_OF_SUPPORT, SUPPORT
from swis.params import Definitions, Trial

VIEW_KEYS = ["trial", "arm", "wave"]
SCORE_OF_WAVE = {BASELINE_WAVE: "baseline", FOLLOW_UP_WAVE: "follow_up"}
COUNTED = ("asked", "answered", "points")
VIEW_COLUMNS = [
    *VIEW_KEYS, "lowest", "highest", "schools_asked", "schools", *COUNTED, "mean", "lower", "upper",
    *(f"largest_share_of_{name}" for name in COUNTED),
]  # fmt: skip


def views(sources: DeliverySources, trials: Mapping[str, Trial], definitions: Definitions) -> pd.DataFrame:
    """Answers on the scale of support (VIEW_COLUMNS); a wave of a trial that nobody answered is in no row.

    asked: leads of authorities in which anybody answered the wave (assumed: all whom any wave names); answered: those
    with a score, at schools; points: their scores added up; mean: points a lead, from lowest to highest. Its limits
    allow for leads of one school being alike (ratio of two sums over schools, linearised). largest_share: the largest
    part of a number that one school holds.
    """
    rows = _asked(sources.answers)
    if rows.empty:
        return pd.DataFrame(columns=VIEW_COLUMNS)
    grouped = rows.groupby(VIEW_KEYS)
    counts = grouped[list(COUNTED)].sum()
    by_school = rows.groupby([*VIEW_KEYS, "urn"])[list(COUNTED)].sum()
    largest = by_school.groupby(VIEW_KEYS).max() / counts.where(counts > 0)
    schools = pd.DataFrame(
        {
            "schools_asked": grouped["urn"].nunique(),
            "schools": by_school["answered"].gt(0).groupby(VIEW_KEYS).sum(),
        }
    )
    # A school of which nobody answered is no observation of the mean.
    given = rows[rows["answered"] > 0]
    means = ratio_of_sums(given, VIEW_KEYS, "urn", "points", "answered", definitions.interval_level)
    joined = counts.join([schools, means.rename(columns={"ratio": "mean"}), largest.add_prefix("largest_share_of_")])
    return _with_range(joined.reset_index(), trials)[VIEW_COLUMNS]


def _asked(answers: pd.DataFrame) -> pd.DataFrame:
    """One row a lead and wave [VIEW_KEYS, urn, COUNTED] of the authorities that asked that wave."""
    own = answers[answers["measure"] == SUPPORT]
    parts = [own.assign(wave=wave, score=own[column].astype(float)) for wave, column in SCORE_OF_WAVE.items()]
    every = pd.concat(parts, ignore_index=True)
    answered = every["score"].notna()
    came = answered.groupby([every["authority"], every["trial"], every["wave"]]).transform("any").to_numpy(bool)
    rows = every.assign(asked=1.0, answered=answered.astype(float), points=every["score"].fillna(0.0))[came]
    return rows[[*VIEW_KEYS, "urn", *COUNTED]].astype(dict.fromkeys([*VIEW_KEYS, "urn"], object))


def _with_range(rows: pd.DataFrame, trials: Mapping[str, Trial]) -> pd.DataFrame:
    """With the least and the greatest answer that the scale of each trial allows."""
    scales = {name: trial.survey.scales[ROLE_OF_SUPPORT] for name, trial in trials.items()
              if trial.survey is not None and ROLE_OF_SUPPORT in trial.survey.scales}  # fmt: skip
    limits = {end: rows["trial"].map({name: getattr(scale, end) for name, scale in scales.items()})
              for end in ("lowest", "highest")}  # fmt: skip
    return rows.assign(**limits)
