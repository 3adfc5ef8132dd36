"""The groups of a subgroup analysis: thirds of schools, categories of schools, traits of pupils."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from swis.effects.analysis.covariates import covariate_columns
from swis.effects.analysis.designs import GROUP
from swis.effects.analysis.samples import UNKNOWN, Sample
from swis.plan import AnalysisPlan, Subgroup

THIRDS = ("lowest third", "middle third", "highest third")


def with_groups(sample: Sample, plan: AnalysisPlan, subgroup: Subgroup, outcome: str) -> tuple[Sample, list[str]]:
    """The sample with a column `group`, and the groups in reading order.

    Thirds are of the schools analysed, each counted once; thirds of the intervention arm leave control schools
    without a group. Rows of an unknown trait are left out.
    """
    if subgroup.level == "pupil":
        return _by_trait(sample, subgroup)
    schools = sample.frame.drop_duplicates("urn").set_index("urn")
    values = _school_values(schools, plan, subgroup, outcome)
    labels = subgroup.labels or list(THIRDS)
    if subgroup.split == "categories":
        # Two labels of a yes-or-no column: the first is of yes.
        words = values.map(lambda value: labels[0 if value else 1] if subgroup.labels else str(value))
        held = list(subgroup.labels) or sorted(words.dropna().unique())
    else:
        within = schools["is_intervention"] == 1 if subgroup.split != "thirds" else pd.Series(True, index=schools.index)
        words, held = _thirds(values.where(within), labels), labels
    frame = sample.frame.assign(**{GROUP: sample.frame["urn"].map(words)})
    present = [label for label in held if (frame[GROUP] == label).any()]
    return replace(sample, frame=frame), present


def _school_values(schools: pd.DataFrame, plan: AnalysisPlan, subgroup: Subgroup, outcome: str) -> pd.Series:
    if subgroup.covariate is not None:
        names, made = covariate_columns(schools.reset_index(), plan, [subgroup.covariate], outcome)
        return made.set_index("urn")[names[0]].reindex(schools.index)
    column = schools[str(subgroup.column)]
    return column if subgroup.split == "categories" else column.astype(float)


def _thirds(values: pd.Series, labels: list[str]) -> pd.Series:
    """Labels by the two tertiles of the values; a value on a tertile belongs to the lower third."""
    low, high = values.quantile([1 / 3, 2 / 3])
    place = (values > low).astype(int) + (values > high).astype(int)
    return place.map(dict(enumerate(labels))).where(values.notna())


def _by_trait(sample: Sample, subgroup: Subgroup) -> tuple[Sample, list[str]]:
    column = "level" if "level" in sample.frame else str(subgroup.trait)
    words = sample.frame[column].astype(object)
    kept = sample.frame[words.notna() & (words != UNKNOWN)].assign(**{GROUP: words})
    levels = list(subgroup.labels) or sorted(str(one) for one in np.unique(kept[GROUP].astype(str)))
    return replace(sample, frame=kept.reset_index(drop=True)), [one for one in levels if (kept[GROUP] == one).any()]
