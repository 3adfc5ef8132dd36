"""CIN census XML: one return a reporting year, as text templates (DfE children in need census schemas 2018 to 2024).

A return holds every case open at any time from 1 April to 31 March and shows nothing that happened after it: a case
open across years recurs with later closing dates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from swis.simulate.calibration import Targets, numbers, shares
from swis.simulate.cases import IN_NEED, NO_FURTHER_ACTION
from swis.simulate.children import Children, identifiers_in_return
from swis.simulate.days import OPEN, add_working_days, day, iso_texts, month_of, reporting_year
from swis.simulate.enquiries import Events
from swis.simulate.exposure import Exposure
from swis.simulate.population import Population
from swis.simulate.randomness import choose

NEED_PLANS_FROM = 2022
FACTORS_SPLIT_FROM = 2021
SCHOOL_AGE_DAYS = 1500


@dataclass(frozen=True)
class CaseTexts:
    """What stands in a case and never changes from return to return: texts by case."""

    source: np.ndarray
    need: np.ndarray
    reason: np.ndarray
    category: np.ndarray
    latest_category: np.ndarray
    factors: list[str]


def describe_cases(
    events: Events, population: Population, exposure: Exposure, targets: Targets, rng: np.random.Generator
) -> CaseTexts:
    """Sources (schools by month, lockdown and effect), needs, reasons for closing, categories, assessment factors."""
    cases, number = events.cases, events.cases.number
    codes, probabilities = shares(numbers()["referral_sources"])
    source = choose(codes, probabilities, number, rng)
    source[rng.random(number) < _chance_from_school(events, population, exposure, targets)] = "2A"
    need = choose(*shares(numbers()["primary_need"]), number, rng)
    reason = choose(*shares(numbers()["closure_reason"]), number, rng)
    reason[cases.kind != IN_NEED] = "RC8"
    plans = len(events.plans["case"])
    category = choose(*shares(numbers()["category_of_abuse"]), plans, rng)
    latest = np.where(rng.random(plans) < 0.12, choose(*shares(numbers()["category_of_abuse"]), plans, rng), category)
    return CaseTexts(source, need, reason, category, latest, _factors(cases.kind[events.assessments["case"]], rng))


def _chance_from_school(events: Events, population: Population, exposure: Exposure, targets: Targets) -> np.ndarray:
    """Chance that a school referred: only children of school age, few in August and in lockdown, times the effect."""
    cases = events.cases
    shape = np.array(numbers()["school_share_by_month"])[(month_of(cases.referral) - 4) % 12]
    shape = shape * lockdown(cases.referral)
    able = (cases.referral - population.born[cases.child]) >= SCHOOL_AGE_DAYS
    years = reporting_year(cases.referral)
    chance = np.zeros(cases.number)
    for place, year in enumerate(targets.years):
        members = years == year
        mean = (shape * able)[members].mean() if members.any() else 1.0
        chance[members] = targets.percent_from_schools[place] / 100 * (shape * able)[members] / max(mean, 1e-9)
    more = exposure.effect(cases.school, cases.referral, "referrals_from_schools")
    return np.minimum(chance * more / exposure.effect(cases.school, cases.referral, "referrals"), 0.9)


def lockdown(days: np.ndarray) -> np.ndarray:
    """What the lockdowns leave of referrals by schools on each day, as a share of the usual ones."""
    closed = numbers()["school_share_in_lockdown"]
    first = (days >= _day(closed["first_day"])) & (days <= _day(closed["last_day"]))
    second = (days >= _day(closed["second_first_day"])) & (days <= _day(closed["second_last_day"]))
    return np.where(first, closed["factor"], np.where(second, closed["second_factor"], 1.0))


def _day(when: object) -> int:
    return day(when.year, when.month, when.day)  # type: ignore[attr-defined]


def _factors(kind: np.ndarray, rng: np.random.Generator) -> list[str]:
    """One to four assessment factors without repetition, joined with spaces; some not in need have none found (21)."""
    number = len(kind)
    codes, probabilities = shares(numbers()["assessment_factors"])
    drawn = [choose(codes, probabilities, number, rng) for _ in range(4)]
    count = rng.integers(1, 5, number)
    none = (rng.random(number) < 0.15) & (kind != IN_NEED)
    rows = zip(*drawn, count.tolist(), none.tolist(), strict=True)
    return ["21" if empty else " ".join(dict.fromkeys((a, b, c, d)[:held])) for a, b, c, d, held, empty in rows]


def cin_children(
    events: Events, texts: CaseTexts, children: Children, population: Population, year: int, *, indent: bool
) -> tuple[list[str], np.ndarray]:
    """Text of each child in the return of a year, and the child's place in `children`."""
    first, last = day(year - 1, 4, 1), day(year, 3, 31)
    cases = events.cases
    shown = (cases.referral <= last) & (cases.closure >= first)
    shown &= (cases.kind != NO_FURTHER_ACTION) | (cases.referral >= first)
    places = np.flatnonzero(shown)
    blocks = _case_blocks(events, texts, places, first, last)
    owner = children.position(cases.child[places])
    heads = _child_heads(children, population, events, np.unique(owner), year)
    texts_of_children, owners = _by_child(blocks, owner, heads)
    if indent:
        texts_of_children = [_indented(text) for text in texts_of_children]
    return texts_of_children, owners


