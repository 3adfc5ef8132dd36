"""Everything that may vary, read from `params/` and checked before anything runs.

One readable YAML file each: `definitions.yml` (what counts, and each assumption with its variants),
`release.yml` (under which disclosure policy a run lets numbers out), `economics.yml` (prices and what is compared with
what), `trials/<trial>.yml`, `authorities/<slug>.yml`, `disclosure/<policy>.yml`. Unknown, misspelt and ill-typed keys
are refused, all at once, with the nearest known name.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self, TypeVar, get_args

import yaml
from pydantic import Field, ValidationError, model_validator

from swis.academic_year import Window, academic_years_between
from swis.disclosure.policy import DEFAULT_POLICY, load_policy
from swis.economics.check_parameters import economics_problems
from swis.economics.parameters import EconomicsParams
from swis.errors import InputError, Problem
from swis.io import read_yaml
from swis.plan import AnalysisPlan, Deviation
from swis.plan.checks import measure_names, plan_problems
from swis.shared_parameters import with_shared
from swis.strict import Strict, known_keys

Model = TypeVar("Model", bound="Strict")
TrialName = Literal["swis", "dsls_greater_manchester", "dsls_one_to_one", "dsls_group", "dsls_sexual_abuse"]
SurveyRole = Literal["wellbeing", "anxiety", "confidence", "workload_pressure", "knowledge", "support"]


class Code(Strict):
    """A code an authority carried in DfE files, with its dates (an authority keeps its slug when codes change)."""

    name_in_dfe_files: str
    old_la_code: str = Field(pattern=r"^\d{3}$")
    new_la_code: str = Field(pattern=r"^E\d{8}$")
    valid_from: date
    valid_to: date | None = None


class KnownGap(Strict):
    """A return that will not come, and why; it is reported as a known gap instead of a missing file."""

    returns: str
    period: str
    reason: str


class Authority(Strict):
    """One trial authority: a unit and stratum of its own, whatever its codes."""

    slug: str
    name: str
    is_invented: bool = False
    trials: list[TrialName]
    region: str
    codes: list[Code]
    children_0_to_17: int = Field(gt=0)
    returns_expected: list[str]
    known_gaps: list[KnownGap] = Field(default=[])

    def codes_in_return(self, reporting_year: int) -> list[Code]:
        """The codes valid on 31 March of a reporting year: those a return of that year may carry."""
        day = date(reporting_year, 3, 31)
        return [
            code for code in self.codes if code.valid_from <= day and (code.valid_to is None or day <= code.valid_to)
        ]


class NamedWindow(Strict):
    """A span of days, both ends included."""

    first_day: date
    last_day: date

    def as_window(self, name: str) -> Window:
        """The window under the name the plan gives it."""
        return Window(name, self.first_day, self.last_day)


class SurveyScale(Strict):
    """One scale of the survey of safeguarding leads: its name in the data, its items, and what an answer may be."""

    name: str
    items: int = Field(gt=0)
    lowest: float
    highest: float

    @model_validator(mode="after")
    def _has_a_range(self) -> Self:
        if self.lowest >= self.highest:
            raise ValueError("highest must be above lowest")
        return self


class Survey(Strict):
    """The scales of a trial's survey of safeguarding leads, by what each of them measures, and why they are assumed."""

    scales: dict[SurveyRole, SurveyScale]
    assumed: str


class Trial(Strict):
    """One trial: its design as far as counting needs it, its analysis plan, and the log of deviations from that.

    A trial without a plan is described and not analysed; `survey` is that of the safeguarding leads of its schools, if
    they were asked.
    """

    name: TrialName
    title: str
    programme: Literal["SWIS", "DSLS"]
    phases: list[Literal["primary", "secondary"]]
    year_groups: list[int]
    windows: dict[str, NamedWindow]
    baseline: NamedWindow
    year_groups_secondary: list[int] = Field(default=[])
    source: str
    assumed: list[str] = Field(default=[])
    plan: AnalysisPlan | None = None
    deviations: list[Deviation] = Field(default=[])
    survey: Survey | None = None

    @property
    def first_day(self) -> date:
        """First day of the first window."""
        return min(window.first_day for window in self.windows.values())

    @property
    def own_window(self) -> NamedWindow:
        """The window of the programme itself, the first that the file names; others are for reading further."""
        return next(iter(self.windows.values()))


class Definitions(Strict):
    """What counts, for every measure; each choice is an assumption with its variants (`docs/reference`)."""

    first_academic_year: str
    last_academic_year: str
    data_cut: date
    first_return_year: int
    last_return_year: int
    first_census: str
    last_census: str
    count_basis: Literal["enquiries", "children"]
    school_attribution: Literal["school on the event date", "school on 1 September 2020"]
    denominator: Literal["pupil-years", "january headcount"]
    care_attribution: Literal["school at start of care", "closed cohort of 1 September 2020"]
    border: Literal["own authority", "all authorities"]
    rate_per: int = Field(gt=0)
    look_back_months: int = Field(gt=0)
    contact_to_referral_working_days: int = Field(gt=0)
    no_conference_decided_working_days: int = Field(gt=0)
    end_of_funding_days: int = Field(gt=0)
    code_x_first_day: date
    code_x_last_day: date
    interval_level: float = Field(gt=0.5, lt=1)

    @property
    def academic_years(self) -> list[str]:
        """Every academic year of the evaluation."""
        return academic_years_between(self.first_academic_year, self.last_academic_year)

    @property
    def return_years(self) -> list[int]:
        """Every reporting year whose return is expected."""
        return list(range(self.first_return_year, self.last_return_year + 1))


