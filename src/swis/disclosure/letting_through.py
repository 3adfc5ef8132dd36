"""From the material and the pattern to the protected tables of every area: the only place where they are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from swis.disclosure.book import Shown, protected_outcomes
from swis.disclosure.book.borders import protected_borders
from swis.disclosure.book.flow import protected_trial_flow
from swis.disclosure.book.linkage import (
    linkage_by_status,
    pooled,
    protected_linkage,
    protected_reasons,
    unlinked_by_reason,
)
from swis.disclosure.book.outcome_frames import ratio_decimals
from swis.disclosure.book.outcomes import mean_decimals
from swis.disclosure.book.participants import protected_participants
from swis.disclosure.book.records import RULE_KEYS, UNUSED, failing_by_rule, protected_rules, protected_totals
from swis.disclosure.book.returns import protected_returns
from swis.disclosure.costs import Costs
from swis.disclosure.estimates import protect_effects
from swis.disclosure.flow import COUNTS, year_of_flow
from swis.disclosure.further import protect_further
from swis.disclosure.material import ALL, FAILED, Material
from swis.disclosure.policy import Policy
from swis.disclosure.protected import Protected
from swis.disclosure.released import Released
from swis.outcomes.registry import measures
from swis.params import Definitions, Trial

OUTCOME_COUNTS = ("count", "denominator", "schools")
WORDS = ["title", "how_to_mend"]


def areas_let_through(
    material: Material, shown: Shown, costs: Costs, trials: Mapping[str, Trial], definitions: Definitions
) -> dict[str, Released]:
    """The protected tables of every authority and of all together, by area."""
    every = {**_outcomes(material, shown, definitions), **_counts(material, shown)}
    areas = {
        area: {name: _of_area(table, area) for name, table in every.items()} for area in [*material.authorities, ALL]
    }
    for area, tables in areas.items():
        tables["protection"] = _table(costs.of(area), ["cells", "hidden"], shown.policy)
    areas[ALL] |= _over_all(material, shown, trials, definitions)
    return {area: Released(area, shown.policy.title, tables) for area, tables in areas.items()}


def _outcomes(material: Material, shown: Shown, definitions: Definitions) -> dict[str, Protected]:
    """Outcomes, participants and whole returns of every area."""
    stacked = pd.concat([material.outcomes, material.pooled], ignore_index=True)
    people = pd.concat([material.participants, material.pooled_participants], ignore_index=True)
    return {
        "outcomes": _table(with_decimals(protected_outcomes(stacked, shown, definitions), shown.policy),
                           OUTCOME_COUNTS, shown.policy),
        "participants": _table(
            protected_participants(people, shown), ["pupils", "schools", "pupil_years"], shown.policy
        ),
        "returns": _table(protected_returns(material.returns, shown), ["count", "denominator"], shown.policy),
    }  # fmt: skip


def _counts(material: Material, shown: Shown) -> dict[str, Protected]:
    """What became of events and records, of every area."""
    by_status, by_reason = linkage_by_status(material.linkage), unlinked_by_reason(material.linkage)
    rules = protected_rules(_rules(material.results), shown)
    totals = material.records[["rows_read", "rows_set_aside"]].sum().to_frame().T.assign(authority=ALL)
    records = pd.concat([material.records, totals], ignore_index=True)
    is_aside = rules["severity"] == UNUSED
    policy = shown.policy
    return {
        "linkage": _table(protected_linkage(_with_all(by_status), shown), ["count"], policy),
        "unlinked": _table(protected_reasons(_with_all(by_reason), shown), ["count"], policy),
        "failed_checks": _table(_most_first(rules[~is_aside]), ["rows_failed"], policy),
        "set_aside": _table(_most_first(rules[is_aside]).rename(columns={"rows_failed": "rows"}), ["rows"], policy),
        "records": _table(protected_totals(records, shown), ["rows_set_aside", "rows_read"], policy),
    }


def _over_all(
    material: Material, shown: Shown, trials: Mapping[str, Trial], definitions: Definitions
) -> dict[str, Protected]:
    """What only the evaluation tells: every authority side by side, borders, flow, effects, further stages."""
    by_authority = protected_outcomes(material.outcomes, shown, definitions)
    years = {name: year_of_flow(trial) for name, trial in trials.items()}
    tables = {
        "by_authority": _table(with_decimals(by_authority, shown.policy), OUTCOME_COUNTS, shown.policy),
        "borders": _table(
            protected_borders(material.borders, shown), ["cross_border_count", "own_count"], shown.policy
        ),
        "flow": _table(protected_trial_flow(material.flow, years, shown), COUNTS, shown.policy),
    }
    for name, held in material.effects.items():
        made = protect_effects(held, trials[name], shown)
        tables |= {f"effects-{name}-{table}": frame for table, frame in made.items()}
    return tables | protect_further(material.further, trials, shown)


def _rules(results: pd.DataFrame) -> pd.DataFrame:
    """Records failing by rule of each authority and pooled, with the rule's words and in how many authorities."""
    own = failing_by_rule(results).assign(authorities=1)
    keys = list(RULE_KEYS[1:])
    every = own.groupby(keys, as_index=False)[["rows_failed", "authorities"]].sum().assign(authority=ALL)
    words = results[results["outcome"].isin(FAILED)].drop_duplicates(keys)[[*keys, *WORDS]]
    return pd.concat([own, every], ignore_index=True).merge(words, on=keys, how="left")


def _with_all(counts: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([counts, pooled(counts)], ignore_index=True)


def _most_first(rules: pd.DataFrame) -> pd.DataFrame:
    """Rules with most records first; those whose number is hidden come last, for their place would tell their size."""
    return rules.sort_values(
        ["rows_failed", "rule", "table"], ascending=[False, True, True], na_position="last", ignore_index=True
    )


def with_decimals(outcomes: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Outcome rows with `decimals`, to how many their values are rounded and printed."""
    places = {
        name: (mean_decimals if measure.kind in {"mean", "median"} else ratio_decimals)(measure, policy)
        for name, measure in measures().items()
    }
    return outcomes.assign(decimals=outcomes["measure"].map(places))


def _table(frame: pd.DataFrame, counts: Sequence[str], policy: Policy) -> Protected:
    whole = {name: frame[name].astype("Float64").round(6).astype("Int64") for name in counts}
    return Protected(frame.assign(**whole).reset_index(drop=True), tuple(counts), policy.title)


def _of_area(table: Protected, area: str) -> Protected:
    return table.with_frame(table.frame[table.frame["authority"] == area].reset_index(drop=True))