def _indented(text: str) -> str:
    """Four blanks a level, as case-management systems export; the templates hold one a level."""
    for level in (3, 2, 1):
        text = text.replace("\n" + level * " " + "<", "\n" + (8 + 4 * level) * " " + "<")
    return text


def _by_child(blocks: list[str], owner: np.ndarray, heads: list[str]) -> tuple[list[str], np.ndarray]:
    owners, begins = np.unique(owner, return_index=True)
    ends = [*begins[1:].tolist(), len(owner)]
    return [
        f"<Child>{head}{''.join(blocks[begin:end])}\n</Child>\n"
        for head, begin, end in zip(heads, begins.tolist(), ends, strict=True)
    ], owners


def _child_heads(
    children: Children, population: Population, events: Events, positions: np.ndarray, year: int
) -> list[str]:
    iso = iso_texts()
    upn, former, reason = identifiers_in_return(children, population, events, year)
    born = population.born[children.place]
    reference = day(year, 3, 31)
    heads = []
    for position in positions.tolist():
        birth = int(born[position])
        is_born = birth <= reference
        tag = "PersonBirthDate" if is_born else "ExpectedPersonBirthDate"
        sex = ("1" if population.is_male[children.place[position]] else "2") if is_born else "0"
        number = f"\n  <UPN>{upn[position]}</UPN>" if upn[position] else ""
        earlier = f"\n  <FormerUPN>{former[position]}</FormerUPN>" if former[position] else ""
        unknown = f"\n  <UPNunknown>{reason[position]}</UPNunknown>" if reason[position] else ""
        disability = "".join(f"<Disability>{code}</Disability>" for code in children.disabilities[position])
        heads.append(
            f"\n <ChildIdentifiers>\n  <LAchildID>{children.la_child_id[position]}</LAchildID>"
            f"{number}{earlier}{unknown}"
            f"\n  <{tag}>{iso[birth]}</{tag}>\n  <GenderCurrent>{sex}</GenderCurrent>\n </ChildIdentifiers>"
            f"\n <ChildCharacteristics>\n  <Ethnicity>{population.ethnicity[children.place[position]]}</Ethnicity>"
            f"\n  <Disabilities>{disability}</Disabilities>\n </ChildCharacteristics>"
        )
    return heads


