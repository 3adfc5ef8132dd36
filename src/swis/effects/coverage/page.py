"""The sections on simulation of the page that shows how the estimators were checked; numbers come from the results."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from swis.effects.coverage.beside import DRAWS, SHARE_OF_CONTROLS_SERVED, SHARE_SERVED, SHARE_WITH_DAYS
from swis.effects.coverage.received import PER_1000, POINTS, RATIO_OF_A_YEAR
from swis.effects.coverage.study import ODDS_RATIO, RATE_RATIO, SCORE_DIFFERENCE, SUPERVISED
from swis.effects.coverage.summary import ERRORS_APART, margin, smallest_safe
from swis.effects.published_curve import PUBLISHED_SE
from swis.effects.trial_simulation import PupilTrial, RateTrial

PREAMBLE = """# Checks of the estimators

Made by `make certify`: every estimator against R, and by simulation.
"""
COVERAGE_TITLE, PUBLISHED_TITLE = "Coverage and type I error by simulation", "The published interval"
SUPERVISION_TITLE = "Supervision of safeguarding leads by simulation"
BESIDE_TITLE = "Tests beside the main analyses"
RECEIVED_TITLE = "What schools received, by simulation"
KIND_TITLES = {"primary": "Counts of enquiries", "secondary": "Days, scores and shares"}
EFFECTS = {
    "primary": f"a rate ratio of {RATE_RATIO:g}",
    "secondary": (
        f"a ratio of days of {RATE_RATIO:g}, a difference of scores of {SCORE_DIFFERENCE:g} points and an odds ratio "
        f"of {ODDS_RATIO:g}"
    ),
}
HEADS = ["model", "interval", "authorities", "usable", "bias", "SE ratio", "coverage", "type I error", "uniform", ""]


def with_section(page: str | None, title: str, text: str) -> str:
    """A page with `text` under the heading `title`, in place of what stood there; other sections stay as they are."""
    held = PREAMBLE if page is None else page
    section = f"## {title}\n\n{text.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    placed = pattern.sub(lambda _: section + "\n", held) if pattern.search(held) else f"{held.rstrip()}\n\n{section}"
    return placed.rstrip() + "\n"


def coverage_section(summary: pd.DataFrame, *, seed: int) -> str:
    """The section in Markdown; the same results give the same bytes."""
    parts = [_how(summary, seed), "### In short", _in_short(summary)]
    for kind, title in KIND_TITLES.items():
        rows = summary[summary["kind"] == kind]
        if len(rows):
            parts += [f"### {title}", f"Where there is an effect, it is {EFFECTS[kind]}.", _table(rows)]
    parts += ["### Fewest authorities", _fewest(summary)]
    return "\n\n".join(parts)


def supervision_section(summary: pd.DataFrame, *, seed: int) -> str:
    """The section on the trials of supervision in Markdown; the same results give the same bytes."""
    return "\n\n".join([_how_supervision(summary, seed), _in_short(summary), _table(summary)])


def received_section(summary: pd.DataFrame, *, seed: int) -> str:
    """The section on compliers and dose in Markdown; the same results give the same bytes."""
    return "\n\n".join([_how_received(summary, seed), _in_short(summary), _table(summary)])


def beside_section(summary: pd.DataFrame, *, seed: int) -> str:
    """The section on the p-values of sensitivity and subgroup analyses, in trials without an effect."""
    heads = ["test", "by", "authorities", "p-values", "type I error", "uniform", ""]
    rows = [
        [
            row["model"],
            row["interval"],
            f"{row['authorities']}",
            f"{row['null_trials']:,}",
            f"{row['type_i']:.1%} ± {row['type_i_error']:.1%}",
            f"p = {row['uniform_p']:.2f}",
            row["verdict"],
        ]
        for _, row in summary.iterrows()
    ]
    narrow = summary[summary["verdict"] == "too narrow"]
    missed = "; ".join(f"{row['model']} with {row['authorities']} authorities" for _, row in narrow.iterrows())
    said = f"Errs too often: {missed}." if missed else "None errs too often at any number of authorities."
    return (
        f"Tests of sensitivity and subgroup analyses in {int(summary['null_trials'].max()):,} trials without an "
        f"effect, simulated as above (seed {seed}); the randomisation test over {DRAWS} draws. Posts are filled in "
        f"{SHARE_SERVED:.0%} of intervention schools, and {SHARE_WITH_DAYS:.0%} of pupils have a day in care: assumed. "
        f"{said}\n\n{as_table(heads, rows)}"
    )


def published_section(curve: pd.DataFrame, implied: float, explained: float, before: float, *, trials: int) -> str:
    """The section on the published interval: `curve` holds formula and simulation by standard deviation.

    Columns of `curve`: between_school_sd, expected, unadjusted, unadjusted_spread, adjusted, adjusted_spread.
    """
    heads = ["SD between schools", "formula", "model, size only", "spread", "model, adjusted", "spread"]
    rows = [
        [f"{row['between_school_sd']:.2f}", *(f"{row[name]:.4f}" for name in curve.columns.drop("between_school_sd"))]
        for _, row in curve.iterrows()
    ]
    rates = RateTrial()
    return (
        "The published rate ratio, 1.055 (0.955 to 1.166) over 136 + 132 schools, has a standard error of its log of "
        f"{PUBLISHED_SE:.4f}. With 1,041 pupils a school over 23 months and {rates.rate_per_1000:g} enquiries per "
        "1,000 pupil-years, the formula of `published_curve.py` has it where the log rate varies between schools of "
        f"an authority by a standard deviation of **{implied:.2f}**: what the covariates of the published analysis "
        "left unexplained. A baseline whose true rate correlates with the later one by "
        f"{rates.baseline_correlation:g} explains {explained:.0%} of that variance; then schools differed by "
        f"{before:.2f} before adjustment.\n\n"
        f"The same by the primary estimator on {trials:,} simulated trials at each standard deviation: mean "
        "model-based standard error, and the standard deviation of the estimates that it should equal; once adjusted "
        "for school size only, once for baseline rate, size and free school meals. Adjustment lowers the standard "
        f"error, so a trial simulated with {implied:.2f} *before* adjustment is more precise than the published one."
        f"\n\n{as_table(heads, rows)}"
    )


def as_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, columns padded so that it reads as well in a terminal."""
    widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
    padded = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [heads, *rows]]
    rule = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {line} |" for line in [padded[0], rule, *padded[1:]])


