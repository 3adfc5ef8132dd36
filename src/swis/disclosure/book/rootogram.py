"""Schools by bin of counts (the rootogram), as cells: a bin of one or two schools says what those schools had."""

from __future__ import annotations

import pandas as pd

from swis.disclosure.book.book import Book
from swis.disclosure.book.effect_frames import few_digits
from swis.disclosure.book.frames import protected_frame
from swis.disclosure.book.names import cell_names
from swis.disclosure.book.shown import Shown

BINS = "schools by bin"
KEYS = ("trial", "bin")
EVERY_BIN = "every bin"


def rootogram_book(book: Book, rootogram: pd.DataFrame, trial: str) -> None:
    """Add the bins of one trial [from_count, to_count, observed_schools, …]; all schools together are no secret."""
    rows = _keyed(rootogram, trial)
    total = pd.DataFrame({"trial": [trial], "bin": [EVERY_BIN], "observed_schools": [rows["observed_schools"].sum()]})
    book.add(rows, statistic=BINS, kind="schools", value="observed_schools", keys=KEYS)
    book.add(total, statistic=BINS, kind="schools", value="observed_schools", keys=KEYS, is_public=True)
    book.sums(BINS, over="bin", total=EVERY_BIN)


def _keyed(rootogram: pd.DataFrame, trial: str) -> pd.DataFrame:
    return rootogram.assign(trial=trial, bin=rootogram["from_count"].astype(int).astype(str))


def protected_rootogram(rootogram: pd.DataFrame, trial: str, shown: Shown) -> pd.DataFrame:
    """The bins as shown, with `symbol`."""
    rows = _keyed(rootogram, trial)
    columns = {"observed_schools": (cell_names(rows, BINS, KEYS), "schools")}
    made = protected_frame(rows, columns, shown)  # type: ignore[arg-type]
    return few_digits(made.drop(columns=["trial", "bin"]))
