"""Run by each kernel of a test before its first cell: notes after each cell which modules are loaded, by stage.

Stands in IPython's folder for such files, with the folder to write to in RECORDED.
"""

import json
import os
import sys
from pathlib import Path

at_start = sorted(sys.modules)


def note(*_: object) -> None:
    """Write what is loaded now, if the notebook has opened its run."""
    run = get_ipython().user_ns.get("run")  # type: ignore[name-defined]  # noqa: F821
    if run is not None:
        loaded = {"at_start": at_start, "loaded": sorted(sys.modules)}
        Path(os.environ["RECORDED"], f"{run.stage}-{run.slug}.json").write_text(json.dumps(loaded), encoding="utf-8")


get_ipython().events.register("post_run_cell", note)  # type: ignore[name-defined]  # noqa: F821
