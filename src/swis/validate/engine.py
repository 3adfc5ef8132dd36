"""Great Expectations as the judge: told what to expect of a column, it says passed, failed or crashed, and counts.

Only counts leave this module. Result formats of Great Expectations hold row values and its messages may quote
them, so both are dropped here. No file, no network, no telemetry and no data context.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd

from swis.garbage import uncollected

COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class Judged:
    """The verdict on one expectation: how many values it looked at and how many failed; no values."""

    outcome: Literal["passed", "failed", "crashed"]
    checked: int
    failed: int
    message: str = ""


@dataclass(frozen=True)
class Expected:
    """One expectation about one column: a Great Expectations class name and its arguments."""

    expectation: str
    arguments: Mapping[str, Any]


@cache
def _library() -> Any:
    """Great Expectations, imported late (it takes seconds) and with its telemetry off."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    # An import makes a million objects that stay: searching them for garbage takes a seventh of its time.
    with warnings.catch_warnings(), uncollected():
        warnings.simplefilter("ignore")
        import great_expectations
        import great_expectations.execution_engine
        import great_expectations.expectations
        import great_expectations.validator.validator

        gc.freeze()
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)  # its messages may quote values
    return great_expectations


def judge_frame(frame: pd.DataFrame, expected: Sequence[Expected]) -> list[Judged]:
    """Judge a frame against expectations; one answer each, in order."""
    numbered = [
        _counting(one.expectation)(**one.arguments, meta={"number": number}).configuration
        for number, one in enumerate(expected)
    ]
    with _described_once(_library().expectations.Expectation):
        answers = _validator(frame).graph_validate(numbered, runtime_configuration={"result_format": dict(COUNTS_ONLY)})
    ordered = sorted(answers, key=lambda answer: answer.expectation_config.meta["number"])
    return [_counts_only(answer, len(frame)) for answer in ordered]


@cache
def _counting(name: str) -> Any:
    """The library's expectation of that name without its wish for the values that failed: only counts are wanted."""
    kind = getattr(_library().expectations, name)
    if not hasattr(kind, "map_metric"):
        return kind

    def dependencies(expectation: Any, *given: Any, **named: Any) -> Any:
        found = kind.get_validation_dependencies(expectation, *given, **named)
        found.remove_metric_configuration(f"{kind.map_metric}.unexpected_values")
        return found

    return type(kind)(f"Counting{name}", (kind,), {"get_validation_dependencies": dependencies, "__module__": __name__})


@contextlib.contextmanager
def _described_once(kind: Any) -> Iterator[None]:
    """Let each expectation (`kind` is their class) describe itself once.

    The library asks each of them some eighty times and makes the answer anew each time, which is half of its work on
    a small frame. What it makes meanwhile is kept until the end, so that nothing is searched for garbage. Arguments of
    plain text and numbers are names in a table within one call, and need none of the library's search for other types.
    """
    describe = kind.configuration
    made: dict[int, tuple[Any, Any]] = {}

    def configuration(expectation: Any) -> Any:
        if id(expectation) not in made:
            # The expectation is held beside its description, so that no other can get its number.
            made[id(expectation)] = expectation, describe.fget(expectation)
        return made[id(expectation)][1]

    named = _library().core.id_dict.IDDict
    name_of = named.to_id
    kind.configuration = property(configuration)
    named.to_id = _name_of
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        kind.configuration = describe
        named.to_id = name_of
        if was_collecting:
            gc.enable()


def _name_of(arguments: Any, id_keys: Any = None, id_ignore_keys: Any = None) -> Any:
    """What stands for the arguments of a metric in the library's tables, the same for the same arguments."""
    wanted = (set(arguments) if id_keys is None else set(id_keys)) - set(id_ignore_keys or ())
    return repr([(key, arguments[key]) for key in sorted(wanted)]) if wanted else ()


def _validator(frame: pd.DataFrame) -> Any:
    """A validator of one frame, without a data context: that would hash every value of every frame, twice."""
    library = _library()
    engine = library.execution_engine.PandasExecutionEngine()
    whole = engine.get_domain_records
    alone = {name: column.to_frame() for name, column in frame.items()}

    def of_its_column(domain_kwargs: Mapping[str, Any]) -> pd.DataFrame:
        """The column a metric is about: of what it is given, the library copies every row that is not missing."""
        own = alone.get(domain_kwargs.get("column"))
        return whole(domain_kwargs) if own is None else own

    engine.get_domain_records = of_its_column
    engine.load_batch_data("table", frame)
    validator = library.validator.validator.Validator(execution_engine=engine)
    validator.metrics_calculator.show_progress_bars = False
    return validator


def judge_columns(frame: pd.DataFrame, expected: Sequence[Expected]) -> list[Judged]:
    """Judge columns of a table in one go, without those of which nothing is expected: they would only be copied."""
    wanted = {one.arguments["column"] for one in expected}
    return judge_frame(pd.DataFrame({name: _plain(frame[name]) for name in frame if name in wanted}), expected)


def judge_masks(masks: Mapping[str, pd.Series], crashed: Mapping[str, str]) -> dict[str, Judged]:
    """Judge what rules found.

    `masks` hold True where a row fails, all of one length; `crashed` names the rules that raised, with the class
    of the exception. Each becomes a column 'the rule holds', 1 or missing, that is expected to be there (the library
    takes half the time for that of what it takes for a set of values); a rule that raised has no column, so Great
    Expectations reports a crash and not a failure.
    """
    codes = [*masks, *crashed]
    holds = pd.DataFrame({code: np.where(mask.to_numpy(dtype=bool), np.nan, 1.0) for code, mask in masks.items()})
    expected = [Expected("ExpectColumnValuesToNotBeNull", {"column": code}) for code in codes]
    answers = dict(zip(codes, judge_frame(holds, expected), strict=True)) if codes else {}
    said = {code: Judged("crashed", 0, 0, f"the check stopped with {crashed[code]}") for code in crashed}
    return {code: said.get(code, answer) for code, answer in answers.items()}


def _plain(values: pd.Series) -> pd.Series:
    if values.dtype == "Int64":
        return values.astype("float64")
    return values.astype(object) if values.dtype == "boolean" else values


def _counts_only(answer: Any, rows: int) -> Judged:
    trace = _trace_of(answer.exception_info)
    if trace is not None:
        return Judged("crashed", 0, 0, f"the check stopped with {_exception_class(trace)}")
    missing = answer.result.get("missing_count", 0)
    checked = answer.result.get("element_count", rows) - missing
    failed = answer.result.get("unexpected_count", 0 if answer.success else rows)
    return Judged("passed" if answer.success else "failed", int(checked), int(failed))


def _trace_of(info: Mapping[str, Any] | None) -> str | None:
    """The traceback of a crash, in either of the two shapes the library uses; None where nothing was raised."""
    if not info:
        return None
    if "raised_exception" in info:
        return str(info.get("exception_traceback")) if info["raised_exception"] else None
    nested = [value for value in info.values() if isinstance(value, Mapping) and value.get("raised_exception", True)]
    return str(nested[0].get("exception_traceback")) if nested else None


def _exception_class(trace: str) -> str:
    """The class named on the last line of a traceback; the text after it may quote a value and is dropped."""
    lines = [line for line in trace.strip().splitlines() if line and not line.startswith((" ", "\t"))]
    name = lines[-1].split(":")[0].rsplit(".", 1)[-1] if lines else ""
    return name if name.isidentifier() else "an error"
