"""`swis simulate`: write simulated returns where real ones would lie."""

from __future__ import annotations

import time
from pathlib import Path

import click

from swis.errors import EXIT_OK
from swis.params import load_params
from swis.workspace import MARKER, Workspace

# Chosen openly: docs/explanation/synthetic-data.md says why these two.
FULL_SEED = 9
DEMO_SEED = 20200901


def simulate_returns(root: Path, *, seed: int | None, if_absent: bool, demo: bool, jobs: int) -> int:
    """Make data_raw/synthetic (or the demo) and say how much was written."""
    workspace = Workspace(root, "demo" if demo else "synthetic")
    if if_absent and (workspace.raw / MARKER).exists():
        click.echo(f"data_raw/{workspace.dataset} is there already")
        return EXIT_OK
    from swis.simulate import simulate_dataset, simulate_demo

    params = load_params(root / "params")
    started = time.monotonic()
    if demo:
        simulate_demo(workspace.raw, params, seed=DEMO_SEED if seed is None else seed)
    else:
        simulate_dataset(
            workspace.raw, params, seed=FULL_SEED if seed is None else seed, jobs=jobs, progress=click.echo
        )
    files = [path for path in workspace.raw.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e9
    click.echo(
        f"wrote {len(files)} files, {size:.2f} GB, in {time.monotonic() - started:.0f} s: data_raw/{workspace.dataset}"
    )
    return EXIT_OK
