"""The base of everything read from a parameter file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A parameter file's model: no unknown keys, no silent conversion, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(Strict):
    """Something that a public document says (`source`) or that we chose (`assumed`, with the reason); one must stand.

    Both may stand where the document says that it was done and not how. A plan's own check refuses neither.
    """

    source: str | None = None
    assumed: str | None = None

    @property
    def is_assumed(self) -> bool:
        """Whether any of it is our choice."""
        return bool(self.assumed)

    @property
    def origin(self) -> str:
        """Where it comes from, as one phrase."""
        said = [self.source or "", f"assumed: {self.assumed}" if self.assumed else ""]
        return "; ".join(part for part in said if part)
