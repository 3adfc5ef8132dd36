"""Where a row of open data belongs: level, country, region and authority, with the codes of its year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from swis.academic_year import ACADEMIC_YEAR_FIRST_MONTH
from swis.params import Authority, Code
from swis.report.inputs import ALL

ENGLAND = {"country_code": "E92000001", "country_name": "England"}
# Codes of the regions as the DfE's releases give them; the two parts of London stand there as regions of their own.
REGIONS: Mapping[str, str] = {
    "North East": "E12000001",
    "North West": "E12000002",
    "Yorkshire and The Humber": "E12000003",
    "East Midlands": "E12000004",
    "West Midlands": "E12000005",
    "East of England": "E12000006",
    "London": "E12000007",
    "South East": "E12000008",
    "South West": "E12000009",
    "Inner London": "E13000001",
    "Outer London": "E13000002",
}
NO_REGION_CODE = "z"  # the standard's word for a place that no official code is of
AREA_COLUMNS = ("region_code", "region_name", "old_la_code", "new_la_code", "la_name")


def place_of(slug: str, academic_year: str, authorities: Mapping[str, Authority]) -> dict[str, str]:
    """The place columns of a row; rows of all authorities together lie in England and in no part of it."""
    if slug == ALL:
        return {"geographic_level": "National", **ENGLAND, **dict.fromkeys(AREA_COLUMNS, "")}
    authority = authorities[slug]
    code = code_in(authority, academic_year)
    return {
        "geographic_level": "Local authority",
        **ENGLAND,
        "region_code": REGIONS.get(authority.region, NO_REGION_CODE),
        "region_name": authority.region,
        "old_la_code": code.old_la_code,
        "new_la_code": code.new_la_code,
        "la_name": authority.name,
    }


def code_in(authority: Authority, academic_year: str) -> Code:
    """The code carried on the first day of an academic year.

    A trial authority stays one place: where it has become several, the code it carried last as one.
    """
    first_day = date(int(academic_year[:4]), ACADEMIC_YEAR_FIRST_MONTH, 1)
    begun = [code for code in authority.codes if code.valid_from <= first_day]
    alone = [code for code in begun if sum(one.valid_from == code.valid_from for one in begun) == 1]
    return max(alone or authority.codes[:1], key=lambda code: code.valid_from)
