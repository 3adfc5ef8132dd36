"""The key message that opens the chapter of a trial's effects."""

from __future__ import annotations

from markupsafe import Markup

from swis.report.chapters.effects.words import lower_first, p_text, whole_text, window_words
from swis.report.effects_inputs import EffectInputs
from swis.report.inputs import Inputs
from swis.report.wording import listed_text


def effect_sentence(inputs: Inputs, held: EffectInputs) -> Markup:
    """The key message of a trial's effects: the primary result, and which secondary ones stand out."""
    return Markup("<strong>{}.</strong> {} {}").format(
        held.trial.title, _primary(inputs, held), _secondary(inputs, held)
    )


def _primary(inputs: Inputs, held: EffectInputs) -> str:
    row = held.results.where(role="primary", analysis="main").frame.iloc[0]
    title = lower_first(inputs.measures[row["outcome"]].title)
    if row["symbol"]:
        return f"Too few schools or events stand behind the primary outcome, {title}, for an effect to be shown."
    found = "no effect that chance could not have made" if row["lower"] <= 1 <= row["upper"] else "a difference"
    what = "rate of " if row["scale"] == "rate ratio" else ""
    return (
        f"The primary outcome, the {what}{title} over {window_words(row['window'])}, shows {found}: adjusted "
        f"{row['scale']} {whole_text(row)}, p {p_text(row['p_value'])}."
    )


def _secondary(inputs: Inputs, held: EffectInputs) -> str:
    rows = held.results.where(role="secondary", analysis="main").frame
    told = rows[rows["p_holm"].notna()]
    alpha = held.plan.multiplicity.significance_level
    stand_out = told[told["p_holm"] < alpha]
    if told.empty:
        return ""
    if stand_out.empty:
        return "No secondary outcome differs between arms once several are allowed for (Holm)."
    names = listed_text(lower_first(inputs.measures[name].title) for name in stand_out["outcome"])
    return f"Among the secondary outcomes, these differ between arms with several allowed for (Holm): {names}."
