"""What the delivery stage is made of: records of delivery, allocated schools, what each received and answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from swis.io import read_frame
from swis.outcomes.analysis import load_analysis_tables


@dataclass(frozen=True)
class DeliverySources:
    """Restricted tables over all authorities; each row carries its authority.

    schools: allocated schools (trial, urn, arm, reason, withdrawn_on). spells: of work, with urn and to_date missing
    as the record has them. months: sessions and meetings by worker, school and month. covariates: one row a school
    with what it received in each window. completeness: which returns came. answers: of safeguarding leads in a survey,
    by lead and scale (`swis.outcomes.analysis`).
    """

    schools: pd.DataFrame
    spells: pd.DataFrame
    months: pd.DataFrame
    covariates: pd.DataFrame
    completeness: pd.DataFrame
    answers: pd.DataFrame

    def rows(self) -> pd.DataFrame:
        """How many rows and authorities each table has, for display."""
        held = vars(self)
        return pd.DataFrame(
            {
                "table": list(held),
                "rows": [len(frame) for frame in held.values()],
                "authorities": [frame["authority"].nunique() for frame in held.values()],
            }
        )

    @property
    def with_record(self) -> set[str]:
        """Authorities that sent a record of delivery: what others did is not known, and never counted as nothing."""
        return {*self.spells["authority"], *self.months["authority"]}


def read_delivery_sources(
    derived: Mapping[str, Path], outcomes: Mapping[str, Path], validated: Mapping[str, Path]
) -> DeliverySources:
    """From the folders of the three stages, by authority; of those whose outcomes are done."""
    analysed = [load_analysis_tables(folder) for folder in outcomes.values()]
    return DeliverySources(
        schools=_stacked(read_frame(derived[slug] / "trial_schools.parquet") for slug in outcomes),
        spells=_of_each(derived, outcomes, "deliveries"),
        months=_of_each(derived, outcomes, "delivery_months"),
        covariates=_stacked(tables.school_covariates for tables in analysed),
        completeness=_stacked(read_frame(validated[slug] / "completeness.parquet") for slug in outcomes),
        answers=_stacked(tables.survey_scores for tables in analysed),
    )


def _of_each(derived: Mapping[str, Path], slugs: Iterable[str], table: str) -> pd.DataFrame:
    return _stacked(read_frame(derived[slug] / f"{table}.parquet").assign(authority=slug) for slug in slugs)


def _stacked(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(list(frames), ignore_index=True)
