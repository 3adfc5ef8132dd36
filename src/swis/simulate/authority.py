"""Write all returns of one simulated authority, spoil a few records, and say what is true and what was spoilt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from swis.params import Params
from swis.simulate import truth
from swis.simulate.costs import own_costs
from swis.simulate.days import date_of
from swis.simulate.delivery import true_delivery
from swis.simulate.faults import Fault, planned_faults
from swis.simulate.faults_care import spoil_care
from swis.simulate.faults_cin import ordinals, spoil_children
from swis.simulate.faults_files import file_oddities, without_month
from swis.simulate.faults_results import spoil_attainment
from swis.simulate.faults_school import spoil_census
from swis.simulate.faults_supervision import SpoilRows, spoil_contacts, spoil_survey
from swis.simulate.files import write_frame_csv, write_marker, write_parts, write_table
from swis.simulate.plan import Size, planned
from swis.simulate.randomness import stream
from swis.simulate.terms import censuses
from swis.simulate.world import World, simulate_world, supervision_trials
from swis.simulate.write_annex_a import write_annex_a
from swis.simulate.write_census import REASON_CODE_CENSUSES, census_tables
from swis.simulate.write_cin import CIN_FOOTER, cin_children, cin_header
from swis.simulate.write_contacts import contact_rows
from swis.simulate.write_national import allocation_rows, link_rows, register_rows
from swis.simulate.write_ssda903 import episodes_of_year, header_of_year, reviews_of_year


@dataclass
class Written:
    """What one authority's simulation hands back: national rows, truth tables, faults, volumes (files, bytes, rows)."""

    slug: str
    register: pd.DataFrame
    links: pd.DataFrame
    allocation: pd.DataFrame
    truth: dict[str, pd.DataFrame]
    faults: list[Fault] = field(default_factory=list)
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
    writer = _Writer(world, folder / slug, params, seed, size, _begin(world, params, size))
    write_marker(writer.home, seed, size.name, size.population_share)
    writer.cin_census()
    writer.ssda903()
    writer.school_census()
    writer.attainment()
    writer.delivery()
    writer.contacts()
    writer.dsl_survey()
    writer.annex_a()
    writer.costs()
    writer.oddities()
    return writer.written


def _begin(world: World, params: Params, size: Size) -> Written:
    authority = params.authorities[world.slug]
    children = size.children(authority) * size.event_factor
    tables = {
        "school_months": truth.school_months(world),
        "pupil_days": truth.pupil_days(world),
        "school_years": truth.school_years(world),
        "school_rates": truth.school_rates(world),
        "authority_years": truth.authority_years(world, children),
        "border_events": truth.border_events(world),
        "visitor_spells": truth.visitor_spells(world),
        "delivery": true_delivery(world.delivery, world.slug),
        "survey": world.survey.truth,
        "delivery_months": world.delivery[world.delivery["month"] != ""],
    }
    return Written(
        world.slug,
        register_rows(world.schools, authority),
        link_rows(world.schools),
        allocation_rows(world.schools, world.slug),
        tables,
    )


