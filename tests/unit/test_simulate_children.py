"""Identifiers of simulated children: in the order of their texts, however many there are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from swis.simulate.children import describe_children
from swis.simulate.enquiries import Events


@pytest.mark.parametrize(("number", "last"), [(3, "SYN0700003"), (99_999, "SYN0799999"), (100_001, "SYN07A0001")])
def test_identifiers_stand_in_the_order_of_their_texts(number: int, last: str) -> None:
    events = cast("Events", SimpleNamespace(cases=SimpleNamespace(child=np.arange(number))))
    identifiers = describe_children(events, 7, np.random.default_rng(1)).la_child_id.astype(str)
    assert identifiers[-1] == last
    assert (identifiers[:-1] < identifiers[1:]).all()
