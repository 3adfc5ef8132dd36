"""Suspensions and permanent exclusions in the school census, joined to their pupils.

The census carries them two terms in arrears; their own start date rules, never the census term. Suspensions were
called fixed-period exclusions (FIXD) until the 2021 census; one reason was given until then, up to three since
(DfE school census guide, exclusions module).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from swis.sources.text import of_distinct

CATEGORIES = {
    "FIXD": "suspension",
    "SUSP": "suspension",
    "SUSPENSION": "suspension",
    "PERM": "permanent",
    "PERMANENT": "permanent",
    "LNCH": "lunchtime",
    "LUNCHTIME": "lunchtime",
}
UNLINKED = "no pupil with this record number"
REASONS = ["reason1", "reason2", "reason3"]
EXCLUSION_COLUMNS: dict[str, list[str]] = {
    "native_id": ["NativeId"],
    "start_date": ["startdate", "start_date"],
    "sessions": ["sessions"],
    "reason1": ["reason1", "reason"],
    "reason2": ["reason2"],
    "reason3": ["reason3"],
    "category": ["category"],
}


def category_of(codes: pd.Series) -> pd.Series:
    """suspension, permanent or lunchtime for the census codes; any other text is kept for validation to judge."""
    return of_distinct(codes, lambda texts: texts.str.upper().map(CATEGORIES).astype("string").fillna(texts))


def joined_reasons(rows: pd.DataFrame) -> pd.Series:
    """The reason codes of each row in the order given, each once, joined with spaces; missing where there is none."""
    given = pd.Series("", index=rows.index, dtype="string")
    for name in [reason for reason in REASONS if reason in rows]:
        given = given + " " + rows[name].fillna("")
    joined = of_distinct(given, _joined)
    return joined.where(joined.ne(""))


def _joined(texts: pd.Series) -> pd.Series:
    return pd.Series([" ".join(dict.fromkeys(text.upper().split())) for text in texts], dtype="string")


def suspension_text(exclusions: pd.DataFrame, pupils: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, pd.Series]:
    """Exclusion rows with their pupil's upn and school, still as text, and the mask of rows without a pupil.

    `exclusions` holds record_id, urn and the columns of EXCLUSION_COLUMNS; the frames of `pupils` record_id, upn and
    urn. A row whose pupil is not among the pupils (or whose pupil file was not sent) keeps a missing upn, so that it is
    still counted.
    """
    columns = ["record_id", "upn", "urn"]
    suspended = exclusions["record_id"].dropna()
    # A census holds far more pupils than suspensions: only those named are indexed.
    named = [known.loc[known["record_id"].isin(suspended), columns] for known in pupils]
    by_record = pd.concat([pd.DataFrame(columns=columns, dtype="string"), *named])
    by_record = by_record.drop_duplicates("record_id").set_index("record_id")
    places = by_record.index.get_indexer(exclusions["record_id"])
    pupil = pd.DataFrame(
        {name: by_record[name].array.take(places, allow_fill=True) for name in ("upn", "urn")}, index=exclusions.index
    )
    rows = exclusions.assign(
        upn=pupil["upn"],
        urn=exclusions["urn"].fillna(pupil["urn"]),
        reasons=joined_reasons(exclusions),
        category=category_of(exclusions["category"]),
    )
    return rows, pd.Series(places < 0, index=exclusions.index)