@dataclass(frozen=True)
class _Writer:
    world: World
    home: Path
    params: Params
    seed: int
    size: Size
    written: Written

    @property
    def slug(self) -> str:
        return self.world.slug

    def rng(self, purpose: str) -> np.random.Generator:
        return stream(self.seed, self.slug, "faults", purpose)

    def plan(self, returns: str, periods: list[str]) -> dict[str, list[str]]:
        return planned_faults(returns, periods, self.size.fault_share, self.rng(returns))

    def cin_census(self) -> None:
        """One file a reporting year; an authority that was split sends one for each successor."""
        years = [year for year in self.params.definitions.return_years if not self._is_missing("cin_census", str(year))]
        plan = self.plan("cin_census", [str(year) for year in years])
        before: dict[str, int] = {}
        file_before = ""
        left: list[str] = []
        for year in years:
            texts, owners = cin_children(
                self.world.events,
                self.world.texts,
                self.world.children,
                self.world.population,
                year,
                indent=self.size.is_indented,
            )
            codes = self.params.authorities[self.slug].codes_in_return(year)
            for place, code in enumerate(codes):
                part = [text for text, owner in zip(texts, owners.tolist(), strict=True) if owner % len(codes) == place]
                name = f"cin/CIN_{year}.xml" if len(codes) == 1 else f"cin/CIN_{year}_{code.old_la_code}.xml"
                names = [*plan[str(year)], *left] if place == 0 else []
                part, unplaced = self._spoilt_children(part, names, name, year, before, file_before)
                left = unplaced if place == 0 else left
                written = write_parts(self.home / name, [cin_header(code.old_la_code, year), *part, CIN_FOOTER])
                self.written.add("cin_census", written, len(part))
                before, file_before = ordinals(part), name

    def _spoilt_children(
        self, part: list[str], names: list[str], file: str, year: int, before: dict[str, int], file_before: str
    ) -> tuple[list[str], list[str]]:
        rng = self.rng(file)
        if self._month_is_missing(year):
            part = without_month(part, year)
            self.written.faults.append(Fault("file_month_missing", self.slug, file, 0))
        spare = self.world.population.second_upn[self.world.population.link == "changed on the roll"][:1].tolist()
        part, faults, left = spoil_children(
            part,
            names,
            authority=self.slug,
            source_file=file,
            year=year,
            spare_upns=spare,
            before=before,
            file_before=file_before,
            rng=rng,
        )
        self.written.faults.extend(faults)
        return part, left

    def _month_is_missing(self, year: int) -> bool:
        case = planned()["missing_month"]
        return self.size.name == "full" and case["authority"] == self.slug and case["year"] == year

    def ssda903(self) -> None:
        """Header, episodes and reviews of each year."""
        years = [year for year in self.params.definitions.return_years if not self._is_missing("ssda903", str(year))]
        plan = self.plan("ssda903", [str(year) for year in years])
        for year in years:
            episodes = episodes_of_year(self.world.episodes, self.world.children, year)
            header = header_of_year(episodes, self.world.children, self.world.population, year)
            frames = {"header": header, "episodes": episodes, "reviews": reviews_of_year(header, year)}
            folder = f"ssda903/{year}"
            frames, faults = spoil_care(
                frames, plan[str(year)], authority=self.slug, folder=folder, year=year, rng=self.rng(folder)
            )
            self.written.faults.extend(faults)
            for name, frame in frames.items():
                self.written.add("ssda903", write_frame_csv(self.home / folder / f"{name}.csv", frame), len(frame))

    def school_census(self) -> None:
        """The modules of each termly census; a fault that finds no place in one census is tried in the next."""
        definitions = self.params.definitions
        terms = [
            census
            for census in censuses(definitions.first_census, definitions.last_census)
            if not self._is_missing_month_of_rolls(census.name)
        ]
        plan = self.plan("school_census", [census.name for census in terms])
        left: list[str] = []
        for census in terms:
            by_reason = self.slug in self.size.reason_code_authorities and census.name in REASON_CODE_CENSUSES
            tables = census_tables(self.world.rolls, census, by_reason=by_reason)
            tables, faults, left = spoil_census(
                tables,
                [*plan[census.name], *left],
                authority=self.slug,
                census=census.name,
                on=date_of(census.on),
                rng=self.rng(census.name),
            )
            self.written.faults.extend(faults)
            for module, table in tables.items():
                path = self.home / "school_census" / f"{census.name}_{module}.csv"
                self.written.add("school_census", write_table(path, table), table.num_rows)

    def attainment(self) -> None:
        """Key stage results in our own form."""
        names = self.plan("attainment", ["all"])["all"]
        results, faults = spoil_attainment(
            self.world.attainment, names, authority=self.slug, rng=self.rng("attainment rows")
        )
        self.written.faults.extend(faults)
        self.written.add(
            "attainment", write_frame_csv(self.home / "attainment" / "attainment.csv", results), len(results)
        )

    def delivery(self) -> None:
        """Who worked where and which sessions were held, in our own form; nothing where nobody worked."""
        held = self.world.delivery
        if len(held) and not self._is_missing("delivery", "all"):
            self.written.add("delivery", write_frame_csv(self.home / "delivery.csv", held), len(held))

    def contacts(self) -> None:
        """Contacts by the schools of the trials of supervision, in our own form; nothing where no such school is."""
        world = self.world
        if not self._is_supervised() or self._is_missing("contacts", "all"):
            return
        rows = contact_rows(world.contacts, world.contact_ids, world.population, world.schools)
        self._own_form("contacts", rows, spoil_contacts)

    def dsl_survey(self) -> None:
        """Answers of safeguarding leads in every trial with a survey, in our own form; nothing where none has one."""
        rows = self.world.survey.rows
        if len(rows) and not self._is_missing("dsl_survey", "all"):
            self._own_form("dsl_survey", rows, spoil_survey)

    def _is_supervised(self) -> bool:
        return not set(supervision_trials(self.params)).isdisjoint(self.params.authorities[self.slug].trials)

    def _own_form(self, form: str, rows: pd.DataFrame, spoil: SpoilRows) -> None:
        names = self.plan(form, ["all"])["all"]
        rows, faults = spoil(rows, names, authority=self.slug, rng=self.rng(f"{form} rows"))
        self.written.faults.extend(faults)
        self.written.add(form, write_frame_csv(self.home / f"{form}.csv", rows), len(rows))

    def annex_a(self) -> None:
        """The Annex A workbook of each year that the plan has for the authority."""
        for year in self.size.annex_a.get(self.slug, ()):
            written = write_annex_a(self.home / "annex_a" / f"annex_a_{year}.xlsx", self.world, year)
            self.written.add("annex_a", written, 0)

    def costs(self) -> None:
        """Prices of its own, in place of the national ones."""
        held = own_costs(self.slug, self.size.name == "full")
        if held is not None:
            self.written.add("costs", write_frame_csv(self.home / "costs.csv", held), len(held))

    def oddities(self) -> None:
        """Oddities of whole files, and the names of faults' files after them."""
        if not self.size.fault_share:
            return
        schools = self.world.schools
        codes = zip(schools.urn, schools.old_la_code, schools.number_in_authority, strict=True)
        laestab_of = {str(urn): f"{code}{number}" for urn, code, number in codes}
        faults, renamed = file_oddities(self.home, self.slug, self.world.number, laestab_of)
        moved = [
            replace(fault, source_file=renamed.get(fault.source_file, fault.source_file))
            for fault in self.written.faults
        ]
        self.written.faults[:] = [*moved, *faults]

    def _is_missing(self, returns: str, period: str) -> bool:
        """Whether a return was never sent; one that is no known gap is a fault that should be noticed."""
        for case in planned()["missing_returns"] if self.size.name == "full" else []:
            if (case["authority"], case["returns"], str(case["period"])) == (self.slug, returns, period):
                if not case["known_gap"]:
                    self.written.faults.append(Fault("file_return_missing", self.slug, f"{returns} {period}", 0))
                return True
        return False

    def _is_missing_month_of_rolls(self, census: str) -> bool:
        case = planned()["missing_census_month"]
        missing = (
            self.size.name == "full" and case["authority"] == self.slug and case["period"].replace(" ", "_") == census
        )
        if missing:
            self.written.faults.append(
                Fault("file_table_roll_missing", self.slug, f"school_census {case['period']}", 0)
            )
        return bool(missing)
