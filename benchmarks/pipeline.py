"""Speed and memory of validate + derive + outcomes for the largest authority, as a ratio measured in one run.

    python benchmarks/pipeline.py [--authority SLUG] [--dataset synthetic] [--rounds 3] [--write PAGE]

Ours: the code cells of notebooks 1 to 3 (`our_pipeline.py`). Yardstick: the same returns read and the same measures
counted in bare pandas (`bare_pandas.py`); both read the XML with our CIN reader. Each side runs in fresh processes, in
turns; imports are done before the clock starts. Ours may take at most three times as long as the yardstick. The
numbers of the two are compared, so that neither side is spared work.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from page import as_table, write_section

ROOT = Path(__file__).resolve().parents[1]
MOST_TIMES = 3.0
MOST_APART = 0.03
WHOLLY_OBSERVED = 0.999
TITLE = "Validate, derive and outcomes against bare pandas"
DIFFERENCES = """The two may differ by the rows that validation sets aside, children linked by a former number,
dates that a later return corrected, predecessors of academies, and pupils without dates: at most 3 % of any cell."""
Numbers = dict[str, dict[str, float]]
# Measures compared, and the column of ours that is: counts, or the value where the two cannot be added up. Early help
# is not among them, for its lists cover no period whole.
COMPARED = {
    **dict.fromkeys(
        [
            "section47_enquiries", "referrals", "section17_assessments_completed", "children_entering_care",
            "days_in_care", "cin_plans_started", "contacts_from_schools", "suspensions",
            "sessions_lost_to_suspension",
        ],
        "count",
    ),
    "overall_absence": "value",
    "dsl_wellbeing": "value",
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """Wall and processor seconds, peak resident megabytes, and the numbers to compare, of one side."""

    seconds: float
    processor_seconds: float
    peak_megabytes: float
    numbers: Numbers


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def largest_authority(raw: Path) -> str:
    """Slug of the authority whose returns take most bytes."""
    folders = [path for path in raw.iterdir() if (path / "cin").is_dir()]
    return max(folders, key=size_of).name


def timed(action: Callable[[], Any], numbers: Callable[[Any], Numbers]) -> Measured:
    """One call under the clock; the peak is of the whole process, imports included."""
    wall, processor = time.perf_counter(), time.process_time()
    result = action()
    seconds, processor_seconds = time.perf_counter() - wall, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Measured(seconds, processor_seconds, peak, numbers(result))


def ours(dataset: str, authority: str) -> Measured:
    """Our side, in the process of the caller."""
    import our_pipeline

    our_pipeline.import_everything()
    with our_pipeline.scratch_checkout(ROOT):
        return timed(lambda: our_pipeline.run(ROOT, dataset, authority), our_numbers)


def bare(dataset: str, authority: str) -> Measured:
    """The yardstick, in the process of the caller."""
    import bare_pandas

    return timed(lambda: bare_pandas.measure(ROOT, dataset, authority), bare_numbers)


def our_numbers(tables: dict[str, Any]) -> Numbers:
    """Measure → arm and period → number, of periods that returns cover: the yardstick leaves out no day."""
    table = tables["outcomes"]
    rows = table[(table["level"] == "arm") & (table["status"] == "ok") & (table["observed_share"] > WHOLLY_OBSERVED)]
    rows = rows.assign(key=rows["arm"] + " " + rows["period"])
    found = {
        name: rows[rows["measure"] == name].set_index("key")[column].astype(float).to_dict()
        for name, column in COMPARED.items()
    }
    people = tables["participants"]
    keys = people["arm"] + " " + people["academic_year"]
    groups, waits = tables["group_counts"], tables["waits"]
    eligible = groups[(groups["measure"] == "section47_enquiries") & (groups["level"] == "eligible")]
    by_arm = eligible.groupby(eligible["arm"] + " " + eligible["window"])
    return found | {
        "pupil_years": dict(zip(keys, people["pupil_years"].astype(float), strict=True)),
        "of pupils with free meals: section47_enquiries": by_arm["count"].sum().to_dict(),
        "of pupils with free meals: pupil_years": by_arm["pupil_years"].sum().to_dict(),
        "waits begun": waits[waits["academic_year"].isin(people["academic_year"])].groupby("wait").size().to_dict(),
    }


def bare_numbers(tables: dict[str, Any]) -> Numbers:
    """The same of the yardstick."""
    counted = [name for name, column in COMPARED.items() if column == "count"]
    waits = ["contact to referral", "referral to assessment", "enquiry to conference"]
    schools, groups = tables["schools"], tables["groups"]
    # An authority outside the trials of supervision has no survey and no contacts.
    wanted = {*schools, *counted, *waits, "dsl_wellbeing sum", "dsl_wellbeing count"}
    schools = schools.reindex(columns=sorted(wanted))
    summed = schools.groupby(schools["arm"] + " " + schools["period"]).sum(numeric_only=True)
    summed["overall_absence"] = 100 * (summed["authorised"] + summed["unauthorised"]) / summed["possible"]
    summed["dsl_wellbeing"] = summed["dsl_wellbeing sum"] / summed["dsl_wellbeing count"]
    arm = groups["urn"].map(schools.drop_duplicates("urn").set_index("urn")["arm"])
    is_eligible = (groups["trait"] == "fsmeligible") & groups["level"].isin(["1", "true"])
    of_eligible = groups[is_eligible & (groups["measure"] == "section47_enquiries")]
    by_arm = of_eligible.groupby(arm + " " + of_eligible["period"])
    return {name: summed[name].to_dict() for name in [*counted, "overall_absence", "dsl_wellbeing", "pupil_years"]} | {
        "of pupils with free meals: section47_enquiries": by_arm["count"].sum().to_dict(),
        "of pupils with free meals: pupil_years": by_arm["pupil_years"].sum().to_dict(),
        "waits begun": schools.loc[schools["period"].str[4] == "/", waits].sum().to_dict(),
    }


def in_fresh_process(side: Callable[[str, str], Measured], dataset: str, authority: str) -> Measured:
    """One side in a process of its own, so that its peak memory is its own."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, side, dataset, authority))
    process.start()
    sender.close()
    try:
        return receiver.recv()
    except EOFError:
        raise SystemExit(f"the side {side.__name__!r} stopped before it was measured") from None
    finally:
        process.join()


