"""What the data show, first: key sentences made from the protected numbers."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup, escape

from swis.disclosure import Protected
from swis.in_words import year_groups_words
from swis.report.chapters.effects import effect_sentences
from swis.report.chapters.outcomes import PRIMARY
from swis.report.chapters.received import received_words
from swis.report.inputs import Inputs
from swis.report.model import Block, Section, paragraph
from swis.report.tables import ARM_TITLES
from swis.report.wording import count_span, listed, listed_text, value_span

SYNTHETIC = (
    "The returns behind this page were simulated. It shows what a report looks like, and that the way from return to "
    "report works; no number in it is a finding about a real authority, school or child."
)
NO_EFFECT = (
    "This report describes. Whether the programmes made a difference is not estimated in it, and should not be read "
    "from differences between the two arms."
)
ONLY_SOME = (
    "Effects of the other trials are not estimated, and should not be read from differences between the two arms."
)
READING = (
    "In a section 47 enquiry an authority finds out "
    "whether a child is suffering, or likely to suffer, significant harm. A pupil-year is one pupil on roll for one year."
)


def summary(inputs: Inputs) -> Section:
    """Summary of the evaluation for a reader of policy: what the data show, and what they do not yet say."""
    words = (
        "This report shows, by academic year, what statutory returns hold about the schools of two programmes: Social "
        "Workers in Schools (SWIS), and supervision of designated safeguarding leads (DSL supervision, DSLS)."
    )
    blocks = _opening(inputs, words)
    blocks.append(paragraph(_coverage(inputs)))
    blocks += [paragraph(sentence, tone="key") for sentence in _sentences(inputs)]
    blocks += [paragraph(sentence, tone="key") for sentence in effect_sentences(inputs)]
    blocks.append(paragraph(READING, tone="note"))
    if missing := inputs.trials.keys() - inputs.effects.keys():
        blocks.append(paragraph(ONLY_SOME if len(missing) < len(inputs.trials) else NO_EFFECT))
    return Section("summary", "Summary", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _coverage(inputs: Inputs) -> str:
    """Whose returns were read and stand behind the numbers; nothing else is pooled."""
    read = inputs.completeness["authority"].nunique()
    counted = read if inputs.by_authority is None else inputs.by_authority.frame["authority"].nunique()
    whole = len(inputs.authorities)
    of_all = f"all {whole}" if counted == whole else f"{counted} of {whole}"
    return f"The numbers are those of {of_all} authorities. {received_words(inputs)}"


def headline(inputs: Inputs) -> Section:
    """What one authority needs to know first."""
    titles = listed_text(trial.title for trial in inputs.trials.values())
    words = (
        f"This report shows {inputs.area_name} its own returns as the evaluation read them: what arrived, what had to be set "
        f"aside, and the outcomes of its schools in {titles}, by academic year and arm."
    )
    blocks = _opening(inputs, words)
    record = inputs.records.frame.iloc[0]
    aside = Markup(" Of {} records, checks set {} aside.").format(
        count_span(record["rows_read"]), count_span(record["rows_set_aside"], record["symbol"])
    )
    blocks.append(paragraph(escape(received_words(inputs)) + aside, tone="key"))
    blocks += [paragraph(sentence, tone="key") for sentence in _sentences(inputs)]
    blocks += [
        paragraph(READING, tone="note"),
        paragraph(
            "One authority has too few schools to tell an effect from chance, so no test is made and no effect "
            "is given."
        ),
    ]
    return Section("headline", "In short", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _opening(inputs: Inputs, words: str) -> list[Block]:
    opening: list[Block] = [paragraph(words, tone="lead")]
    if inputs.is_synthetic:
        opening.append(paragraph(SYNTHETIC, tone="note"))
    return opening


def _sentences(inputs: Inputs) -> list[Markup]:
    """One key message a trial: who took part, and its section 47 enquiries in the first and last year observed."""
    found = [(_who(inputs, name), _primary(inputs, name)) for name in inputs.trials]
    titles = [trial.title for trial in inputs.trials.values()]
    return [
        Markup("<strong>{}.</strong> ").format(title) + Markup(" ").join(part for part in parts if part)
        for title, parts in zip(titles, found, strict=True)
        if any(parts)
    ]


def _who(inputs: Inputs, trial_name: str) -> Markup:
    """How many schools and pupils a trial had in the academic year in which it began."""
    rows = inputs.participants.where(trial=trial_name, arm=list(ARM_TITLES)).frame
    rows = rows[rows["pupils"].notna()]
    if rows.empty:
        return Markup("")
    year = _year_of_trial(inputs, trial_name, set(rows["academic_year"]))
    parts = [
        Markup("{} {} schools ({} pupils)").format(
            count_span(row.schools), ARM_TITLES[row.arm].lower(), count_span(row.pupils, row.symbol)
        )
        for row in _by_arm(rows[rows["academic_year"] == year]).itertuples()
    ]
    groups = year_groups_words(inputs.trials[trial_name])
    return Markup("In {}, in {}, it had {}.").format(year, groups, listed(parts))


def _primary(inputs: Inputs, trial_name: str) -> Markup:
    """Section 47 enquiries in the first and last year observed."""
    rows = _by_arm(_values(inputs.outcomes, trial_name))
    years = sorted(set(rows["period"]))
    if len(years) < 2:
        return Markup("")
    first, last = years[0], years[-1]
    parts = []
    for arm, group in rows.groupby("arm", sort=False):
        ends = group.set_index("period")[["value", "symbol", "decimals"]]
        if {first, last} <= set(ends.index):
            values = [value_span(decimals=int(end["decimals"]), value=end["value"], symbol=end["symbol"])
                      for end in (ends.loc[first], ends.loc[last])]  # fmt: skip
            parts.append(Markup("{} and {} in {} schools").format(*values, ARM_TITLES[str(arm)].lower()))
    if not parts:
        return Markup("")
    unit = inputs.measures[PRIMARY].unit
    return Markup("Section 47 enquiries {}, in {} and in {}: {}.").format(unit, first, last, Markup("; ").join(parts))


def _values(outcomes: Protected, trial_name: str) -> pd.DataFrame:
    frame = outcomes.where(trial=trial_name, period_kind="academic year", measure=PRIMARY, arm=list(ARM_TITLES)).frame
    return frame[frame["value"].notna()]


def _by_arm(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("arm", key=lambda arms: arms.map(list(ARM_TITLES).index))


def _year_of_trial(inputs: Inputs, trial_name: str, years: set[str]) -> str:
    """The academic year in which the trial's first window begins, or the nearest with figures."""
    from swis.academic_year import academic_year_of

    starts = pd.Series([min(window.first_day for window in inputs.trials[trial_name].windows.values())])
    wanted = str(academic_year_of(starts).iloc[0])
    return wanted if wanted in years else max(years)
