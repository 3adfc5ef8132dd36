"""Unique pupil numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from swis.sources.upn import ALPHABET, classify_upns, is_usable_upn, make_upns


def test_the_check_letter_of_a_worked_example() -> None:
    # 8x2 + 0 + 1x4 + 2x5 + … + 1x10 + … + 1x13 = 53; 53 modulo 23 = 7; the letter at place 7 (from 0) is H.
    assert make_upns(["801200001001"]).tolist() == ["H801200001001"]


def test_the_alphabet_leaves_out_i_o_and_s() -> None:
    assert len(ALPHABET) == 23
    assert not set("IOS") & set(ALPHABET)


@pytest.mark.parametrize(
    ("upn", "kind"),
    [
        ("H801200001001", "permanent"),
        (" H801200001001 ", "permanent"),
        ("A801200001001", "wrong check letter"),
        ("H80120000100", "wrong shape"),
        ("3412", "wrong shape"),
        ("h801200001001", "wrong shape"),
        ("H80120000100I", "wrong shape"),
    ],
)
def test_each_number_is_classified(upn: str, kind: str) -> None:
    assert classify_upns([upn]).tolist() == [kind]


def test_a_number_that_ends_with_a_letter_is_temporary_and_cannot_link() -> None:
    made = make_upns(["80120000100A"])
    assert classify_upns(made).tolist() == ["temporary"]
    assert not is_usable_upn(made).any()


def test_blank_numbers_have_no_class() -> None:
    assert classify_upns(pd.Series(["", None], index=[3, 4], dtype="string")).isna().tolist() == [True, True]


@pytest.mark.parametrize("body", ["80120000100", "8012000010011", "80120000100S", "x01200001001"])
def test_a_body_that_is_no_upn_body_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match="body of a UPN"):
        make_upns([body])
