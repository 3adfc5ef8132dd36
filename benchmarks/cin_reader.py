"""Speed and memory of the CIN census reader, as ratios measured in one run.

    python benchmarks/cin_reader.py [--megabytes 110] [--rounds 3] [--folder DIR] [--write PAGE]

Speed: the whole reader (XML to canonical tables) against an lxml.iterparse loop that reads tag and text of every end
event and clears each Child. The reader must reach at least half the loop's speed on 100 MB or more.
Memory: peak resident memory of a fresh process that goes through the reader's batches of a file and of one ten times
as large. The peak must not grow with the file.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from lxml import etree
from page import as_table, write_section

from swis.sources.cin_census import read_batches, read_cin_census

MEGABYTE = 1_000_000
LEAST_SPEED = 0.5
MOST_GROWTH = 1.25
TITLE = "CIN census reader against a bare lxml loop"
HEADER = """<?xml version="1.0" encoding="utf-8"?>
<Message>
  <Header>
    <CollectionDetails><Collection>CIN</Collection><Year>2022</Year><ReferenceDate>2022-03-31</ReferenceDate></CollectionDetails>
    <Source><SourceLevel>L</SourceLevel><LEA>390</LEA><SoftwareCode>SWIS-SYNTHETIC</SoftwareCode><Release>1</Release>
      <SerialNo>001</SerialNo><DateTime>2022-05-01T10:00:00</DateTime></Source>
  </Header>
  <Children>
"""
FOOTER = "  </Children>\n</Message>\n"
CHILD = """    <Child>
      <ChildIdentifiers>
        <LAchildID>SYN{number:07d}</LAchildID>
        <UPN>A999{number:09d}</UPN>
        <PersonBirthDate>20{year:02d}-{month:02d}-{day:02d}</PersonBirthDate>
        <GenderCurrent>{sex}</GenderCurrent>
      </ChildIdentifiers>
      <ChildCharacteristics>
        <Ethnicity>WBRI</Ethnicity>
        <Disabilities>
          <Disability>NONE</Disability>
        </Disabilities>
      </ChildCharacteristics>
      <CINdetails>
        <CINreferralDate>2021-{month:02d}-{day:02d}</CINreferralDate>
        <ReferralSource>2A</ReferralSource>
        <PrimaryNeedCode>N1</PrimaryNeedCode>
        <Assessments>
          <AssessmentActualStartDate>2021-{month:02d}-{day:02d}</AssessmentActualStartDate>
          <AssessmentAuthorisationDate>2022-01-{day:02d}</AssessmentAuthorisationDate>
          <FactorsIdentifiedAtAssessment>
            <AssessmentFactors>3A</AssessmentFactors>
            <AssessmentFactors>4B</AssessmentFactors>
          </FactorsIdentifiedAtAssessment>
        </Assessments>
{enquiry}        <ReferralNFA>0</ReferralNFA>
      </CINdetails>
    </Child>
"""
ENQUIRY = """        <Section47>
          <S47ActualStartDate>2021-{month:02d}-{day:02d}</S47ActualStartDate>
          <InitialCPCtarget>2022-02-{day:02d}</InitialCPCtarget>
          <DateOfInitialCPC>2022-02-{day:02d}</DateOfInitialCPC>
          <ICPCnotRequired>0</ICPCnotRequired>
        </Section47>
"""


def one_child(number: int) -> str:
    """The XML of one invented child; every third has an enquiry."""
    when = {"month": number % 12 + 1, "day": number % 28 + 1}
    enquiry = ENQUIRY.format(**when) if number % 3 == 0 else ""
    return CHILD.format(number=number, year=number % 18 + 3, sex=number % 2 + 1, enquiry=enquiry, **when)


def write_return(path: Path, megabytes: float) -> int:
    """Write a CIN census of about that size and return its number of children."""
    written = number = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEADER)
        while written < megabytes * MEGABYTE:
            number += 1
            written += stream.write(one_child(number))
        stream.write(FOOTER)
    return number


def bare_loop(path: Path) -> int:
    """The yardstick: tag and text of every end event, each Child cleared."""
    held = 0
    for _, element in etree.iterparse(str(path), events=("end",)):
        held += bool(element.tag) + bool(element.text)
        if element.tag == "Child":
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return held


def seconds(action: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def compare_speed(path: Path, rounds: int) -> tuple[float, float]:
    """Median seconds of the bare loop and of the reader, taken in turns."""
    bare_loop(path)
    read_cin_census(path, authority="benchmark")
    pairs = [
        (seconds(lambda: bare_loop(path)), seconds(lambda: read_cin_census(path, authority="benchmark")))
        for _ in range(rounds)
    ]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def peak_of_batches(path: Path) -> float:
    """Peak resident megabytes of a fresh process that goes through the batches of a file."""
    command = [sys.executable, __file__, "--peak-of", str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def report_peak(path: Path) -> None:
    """Go through the batches and print the peak (the child process of `peak_of_batches`)."""
    import resource

    for _ in read_batches(path):
        pass
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def as_tables(megabytes: float, children: int, speed: Sequence[float], peak: Sequence[float]) -> str:
    """The two tables: seconds of the bare loop, of the reader and their ratio; peaks of both files and their ratio."""
    size = f"{megabytes:.0f} MB"
    fast = ["seconds", *(f"{value:.2f}" for value in speed), f"at least {LEAST_SPEED}"]
    flat = ["peak memory, MB", *(f"{value:.0f}" for value in peak[:2]), f"{peak[2]:.2f}", f"at most {MOST_GROWTH}"]
    return "\n\n".join(
        [
            f"A return of {size} with {children:,} children, median of the rounds after one of warm-up.",
            as_table(["", "bare loop", "reader", "speed of the reader", "bound"], [fast]),
            as_table(["batches of a file of", f"{megabytes / 10:.0f} MB", size, "growth", "bound"], [flat]),
        ]
    )


def main() -> int:
    """Make the files, measure, print the table; exit code 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=110, help="size of the larger file")
    parser.add_argument("--rounds", type=int, default=3, help="timed rounds after one of warm-up")
    parser.add_argument("--folder", type=Path, help="where to write the files (default: a temporary folder)")
    parser.add_argument("--write", type=Path, help="page to put the tables on")
    parser.add_argument("--peak-of", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak_of:
        report_peak(options.peak_of)
        return 0
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        small, large = Path(folder) / "small.xml", Path(folder) / "large.xml"
        write_return(small, options.megabytes / 10)
        children = write_return(large, options.megabytes)
        bare, reader = compare_speed(large, options.rounds)
        peaks = peak_of_batches(small), peak_of_batches(large)
    speed, growth = bare / reader, peaks[1] / peaks[0]
    text = as_tables(options.megabytes, children, (bare, reader, speed), (*peaks, growth))
    print(text)
    if options.write:
        write_section(options.write, TITLE, text)
    return int(speed < LEAST_SPEED or growth > MOST_GROWTH)


if __name__ == "__main__":
    sys.exit(main())
