"""The files that are not one authority's: school register, its links, and the allocation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.params import Authority
from swis.simulate.days import OPEN, date_of
from swis.simulate.schools import ALLOCATED_ON, Schools

AGES = {"secondary": ("11", "16"), "primary": ("4", "11")}
PHASES = {"secondary": ("4", "Secondary"), "primary": ("2", "Primary")}
TYPES = [
    ("28", "Academy sponsor led"),
    ("34", "Academy converter"),
    ("01", "Community school"),
    ("05", "Foundation school"),
]
ACADEMY_OPENED = "01-09-2015"


def register_rows(schools: Schools, authority: Authority) -> pd.DataFrame:
    """Rows of the school register with the true column names; every name says that the school is invented."""
    rows = [_register_row(schools, place, authority) for place in range(schools.number)]
    return pd.DataFrame(rows, dtype=object)


def _register_row(schools: Schools, place: int, authority: Authority) -> dict[str, str]:
    code = next(
        code for code in authority.codes if code.old_la_code == schools.old_la_code[place] and code.valid_to is None
    )
    previous = next(
        (old.old_la_code for old in authority.codes if old.old_la_code != code.old_la_code and old.valid_to), "999"
    )
    phase = str(schools.phase[place])
    closed = schools.reason[place] == "merged"
    kind = TYPES[int(schools.number_in_authority[place]) % len(TYPES)]
    pupils = round(float(schools.pupils[place]))
    return {
        "URN": str(schools.urn[place]),
        "LA (code)": code.old_la_code,
        "LA (name)": code.name_in_dfe_files,
        "EstablishmentNumber": str(schools.number_in_authority[place]),
        "EstablishmentName": f"Synthetic School {schools.urn[place]}",
        "TypeOfEstablishment (code)": kind[0],
        "TypeOfEstablishment (name)": kind[1],
        "EstablishmentStatus (code)": "2" if closed else "1",
        "EstablishmentStatus (name)": "Closed" if closed else "Open",
        "ReasonEstablishmentClosed (name)": "Result of Amalgamation/Merger" if closed else "Not applicable",
        "OpenDate": ACADEMY_OPENED if kind[0] in {"28", "34"} else "",
        "CloseDate": _register_date(int(schools.withdrawn_on[place])) if closed else "",
        "PhaseOfEducation (code)": PHASES[phase][0],
        "PhaseOfEducation (name)": PHASES[phase][1],
        "StatutoryLowAge": AGES[phase][0],
        "StatutoryHighAge": AGES[phase][1],
        "Gender (name)": "Mixed",
        "SchoolCapacity": str(round(pupils * 1.1)),
        "CensusDate": "19-01-2023",
        "NumberOfPupils": str(pupils),
        "NumberOfBoys": str(pupils // 2),
        "NumberOfGirls": str(pupils - pupils // 2),
        "PercentageFSM": f"{100 * schools.fsm[place] * 1.35:.1f}",
        "GOR (name)": authority.region,
        "GSSLACode (name)": code.new_la_code,
        "PreviousLA (code)": previous,
        "PreviousEstablishmentNumber": "",
        "OfstedRating (name)": "",
    }


def _register_date(number: int) -> str:
    return date_of(number).strftime("%d-%m-%Y")


def link_rows(schools: Schools) -> pd.DataFrame:
    """Rows of the links file: each merged school, its successor, and the link back."""
    columns = ["URN", "LinkURN", "LinkName", "LinkType", "LinkEstablishedDate"]
    rows = []
    for place in np.flatnonzero(schools.merged_into != ""):
        old, new = str(schools.urn[place]), str(schools.merged_into[place])
        when = _register_date(int(schools.withdrawn_on[place]) + 1)
        rows.append((old, new, f"Synthetic School {new}", "Successor - merged", when))
        rows.append((new, old, f"Synthetic School {old}", "Predecessor - merged", when))
    return pd.DataFrame(rows, columns=columns, dtype=object)


def allocation_rows(schools: Schools, slug: str) -> pd.DataFrame:
    """Rows of our allocation file: every randomised school, lost ones with the day and the reason."""
    rows = []
    for place in np.flatnonzero(schools.arm != ""):
        withdrawn = int(schools.withdrawn_on[place])
        rows.append(
            {
                "urn": str(schools.urn[place]),
                "trial": schools.trial[place],
                "stratum": slug,
                "arm": schools.arm[place],
                "allocated_on": date_of(ALLOCATED_ON[str(schools.trial[place])]).isoformat(),
                "withdrawn_on": "" if withdrawn >= OPEN else date_of(withdrawn).isoformat(),
                "reason": schools.reason[place],
                "merged_into_urn": schools.merged_into[place],
            }
        )
    return pd.DataFrame(rows, dtype=object)
