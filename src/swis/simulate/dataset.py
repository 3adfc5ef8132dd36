"""Make a whole simulated data set: authorities side by side, national files, truth; whole or not at all."""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd

from swis.errors import InputError, Problem
from swis.params import Params
from swis.simulate.authority import Written, write_authority
from swis.simulate.costs import cost_rows
from swis.simulate.files import write_frame_csv, write_marker
from swis.simulate.plan import Size, demo_size, full_size
from swis.simulate.truth_files import Truth, write_truth
from swis.workspace import MARKER, NATIONAL

Progress = Callable[[str], None]


def simulate_dataset(
    folder: Path,
    params: Params,
    *,
    seed: int,
    size: Size | None = None,
    jobs: int = 2,
    progress: Progress = lambda line: None,
) -> Truth:
    """Write a simulated data set into `folder`, in place of one that was there; nothing half-made is ever seen.

    The full plan unless a `size` is given. The same parameters, seed and size give the same bytes whatever the number
    of `jobs` (authorities at a time). `progress` gets a line for each authority when it is done. InputError where the
    folder holds anything that is not simulated.
    """
    size = full_size(params) if size is None else size
    _refuse_real(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    private = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        written = _write_all(private, params, seed, size, jobs, progress)
        _write_national(private / NATIONAL, written)
        truth = write_truth(private / "truth", written, params, seed, size)
        write_marker(private, seed, size.name, size.population_share)
        private.chmod(0o755)
        _put_in_place(private, folder)
    except BaseException:
        shutil.rmtree(private, ignore_errors=True)
        raise
    return truth


def _refuse_real(folder: Path) -> None:
    """Only an empty folder or a simulated data set may be replaced."""
    left = [path.name for path in folder.iterdir() if path.name != "README.md"] if folder.is_dir() else []
    if left and MARKER not in left:
        action = "move the real returns elsewhere, or simulate into another folder"
        raise InputError(
            [Problem(folder.name, "files without the marker", f"nothing, or a folder with {MARKER}", action)]
        )


def simulate_demo(folder: Path, params: Params, seed: int) -> Truth:
    """The small committed data set: two authorities, every format, under three megabytes."""
    return simulate_dataset(folder, params, seed=seed, size=demo_size(), jobs=1)


def _write_all(folder: Path, params: Params, seed: int, size: Size, jobs: int, progress: Progress) -> list[Written]:
    """Every authority, largest first so that two workers end together; results in the order of names."""
    slugs = sorted(size.groups, key=lambda slug: (-params.authorities[slug].children_0_to_17, slug))
    done: list[Written] = []
    if jobs == 1:
        for slug in slugs:
            done.append(write_authority(slug, folder, params, seed, size))
            progress(f"{slug}: {done[-1].files} files")
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(jobs, mp_context=context) as pool:
            waiting = [pool.submit(write_authority, slug, folder, params, seed, size) for slug in slugs]
            for slug, made in zip(slugs, waiting, strict=True):
                done.append(made.result())
                progress(f"{slug}: {done[-1].files} files")
    return sorted(done, key=lambda one: one.slug)


def _write_national(folder: Path, written: list[Written]) -> None:
    """School register (cp1252, all quoted, as downloaded), its links, the allocation, and costs."""
    register = pd.concat([one.register for one in written], ignore_index=True).sort_values("URN")
    write_frame_csv(folder / "gias.csv", register, encoding="cp1252", quote_all=True)
    links = pd.concat([one.links for one in written], ignore_index=True).sort_values(["URN", "LinkURN"])
    write_frame_csv(folder / "gias_links.csv", links, encoding="cp1252", quote_all=True)
    allocation = pd.concat([one.allocation for one in written], ignore_index=True).sort_values(["trial", "urn"])
    write_frame_csv(folder / "allocation.csv", allocation)
    write_frame_csv(folder / "costs.csv", cost_rows())


def _put_in_place(private: Path, folder: Path) -> None:
    """Rename the finished folder over the old one, keeping a README that stood there."""
    readme = folder / "README.md"
    if readme.exists():
        shutil.copyfile(readme, private / "README.md")
    if folder.exists():
        old = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.old."))
        folder.rename(old / folder.name)
        private.rename(folder)
        shutil.rmtree(old)
    else:
        private.rename(folder)
