"""Make a whole simulated data set: authorities side by side, national files, truth; whole or not at all."""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd

from swis.params import Params
from swis.simulate.authority import Written, write_authority
from swis.simulate.files import write_frame_csv, write_marker
from swis.simulate.plan import Size, demo_size
from swis.simulate.truth_files import write_truth
from swis.workspace import NATIONAL

Progress = Callable[[str], None]


def simulate_dataset(
    folder: Path, params: Params, *, seed: int, size: Size, workers: int = 2, progress: Progress = lambda line: None
) -> list[Written]:
    """Write a simulated data set into `folder` (replaced if it is one); nothing is left behind if anything fails.

    The same parameters, seed and size give the same bytes whatever the number of workers. `progress` gets a line for
    each authority when it is done.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    private = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        written = _write_all(private, params, seed, size, workers, progress)
        _write_national(private / NATIONAL, written)
        write_truth(private / "truth", written, params, seed, size)
        write_marker(private, seed, size.name, size.population_share)
        private.chmod(0o755)
        _put_in_place(private, folder)
    except BaseException:
        shutil.rmtree(private, ignore_errors=True)
        raise
    return written


def simulate_demo(folder: Path, params: Params, seed: int) -> list[Written]:
    """The small committed data set: two authorities, every format, under three megabytes."""
    return simulate_dataset(folder, params, seed=seed, size=demo_size(), workers=1)


def _write_all(folder: Path, params: Params, seed: int, size: Size, workers: int, progress: Progress) -> list[Written]:
    """Every authority, largest first so that two workers end together; results in the order of names."""
    slugs = sorted(size.groups, key=lambda slug: (-params.authorities[slug].children_0_to_17, slug))
    done: list[Written] = []
    if workers == 1:
        for slug in slugs:
            done.append(write_authority(slug, folder, params, seed, size))
            progress(f"{slug}: {done[-1].files} files")
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            waiting = [pool.submit(write_authority, slug, folder, params, seed, size) for slug in slugs]
            for slug, job in zip(slugs, waiting, strict=True):
                done.append(job.result())
                progress(f"{slug}: {done[-1].files} files")
    return sorted(done, key=lambda one: one.slug)


def _write_national(folder: Path, written: list[Written]) -> None:
    """School register (cp1252, all quoted, as downloaded), its links, and the allocation."""
    register = pd.concat([one.register for one in written], ignore_index=True).sort_values("URN")
    write_frame_csv(folder / "gias.csv", register, encoding="cp1252", quote_all=True)
    links = pd.concat([one.links for one in written], ignore_index=True).sort_values(["URN", "LinkURN"])
    write_frame_csv(folder / "gias_links.csv", links, encoding="cp1252", quote_all=True)
    allocation = pd.concat([one.allocation for one in written], ignore_index=True).sort_values(["trial", "urn"])
    write_frame_csv(folder / "allocation.csv", allocation)


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