def _send(sender: Any, side: Callable[[str, str], Measured], dataset: str, authority: str) -> None:
    sender.send(side(dataset, authority))
    sender.close()


def agreement(mine: Measured, theirs: Measured) -> tuple[list[list[str]], float]:
    """A row a measure: cells compared, sums of both sides, largest difference; and the largest of all."""
    rows, worst = [], 0.0
    for name in (measure for measure, cells in mine.numbers.items() if cells):
        shared = sorted(set(mine.numbers[name]) & set(theirs.numbers[name]))
        pairs = [(mine.numbers[name][key], theirs.numbers[name][key]) for key in shared]
        apart = max((abs(a - b) / a for a, b in pairs if a), default=1.0)
        mean = [statistics.fmean(side) for side in zip(*pairs, strict=True)] if pairs else [0.0, 0.0]
        rows.append([name, str(len(pairs)), f"{mean[0]:,.1f}", f"{mean[1]:,.1f}", f"{100 * apart:.1f} %"])
        worst = max(worst, apart)
    return rows, worst


def compared(mine: list[Measured], theirs: list[Measured]) -> tuple[list[list[str]], float]:
    """Rows of the table of seconds and memory, and the ratio of wall seconds (medians over the rounds)."""
    rows, ratios = [], []
    for what, unit in (("seconds", "s"), ("processor_seconds", "s"), ("peak_megabytes", "MB")):
        pair = [statistics.median(getattr(one, what) for one in side) for side in (theirs, mine)]
        ratios.append(pair[1] / pair[0])
        met = "met" if ratios[-1] <= MOST_TIMES else "missed"
        bound = f"at most {MOST_TIMES:g}: {met}" if what == "seconds" else ""
        label = what.replace("_", " ")
        rows.append([label, f"{pair[0]:,.1f} {unit}", f"{pair[1]:,.1f} {unit}", f"{ratios[-1]:.2f}", bound])
    return rows, ratios[0]


def main() -> int:
    """Measure, print, write the page if asked; exit code 1 where the bound is missed or the numbers disagree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", default="synthetic", help="data set under data_raw/")
    parser.add_argument("--authority", help="slug (default: the one whose returns take most bytes)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, the sides in turns")
    parser.add_argument("--write", type=Path, help="page to put the tables on")
    options = parser.parse_args()
    raw = ROOT / "data_raw" / options.dataset
    if not raw.is_dir():
        parser.error(f"no data_raw/{options.dataset}: run `swis simulate` first")
    slug = options.authority or largest_authority(raw)
    turns = [
        (in_fresh_process(bare, options.dataset, slug), in_fresh_process(ours, options.dataset, slug))
        for _ in range(options.rounds)
    ]
    theirs, mine = [turn[0] for turn in turns], [turn[1] for turn in turns]
    rows, ratio = compared(mine, theirs)
    same, worst = agreement(mine[0], theirs[0])
    lead = f"{slug}, {size_of(raw / slug) / 1e6:,.0f} MB of returns, median of {options.rounds} rounds."
    heads = ["counted by arm and academic year", "cells", "ours, mean", "bare, mean", "largest difference"]
    speed = as_table(["", "bare pandas", "ours", "ratio", "bound"], rows)
    text = "\n\n".join([lead, speed, DIFFERENCES, as_table(heads, same)])
    print(text)
    if options.write:
        write_section(options.write, TITLE, text)
    return int(ratio > MOST_TIMES or worst > MOST_APART)


if __name__ == "__main__":
    sys.exit(main())