def _case_blocks(events: Events, texts: CaseTexts, places: np.ndarray, first: int, last: int) -> list[str]:
    iso, cases = iso_texts(), events.cases
    year = int(reporting_year(np.array([last]))[0])
    assessments = _grouped(*_assessment_texts(events, texts, first, last, year), places)
    plans = _grouped(*_need_plan_texts(events, first, last, year), places)
    enquiries = _grouped(*_section47_texts(events, first, last), places)
    protection = _grouped(*_protection_texts(events, texts, first, last), places)
    blocks = []
    columns = (
        places,
        cases.referral[places],
        cases.kind[places],
        cases.closure[places],
        assessments,
        plans,
        enquiries,
        protection,
    )
    for place, referral, kind, closure, assessed, planned, enquired, protected in zip(
        *(column.tolist() if isinstance(column, np.ndarray) else column for column in columns), strict=True
    ):
        none = kind == NO_FURTHER_ACTION
        need = "" if none else f"\n  <PrimaryNeedCode>{texts.need[place]}</PrimaryNeedCode>"
        closed = ""
        if not none and closure <= last:
            reason = texts.reason[place]
            if reason == "RC8" and (enquired or protected or planned):
                reason = "RC7"
            closed = (
                f"\n  <CINclosureDate>{iso[closure]}</CINclosureDate>\n  <ReasonForClosure>{reason}</ReasonForClosure>"
            )
        blocks.append(
            f"\n <CINdetails>\n  <CINreferralDate>{iso[referral]}</CINreferralDate>"
            f"\n  <ReferralSource>{texts.source[place]}</ReferralSource>{need}{closed}{assessed}{planned}{enquired}"
            f"\n  <ReferralNFA>{int(none)}</ReferralNFA>{protected}\n </CINdetails>"
        )
    return blocks


def _grouped(case: np.ndarray, texts: list[str], places: np.ndarray) -> list[str]:
    """Texts of the events of each case, joined; events are sorted by case."""
    begin = np.searchsorted(case, places, side="left").tolist()
    end = np.searchsorted(case, places, side="right").tolist()
    return ["".join(texts[low:high]) if high > low else "" for low, high in zip(begin, end, strict=True)]


def _assessment_texts(
    events: Events, texts: CaseTexts, first: int, last: int, year: int
) -> tuple[np.ndarray, list[str]]:
    """Assessments that ended in the year, and those begun in it and not yet ended: the case and the text of each."""
    iso = iso_texts()
    start, end = events.assessments["start"], events.assessments["end"]
    ended = (end >= first) & (end <= last)
    shown = np.flatnonzero(ended | ((start >= first) & (start <= last) & (end > last)))
    start, end, ended = start[shown], end[shown], ended[shown]
    review = np.minimum(add_working_days(start, 10), end)
    rows = []
    for place, begin, finish, middle, is_ended in zip(
        shown.tolist(), start.tolist(), end.tolist(), review.tolist(), ended.tolist(), strict=True
    ):
        if is_ended:
            codes = _codes_of_year(texts.factors[place], year)
            found = "".join(f"<AssessmentFactors>{code}</AssessmentFactors>" for code in codes)
            rows.append(
                f"\n  <Assessments>\n   <AssessmentActualStartDate>{iso[begin]}</AssessmentActualStartDate>"
                f"\n   <AssessmentInternalReviewDate>{iso[middle]}</AssessmentInternalReviewDate>"
                f"\n   <AssessmentAuthorisationDate>{iso[finish]}</AssessmentAuthorisationDate>"
                f"\n   <FactorsIdentifiedAtAssessment>{found}</FactorsIdentifiedAtAssessment>\n  </Assessments>"
            )
        else:
            rows.append(
                f"\n  <Assessments>\n   <AssessmentActualStartDate>{iso[begin]}</AssessmentActualStartDate>"
                "\n  </Assessments>"
            )
    return events.assessments["case"][shown], rows


def _codes_of_year(factors: str, year: int) -> list[str]:
    """Codes as a return of that year writes them: 18 and 19 were split in 2021, 24A came in 2022."""
    codes = factors.split(" ")
    if year < FACTORS_SPLIT_FROM:
        codes = ["18A" if code == "18C" else "19A" if code == "19C" else code for code in codes]
    if year < NEED_PLANS_FROM:
        codes = ["20" if code == "24A" else code for code in codes]
    return list(dict.fromkeys(codes))


