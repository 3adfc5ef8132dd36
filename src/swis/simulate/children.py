"""What a return says of each child: identifiers, reasons for a missing number, disabilities; the same in every year."""

from __future__ import annotations

import string
from dataclasses import dataclass

import numpy as np

from swis.simulate.cases import NO_FURTHER_ACTION
from swis.simulate.days import day
from swis.simulate.enquiries import Events
from swis.simulate.population import Population
from swis.simulate.randomness import choose

DISABILITIES = ["NONE", "MOB", "HAND", "PC", "INC", "COMM", "LD", "HEAR", "VIS", "BEH", "CON", "AUT", "DDA"]
DISABILITY_WEIGHTS = np.array([87.2, 0.8, 0.4, 0.6, 0.6, 1.4, 3.4, 0.4, 0.4, 1.8, 0.4, 2.0, 0.6])
UNKNOWN_REASONS = ["UN2", "UN3", "UN4", "UN5"]
UNKNOWN_WEIGHTS = np.array([0.35, 0.15, 0.2, 0.3])
BEFORE_LETTERS = 100_000


@dataclass(frozen=True)
class Children:
    """Children who appear in any return of an authority: `place` in the population, and texts by child."""

    place: np.ndarray
    la_child_id: np.ndarray
    disabilities: list[list[str]]
    unknown_reason: np.ndarray

    def position(self, child: np.ndarray) -> np.ndarray:
        """Where each child of the population stands here."""
        return np.searchsorted(self.place, child)


def child_id(authority_number: int, rank: int) -> str:
    """`SYN`, two digits of the authority and five of the child: ten characters, the most that a return may hold.

    From 100,000 on the first of the five is a letter, which keeps the order. IndexError beyond the letters (359,999).
    """
    if rank < BEFORE_LETTERS:
        return f"SYN{authority_number:02d}{rank:05d}"
    letter, rest = divmod(rank - BEFORE_LETTERS, 10_000)
    return f"SYN{authority_number:02d}{string.ascii_uppercase[letter]}{rest:04d}"


def describe_children(events: Events, authority_number: int, rng: np.random.Generator) -> Children:
    """Identifiers, disabilities, and reasons for no number."""
    place = np.unique(events.cases.child)
    number = len(place)
    identifiers = [child_id(authority_number, rank) for rank in range(1, number + 1)]
    first = choose(DISABILITIES, DISABILITY_WEIGHTS / DISABILITY_WEIGHTS.sum(), number, rng)
    second = choose(DISABILITIES[1:], DISABILITY_WEIGHTS[1:] / DISABILITY_WEIGHTS[1:].sum(), number, rng)
    both = (first != "NONE") & (rng.random(number) < 0.4) & (first != second)
    disabilities = [[one, two] if pair else [one] for one, two, pair in zip(first, second, both, strict=True)]
    return Children(
        place=place,
        la_child_id=np.array(identifiers, dtype=object),
        disabilities=disabilities,
        unknown_reason=choose(UNKNOWN_REASONS, UNKNOWN_WEIGHTS, number, rng),
    )


def identifiers_in_return(
    children: Children, population: Population, events: Events, year: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """UPN, former UPN and reason for no UPN of each child in the return of a year; blank where there is none.

    A child under five has none (UN1), an unborn one UN6; some of those whose referral ended without action UN7.
    """
    place = children.place
    reference = day(year, 3, 31)
    age = (reference - population.born[place]) / 365.25
    link = population.link[place]
    has_number = (age >= 5) & (link != "unknown")
    upn = np.where(link == "temporary", population.second_upn[place], population.upn[place])
    upn = np.where(link == "changed in the return", population.second_upn[place], upn)
    former = np.where((link == "changed in the return") & has_number, population.upn[place], "")
    reason = np.where(age < 0, "UN6", np.where(age < 5, "UN1", children.unknown_reason))
    reason = np.where((age >= 5) & _only_without_action(children, events), "UN7", reason)
    return np.where(has_number, upn, ""), former, np.where(has_number, "", reason)


def _only_without_action(children: Children, events: Events) -> np.ndarray:
    acted = np.unique(events.cases.child[events.cases.kind != NO_FURTHER_ACTION])
    return ~np.isin(children.place, acted)