class ReleaseChoice(Strict):
    """Under which disclosure policy a run lets numbers out, and what has been let out before."""

    policy: str
    earlier_releases: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class Params:
    """All parameters of a checkout."""

    definitions: Definitions
    trials: dict[str, Trial]
    authorities: dict[str, Authority]
    economics: EconomicsParams
    release: ReleaseChoice = field(default_factory=lambda: ReleaseChoice(policy=DEFAULT_POLICY))


def load_params(folder: Path) -> Params:
    """Read and check every parameter file under `folder`; InputError with all problems at once."""
    problems: list[Problem] = []
    definitions = _read(folder / "definitions.yml", Definitions, folder, problems)
    release = _read(folder / "release.yml", ReleaseChoice, folder, problems)
    economics = _read(folder / "economics.yml", EconomicsParams, folder, problems)
    trials = [_read(path, Trial, folder, problems) for path in sorted((folder / "trials").glob("*.yml"))]
    authorities = [_read(path, Authority, folder, problems) for path in sorted((folder / "authorities").glob("*.yml"))]
    for path, found in zip(sorted((folder / "authorities").glob("*.yml")), authorities, strict=True):
        if found is not None and found.slug != path.stem:
            problems.append(
                _problem(path, folder, "slug", f"the file's own name, {path.stem}", "rename one of the two")
            )
    for path, trial in zip(sorted((folder / "trials").glob("*.yml")), trials, strict=True):
        if trial is not None and (trial.plan or trial.deviations):
            problems.extend(_plan_problems(trial, str(Path("params") / path.relative_to(folder))))
    if release is not None:
        problems.extend(_policy_problems(folder, release.policy))
    if economics is not None:
        problems.extend(_economics_problems(economics, trials))
    if problems or definitions is None or release is None or economics is None:
        raise InputError(problems)
    return Params(
        definitions=definitions,
        release=release,
        economics=economics,
        trials={trial.name: trial for trial in trials if trial is not None},
        authorities={authority.slug: authority for authority in authorities if authority is not None},
    )


def unknown_authority(slug: str, params: Params) -> Problem:
    """The problem of an authority that no file of params/authorities describes, with the nearest known one."""
    near = difflib.get_close_matches(slug, list(params.authorities), n=1)
    action = f"did you mean {near[0]}?" if near else "add its file or correct the name"
    return Problem("params/authorities", f"no file {slug}.yml", "one file per authority", action)


def _policy_problems(folder: Path, name: str) -> list[Problem]:
    """What is wrong with the disclosure policy that release.yml names."""
    try:
        load_policy(folder / "disclosure", name)
    except InputError as error:
        return list(error.problems)
    return []


def _economics_problems(economics: EconomicsParams, trials: list[Trial | None]) -> list[Problem]:
    """What the parts of the economic evaluation say that does not fit together, or names that no trial has."""
    read = [trial for trial in trials if trial is not None]
    return economics_problems(
        economics,
        file=str(Path("params") / "economics.yml"),
        # A trial whose own file cannot be read is no fault of this one.
        trials={trial.name: list(trial.windows) for trial in read} if len(read) == len(trials) else None,
        measures=measure_names(),
    )


def _plan_problems(trial: Trial, file: str) -> list[Problem]:
    """What the parts of a trial's plan and log say that does not fit together."""
    if trial.plan is None:
        return [
            Problem(file, "deviations without a plan", "a plan to deviate from", "write the plan, or empty the log")
        ]
    variants = {name: get_args(field.annotation) for name, field in Definitions.model_fields.items()}
    return plan_problems(trial.plan, trial.deviations, file=file, windows=list(trial.windows), variants=variants)


def _problem(path: Path, folder: Path, where: str, expected: str, action: str) -> Problem:
    return Problem(str(Path("params") / path.relative_to(folder)), where, expected, action)


def _read(path: Path, model: type[Model], folder: Path, problems: list[Problem]) -> Model | None:
    if not path.exists():
        problems.append(_problem(path, folder, "file missing", "a parameter file", "restore it from version control"))
        return None
    try:
        content, faults = with_shared(read_yaml(path), path.parent)
        problems.extend(_problem(path, folder, *fault) for fault in faults)
        return None if faults else model.model_validate(content)
    except yaml.YAMLError:
        problems.append(
            _problem(path, folder, "not readable as YAML", "key: value lines", "mend the indentation or quotes")
        )
    except ValidationError as error:
        problems.extend(_from_pydantic(fault, model, path, folder) for fault in error.errors())
    return None


def _from_pydantic(fault: Any, model: type[Strict], path: Path, folder: Path) -> Problem:
    where = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        known = known_keys(model, fault["loc"][:-1])
        near = difflib.get_close_matches(str(fault["loc"][-1]), known, n=1)
        action = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
        return _problem(path, folder, f"unknown key {where}", "a known parameter", action)
    return _problem(path, folder, where, fault["msg"].lower(), "correct the value")
