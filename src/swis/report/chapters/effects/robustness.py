"""How far the primary result rests on choices: sensitivity, subgroups, spread and power, fit of the model."""

from __future__ import annotations

from swis.disclosure.protected import Protected
from swis.plan.specification import RATIOS
from swis.report.chapters.effects.outcomes import AXIS, SIDES, titles_of
from swis.report.chapters.effects.tables import estimates_table
from swis.report.chapters.effects.words import p_text, whole_text
from swis.report.effects_inputs import EffectInputs
from swis.report.figures.forest import ForestRow, forest_figure
from swis.report.inputs import Inputs
from swis.report.model import Block, Figure, Section, paragraph
from swis.report.wording import listed_text

LEFT_OUT = "leave_one_authority_out"


def sensitivity_section(inputs: Inputs, held: EffectInputs) -> Section | None:
    """The primary analysis with one thing changed at a time, as a forest and a table; the secondary ones as a table."""
    rows = held.results.where(analysis=_names(held.results, "sensitivity:"))
    mine = rows.where(role="primary")
    if mine.is_empty:
        return None
    main = held.results.where(role="primary", analysis="main")
    blocks: list[Block] = [
        paragraph(
            "Each line changes one thing about the primary analysis. Where they agree, the result does not rest on that choice. "
            "Per protocol, dose and effect of what was received are not comparisons of the arms as drawn."
        )
    ]
    if not main.frame.iloc[0]["symbol"]:
        blocks.append(_forest(inputs, held, main, mine))
    whole = _without_left_out(mine)
    titles = dict(zip(whole.frame["analysis_id"], whole.frame["title"], strict=True))
    blocks.append(
        estimates_table(
            whole, titles, id=held.id("sensitivity"), caption="Sensitivity of the primary result", first="Analysis",
            source=inputs.data_source,
        )
    )  # fmt: skip
    if not main.frame.iloc[0]["symbol"] and mine.frame["analysis"].str.contains(LEFT_OUT).any():
        blocks.append(_authorities(inputs, held, main, mine))
    others = _without_left_out(rows.where(role=["secondary", "exploratory"]))
    if not others.is_empty:
        words = titles_of(inputs, others)
        names = {
            row["analysis_id"]: f"{words[row['analysis_id']]}: {row['title']}"
            for row in others.frame.to_dict("records")
        }
        blocks.append(
            estimates_table(
                others, names, id=held.id("sensitivity-secondary"), caption="Sensitivity of the secondary results",
                first="Analysis", source=inputs.data_source,
            )
        )  # fmt: skip
    return Section(held.id("sensitivity-section"), "Sensitivity", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _names(results: Protected, prefix: str) -> list[str]:
    return [name for name in results.frame["analysis"].unique() if str(name).startswith(prefix)]


def _without_left_out(rows: Protected) -> Protected:
    kept = [name for name in rows.frame["analysis"].unique() if LEFT_OUT not in str(name)]
    return rows.where(analysis=kept)


def _forest(inputs: Inputs, held: EffectInputs, main: Protected, rows: Protected) -> Figure:
    first = main.frame.iloc[0]
    lines = [ForestRow("Primary analysis", first["estimate"], first["lower"], first["upper"], whole_text(first),
                       is_main=True)]  # fmt: skip
    frame = _without_left_out(rows).frame
    drawn = frame[frame["scale"].isin(RATIOS) & frame["upper"].notna()]
    lines += [
        ForestRow(row["title"], row["estimate"], row["lower"], row["upper"], whole_text(row))
        for row in drawn.to_dict("records")
    ]
    return forest_figure(
        lines, id=held.id("sensitivity-forest"), caption=f"The primary {first['scale']} under other choices, with 95% intervals",
        source=f"{inputs.data_source} A line without a mark is an interval only (randomisation).", axis_title=AXIS,
        sides=SIDES, policy=rows.policy, is_synthetic=inputs.is_synthetic,
    )  # fmt: skip


def _authorities(inputs: Inputs, held: EffectInputs, main: Protected, rows: Protected) -> Figure:
    frame = rows.frame[rows.frame["analysis"].str.contains(LEFT_OUT)]
    lines = [
        ForestRow(f"Without {inputs.authorities.get(row['level'], row['level'])}", row["estimate"], row["lower"],
                  row["upper"], whole_text(row))
        for row in frame.to_dict("records")
    ]  # fmt: skip
    return forest_figure(
        lines, id=held.id("left-out"),
        caption=f"The primary {main.frame.iloc[0]['scale']} with each authority left out, with 95% intervals",
        source=inputs.data_source, axis_title=AXIS, sides=SIDES, policy=rows.policy, is_synthetic=inputs.is_synthetic,
    )  # fmt: skip


def subgroups_section(inputs: Inputs, held: EffectInputs) -> Section | None:
    """Effects by group, with the test that they are all the same."""
    rows = held.results.where(analysis=_names(held.results, "subgroup:"))
    if rows.is_empty:
        return None
    blocks: list[Block] = [
        paragraph(
            "Effects by group of schools or pupils, from one model each. With so many groups some will differ by chance: the "
            f"test is of the difference between groups, and none carries a claim.{_not_drawn(held)}"
        )
    ]
    primary = rows.where(role="primary")
    if primary.frame["upper"].notna().any():
        blocks.append(_subgroup_forest(inputs, held, primary))
    words = titles_of(inputs, rows)
    names = {row["analysis_id"]: f"{row['title']} ({words[row['analysis_id']].lower()})"
             for row in rows.frame.to_dict("records")}  # fmt: skip
    blocks.append(
        estimates_table(
            rows,
            names,
            id=held.id("subgroups"),
            caption="Effects by subgroup",
            first="Groups",
            source=inputs.data_source,
        )
    )
    return Section(held.id("subgroups-section"), "Subgroups", tuple(blocks), is_synthetic=inputs.is_synthetic)


def _not_drawn(held: EffectInputs) -> str:
    names = [one.title.partition(",")[0] for one in held.plan.subgroups.values() if not one.is_randomised_comparison]
    return f" {listed_text(names)} was not drawn at random." if names else ""


def _scale(rows: Protected) -> str:
    return str(rows.frame.loc[rows.frame["scale"].isin(RATIOS), "scale"].iloc[0])


def _subgroup_forest(inputs: Inputs, held: EffectInputs, rows: Protected) -> Figure:
    lines: list[ForestRow] = []
    for _, group in rows.frame.groupby("analysis_id", sort=False):
        test = group[group["level"] == "interaction"]
        p_value = f"p {p_text(test.iloc[0]['p_value'])}" if len(test) else ""
        lines.append(ForestRow(str(group.iloc[0]["title"]), words=p_value, is_heading=True))
        lines += [
            ForestRow(str(row["level"]), row["estimate"], row["lower"], row["upper"], whole_text(row))
            for row in group.to_dict("records")
            if row["level"] != "interaction"
        ]
    return forest_figure(
        lines, id=held.id("subgroups-forest"),
        caption=f"The primary {_scale(rows)} by subgroup, with 95% intervals",
        source=f"{inputs.data_source} p: of the test that all groups have one effect.", axis_title=AXIS, sides=SIDES,
        policy=rows.policy, is_synthetic=inputs.is_synthetic,
    )  # fmt: skip
