"""What libraries settle once and for all when they are imported, and how a process forked later puts it right.

Found by comparing every output with that of a plain kernel: exit codes show none of it.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping, Sequence
from types import ModuleType

# Read by the interpreter when it starts or by a library when it is imported: a job that differs in one is refused.
READ_AT_START = (
    "PYTHON", "LANG", "LC_", "LD_", "HOME", "XDG_", "MPL", "IPYTHON", "GX_",
    "OMP_", "KMP_", "OPENBLAS_", "GOTO_", "MKL_", "BLIS_", "VECLIB_", "NUMEXPR_", "NUMBA_", "NPY_", "ARROW_", "MALLOC_",
)  # fmt: skip
# Hooks itself into the shell of its process when it is imported, so each kernel has to import it anew.
IMPORTED_ANEW = ("matplotlib_inline.backend_inline",)
# pandas knows the width of a terminal, but not that of a page, and asks at import which of the two it is in.
PANDAS_COLUMNS_IN_KERNEL = 20


def differing_variables(given: Mapping[str, str], *accepted: Mapping[str, str]) -> list[str]:
    """Names of the variables read at the start that are in none of the accepted environments as they are given."""
    names = {name for known in (given, *accepted) for name in known if name.startswith(READ_AT_START)}
    return sorted(name for name in names if given.get(name) not in {known.get(name) for known in accepted})


def modules_to_forget() -> list[str]:
    """Those that each kernel imports anew: the package this one belongs to, and what settles too much.

    What a template is given to import are libraries, so no other module of a project is there to be forgotten.
    """
    project = __name__.split(".")[0]
    return [name for name in sys.modules if name.split(".")[0] == project or name in IMPORTED_ANEW]


def keep_to_modules(names: Sequence[str]) -> None:
    """Have the kernels to come take only these modules for their own, which a plain kernel has when it starts.

    ipykernel lists all that are imported by then, for its debugger not to step into: it would step into no library.
    And to go through them all takes a seventh of a small notebook's time, for each is on a page that has to be copied.
    """
    if "ipykernel.ipkernel" in sys.modules:
        view = ModuleType("sys")
        view.modules = {name: sys.modules[name] for name in names}  # type: ignore[attr-defined]
        view.__getattr__ = lambda name: getattr(sys, name)  # type: ignore[method-assign]
        sys.modules["ipykernel.ipkernel"].sys = view  # type: ignore[attr-defined]


def fill_caches() -> None:
    """Have libraries look up once, for all jobs, what each process would look up at first use: installed, so the same.

    Only what no setting changes, and nothing that starts a thread.
    """
    if "nbformat" in sys.modules:
        nbformat = sys.modules["nbformat"]
        nbformat.validate(nbformat.v4.new_notebook())
    if "matplotlib" in sys.modules:
        from matplotlib.backends import backend_registry

        backend_registry.list_all()
    if "jupyter_client.provisioning" in sys.modules:
        # Reads the entry points of all packages, to know which kernels can be started.
        sys.modules["jupyter_client.provisioning"].KernelProvisionerFactory.instance()
    if "papermill" in sys.modules:
        # What our engine would import by name.
        import swis.kernels.client
        import swis.kernels.manager
        import swis.kernels.provisioner  # noqa: F401


def reseed() -> None:
    """Give numpy's global generator a seed of its own; the standard library's gets one at every fork."""
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def uncapture_warnings() -> None:
    """Let warnings be shown again: Great Expectations has them swallowed for the whole process when it is imported."""
    logging.captureWarnings(False)


def settle_in_kernel() -> None:
    """Tell libraries that were imported outside that they are in a Jupyter kernel; called once its shell is there."""
    if "matplotlib" in sys.modules:
        # The kernel names its backend in the environment, which matplotlib has read already.
        sys.modules["matplotlib"].rcParams["backend"] = os.environ["MPLBACKEND"]
    if "pandas" in sys.modules:
        sys.modules["pandas"].set_option("display.max_columns", PANDAS_COLUMNS_IN_KERNEL)
