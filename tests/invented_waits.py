"""Waits drawn with a known ratio between arms, for tests of the speed of help."""

from __future__ import annotations

import numpy as np
import pandas as pd

LAST = 30


def waits(true_ratio: float, seed: int, schools: int = 40, each: int = 25, competing: float = 0.0) -> pd.DataFrame:
    """Waits with a daily chance of 1 − exp(−0.06 × ratio) to end; a share ends otherwise on a day drawn evenly."""
    rng = np.random.default_rng(seed)
    urn = np.repeat(np.arange(schools), each)
    arm = np.where(urn % 2 == 0, "intervention", "control")
    daily = 1 - np.exp(-0.06 * np.where(arm == "intervention", true_ratio, 1.0))
    days = rng.geometric(daily).astype(float) - 1
    other = rng.random(len(urn)) < competing
    days = np.where(other, rng.integers(0, 20, len(urn)), days)
    ended = np.where(other, "competing", np.where(days > LAST, "open", "event"))
    return pd.DataFrame(
        {
            "urn": urn.astype(str), "arm": arm, "authority": np.where(urn < schools // 2, "hull", "devon"),
            "days": np.minimum(days, LAST + 1), "ended": ended, "covered": LAST + 1.0,
        }
    )  # fmt: skip
