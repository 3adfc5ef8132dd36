"""Modules and columns of the school census as authorities export them, in every spelling they have had.

Names follow the DfE school census (CBDS) as used in authority extracts of 2015 to 2026.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from swis.sources import attendance
from swis.sources.suspensions import EXCLUSION_COLUMNS

ROLL_COLUMNS: dict[str, list[str]] = {
    "native_id": ["NativeId", "urn", "laestab"],
    "upn": ["upn"],
    "former_upn": ["formerupn", "former_upn"],
    "birth_date": ["dob", "dateofbirth", "birth_date"],
    "sex": ["sex", "gender"],
    "entry_date": ["entrydate", "entry_date"],
    "leaving_date": ["leavingdate", "leaving_date"],
    "year_group": ["ncyearactual", "ncyearleaving", "ncyear"],
    "enrolment_status": ["enrolstatus", "enrolmentstatus", "enrolment_status"],
    "is_fsm_eligible": ["fsmeligible", "fsm_eligible", "fsmeligibility", "fsm"],
    "sen_provision": ["senprovision", "sen_provision"],
    "ethnicity": ["ethnicity"],
    **attendance.session_columns(attendance.TERMLY),
    **attendance.session_columns(attendance.HALF_TERM_2),
}
REQUIRED_OF_ROLL = ["native_id", "upn", "entry_date"]
DETAIL_COLUMNS = {"sessions": ["sessions", "absencesessions"], "reason": ["attendancereason"]}
REQUIRED_OF_EXCLUSIONS = ["record_id", "native_id", "start_date", "category"]
FSM_COLUMNS = {"start": ["fsmstartdate"], "end": ["fsmenddate"]}


@dataclass(frozen=True)
class Side:
    """The modules of pupils on roll, or of pupils who left since the census before."""

    is_on_roll: bool
    pupils: str
    exclusions: str
    details: Mapping[str, str]
    fsm_periods: str = ""

    @property
    def record_id(self) -> dict[str, list[str]]:
        """The column that joins every module of this side to its pupils."""
        return {"record_id": [f"{self.pupils}tableid"]}

    @property
    def modules(self) -> list[str]:
        """Names of all modules of this side."""
        named = [self.pupils, self.exclusions, *self.details.values(), self.fsm_periods]
        return [name for name in named if name]


SIDES = (
    Side(
        is_on_roll=True,
        pupils="pupilonroll",
        exclusions="termlyexclusionsonroll",
        details={
            attendance.TERMLY: "termlysessiondetailsonroll",
            attendance.HALF_TERM_2: "summerhalfterm2sessiondetailsonroll",
        },
        fsm_periods="fsmperiodsonroll",
    ),
    Side(
        is_on_roll=False,
        pupils="pupilnolongeronroll",
        exclusions="termlyexclusionsoffroll",
        details={
            attendance.TERMLY: "termlysessiondetailsoffroll",
            attendance.HALF_TERM_2: "summerhalfterm2sessiondetailsoffroll",
        },
    ),
)
MODULES = tuple(name for side in SIDES for name in side.modules)


def columns_of(module: str, sent: Collection[str] = ()) -> tuple[dict[str, list[str]], list[str]]:
    """The columns read from a module with their accepted spellings, and the required ones.

    `sent` are all modules of the census: a pupil module needs its record number only where others refer to it.
    KeyError for a module that is not read.
    """
    side = {name: one for one in SIDES for name in one.modules}[module]
    if module == side.pupils:
        referred = set(side.modules) & set(sent) - {side.pupils}
        return ROLL_COLUMNS | side.record_id, [*REQUIRED_OF_ROLL, *(["record_id"] if referred else [])]
    if module == side.exclusions:
        return EXCLUSION_COLUMNS | side.record_id, REQUIRED_OF_EXCLUSIONS
    columns = FSM_COLUMNS if module == side.fsm_periods else DETAIL_COLUMNS
    return columns | side.record_id, ["record_id", *columns]
