"""Spoil single rows of the attainment file."""

from __future__ import annotations

import numpy as np
import pandas as pd

from swis.simulate.faults import Fault

FILE = "attainment/attainment.csv"


def spoil_attainment(
    results: pd.DataFrame, names: list[str], *, authority: str, rng: np.random.Generator
) -> tuple[pd.DataFrame, list[Fault]]:
    """The results with one fault of each kind named (where a row fits it), and what was planted where."""
    results, faults = results.copy(), []
    used: set[int] = set()
    for name in names:
        rows = np.setdiff1d(_fitting(results, name), sorted(used))
        if not len(rows):
            continue
        row = int(rng.choice(rows))
        used.add(row)
        if name == "attainment_score_too_high":
            results.loc[row, "KS4_ATT8"] = "412.00"
        elif name == "attainment_upn_malformed":
            results.loc[row, "upn"] = str(results.loc[row, "upn"])[:9]
        elif name == "attainment_progress_without_exams":
            results.loc[row, "KS4_P8SCORE"] = "0.410"
        elif name == "attainment_exam_in_teacher_year":
            results.loc[row, "graded_by"] = "exam"
        else:
            again = results.iloc[[row]].assign(KS4_ATT8="31.50")
            results = pd.concat([results, again], ignore_index=True)
            row = len(results) - 1
        faults.append(Fault(name, authority, FILE, row + 1))
    return results, faults


def _fitting(results: pd.DataFrame, name: str) -> np.ndarray:
    is_ks4 = results["KS4_ATT8"].ne("")
    by_teacher = results["graded_by"].eq("teacher")
    needs_teacher = name in {"attainment_progress_without_exams", "attainment_exam_in_teacher_year"}
    return np.flatnonzero(is_ks4 & by_teacher) if needs_teacher else np.flatnonzero(is_ks4)
