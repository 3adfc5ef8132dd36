"""Follow Snakemake while it carries out jobs: what is handed out, what has begun, what has ended and what was lost."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from swis.errors import EXIT_FAILED, EXIT_OK
from swis.execution.executor import LOCAL, SEEN_WITHIN_SECONDS, Executor
from swis.execution.words import Begun, Event, Job, Planned, empty_folder, with_words, without_words, words_in

# The stage of a job that ended without a word where nothing says which it was; the log says more.
WORKFLOW = "workflow"
COUNT = re.compile(r"^(\w+) +(\d+)$")
TOTAL = "total"
HEAD = re.compile(r"^ *(?:local)?rule \w+:$")
OUTPUT = re.compile(r"^ *output: .*/([^/\s]+)/([^/\s]+)/done\.json$")

Key = tuple[str, str]


def run_jobs(command: list[str], log: Path, executor: Executor = LOCAL, lock: Sequence[int] = ()) -> Iterator[Event]:
    """Run Snakemake, which holds the `lock` too; yield how many notebooks of each stage there are to run, then each as
    it begins and as it ends.

    Everything Snakemake itself says goes to `log`. Jobs that were lost come last. Where Snakemake ends with an error
    that no job has told of, a job of stage WORKFLOW stands for what was lost: a run never looks finished that is not.
    A job that is tried again ends more than once, and its last end counts.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    words = executor.words_folder(log.parent)
    environment = executor.environment(words)
    if words is not None:
        empty_folder(words)
    handed_out: dict[Key, Job | Begun | None] = {}
    with (
        log.open("w", encoding="utf-8") as record,
        subprocess.Popen(
            [*command, *(["--nolock"] if lock else [])],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            pass_fds=lock,
        ) as process,
    ):
        is_told_of, counts = False, dict[str, int]()
        for line in with_words(process.stdout or (), words, lambda: not _lost(handed_out), SEEN_WITHIN_SECONDS):
            for word in words_in(line):
                handed_out[word.authority, word.stage] = word
                yield word
            # Snakemake writes a line and its end apart, so that a job's word may come between the two.
            rest = without_words(line).strip("\n")
            if rest:
                record.write(f"{rest}\n")
            if count := COUNT.match(rest):
                if count.group(1) == TOTAL:
                    # The rule that only names the target is counted too.
                    yield Planned({stage: n for stage, n in counts.items() if stage != log.stem})
                counts[count.group(1)] = int(count.group(2))
            if HEAD.match(rest):
                is_told_of = True
            elif is_told_of and (output := OUTPUT.match(rest)):
                handed_out.setdefault((output.group(1), output.group(2)), None)
                is_told_of = False
    if process.returncode != 0:
        yield from _lost(handed_out) or _unexplained(handed_out, log.stem)


def _lost(handed_out: Mapping[Key, Job | Begun | None]) -> list[Job]:
    """Jobs that never said how they ended, but for those behind one of the same authority that failed or was lost."""
    stopped = {slug for (slug, _), word in handed_out.items() if isinstance(word, Begun) or _has_failed(word)}
    silent = [
        (slug, stage)
        for (slug, stage), word in handed_out.items()
        if isinstance(word, Begun) or (word is None and slug not in stopped)
    ]
    return [Job(slug, stage, EXIT_FAILED, 0.0, is_lost=True) for slug, stage in silent]


def _has_failed(word: Job | Begun | None) -> bool:
    return isinstance(word, Job) and word.exit_code != EXIT_OK


def _unexplained(handed_out: Mapping[Key, Job | Begun | None], target: str) -> list[Job]:
    has_told = any(_has_failed(word) for word in handed_out.values())
    return [] if has_told else [Job(target, WORKFLOW, EXIT_FAILED, 0.0)]
