"""What a report is made of, all of it already through the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from swis.disclosure.policy import Policy
from swis.disclosure.protected import Protected
from swis.disclosure.released import Released
from swis.in_words import long_date
from swis.params import Authority, Definitions, Trial
from swis.report.effects_inputs import EffectInputs
from swis.report.measures import MeasureText

ALL = "all"
EVALUATION_ID = "evaluation"


@dataclass(frozen=True)
class Inputs:
    """Protected tables of one authority, or of all of them together (`area` is then 'all').

    outcomes, participants: rows of the area; by_authority: the rows of each authority, for an evaluation only.
    completeness [authority, returns, period, status, reason] and context (published figures) count nobody of ours.
    checks [layer, outcome]: one row a check made; failed_checks and set_aside [rule, table, title, rows_failed
    or rows, …], records [rows_read, rows_set_aside], linkage, unlinked and flow: totals of the area. borders [event,
    own_count, cross_border_count]: events of trial schools by whose return holds them, for an evaluation only.
    effects: of each trial whose effects stage is finished; further: tables by name of each further pooled stage that is
    (delivery, …). places: what the parameters say of each authority, for an evaluation only. released: all of it, as
    the door let it through.
    """

    area: str
    area_name: str
    authorities: Mapping[str, str]
    trials: Mapping[str, Trial]
    definitions: Definitions
    measures: Mapping[str, MeasureText]
    is_synthetic: bool
    outcomes: Protected
    participants: Protected
    completeness: pd.DataFrame
    checks: pd.DataFrame
    failed_checks: Protected
    set_aside: Protected
    records: Protected
    released: Released
    policy: Policy
    linkage: Protected
    unlinked: Protected
    verdicts: Mapping[str, str]
    context: pd.DataFrame
    returns: Protected | None = None
    by_authority: Protected | None = None
    flow: Protected | None = None
    borders: Protected | None = None
    effects: Mapping[str, EffectInputs] = field(default_factory=dict)
    further: Mapping[str, Mapping[str, Protected]] = field(default_factory=dict)
    places: Mapping[str, Authority] = field(default_factory=dict)
    provenance: str = ""

    @property
    def report_id(self) -> str:
        """Name of the page's files: the authority's slug, or 'evaluation'."""
        return EVALUATION_ID if self.area == ALL else self.area

    @property
    def academic_years(self) -> list[str]:
        """Every academic year of the evaluation."""
        return self.definitions.academic_years

    @property
    def data_source(self) -> str:
        """Source line of tables and figures of counts and rates."""
        cut = long_date(self.definitions.data_cut)
        return f"{self.returns_source}, events to {cut}; protected under {self.released.policy}."

    @property
    def returns_source(self) -> str:
        """Source line of tables about the returns themselves."""
        kind = "simulated returns under the name of" if self.is_synthetic else "returns of"
        return f"{kind} {'the authorities' if self.area == ALL else self.area_name}"