def _how_supervision(summary: pd.DataFrame, seed: int) -> str:
    said = ", ".join(
        f"{row.authorities} authorities ({row.schools} schools)"
        for row in summary.drop_duplicates("authorities").itertuples()
    )
    trials, judged = (int(summary[name].max()) for name in ("null_trials", "judged"))
    given = SUPERVISED
    return (
        f"Trials of supervision with a known effect, analysed by the models of their plans: {trials:,} without an "
        f"effect and {int(summary['trials'].max()):,} with one, of the sizes assumed for the trials: {said} "
        f"(seed {seed}). A school makes {given.contacts_per_school:g} contacts on average, of which {given.share:.0%} "
        f"lead to no further action; the log odds vary by {given.share_school_sd:g} between schools of an authority, "
        f"{given.about_sexual_abuse:.0%} of contacts are about sexual abuse, and {given.answers_before:.0%} and "
        f"{given.answers_after:.0%} of leads answer before and after, lost at random. Where there is an effect, it is "
        f"an odds ratio of {given.odds_ratio:g} of the arm, of {given.odds_ratio_of_ten_sessions:g} of ten sessions "
        f"held, a rate ratio of contacts about sexual abuse of {given.rate_ratio:g}, and {given.score_difference:g} "
        "points of an answer. The truth of a logistic regression without an intercept of the school is the odds ratio "
        "over all schools, nearer to 1.\n\n"
        "Columns and words are those of the section on coverage; *too narrow* means that interval and test err in more "
        f"than 5 % by over {100 * margin(judged):.1f} points, which by chance happens to one sound interval in 100."
    )


def _how_received(summary: pd.DataFrame, seed: int) -> str:
    trials, judged = (int(summary[name].max()) for name in ("null_trials", "judged"))
    said = " and ".join(
        f"{', '.join(f'{size}' for size in sorted(own['authorities'].unique()))} authorities {words}"
        for kind, words in (("posts", "with social workers in schools"), ("sessions", "with supervision"))
        if len(own := summary[summary["kind"] == kind])
    )
    return (
        f"Effects among schools that received the programme, and of how much they received, in {trials:,} trials "
        f"without an effect and {int(summary['trials'].max()):,} with one, of {said} (seed {seed}). "
        f"{SHARE_SERVED:.0%} of intervention schools and {SHARE_OF_CONTROLS_SERVED:.0%} of control schools receive it "
        "where their level of the outcome is average, fewer where it is high: schools as treated do not compare. Where "
        f"there is an effect, it is {POINTS:+g} percentage points of the share of contacts, {PER_1000:+g} enquiries "
        f"per 1,000 pupil-years, and a rate ratio of {RATIO_OF_A_YEAR:g} for 12 months of a worker; all assumed. "
        "Bias is in these units, for the dose on the log scale.\n\n"
        "Columns and words are those of the section on coverage; *too narrow* means that interval and test err in more "
        f"than 5 % by over {100 * margin(judged):.1f} points, which by chance happens to one sound interval in 100."
    )


