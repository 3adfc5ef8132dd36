"""What holds for any published figures: order does not matter, choosing twice is choosing once, parts add up."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from swis.published import preferred, rate, with_computed
from swis.published.figures import FIGURE
from swis.schemas import conform
from swis.sources.published_cells import clean_periods, end_year

COUNTS = ["section47_enquiries", "children_0_to_17"]
SYMBOLS = ["suppressed", "not available", "low reliability", "not applicable"]

cells = st.one_of(st.integers(0, 10_000), st.sampled_from(SYMBOLS))
rows = st.tuples(
    st.sampled_from(COUNTS),
    st.sampled_from(["2022", "2023"]),
    st.sampled_from(["306", "307"]),
    st.sampled_from(["2023", "2024"]),
    cells,
)


def published(chosen: list[tuple[str, str, str, str, int | str]]) -> pd.DataFrame:
    frame = pd.DataFrame(chosen, columns=["measure", "time_period", "area_code", "release", "cell"])
    frame = frame.drop_duplicates(["measure", "time_period", "area_code", "release"])
    is_symbol = frame["cell"].isin(SYMBOLS)
    said = frame.assign(
        publication="Children in need", time_identifier="Reporting year", geographic_level="Local authority",
        area_name="x", breakdown="Total", unit="number", value=pd.to_numeric(frame["cell"], errors="coerce"),
        symbol=frame["cell"].where(is_symbol),
    )  # fmt: skip
    return conform(said, "published")


def as_mapping(frame: pd.DataFrame) -> dict[tuple[str, ...], tuple[str, str, str]]:
    keys = frame[FIGURE].itertuples(index=False, name=None)
    values = zip(frame["value"].astype("string").fillna(""), frame["symbol"].fillna(""), frame["release"], strict=True)
    return dict(zip(keys, values, strict=True))


@settings(max_examples=25, deadline=None)
@given(st.lists(rows, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter_and_choosing_twice_is_choosing_once(chosen: list, random: object) -> None:
    figures = published(chosen)
    shuffled = figures.sample(frac=1, random_state=random.randint(0, 999))  # type: ignore[attr-defined]
    once = preferred(with_computed(figures))
    assert as_mapping(once) == as_mapping(preferred(with_computed(shuffled)))
    assert as_mapping(preferred(once)) == as_mapping(once)
    assert not once.duplicated(FIGURE).any()


@settings(max_examples=25, deadline=None)
@given(st.lists(rows, min_size=1, max_size=12))
def test_every_figure_has_a_number_or_a_reason_never_both(chosen: list) -> None:
    figures = with_computed(published(chosen))
    assert (figures["value"].isna() == figures["symbol"].notna()).all()


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_rate_gives_the_count_back(count: int, population: int) -> None:
    assert round(float(rate(count, population, 10_000).iloc[0]) * population / 10_000) == count


@given(st.integers(1990, 2098))
def test_every_academic_year_is_read_in_any_spelling(start: int) -> None:
    short = f"{(start + 1) % 100:02d}"
    written = pd.Series(
        [f"{start}{short}", f"{start}/{short}", f"{start}-{short}", f"{start}/{start + 1}"], dtype="string"
    )
    assert clean_periods(written).tolist() == [f"{start}{short}"] * 4
    assert end_year(clean_periods(written)).tolist() == [start + 1] * 4
