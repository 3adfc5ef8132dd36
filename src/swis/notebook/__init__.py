"""Running notebooks: the parameters contract, papermill, and the run a notebook works in."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from swis.notebook.run import Run, open_run

__all__ = ["Run", "open_run"]


def __getattr__(name: str) -> Any:
    """The run, imported when a notebook asks for it: it brings the models of all parameters, which no stage needs."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from swis.notebook import run

    return getattr(run, name)
