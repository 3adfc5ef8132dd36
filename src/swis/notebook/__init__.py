"""Running notebooks: the parameters contract, papermill, and the run a notebook works in."""

from swis.notebook.run import Run, open_run

__all__ = ["Run", "open_run"]
