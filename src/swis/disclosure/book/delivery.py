"""How the programmes were delivered, as cells: staff in post, sessions held, schools by what they received.

A worker is no child, but a single one must not be told either: numbers of workers, of those who left and of schools
with a worker are protected as numbers of schools are (one or two are hidden), and months and sessions stand only where
enough schools do. One manager an authority is the programme's own design, so managers are told over all authorities.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from swis.delivery.sessions import SESSION_KEYS
from swis.delivery.staff import ALL, OFFERED, WORKER
from swis.delivery.staff import KEYS as STAFF_KEYS
from swis.disclosure.book.book import Book
from swis.disclosure.book.kinds import Kind
from swis.disclosure.book.views import views_book

# Column → statistic and kind.
STAFF: Mapping[str, tuple[str, Kind]] = {
    "schools_with_worker": ("delivery: schools with a worker", "schools"),
    "workers": ("delivery: staff in post", "schools"),
    "leavers": ("delivery: staff who left", "schools"),
    "full_time_months": ("delivery: full-time months", "amount"),
    "months_open": ("delivery: months of posts", "amount"),
    "months_vacant": ("delivery: months vacant", "amount"),
}
# What months of posts stand on: every school of the arm has a post, and some a worker.
BEHIND_MONTHS = {"full_time_months": "behind", "months_open": "schools", "months_vacant": "schools"}
SESSIONS: Mapping[str, tuple[str, Kind]] = {
    "schools": ("delivery: schools with sessions", "schools"),
    "supervisors": ("delivery: supervisors", "schools"),
    "planned": ("delivery: sessions planned", "amount"),
    "held": ("delivery: sessions held", "amount"),
}
COMMUNITY: Mapping[str, tuple[str, Kind]] = {
    "months": ("delivery: months of the community", "amount"),
    "attended": ("delivery: months attended", "amount"),
}
COMMUNITY_KEYS = ("role", "academic_year")
STAYED = {"workers": "delivery: staff who stayed", "schools": "delivery: schools that went on"}
STAYED_OF = {"workers": STAFF["workers"][0], "schools": STAFF["schools_with_worker"][0]}
BANDS, BAND_KEYS, EVERY_BAND = "delivery: schools by band", ("trial", "arm", "window", "band"), "every band"
FAMILIES = {"delivery: ": "Delivery of the programmes"}


def delivery_book(book: Book, held: Any, trials: Mapping[str, Any]) -> None:
    """Add the counts of the delivery stage (`Delivery`): authorities sum to all, and parts stand below their wholes.

    Staff who left or stayed on are part of those in post, held sessions of those planned, vacant months of those of
    posts; what is left each time is an implied cell.
    """
    _staff(book, held.staff)
    _stayed(book, held.stayed_on)
    for table, columns, keys, behind in (
        (held.sessions, SESSIONS, SESSION_KEYS, "schools"),
        (held.community, COMMUNITY, list(COMMUNITY_KEYS), "workers"),
    ):
        for column, (statistic, kind) in columns.items():
            schools = behind if kind == "amount" else None
            book.add(table, statistic=statistic, kind=kind, value=column, keys=keys, schools=schools)
    for statistic, _ in SESSIONS.values():
        book.sums(statistic, over="authority", total=ALL)
    book.part(SESSIONS["planned"][0], SESSIONS["held"][0], name="delivery: sessions not held")
    book.part(COMMUNITY["months"][0], COMMUNITY["attended"][0], name="delivery: months not attended")
    _bands(book, held.bands)
    views_book(book, held.views)


def staff_rows(staff: pd.DataFrame) -> pd.DataFrame:
    """Staff with `behind`, what stands behind full-time months: schools with a worker, or the managers themselves."""
    behind = staff["schools_with_worker"].where(staff["role"] == WORKER, staff["workers"])
    return staff.assign(behind=behind)


def _staff(book: Book, staff: pd.DataFrame) -> None:
    rows = staff_rows(staff)
    for column, (statistic, kind) in STAFF.items():
        behind = BEHIND_MONTHS.get(column)
        book.add(rows, statistic=statistic, kind=kind, value=column, keys=STAFF_KEYS, schools=behind)
        if column != "leavers":
            book.sums(statistic, over="authority", total=ALL)
    book.part(STAFF["workers"][0], STAFF["leavers"][0], name="delivery: staff who did not leave")
    book.part(STAFF["months_open"][0], STAFF["months_vacant"][0], name="delivery: months filled")


def stayed_rows(stayed_on: pd.DataFrame, what: str) -> pd.DataFrame:
    """Rows of one kind [STAFF_KEYS, number]: what of the year before was still there in `academic_year`."""
    own = stayed_on[stayed_on["what"] == what]
    return own.assign(authority=ALL, role=WORKER, arm=OFFERED)


def _stayed(book: Book, stayed_on: pd.DataFrame) -> None:
    """Those who stayed are part of this year's and of the year before's."""
    for what, statistic in STAYED.items():
        rows = stayed_rows(stayed_on, what)
        book.add(rows, statistic=statistic, kind="schools", value="number", keys=STAFF_KEYS)
        book.part(STAYED_OF[what], statistic, name=f"{STAYED_OF[what]}, new")
        book.relate(
            _of_the_year_before(book.table(STAYED_OF[what]), book.table(statistic)),
            what=f"{statistic} of the year before", rest=f"{STAYED_OF[what]}, not in the next year", like=statistic,
        )  # fmt: skip


def _of_the_year_before(whole: pd.DataFrame, part: pd.DataFrame) -> pd.DataFrame:
    """Terms [group, name, weight, value]: the year before, less those of it that stayed."""
    keys = [key for key in STAFF_KEYS if key != "academic_year"]
    before = part["academic_year"].map(year_before)
    mine = part.assign(academic_year=before, group=part["name"], weight=-1.0)
    wholes = mine[[*keys, "academic_year", "group"]].merge(whole, on=[*keys, "academic_year"], how="inner")
    both = pd.concat([wholes.assign(weight=1.0), mine[mine["group"].isin(wholes["group"])]], ignore_index=True)
    return both[["group", "name", "weight", "value"]]


def year_before(academic_year: str) -> str:
    """'2020/21' for '2021/22'."""
    start = int(academic_year[:4]) - 1
    return f"{start}/{(start + 1) % 100:02d}"


def _bands(book: Book, bands: pd.DataFrame) -> None:
    """Schools by band; how many schools an arm has is no secret."""
    keys = list(BAND_KEYS[:-1])
    total = bands.groupby(keys, as_index=False)["schools"].sum().assign(band=EVERY_BAND)
    book.add(bands, statistic=BANDS, kind="schools", value="schools", keys=BAND_KEYS)
    book.add(total, statistic=BANDS, kind="schools", value="schools", keys=BAND_KEYS, is_public=True)
    book.sums(BANDS, over="band", total=EVERY_BAND)
