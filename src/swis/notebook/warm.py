"""What the template process of a run imports, so that no notebook has to.

Libraries only, and only imported: the project's own modules would go stale when they are edited during a run, and
thread pools that have run do not survive a fork. Parts that a library would import at first use are named as well.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from swis.kernels.owner import template_process

# What runs a notebook, on both sides.
JUPYTER = (
    "ipykernel.kernelapp", "ipykernel.debugger", "ipykernel_launcher", "IPython.core.completerlib",
    "IPython.core.debugger", "IPython.core.oinspect", "IPython.extensions.storemagic", "jupyter_client.asynchronous",
    "jupyter_client.provisioning", "nbclient", "nbformat", "papermill.cli", "tornado.platform.asyncio",
    "tornado.queues",
)  # fmt: skip
# What the notebooks use.
LIBRARIES = (
    "annotated_types", "fontTools.ttLib", "formulaic", "great_expectations", "holidays.countries.united_kingdom",
    "jinja2", "lxml.etree", "lxml.html", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg",
    "matplotlib.patheffects", "matplotlib.pyplot", "numpy", "openpyxl", "pandas",
    "pandas.core.arrays.arrow.extension_types", "pandas.core.reshape.reshape", "pandas.io.formats.csvs",
    "pandas.io.formats.html", "pandas.io.formats.string", "PIL.GifImagePlugin", "PIL.ImageDraw",
    "PIL.JpegImagePlugin", "PIL.PngImagePlugin", "pyarrow.csv", "pyarrow.dataset", "pyarrow.pandas_compat",
    "pyarrow.parquet", "pydantic.fields", "pydantic.functional_validators", "pydantic.main",
    "pydantic.type_adapter", "pydantic.types", "pypandoc", "python_calamine", "scipy.stats", "seaborn",
    "sklearn.experimental.enable_iterative_imputer", "statsmodels.api", "typst", "xlsxwriter", "yaml",
)  # fmt: skip


@contextlib.contextmanager
def warm_kernels(environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """While inside, jobs started with this process's environment get kernels with all libraries imported.

    `environment` is what the jobs have; `log` is where the template says what it did (no values, only processes).
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with template_process([*JUPYTER, *LIBRARIES], environment, log) as found:
        before = {name: os.environ.get(name) for name in found}
        os.environ.update(found)
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
