"""From the rows of an analysis to the arrays of its model: intercept, treatment, groups, covariates, fixed effects."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from swis.effects.analysis.samples import SIZE, Sample
from swis.effects.design import INTERCEPT, Design, aliased_columns, design_from_arrays
from swis.effects.linear.cross_products import triangle_of
from swis.plan import Specification

GROUP = "group"


@dataclass(frozen=True, eq=False)
class Layout:
    """A design with what its effects are: `effects` pairs of (column, words of the group, '' for everyone).

    `frame` are the rows of the design; `arm` 1 for intervention whatever the treatment is.
    """

    design: Design
    frame: pd.DataFrame
    effects: tuple[tuple[str, str], ...]

    @property
    def arm(self) -> np.ndarray:
        """Allocation by row: 1 intervention, 0 control."""
        return self.frame["is_intervention"].to_numpy(dtype=float)

    @property
    def is_told(self) -> bool:
        """Whether any effect can be told from the other columns: arms that are authorities cannot."""
        return any(column in self.design.names for column, _ in self.effects)


def layout(sample: Sample, spec: Specification, levels: list[str] | None = None) -> Layout:
    """The design of a specification over a sample; with `levels`, one effect a level of the column `group`.

    A row whose group is missing takes part as a comparison for every level (control schools beside thirds of the
    intervention arm). Columns that add nothing to the others are left out: covariates and authorities in their order,
    then an effect that these already determine, so that no effect is ever read from a contrast of authorities.
    """
    frame = _complete(sample, spec)
    columns: dict[str, np.ndarray] = {INTERCEPT: np.ones(len(frame))}
    treatment = frame["treatment"].to_numpy(dtype=float)
    effects: list[tuple[str, str]] = []
    if levels is None:
        columns[spec.treatment] = treatment
        effects.append((spec.treatment, ""))
    else:
        held = frame[GROUP].astype(object).where(frame[GROUP].notna(), "")
        has_all = bool((held != "").all())
        for place, level in enumerate(levels):
            member = (held == level).to_numpy(dtype=float)
            columns[f"{spec.treatment}:{level}"] = treatment * member
            effects.append((f"{spec.treatment}:{level}", level))
            if place and has_all:
                columns[f"{GROUP}[T.{level}]"] = member
    for name in sample.covariates:
        columns[name] = frame[name].to_numpy(dtype=float)
    for factor in spec.fixed_effects:
        columns |= _dummies(frame[factor], factor)
    return Layout(_design(frame, columns, [name for name, _ in effects], spec), frame, tuple(effects))


def with_imputed(held: Layout, sample: Sample, spec: Specification) -> Layout:
    """The layout of another completed table, which differs from the first in the columns imputed only."""
    frame = _complete(sample, spec)
    matrix = held.design.matrix.copy()
    for place, name in enumerate(held.design.names):
        if name in spec.imputed:
            matrix[:, place] = frame[name].to_numpy(dtype=float)
    response = frame[spec.response].to_numpy(dtype=float)
    return replace(held, design=replace(held.design, response=response, matrix=matrix), frame=frame)


def _complete(sample: Sample, spec: Specification) -> pd.DataFrame:
    """Rows with response and covariates; imputed columns may be missing (they are filled before they get here)."""
    needed = [name for name in (*sample.covariates, "treatment", spec.response) if name not in spec.imputed]
    kept = sample.frame[sample.frame[needed].notna().all(axis=1)]
    return kept.reset_index(drop=True)


def _design(frame: pd.DataFrame, columns: dict[str, np.ndarray], effects: list[str], spec: Specification) -> Design:
    rows = np.array(list(columns.values()))
    places = {name: place for place, name in enumerate(columns)}
    order = [places[name] for name in columns if name not in effects] + [places[name] for name in effects]
    # The triangle of a QR decomposition has the columns' own dependencies in k rows instead of n.
    dropped = {order[place] for place in aliased_columns(triangle_of(rows[order].T))}
    kept = [place for place in places.values() if place not in dropped]
    names = [name for name, place in places.items() if place not in dropped]
    is_share = spec.link == "logit" and spec.table.startswith("school totals")
    return design_from_arrays(
        frame[spec.response].to_numpy(dtype=float),
        np.ascontiguousarray(rows[kept].T),
        names=names,
        groups={"authority": frame["authority"].to_numpy(), "school": frame["urn"].to_numpy()},
        offset=_offset(frame, spec),
        trials=frame["denominator"].to_numpy(dtype=float) if is_share else None,
    )


def _offset(frame: pd.DataFrame, spec: Specification) -> np.ndarray | None:
    if spec.offset is None:
        return None
    column = "denominator" if spec.offset == "log denominator" else SIZE
    return np.log(frame[column].to_numpy(dtype=float))


def _dummies(values: pd.Series, factor: str) -> dict[str, np.ndarray]:
    codes, levels = pd.factorize(values, sort=True)
    return {f"C({factor})[T.{level}]": (codes == place).astype(float) for place, level in enumerate(levels) if place}
