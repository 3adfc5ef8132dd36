"""Write all returns of one simulated authority and say what is true of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from swis.params import Params
from swis.simulate.files import write_frame_csv, write_marker, write_parts, write_table
from swis.simulate.plan import Size, planned
from swis.simulate.terms import censuses
from swis.simulate.world import World, simulate_world
from swis.simulate.write_annex_a import write_annex_a
from swis.simulate.write_census import REASON_CODE_CENSUSES, census_tables
from swis.simulate.write_cin import CIN_FOOTER, cin_children, cin_header
from swis.simulate.write_national import allocation_rows, link_rows, register_rows
from swis.simulate.write_ssda903 import episodes_of_year, header_of_year, reviews_of_year


@dataclass
class Written:
    """What one authority's simulation hands back: national rows, truth tables, faults, volumes (files, bytes, rows)."""

    slug: str
    register: pd.DataFrame
    links: pd.DataFrame
    allocation: pd.DataFrame
    files: int = 0
    bytes: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, size: int, rows: int) -> None:
        """Count a written file."""
        self.files += 1
        self.bytes[kind] = self.bytes.get(kind, 0) + size
        self.rows[kind] = self.rows.get(kind, 0) + rows


def write_authority(slug: str, folder: Path, params: Params, seed: int, size: Size) -> Written:
    """Simulate one authority and write its folder of returns under `folder`."""
    world = simulate_world(slug, params, seed, size)
    home = folder / slug
    authority = params.authorities[slug]
    write_marker(home, seed, size.name, size.population_share)
    written = Written(
        slug,
        register_rows(world.schools, authority),
        link_rows(world.schools),
        allocation_rows(world.schools, slug),
    )
    for year in params.definitions.return_years:
        if not _is_missing(slug, "cin_census", str(year), size):
            _write_cin(world, home, params, year, size, written)
        if not _is_missing(slug, "ssda903", str(year), size):
            _write_ssda903(world, home, year, written)
    _write_census(world, home, params, size, written)
    written.add("attainment", write_frame_csv(home / "attainment" / "attainment.csv", world.attainment), len(world.attainment))
    if slug in size.annex_a:
        year = size.annex_a[slug]
        written.add("annex_a", write_annex_a(home / "annex_a" / f"annex_a_{year}.xlsx", world, year), 0)
    return written


def _is_missing(slug: str, returns: str, period: str, size: Size) -> bool:
    cases = planned()["missing_returns"] if size.name == "full" else []
    return any(
        case["authority"] == slug and case["returns"] == returns and str(case["period"]) == period for case in cases
    )


def _write_cin(world: World, home: Path, params: Params, year: int, size: Size, written: Written) -> None:
    """One file a return; an authority that was split sends one a successor, with its share of the children."""
    texts, owners = cin_children(
        world.events, world.texts, world.children, world.population, year, indent=size.is_indented
    )
    codes = params.authorities[world.slug].codes_in_return(year)
    for place, code in enumerate(codes):
        part = [text for text, owner in zip(texts, owners.tolist(), strict=True) if owner % len(codes) == place]
        name = f"CIN_{year}.xml" if len(codes) == 1 else f"CIN_{year}_{code.old_la_code}.xml"
        size_of_file = write_parts(home / "cin" / name, [cin_header(code.old_la_code, year), *part, CIN_FOOTER])
        written.add("cin_census", size_of_file, len(part))


def _write_ssda903(world: World, home: Path, year: int, written: Written) -> None:
    episodes = episodes_of_year(world.episodes, world.children, year)
    header = header_of_year(episodes, world.children, world.population, year)
    frames = {"header": header, "episodes": episodes, "reviews": reviews_of_year(episodes, header, year)}
    for name, frame in frames.items():
        written.add("ssda903", write_frame_csv(home / "ssda903" / str(year) / f"{name}.csv", frame), len(frame))


def _write_census(world: World, home: Path, params: Params, size: Size, written: Written) -> None:
    for census in censuses(params.definitions.first_census, params.definitions.last_census):
        if _is_missing_month(world.slug, census.name, size):
            continue
        by_reason = world.slug in size.reason_code_authorities and census.name in REASON_CODE_CENSUSES
        for module, table in census_tables(world.rolls, census, by_reason=by_reason).items():
            path = home / "school_census" / f"{census.name}_{module}.csv"
            written.add("school_census", write_table(path, table), table.num_rows)


def _is_missing_month(slug: str, census: str, size: Size) -> bool:
    case = planned()["missing_census_month"]
    return size.name == "full" and case["authority"] == slug and case["period"].replace(" ", "_") == census


