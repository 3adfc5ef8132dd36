"""Compare every estimator with every stored fit of R, and with R itself where it is installed.

    PYTHONPATH=tests python -m statistical.certification [--write PAGE] [--without-r]

The folder of the larger references is named by SWIS_REFERENCE. Ends with code 1 when a difference is out of its
tolerance, or a stored fit is neither compared nor listed.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from swis.effects.coverage.page import with_section

from .comparison import Comparison
from .page import TITLE, section
from .references import Reference, own_reference, references
from .rerun import find_r, run_r


def main(arguments: list[str] | None = None) -> int:
    """Print the tables, write the page if asked, and say whether all agrees."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, help="page whose section is written anew")
    parser.add_argument("--without-r", action="store_true", help="do not run R even where it is installed")
    given = parser.parse_args(arguments)
    named = os.environ.get("SWIS_REFERENCE")
    known = references(Path(named) if named else None)
    comparisons = [one for reference in known for one in reference.comparisons()]
    again, about_r = ([], "R was not run again.") if given.without_r else _run_again(own_reference())
    if not named:
        about_r = f"SWIS_REFERENCE names no folder: only the repository's own reference is compared. {about_r}"
    text = section(known, comparisons + again, about_r)
    print(text)
    if given.write:
        held = given.write.read_text(encoding="utf-8") if given.write.exists() else None
        given.write.write_text(with_section(held, TITLE, text), encoding="utf-8")
    failures = [problem for reference in known for problem in reference.unaccounted()]
    failures += [_said(one) for one in comparisons + again if not one.is_within]
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    return 1 if failures else 0


def _run_again(own: Reference) -> tuple[list[Comparison], str]:
    """R's numbers of today beside the committed ones, and one sentence about it."""
    rscript = find_r()
    if rscript is None:
        return [], "R is not installed here (no Rscript found): the committed results stand as they are."
    results = run_r(rscript)
    found = own.against(results["fits"], own.name)
    return found, f"R was run again here, version {results['r']}; its rows stand under 'R, run again'."


def _said(one: Comparison) -> str:
    limit = f"{one.tolerance.limit:g} ({one.tolerance.unit})"
    return f"{one.reference}, {one.fit}, {one.quantity}: {one.largest_difference:.3g}, tolerance {limit}"


if __name__ == "__main__":
    sys.exit(main())
