"""Linear algebra on one thread: the matrices of a count model are too small for more to help.

Waking a second thread for each product costs more than the product, and far more when several fits run at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

import scipy.linalg  # noqa: F401 - loaded first, so that its copy of the library is among those limited
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@cache
def _controller() -> ThreadpoolController:
    """The libraries loaded; looking for them takes 3 ms, setting their threads 0.02 ms."""
    return ThreadpoolController()


def on_one_thread(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """The same function, with linear algebra on one thread while it runs."""

    @wraps(function)
    def limited(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        with _controller().limit(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return limited
