"""The `swis` command: a thin shell over the package. `swis --help` is where a newcomer starts."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import click

from swis import __version__
from swis.errors import EXIT_BAD_INPUT, EXIT_FAILED, InputError
from swis.offline.hook import NetworkError, refuse_connections
from swis.workspace import find_root

HELP = """Evaluate Social Workers in Schools (SWIS) and Designated Safeguarding Lead Supervision (DSLS).

\b
A first look, with the small simulated sample that comes with the compendium:
    swis run --dataset demo            then open reports/demo/index.html
Your own returns, laid out as `data_raw/README.md` says:
    swis run gateshead --data DIR      then open reports/<name of DIR>/index.html
What would run, and why, before it does:
    swis plan gateshead --data DIR

Everything made from child-level returns stays in data_derived/, which is never shared. What is under reports/ has
passed disclosure control. Nothing here uses the network.

Exit codes: 0 all well; 1 something failed; 2 an input, parameter or return cannot be used (the lines say which).
"""

CHECK_RELEASE = """Read DIR as an attacker would, before anything of it leaves: every file in it, whoever made it.

\b
Before you hand over the reports of a run on your returns:
    swis check-release reports/<name> --data DIR
Any other folder (an email's attachments, a paper's supplement), against two folders of returns:
    swis check-release to-send --data returns-2022 --data returns-2023

Pages, notebooks, documents, sheets, PDFs, pictures, tables, archives and what is packed or encoded in them are read for
pupil numbers, children's identifiers, names, dates of birth, paths of a machine, and for every identifier that is
really in the returns. Without --data the returns under data_raw/ of this compendium are taken. Charts that carry
their rows, pickles and whatever cannot be read are reported too. The returns' identifiers are held in memory
only, as keyed hashes.

Prints one line for each file and kind of thing, never the thing itself.

\b
Exit codes: 0 clean; 1 something found; 2 the command cannot be carried out as given.
docs/how-to/check-a-release.md says what to do about each kind.
"""

FIGURES = """Set each figure of a report alone, for a paper or slides: caption above, source below, inside the picture.

\b
Of the evaluation report:
    swis figures                        then open reports/synthetic/journal_figures/evaluation/
Of your authority's report:
    swis figures --data DIR --authority gateshead

A figure is 89 mm wide (one column) where its lettering stays at 6 points or more, else 183 mm (two columns): as PNG
with 300 pixels to the inch, and as SVG. index.csv beside them holds caption, source, alt text, long description and
size of each. Nothing is analysed anew: the figures are those of the finished report, and those of an earlier report
are taken back by the next `swis run`.
"""

SCREEN = """Check open-data files (tidy CSV) against the DfE's standard before they go to Explore Education Statistics.

