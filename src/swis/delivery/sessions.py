"""Supervision sessions planned and held, and who came to the community of practice."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from swis.academic_year import academic_year_of
from swis.delivery.ratios import share_of_sums
from swis.delivery.sources import DeliverySources
from swis.delivery.staff import ALL, MANAGER, OFFERED, WORKER, person
from swis.outcomes.analysis.sessions import SUPERVISOR
from swis.params import Definitions, Trial

PROGRAMME = "DSLS"
SESSION_KEYS = ["authority", "trial", "arm", "academic_year"]
SESSION_COLUMNS = [*SESSION_KEYS, "schools", "supervisors", "planned", "held", "share", "lower", "upper"]
COMMUNITY_COLUMNS = ["role", "academic_year", "workers", "months", "attended", "share", "lower", "upper"]


def sessions(sources: DeliverySources, trials: Mapping[str, Trial], definitions: Definitions) -> pd.DataFrame:
    """Sessions by authority, trial, arm and academic year, and over all authorities (SESSION_COLUMNS).

    share: % of planned sessions held, with its interval, schools being alike within themselves (ratio of two sums over
    schools, linearised). Schools and supervisors are those with a session planned.
    """
    supervised = [name for name, trial in trials.items() if trial.programme == PROGRAMME]
    schools = sources.schools[sources.schools["trial"].isin(supervised)]
    rows = sources.months[(sources.months["role"] == SUPERVISOR).fillna(False)]
    own = rows.merge(schools[["urn", "trial", "arm"]], on="urn")
    own = own.assign(academic_year=academic_year_of(own["month"]), supervisor=person(own))
    every = pd.concat([own, own.assign(authority=ALL)], ignore_index=True)
    counts = every.groupby(SESSION_KEYS).agg(
        schools=("urn", "nunique"), supervisors=("supervisor", "nunique"),
        planned=("sessions_planned", "sum"), held=("sessions_held", "sum"),
    )  # fmt: skip
    shares = share_of_sums(every, SESSION_KEYS, "urn", "sessions_held", "sessions_planned", definitions.interval_level)
    return counts.join(shares).reset_index()[SESSION_COLUMNS].astype({"planned": float, "held": float})


def community(sources: DeliverySources, trials: Mapping[str, Trial], definitions: Definitions) -> pd.DataFrame:
    """Months in which social workers of intervention schools and team managers came to the community of practice.

    COMMUNITY_COLUMNS, by role and academic year over all authorities: months on record, those attended, and the % with
    an interval over workers. Months without an entry are not known and not counted.
    """
    offered = sources.schools.loc[sources.schools["arm"] == OFFERED, "urn"]
    rows = sources.months[sources.months["community_of_practice"].notna()]
    own = rows[((rows["role"] == WORKER) & rows["urn"].isin(offered)) | (rows["role"] == MANAGER)]
    own = own.assign(
        academic_year=academic_year_of(own["month"]),
        person=person(own),
        months=1,
        attended=own["community_of_practice"].astype(bool).astype(int),
    )
    keys = ["role", "academic_year"]
    counts = own.groupby(keys).agg(
        workers=("person", "nunique"), months=("months", "sum"), attended=("attended", "sum")
    )
    shares = share_of_sums(own, keys, "person", "attended", "months", definitions.interval_level)
    return counts.join(shares).reset_index()[COMMUNITY_COLUMNS].astype({"months": float, "attended": float})
