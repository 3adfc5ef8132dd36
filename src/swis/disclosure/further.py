"""Further pooled stages and how their tables pass the door: what each adds to the book, and what leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from swis.delivery.stage import Delivery
from swis.disclosure.book import Book, Shown
from swis.disclosure.book.delivery import FAMILIES as DELIVERY_FAMILIES
from swis.disclosure.book.delivery import delivery_book
from swis.disclosure.book.delivery_frames import protect_delivery
from swis.disclosure.book.economics import FAMILIES as ECONOMICS_FAMILIES
from swis.disclosure.book.economics import economics_book
from swis.disclosure.book.economics_frames import protect_economics
from swis.disclosure.book.speed import FAMILIES as SPEED_FAMILIES
from swis.disclosure.book.speed import protect_speed, speed_book
from swis.disclosure.protected import Protected
from swis.economics.stage import Economics
from swis.kept_tables import KeptTables
from swis.params import Trial
from swis.speed.stage import Speed


@dataclass(frozen=True)
class FurtherStage:
    """One pooled stage beside the effects, by the name it has in swis.stage_list.

    load: its tables from the folder of the finished stage. book: adds its counts as cells, with what follows from what;
    it comes after the books of outcomes, participants and effects, and may hold its numbers against theirs. protect:
    its tables by name as they leave; each number of children, staff or schools in them is a cell of the book. families:
    first words of its statistics, and what a reader calls them.
    """

    name: str
    load: Callable[[Path], KeptTables]
    book: Callable[[Book, Any, Mapping[str, Trial]], None]
    protect: Callable[[Any, Mapping[str, Trial], Shown], dict[str, Protected]]
    families: Mapping[str, str]


FURTHER: tuple[FurtherStage, ...] = (
    FurtherStage("delivery", Delivery.load, delivery_book, protect_delivery, DELIVERY_FAMILIES),
    FurtherStage("economics", Economics.load, economics_book, protect_economics, ECONOMICS_FAMILIES),
    FurtherStage("speed", Speed.load, speed_book, protect_speed, SPEED_FAMILIES),
)


def load_further(folders: Mapping[str, Path]) -> dict[str, KeptTables]:
    """Tables of each stage whose folder is given, by its name."""
    return {stage.name: stage.load(folders[stage.name]) for stage in FURTHER if stage.name in folders}


def further_book(book: Book, held: Mapping[str, KeptTables], trials: Mapping[str, Trial]) -> None:
    """Add the numbers of every stage that is held."""
    for stage in FURTHER:
        if stage.name in held:
            stage.book(book, held[stage.name], trials)


def protect_further(held: Mapping[str, KeptTables], trials: Mapping[str, Trial], shown: Shown) -> dict[str, Protected]:
    """Every table of every stage that is held, under '<stage>-<table>'."""
    return {
        f"{stage.name}-{name}": table
        for stage in FURTHER
        if stage.name in held
        for name, table in stage.protect(held[stage.name], trials, shown).items()
    }


def further_rows(held: Mapping[str, KeptTables]) -> dict[str, pd.DataFrame]:
    """The unprotected tables under the names they leave with, to count their rows."""
    return {f"{stage}-{name}": table for stage, kept in held.items() for name, table in kept.tables().items()}


def further_families() -> dict[str, str]:
    """First words of the statistics of every stage, and what a reader calls them."""
    return {start: words for stage in FURTHER for start, words in stage.families.items()}
