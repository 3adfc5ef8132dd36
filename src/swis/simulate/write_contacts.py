"""The contacts of one authority in our own form, and the identifiers of children whom no other return holds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.simulate.children import Children, child_id
from swis.simulate.contacts import Contacts
from swis.simulate.days import OPEN, iso_texts
from swis.simulate.population import Population
from swis.simulate.schools import Schools

COLUMNS = [
    "la_child_id", "upn", "urn", "contact_date", "source_code", "concern_codes", "outcome", "decision_date",
]  # fmt: skip
SCHOOLS = "2A"


def contact_rows(contacts: Contacts, ids: np.ndarray, population: Population, schools: Schools) -> pd.DataFrame:
    """One row a contact as text (COLUMNS), in the order of days; `ids` as from `identifiers`.

    The pupil's number is the one that the authority's other returns give: temporary for some, blank where unknown.
    """
    iso = np.array([*iso_texts(), ""], dtype=object)
    link, child = population.link[contacts.child], contacts.child
    upn = np.where(link == "temporary", population.second_upn[child], population.upn[child])
    decided = np.where(contacts.decided >= OPEN, len(iso) - 1, contacts.decided)
    values = (
        ids,
        np.where(link == "unknown", "", upn),
        schools.urn[contacts.school],
        iso[contacts.made],
        np.full(contacts.number, SCHOOLS, dtype=object),
        contacts.concerns,
        contacts.outcome,
        iso[decided],
    )
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)), dtype=object)


def identifiers(child: np.ndarray, children: Children, number: int) -> np.ndarray:
    """The authority's identifier of each child: as in its returns, else one after the last of those.

    `number` is the authority's.
    """
    place = children.position(child)
    known = np.append(children.place, -1)[place] == child
    others = np.unique(child[~known])
    new = [child_id(number, len(children.place) + rank) for rank in range(1, len(others) + 1)]
    found = np.append(children.la_child_id, "")[place]
    found[~known] = np.array(new, dtype=object)[np.searchsorted(others, child[~known])]
    return np.asarray(found)