def _how(summary: pd.DataFrame, seed: int) -> str:
    sizes = summary.drop_duplicates("authorities")[["authorities", "schools"]].itertuples()
    said = ", ".join(f"{row.authorities} ({row.schools} schools)" for row in sizes)
    trials, judged = (int(summary[name].max()) for name in ("null_trials", "judged"))
    rates, pupils = RateTrial(), PupilTrial()
    return (
        f"Trials with a known effect, analysed by the models of the plan: {trials:,} without an effect and "
        f"{int(summary['trials'].max()):,} with one, at each number of authorities: {said}, 5 to 8 schools of each "
        f"arm (seed {seed}). The log rate of enquiries varies by {rates.between_school_sd:g} between schools of an "
        f"authority and by {rates.authority_sd:g} between authorities (standard deviations), is log-normal, and "
        f"correlates by {rates.baseline_correlation:g} with that of the baseline; {rates.rate_per_1000:g} enquiries "
        f"per 1,000 pupil-years. Scores vary by {pupils.score_school_sd:g} between schools and "
        f"{pupils.score_residual_sd:g} within.\n\n"
        "Coverage is of the 95 % interval, type I error of p ≤ 0.05, 'uniform' the Kolmogorov–Smirnov test of the "
        "p-values without an effect; ± is the Monte Carlo error. *Too narrow* means that interval and test together "
        f"err in more than 5 % of the trials by over {ERRORS_APART:g} such errors ({100 * margin(judged):.1f} points "
        "here), *wide* the other way round; by chance that happens to one sound interval in 100. Bias is on the scale "
        "of the link; 'SE ratio' is the mean standard error over the standard deviation of the estimates."
    )


def _in_short(summary: pd.DataFrame) -> str:
    """One line a model and number of authorities where nominal is missed, and what holds there instead."""
    lines = []
    for (model, authorities), rows in summary.groupby(["model", "authorities"], sort=False):
        narrow, sound = rows[rows["verdict"] == "too narrow"], rows[rows["verdict"].isin(["nominal", "wide"])]
        lines += [
            f"- {model}, {authorities} authorities: {row['interval']} gave a number in {row['usable']:,} of "
            f"{row['trials']:,} trials and is **not usable** there."
            for _, row in rows[rows["verdict"] == "not usable"].iterrows()
        ]
        if narrow.empty:
            continue
        missed = " and ".join(f"{row['interval']} ({_said(row)})" for _, row in narrow.iterrows())
        others = " or ".join(sound["interval"])
        instead = f"prefer {others}" if others else "no interval of this model tried here holds"
        lines.append(f"- {model}, {authorities} authorities: nominal is **missed** by {missed}; {instead}.")
    held = "- Every other interval and test of the tables keeps its nominal level, or errs on the wide side."
    return "\n".join([*lines, held if lines else "- No interval and no test is too narrow at any number tried."])


def _said(row: pd.Series) -> str:
    covers = "" if pd.isna(row["coverage"]) else f"covers {row['coverage']:.1%}, "
    return f"{covers}type I error {row['type_i']:.1%}"


def _table(rows: pd.DataFrame) -> str:
    return as_table(HEADS, [_cells(row) for _, row in rows.iterrows()])


def _cells(row: pd.Series) -> list[str]:
    def with_error(name: str, form: str) -> str:
        return "" if pd.isna(row[name]) else f"{row[name]:{form}} ± {row[f'{name}_error']:{form}}"

    return [
        row["model"],
        row["interval"],
        f"{row['authorities']}",
        f"{row['usable']:,} of {row['trials']:,}",
        with_error("bias", ".4f"),
        "" if pd.isna(row["error_ratio"]) else f"{row['error_ratio']:.2f}",
        with_error("coverage", ".1%"),
        with_error("type_i", ".1%"),
        "" if pd.isna(row["uniform_p"]) else f"p = {row['uniform_p']:.2f}",
        row["verdict"],
    ]


def _fewest(summary: pd.DataFrame) -> str:
    """The smallest number that is safe, by model and interval, from the results."""
    tried = sorted(summary["authorities"].unique())
    rows = []
    for _, row in smallest_safe(summary).iterrows():
        none = pd.isna(row["authorities"])
        sizes = [f"more than {tried[-1]}", ""] if none else [f"{row['authorities']}", f"{row['schools']}"]
        rows.append([row["model"], row["interval"], *sizes])
    text = (
        f"The smallest number of authorities tried ({', '.join(str(size) for size in tried)}) from which on an "
        "interval or test is never too narrow. The clusters of a sandwich by authority are authorities, those of the "
        "others schools."
    )
    return f"{text}\n\n{as_table(['model', 'interval', 'authorities', 'schools'], rows)}"
