"""The children of one authority: families, births, identifiers, and how likely each is to meet social care."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from swis.simulate.calibration import numbers, shares
from swis.simulate.days import academic_start, day
from swis.simulate.randomness import choose
from swis.sources.upn import ALPHABET, make_upns

FIRST_BIRTH = day(1999, 4, 1)
LAST_BIRTH = day(2024, 9, 30)
FAMILY_SIZES = np.array([0.35, 0.42, 0.16, 0.07])
FIRST_BORDER_SERIAL = 9_000_000
NOT_FOR_LINKING = {"temporary": 0.007, "unknown": 0.018, "changed on the roll": 0.012, "changed in the return": 0.008}
YEARS_OF_BIRTH = (LAST_BIRTH - FIRST_BIRTH) / 365.25


@dataclass(frozen=True)
class Population:
    """Children as arrays, one place each.

    `born` is a day; `year_of_birth` the academic year (its first calendar year) of the birthday; `risk` the relative
    rate of referral of the family (mean 1); `need` a standard normal of poverty; `lives_here` false for pupils whose
    home is a neighbour authority; `is_border` true for children of this authority who may go to school in another;
    `link` says how the identifier behaves (see NOT_FOR_LINKING).
    """

    born: np.ndarray
    year_of_birth: np.ndarray
    family: np.ndarray
    is_male: np.ndarray
    ethnicity: np.ndarray
    need: np.ndarray
    risk: np.ndarray
    upn: np.ndarray
    second_upn: np.ndarray
    link: np.ndarray
    lives_here: np.ndarray
    is_border: np.ndarray

    @property
    def number(self) -> int:
        """How many children."""
        return len(self.born)


def simulate_population(children: int, authority_number: int, rng: np.random.Generator) -> Population:
    """Everyone born from April 1999 to September 2024 in an authority of so many children aged 0 to 17."""
    wanted = round(children / 18 * YEARS_OF_BIRTH)
    family, born = _families(wanted, rng)
    return _describe(family, born, 0, authority_number, rng)


def border_children(number: int, authority_number: int, block: int, rng: np.random.Generator) -> Population:
    """Children of secondary age at the border of a home authority; drawn alike wherever they are needed."""
    born = rng.integers(day(2001, 9, 1), day(2012, 8, 31), number)
    serial = FIRST_BORDER_SERIAL + block * 10_000
    drawn = _describe(np.arange(number) + serial, born, serial, authority_number, rng)
    return replace(drawn, risk=np.where(knows_two_authorities(number), drawn.risk * 8, drawn.risk))


def knows_two_authorities(number: int) -> np.ndarray:
    """Which border children have lived on both sides, and have cases in both authorities: one in ten."""
    return np.arange(number) % 10 == 0


def joined(residents: Population, others: list[tuple[Population, bool]]) -> Population:
    """Residents with border children: of this authority (True) or visitors whose home is a neighbour (False)."""
    parts = [residents, *(part for part, _ in others)]
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in Population.__dataclass_fields__
    }
    both = [np.full(part.number, is_home) | knows_two_authorities(part.number) for part, is_home in others]
    homes = [np.ones(residents.number, bool), *both]
    border = [np.zeros(residents.number, bool), *(np.full(part.number, is_home) for part, is_home in others)]
    return Population(**(columns | {"lives_here": np.concatenate(homes), "is_border": np.concatenate(border)}))


def _families(wanted: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Family number and birthday of each child; brothers and sisters are about two and a half years apart."""
    number = int(wanted / 1.25) + 50
    size = rng.choice(4, p=FAMILY_SIZES, size=number) + 1
    family = np.repeat(np.arange(number), size)
    order = np.arange(len(family)) - np.repeat(np.cumsum(size) - size, size)
    gaps = np.where(order == 0, 0.0, 350 + rng.gamma(2.0, 300.0, len(family)))
    since_first = np.cumsum(gaps) - np.repeat(np.cumsum(gaps)[np.cumsum(size) - size], size)
    first = rng.uniform(FIRST_BIRTH - 3300, LAST_BIRTH, number)
    born = (first[family] + since_first).astype("int64")
    inside = np.flatnonzero((born >= FIRST_BIRTH) & (born <= LAST_BIRTH))
    kept = np.sort(rng.permutation(inside)[:wanted])
    return family[kept], born[kept]


def _describe(
    family: np.ndarray, born: np.ndarray, first_serial: int, authority_number: int, rng: np.random.Generator
) -> Population:
    number = len(born)
    need, risk, ethnicity = _of_family(family, rng)
    upn = _upns(authority_number, first_serial + np.arange(number))
    link = _link(number, rng)
    return Population(
        born=born,
        year_of_birth=academic_start(born),
        family=family,
        is_male=rng.random(number) < 0.513,
        ethnicity=ethnicity,
        need=need,
        risk=risk,
        upn=upn,
        second_upn=_second_upns(authority_number, first_serial + np.arange(number), link, upn),
        link=link,
        lives_here=np.ones(number, bool),
        is_border=np.zeros(number, bool),
    )


def _of_family(family: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Poverty, relative rate of referral and ethnic group, the same for all of a family."""
    _, place = np.unique(family, return_inverse=True)
    families = int(place.max()) + 1
    need = rng.normal(size=families)
    shape = float(numbers()["family_frailty_shape"])
    risk = rng.gamma(shape, 1 / shape, families) * np.exp(0.55 * need - 0.55**2 / 2)
    codes, probabilities = shares(numbers()["ethnicity"])
    return need[place], risk[place], choose(codes, probabilities, families, rng)[place]


def _upns(authority_number: int, serials: np.ndarray) -> np.ndarray:
    """Plainly synthetic numbers: authority digits 999, then two of the authority and seven of the child."""
    bodies = [f"999{authority_number:02d}{serial:07d}" for serial in serials.tolist()]
    return make_upns(bodies).to_numpy(dtype=object)


def _link(number: int, rng: np.random.Generator) -> np.ndarray:
    kinds = ["usual", *NOT_FOR_LINKING]
    rest = list(NOT_FOR_LINKING.values())
    return choose(kinds, np.array([1 - sum(rest), *rest]), number, rng)


def _second_upns(authority_number: int, serials: np.ndarray, link: np.ndarray, upn: np.ndarray) -> np.ndarray:
    """A temporary number (last character a letter) or a later permanent one for those who have two."""
    second = upn.copy()
    places = np.flatnonzero((link != "usual") & (link != "unknown"))
    bodies = [
        f"999{authority_number:02d}{serial % 1_000_000:06d}{ALPHABET[serial % len(ALPHABET)]}"
        if is_temporary
        else f"999{authority_number:02d}{5_000_000 + serial % 4_000_000:07d}"
        for serial, is_temporary in zip(serials[places].tolist(), link[places] == "temporary", strict=True)
    ]
    if bodies:
        second[places] = make_upns(bodies).to_numpy(dtype=object)
    return second
