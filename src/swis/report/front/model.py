"""All that the front page of a run says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from swis.report.front.changes import Changes
from swis.report.front.files import ReportFiles
from swis.report.front.lines import AuthorityLine, PooledLine


@dataclass(frozen=True)
class Front:
    """All that the front page of a run says; `changes` is None when there was no run before."""

    dataset: str
    is_synthetic: bool
    evaluation: ReportFiles | None
    authorities: Sequence[AuthorityLine]
    absent: Sequence[str]
    pooled: Sequence[PooledLine]
    changes: Changes | None
    policy: str
    provenance: str = ""

    @property
    def reports(self) -> list[ReportFiles]:
        """The reports that stand, the evaluation's first."""
        of_authorities = [line.files for line in self.authorities]
        return [files for files in (self.evaluation, *of_authorities) if files is not None and files.number]
