"""Whether the interval of the ratio of speed holds the truth as often as it says."""

from __future__ import annotations

import numpy as np
import pytest
from invented_waits import LAST, waits

from swis.speed.ratios import ratio

pytestmark = pytest.mark.slow


def test_the_true_ratio_lies_in_the_interval_as_often_as_said() -> None:
    found = [ratio(waits(1.3, seed), LAST, 0.95) for seed in range(100)]
    covered = np.mean([one["lower"] <= 1.3 <= one["upper"] for one in found])
    # 100 draws of 0.95: Monte Carlo error 0.022.
    assert covered >= 0.95 - 3 * 0.022
    assert np.mean([np.log(one["estimate"]) for one in found]) == pytest.approx(np.log(1.3), abs=0.03)