\b
The files of a run, each with its description beside it (name.csv and name.meta.csv):
    swis screen reports/<name>/open_data/*.csv
Any other file in that form, the DfE's own among them:
    swis screen my_table.csv

Names, encoding, columns, time periods, places, filters, symbols, the matrix of combinations and the description are
checked, all of them in one go. 'fail' is what the standard forbids; 'review' is what a person should look at once.

Prints one line for each finding, and one for each file.

\b
Exit codes: 0 no file fails; 2 a file fails or cannot be read.
docs/reference/open-data.md says what each check looks for.
"""

PLAIN_KERNELS = """Start each notebook in a Python of its own that imports every library afresh. By default, on Linux,
one process imports them once and each notebook runs in a fresh copy of it: several seconds faster a notebook, the same
bytes. Try this when you suspect that sharing."""


EXECUTOR = """Where the notebooks run: on this machine, or as jobs of a Slurm cluster, one for the stages of each
authority (docs/how-to/run-on-a-cluster.md)"""
PROFILE = "Folder with a profile of Snakemake for your cluster, in place of --partition and --account"


# Set by whoever may see what stands in the returns, to be shown a fault of the program whole.
SHOW_TRACEBACK = "SWIS_SHOW_TRACEBACK"


class Commands(click.Group):
    """A group whose commands end with one clear line for each problem instead of a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the chosen command; bad input ends with code 2 and nothing half-written."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            for problem in error.problems:
                click.echo(f"swis: {problem.line()}", err=True)
            ctx.exit(EXIT_BAD_INPUT)
        except FileNotFoundError as error:
            click.echo(f"swis: {error}", err=True)
            ctx.exit(EXIT_BAD_INPUT)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except NetworkError as error:
            # Its text says what kind of attempt it was, and nothing else.
            click.echo(f"swis: NetworkError: {error}", err=True)
            ctx.exit(EXIT_FAILED)
        except Exception as error:
            if SHOW_TRACEBACK in os.environ:
                raise
            click.echo(_without_values(error), err=True)
            ctx.exit(EXIT_FAILED)


def _without_values(error: Exception) -> str:
    """What may be said to anyone of a fault of the program: its class and place, for its text may quote a return."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}"
    return (
        f"swis: stopped with {type(error).__name__} ({where}), a fault of the program; its text may quote a return and "
        f"is not shown. Where only you can see it, {SHOW_TRACEBACK}=1 shows it."
    )


@click.group(
    cls=Commands,
    help=HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="swis")
def main() -> None:
    """Entry point of the `swis` command; none of its commands may reach another machine."""
    refuse_connections()


def dataset_options(command: click.decorators.FC) -> click.decorators.FC:
    """The options that say which data set a command works on."""
    command = click.option("--data-cut", metavar="DATE", help="Last day that counts, as 2023-08-31 [from params]")(
        command
    )
    command = click.option("--data", type=click.Path(path_type=Path), help="Folder of real returns")(command)
    return click.option("--dataset", metavar="NAME", help="Folder under data_raw/ [synthetic]")(command)


@main.command()
@click.argument("authorities", nargs=-1, metavar="[AUTHORITY]...")
@dataset_options
@click.option("--jobs", type=click.IntRange(1), help="Notebooks (on a cluster: its jobs) at a time [2; 100 there]")
@click.option("--executor", default="local", show_default=True, type=click.Choice(["local", "slurm"]), help=EXECUTOR)
@click.option("--partition", metavar="NAME", help="Partition of the cluster [its default]")
@click.option("--account", metavar="NAME", help="Account that the cluster charges [none]")
@click.option("--profile", type=click.Path(path_type=Path), metavar="DIR", help=PROFILE)
@click.option(
    "--retries", type=click.IntRange(0), help="How often a job that failed is tried again [0; 1 on a cluster]"
)
@click.option("--live/--no-live", default=True, help="A table of progress in a terminal, or plain lines as elsewhere")
@click.option("--plain-kernels", is_flag=True, help=PLAIN_KERNELS)
def run(
    authorities: tuple[str, ...],
    dataset: str | None,
    data: Path | None,
    data_cut: str | None,
    jobs: int | None,
    executor: str,
    partition: str | None,
    account: str | None,
    profile: Path | None,
    retries: int | None,
    live: bool,
    plain_kernels: bool,
) -> None:
    """Validate, derive, measure and report: the named authorities, or all that have a folder of returns."""
    from swis.commands.run import run_authorities
    from swis.execution.executor import choose_executor

    chosen = choose_executor(executor, jobs, retries, partition, account, profile)
    root = find_root(Path.cwd())
    sys.exit(run_authorities(root, list(authorities), dataset, data, data_cut, chosen, plain_kernels, live))


@main.command()
@click.argument("authorities", nargs=-1, metavar="[AUTHORITY]...")
@dataset_options
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1), help="Notebooks at a time, for the cost")
@click.option("--england", is_flag=True, help="What a run of all authorities of England would cost, before any sends")
@click.option("--json", "as_json", is_flag=True, help="One entry for each notebook, for programs to read")
def plan(
    authorities: tuple[str, ...],
    dataset: str | None,
    data: Path | None,
    data_cut: str | None,
    jobs: int,
    england: bool,
    as_json: bool,
) -> None:
    """Say what `swis run` would do, why, and what it would cost, without doing it."""
    from swis.commands.cost import plan_england
    from swis.commands.plan import plan_authorities

    root = find_root(Path.cwd())
    if england and (authorities or as_json):
        raise click.UsageError("--england is about all authorities, in words: give no other beside it")
    if england:
        sys.exit(plan_england(root, dataset, data, jobs))
    sys.exit(plan_authorities(root, list(authorities), dataset, data, data_cut, as_json, jobs))


@main.command()
@click.option("--seed", type=int, help="Same seed, same returns [9; 20200901 for the demo]")
@click.option("--if-absent", is_flag=True, help="Do nothing where data_raw/synthetic is there already")
@click.option("--demo", is_flag=True, help="Make data_raw/demo, the small sample, instead")
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1), help="Authorities at a time")
def simulate(seed: int | None, if_absent: bool, demo: bool, jobs: int) -> None:
    """Write whole trials of simulated returns, in the true formats, with known effects and planted faults."""
    from swis.commands.simulate import simulate_returns

    sys.exit(simulate_returns(find_root(Path.cwd()), seed=seed, if_absent=if_absent, demo=demo, jobs=jobs))


@main.command("check-release", help=CHECK_RELEASE)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--data", multiple=True, type=click.Path(path_type=Path), help="Folder of returns (may be repeated)")
@click.option("--without-returns", is_flag=True, help="Look only for what tells itself, without any returns")
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1), help="Files read at a time")
def check_release_command(folder: Path, data: tuple[Path, ...], without_returns: bool, jobs: int) -> None:
    """Scan a folder that is to be released."""
    from swis.commands.check_release import check_release

    try:
        root = find_root(Path.cwd())
    except FileNotFoundError:
        root = None  # any folder can be checked from anywhere; only the default for --data needs the compendium
    sys.exit(check_release(folder, data, without_returns=without_returns, root=root, jobs=jobs))


@main.command(help=FIGURES)
@click.option("--authority", "authorities", multiple=True, metavar="NAME", help="Of this report (may be repeated)")
@click.option("--dataset", metavar="NAME", help="Folder under data_raw/ [synthetic]")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of real returns")
def figures(authorities: tuple[str, ...], dataset: str | None, data: Path | None) -> None:
    """Set released figures at journal sizes."""
    from swis.commands.figures import set_figures

    sys.exit(set_figures(find_root(Path.cwd()), authorities, dataset, data))


@main.command("screen", help=SCREEN)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
def screen_command(files: tuple[Path, ...]) -> None:
    """Check open-data files."""
    from swis.commands.screen import screen_files

    sys.exit(screen_files(files))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def templates(folder: Path) -> None:
    """Write empty files, with a guide to their columns, for the inputs that have no public format."""
    from swis.sources.templates import write_templates

    for path in write_templates(folder):
        click.echo(f"wrote {path}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(EXIT_FAILED)
