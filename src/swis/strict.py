"""The base of everything read from a parameter file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast, get_args

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A parameter file's model: no unknown keys, no silent conversion, never changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(Strict):
    """Something that a public document says (`source`) or that we chose (`assumed`, with the reason); one must stand.

    Both stand where the document says that it was done and not how. The checks of a plan refuse neither of them.
    """

    source: str | None = None
    assumed: str | None = None

    @property
    def is_assumed(self) -> bool:
        """Whether any of it is our choice."""
        return bool((self.assumed or "").strip())

    @property
    def origin(self) -> str:
        """Where it comes from, as one phrase; empty where nothing is said."""
        said = [(self.source or "").strip(), f"assumed: {self.assumed}" if self.is_assumed else ""]
        return "; ".join(part for part in said if part)


def known_keys(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """The keys a file may have at a place (`("plan", "outcomes", 0)`); the file's own where it leads nowhere."""
    found: Any = model
    for part in place:
        if isinstance(part, str) and _is_model(found) and part in found.model_fields:
            found = found.model_fields[part].annotation
        # What follows a list or a dictionary is a position or a name: the model is the one within.
        found = _model_within(found) or found
    return list((found if _is_model(found) else model).model_fields)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _model_within(annotation: Any) -> type[BaseModel] | None:
    """The model inside `list[Model]`, `dict[str, Model]` or `Model | None`; None where there is no one model."""
    if _is_model(annotation):
        return cast("type[BaseModel]", annotation)
    return next((model for part in get_args(annotation) if (model := _model_within(part))), None)
