"""Judge the parts of one file: which of the things looked for stand in a text or a column, in every reading of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from swis.scan.known import Known
from swis.scan.layers import decoded, without_blobs
from swis.scan.looked_for import child_ids, names
from swis.scan.looked_for.birth_dates import (
    LEAST_MANY,
    birth_dates_labelled,
    birth_dates_under_heading,
    many_birth_dates,
)
from swis.scan.looked_for.identifiers import Identifiers
from swis.scan.looked_for.places import paths_in, tracebacks_in
from swis.scan.looked_for.pupil_numbers import pupil_numbers
from swis.scan.normal import dates_in, plain, squeeze
from swis.scan.parts import BIRTH_DATE, CHILD_ID, NAME, PATH, TRACEBACK, UPN, Column, Inside, Text

# Long text is read in blocks; a block begins with the end of the one before, so that nothing is cut in two.
BLOCK = 4_000_000
OVERLAP = 2_000
TAG = re.compile(r"<[^<>]*>")
HEADING_LETTERS = re.compile(r"[^a-z0-9]+")
Hit = tuple[str, str]


@dataclass
class Judge:
    """Knows the returns and the folders of this machine; tells kinds and values, of which only counts go further."""

    known: Known
    own_paths: Sequence[str] = ()
    identifiers: Identifiers = field(init=False)
    knows_birth_dates: bool = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the searches once for all files."""
        self.identifiers = Identifiers(self.known)
        self.knows_birth_dates = self.known.hashes.size(BIRTH_DATE) > 0

    def text(self, part: Text) -> tuple[set[Hit], list[Text | Inside]]:
        """What stands in a text, and what more there is to read once it is decoded."""
        hits: set[Hit] = set()
        bare, further = without_blobs(part.text)
        more: list[Text | Inside] = list(further)
        for block in blocks(bare):
            hits |= self._numbers(block) | self._words(block)
            hits |= {(PATH, path) for path in paths_in(block, self.own_paths)}
            hits |= {(TRACEBACK, str(number)) for number in range(tracebacks_in(block))}
            if part.is_markup:
                hits |= self._numbers(TAG.sub("", block)) | self._words(TAG.sub(" ", block))
            more += decoded(block)
        return hits, more

    def column(self, part: Column) -> set[Hit]:
        """What stands in a column: by its heading, or by being many."""
        heading = HEADING_LETTERS.sub("", part.header.lower())
        hits = {(NAME, name) for name in names.names_under_heading(heading, part.values)}
        hits |= {(BIRTH_DATE, day) for day in birth_dates_under_heading(heading, part.values)}
        hits |= {(CHILD_ID, one) for one in child_ids.under_heading(heading, part.values)}
        hits |= set(self.identifiers.whole_column(part.values))
        if self.knows_birth_dates and len(part.values) >= LEAST_MANY:
            different = "\n".join(dict.fromkeys(part.values))
            hits |= {(BIRTH_DATE, day) for day in many_birth_dates(dates_in(plain(different)), self.known)}
        return hits

    def cells(self, joined: str) -> set[Hit]:
        """What is split over cells below each other, given as the cells of whole columns one after the other."""
        return set(self.identifiers.anywhere(squeeze(joined)))

    def _numbers(self, text: str) -> set[Hit]:
        """Identifiers: those that tell themselves, and those in the returns."""
        upper = plain(text)
        hits = {(UPN, number) for number in pupil_numbers(upper)}
        return hits | set(self.identifiers.anywhere(squeeze(text))) | set(self.identifiers.as_words(upper))

    def _words(self, text: str) -> set[Hit]:
        """What a label, a neighbour or great number tells: identifiers, names, dates of birth."""
        upper = plain(text)
        hits = set(self._labelled(upper))
        hits |= {(NAME, name) for name in names.names_labelled(upper) | names.names_known(text, self.known)}
        hits |= {(BIRTH_DATE, day) for day in birth_dates_labelled(upper)}
        if self.knows_birth_dates:
            hits |= {(BIRTH_DATE, day) for day in many_birth_dates(dates_in(upper), self.known)}
        return hits

    def _labelled(self, upper: str) -> Iterator[Hit]:
        for kinds, words in child_ids.after_labels(upper).items():
            yield from self.identifiers.of_kinds(kinds, words)
            if CHILD_ID in kinds:
                yield from ((CHILD_ID, word) for word in words if child_ids.looks_like_one(word))


def blocks(text: str) -> Iterator[str]:
    """The text in blocks that overlap."""
    if len(text) <= BLOCK:
        yield text
        return
    for start in range(0, len(text), BLOCK - OVERLAP):
        yield text[start : start + BLOCK]
