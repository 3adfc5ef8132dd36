"""Tables of the delivery stage as they come out of it, invented so that small numbers of people are among them."""

from __future__ import annotations

import pandas as pd

from swis.delivery import Delivery
from swis.delivery.sessions import COMMUNITY_COLUMNS, SESSION_COLUMNS
from swis.delivery.staff import KEYS, STAFF_COLUMNS, STAYED_COLUMNS
from swis.delivery.views import VIEW_COLUMNS

AUTHORITIES = {"hull": (7, 8), "ealing": (6, 6), "devon": (6, 7)}
YEARS = ("2021/22", "2022/23")
TRIAL = "dsls_one_to_one"


def invented_delivery() -> Delivery:
    """Three authorities of the first trial and two of one trial of supervision."""
    schools = {"swis": AUTHORITIES, TRIAL: {"hull": (5, 5), "ealing": (2, 2)}}
    return Delivery(
        staff=_staff(), sessions=_sessions(schools[TRIAL]), community=_community(), stayed_on=_stayed(),
        bands=_bands(), received=pd.DataFrame({"urn": ["900001"]}),
        gathered=pd.DataFrame({"returns": ["cin_census", "ssda903"], "received": [5, 6], "expected": [6, 6]}),
        views=_views(),
    )  # fmt: skip


def _staff() -> pd.DataFrame:
    rows = []
    for place, (slug, (schools, workers)) in enumerate(AUTHORITIES.items()):
        for year in YEARS:
            own = ("swis", "social worker", "intervention", year)
            rows.append((slug, *own, schools, schools, workers, schools * 11.2, schools * 12.0, schools * 0.8, None))
            given = int(place == 0)
            control = ("swis", "social worker", "control", year)
            rows.append((slug, *control, 6, given, given, given * 5.0, 0.0, 0.0, None))
    frame = pd.DataFrame(rows, columns=STAFF_COLUMNS[:-1])
    every = frame.groupby(KEYS[1:], as_index=False).sum(numeric_only=True).assign(authority="all")
    left = {"2021/22": 2, "2022/23": 4}
    offered = every["arm"] == "intervention"
    every = every.assign(leavers=every["academic_year"].map(left).where(offered, 0))
    managers = [
        ("all", "swis", "team manager", "no school", year, *[None] * 2, 3, 36.0, None, None, None) for year in YEARS
    ]
    held = pd.concat([frame, every, pd.DataFrame(managers, columns=STAFF_COLUMNS[:-1])], ignore_index=True)
    numbers = STAFF_COLUMNS[len(KEYS) : -1]
    return held.astype(dict.fromkeys(numbers, float)).assign(interval_level=0.95)[STAFF_COLUMNS]


def _sessions(schools: dict[str, tuple[int, int]]) -> pd.DataFrame:
    rows = [
        (slug, TRIAL, "intervention", "2021/22", number, 1, number * 11.0, number * 9.0, 81.8, 70.2, 90.1)
        for slug, (number, _) in schools.items()
    ]
    every = ("all", TRIAL, "intervention", "2021/22", 7, 2, 77.0, 63.0, 81.8, 72.4, 91.2)
    return pd.DataFrame([*rows, every], columns=SESSION_COLUMNS)


def _community() -> pd.DataFrame:
    rows = [
        ("social worker", "2022/23", 21, 200.0, 141.0, 70.5, 62.3, 78.7),
        ("team manager", "2022/23", 3, 33.0, 20.0, 60.6, 30.1, 90.9),
    ]
    return pd.DataFrame(rows, columns=COMMUNITY_COLUMNS)


def _stayed() -> pd.DataFrame:
    rows = [("swis", "workers", "2022/23", 16, 0.95), ("swis", "schools", "2022/23", 19, 0.95)]
    return pd.DataFrame(rows, columns=STAYED_COLUMNS)


def _bands() -> pd.DataFrame:
    rows = [
        ("swis", "intervention", "23 months", "none", 1),
        ("swis", "intervention", "23 months", "half to three quarters", 6),
        ("swis", "intervention", "23 months", "three quarters or more", 12),
        ("swis", "control", "23 months", "none", 18),
        ("swis", "control", "23 months", "half to three quarters", 0),
        ("swis", "control", "23 months", "three quarters or more", 0),
    ]
    return pd.DataFrame(rows, columns=["trial", "arm", "window", "band", "schools"])


def _views() -> pd.DataFrame:
    """Support in two trials: enough leads of the first, two of whom did not answer again; two schools in the second."""
    shares = (0.1, 0.1, 0.1)
    rows = [
        ("swis", "control", "baseline", 1, 5, 18, 18, 40, 40, 120.0, 3.0, 2.804, 3.196, *shares),
        ("swis", "control", "follow-up", 1, 5, 18, 15, 40, 31, 96.1, 3.1, 2.86, 3.34, *shares),
        ("swis", "intervention", "baseline", 1, 5, 19, 19, 41, 41, 127.1, 3.1, 2.9, 3.3, *shares),
        ("swis", "intervention", "follow-up", 1, 5, 19, 19, 41, 39, 140.4, 3.6, 3.4, 3.8, *shares),
        (TRIAL, "control", "follow-up", 1, 5, 2, 2, 14, 12, 30.0, 2.5, -1.2, 6.2, 0.6, 0.6, 0.6),
        (TRIAL, "intervention", "follow-up", 1, 5, 5, 5, 8, 8, 36.0, 4.5, 3.8, 5.2, 0.3, 0.3, 0.3),
    ]
    return pd.DataFrame(rows, columns=VIEW_COLUMNS).astype({"asked": float, "answered": float})
