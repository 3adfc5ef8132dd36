"""The effects of one trial as a report sees them: every table through the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from swis.disclosure.protected import Protected
from swis.disclosure.released import Released
from swis.params import Trial
from swis.plan import AnalysisPlan


@dataclass(frozen=True)
class EffectInputs:
    """Protected tables of the effects stage of one trial; `results` has one row an estimate."""

    trial: Trial
    results: Protected
    excluded: Protected
    flow: Protected
    balance: Protected
    harms: Protected
    design: Protected
    detectable: Protected
    published: Protected
    curve: Protected
    rootogram: Protected
    residuals: Protected
    added_year: Protected

    @property
    def plan(self) -> AnalysisPlan:
        """The plan of the trial; ValueError where it has none."""
        if self.trial.plan is None:
            raise ValueError(f"trial {self.trial.name} has no plan")
        return self.trial.plan

    def id(self, name: str) -> str:
        """The name of a part of the trial's chapter, its own among the trials'."""
        return f"{self.trial.name}-effects-{name}".replace("_", "-")


def released_effects(released: Released, trials: Mapping[str, Trial]) -> dict[str, EffectInputs]:
    """The effects of each trial whose tables have passed the door."""
    names = [field.name for field in fields(EffectInputs) if field.name != "trial"]
    held = {trial: released.within(f"effects-{trial}-") for trial in trials}
    return {
        trial: EffectInputs(trials[trial], **{name: tables[name] for name in names})
        for trial, tables in held.items()
        if tables
    }
