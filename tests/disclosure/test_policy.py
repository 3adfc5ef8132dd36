"""Disclosure policies: what the files say, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from swis.disclosure.policy import DEFAULT_POLICY, Policy, load_policy
from swis.errors import InputError

FOLDER = Path(__file__).resolve().parents[2] / "params" / "disclosure"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yml"))


def _load(name: str = DEFAULT_POLICY) -> Policy:
    return load_policy(FOLDER, name)


@pytest.mark.parametrize("name", NAMES)
def test_every_policy_says_where_it_comes_from_and_what_is_assumed(name: str) -> None:
    policy = _load(name)
    assert policy.source.strip()
    assert policy.assumed.strip()


def test_the_default_is_the_dfes_rule_for_children_in_need() -> None:
    policy = _load()
    assert (policy.small, policy.zeros, policy.round_to, policy.least_hidden) == ((1, 5), "shown", 1, 1)
    assert policy.is_small(np.arange(8)).tolist() == [False, True, True, True, True, True, False, False]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_required_contains_the_truth_and_what_is_small_lies_within(name: str) -> None:
    policy, counts = _load(name), np.arange(1, 200)
    lower, upper = policy.required(counts)
    assert ((lower <= counts) & (counts <= upper)).all()
    assert (lower >= policy.least_hidden).all()
    assert (upper > lower).all()


@pytest.mark.parametrize("name", NAMES)
def test_shown_intervals_are_exactly_the_counts_shown_alike(name: str) -> None:
    policy, counts = _load(name), np.arange(0, 60)
    lower, upper = policy.shown_interval(counts)
    shown = policy.rounded(np.arange(0, 80))
    for count, first, last in zip(counts, lower, upper, strict=True):
        assert np.flatnonzero(shown == shown[count]).tolist() == list(range(int(first), int(last) + 1))


def test_larger_hidden_numbers_keep_a_tenth_on_each_side() -> None:
    lower, upper = _load().required([200])
    assert (lower[0], upper[0]) == (180, 220)


def test_an_unknown_policy_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match=r"did you mean dfe_children_in_need\?"):
        _load("dfe_children_in_ned")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("zeros: shown", "zeroes: shown", "did you mean zeros"),
        ("small: [1, 5]", "small: [5, 1]", "the smaller first"),
        ("safe: [1, 5]", "safe: [2, 4]", "safe must contain small"),
        ("safe: [1, 5]", "safe: [0, 5]", "safe cannot begin below 1"),
        ("hides_small: true", "hides_small: false", "must round"),
        ("name: dfe", "name: dfes", "the file's own name"),
    ],
)
def test_a_policy_that_does_not_fit_together_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (FOLDER / f"{DEFAULT_POLICY}.yml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / f"{DEFAULT_POLICY}.yml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        load_policy(tmp_path, DEFAULT_POLICY)