def _need_plan_texts(events: Events, first: int, last: int, year: int) -> tuple[np.ndarray, list[str]]:
    """Plans open in the year, from the year on in which returns hold them: the case and the text of each."""
    iso = iso_texts()
    start, end = events.need_plans["start"], events.need_plans["end"]
    shown = np.flatnonzero((start <= last) & (end >= first) & (year >= NEED_PLANS_FROM))
    rows = []
    for begin, finish in zip(start[shown].tolist(), end[shown].tolist(), strict=True):
        ended = f"\n   <CINPlanEndDate>{iso[finish]}</CINPlanEndDate>" if finish <= last else ""
        rows.append(
            f"\n  <CINPlanDates>\n   <CINPlanStartDate>{iso[begin]}</CINPlanStartDate>{ended}\n  </CINPlanDates>"
        )
    return events.need_plans["case"][shown], rows


def _section47_texts(events: Events, first: int, last: int) -> tuple[np.ndarray, list[str]]:
    """Enquiries begun in the year, and earlier ones whose conference was held in it: the case and the text of each."""
    iso = iso_texts()
    start, conference = events.section47["start"], events.section47["conference"]
    held = (conference >= first) & (conference <= last)
    shown = np.flatnonzero(held | ((start >= first) & (start <= last)))
    start, conference, held = start[shown], conference[shown], held[shown]
    target = add_working_days(start, 15)
    rows = []
    for begin, meeting, aim, is_held in zip(
        start.tolist(), conference.tolist(), target.tolist(), held.tolist(), strict=True
    ):
        date = f"\n   <DateOfInitialCPC>{iso[meeting]}</DateOfInitialCPC>" if is_held else ""
        aimed = f"\n   <InitialCPCtarget>{iso[aim]}</InitialCPCtarget>" if meeting < OPEN else ""
        rows.append(
            f"\n  <Section47>\n   <S47ActualStartDate>{iso[begin]}</S47ActualStartDate>{aimed}{date}"
            f"\n   <ICPCnotRequired>{int(meeting >= OPEN)}</ICPCnotRequired>\n  </Section47>"
        )
    return events.section47["case"][shown], rows


def _protection_texts(events: Events, texts: CaseTexts, first: int, last: int) -> tuple[np.ndarray, list[str]]:
    """Child protection plans open in the year, with the reviews held in it: the case and the text of each."""
    iso, plans = iso_texts(), events.plans
    shown = np.flatnonzero((plans["start"] <= last) & (plans["end"] >= first))
    rows = []
    for place in shown.tolist():
        begin, finish = int(plans["start"][place]), int(plans["end"][place])
        reviews = [when for when in range(begin + 85, min(finish, last) + 1, 168) if when >= first]
        held = "".join(f"<CPPreviewDate>{iso[when]}</CPPreviewDate>" for when in reviews)
        ended = f"\n   <CPPendDate>{iso[finish]}</CPPendDate>" if finish <= last else ""
        rows.append(
            f"\n  <ChildProtectionPlans>\n   <CPPstartDate>{iso[begin]}</CPPstartDate>{ended}"
            f"\n   <InitialCategoryOfAbuse>{texts.category[place]}</InitialCategoryOfAbuse>"
            f"\n   <LatestCategoryOfAbuse>{texts.latest_category[place]}</LatestCategoryOfAbuse>"
            f"\n   <NumberOfPreviousCPP>{int(plans['previous'][place])}</NumberOfPreviousCPP>"
            + (f"\n   <Reviews>{held}</Reviews>" if held else "")
            + "\n  </ChildProtectionPlans>"
        )
    return plans["case"][shown], rows


def cin_header(la_code: str, year: int) -> str:
    """Everything before the first child; the software says plainly that the return is simulated."""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<Message>\n <Header>\n  <CollectionDetails>'
        "\n   <Collection>CIN</Collection>"
        f"\n   <Year>{year}</Year>\n   <ReferenceDate>{year}-03-31</ReferenceDate>\n  </CollectionDetails>\n  <Source>"
        f"\n   <SourceLevel>L</SourceLevel>\n   <LEA>{la_code}</LEA>\n   <SoftwareCode>SWIS-SYNTHETIC</SoftwareCode>"
        f"\n   <Release>1</Release>\n   <SerialNo>001</SerialNo>\n   <DateTime>{year}-06-30T12:00:00</DateTime>"
        "\n  </Source>\n </Header>\n <Children>\n"
    )


CIN_FOOTER = " </Children>\n</Message>\n"
