"""What happened to a school fits the arm it was allocated to."""

import pandas as pd

from swis.validate.plausibility.check import Context, check, units
from swis.validate.plausibility.spells import at_intervention, unexplained_at_control
from swis.validate.rule import TRIAL_TEAM

ONLY_IN = {"post vacant": "intervention", "later given a worker": "control"}


@check(
    "arm contradicted",
    table="allocation",
    title="The arm of a school is contradicted by what happened to it: the arms may be swapped",
    severity="stop",
    reason="with the arms swapped every effect has the wrong sign",
    how_to_mend="compare the allocation file with the record of the randomisation and with who worked where",
    owner=TRIAL_TEAM,
)
def contradicted(context: Context) -> pd.DataFrame:
    rows = context.table("allocation")
    by_reason = rows["reason"].map(ONLY_IN)
    holds = by_reason.isna() | (by_reason == rows["arm"])
    answers = [units("school " + rows["urn"] + " (reason)", holds.fillna(True))]
    if "delivery" in context.tables and len(context.tables["delivery"]):
        answers.append(_by_delivery(rows, context.tables["delivery"]))
    return pd.concat(answers, ignore_index=True)


def _by_delivery(allocation: pd.DataFrame, delivery: pd.DataFrame) -> pd.DataFrame:
    """Control schools with a worker contradict the arms where as many of them have one as intervention schools do.

    Fewer are schools that were given a worker all the same, which a rule about rows notes.
    """
    control = delivery.loc[unexplained_at_control(delivery, allocation), "urn"].unique()
    intervention = delivery.loc[at_intervention(delivery, allocation), "urn"].unique()
    swapped = len(control) > 0 and len(control) >= len(intervention)
    return units("school " + allocation["urn"] + " (delivery)", ~(allocation["urn"].isin(control) & swapped))
