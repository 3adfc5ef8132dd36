"""Problems with what a user gave us: said all at once, one clear line each, never with a child's value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_BAD_INPUT = 2


@dataclass(frozen=True, order=True)
class Problem:
    """One fault of an input: where it is, what was found, what was expected, and what to do about it.

    `file` is a path relative to the data folder; `where` a row count, column, or element; none of the four
    may hold a value of a child-level field.
    """

    file: str
    where: str
    expected: str
    action: str

    def line(self) -> str:
        """The problem as one line for a terminal or a log."""
        return f"{self.file}: {self.where}; expected {self.expected}; {self.action}"


class InputError(Exception):
    """Inputs that cannot be used; holds every problem found, not the first only. Ends a command with code 2."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Sort and de-duplicate the problems so that the same input gives the same message."""
        self.problems = sorted(set(problems))
        super().__init__("\n".join(problem.line() for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[list[Problem]]]:
        """By its problems, not by its message, so that it comes whole out of another process."""
        return InputError, (self.problems,)


@dataclass(frozen=True, order=True)
class ReadingNote:
    """Something a reader tolerated: kept, counted and reported, because tolerance must not be silence.

    `kind` is a short code (`byte_order_mark`, `boolean_as_word`, …), `count` how many cells or rows it touched.
    """

    file: str
    kind: str
    count: int
    message: str


def raise_if(problems: Iterable[Problem]) -> None:
    """Raise InputError when there is at least one problem."""
    found = list(problems)
    if found:
        raise InputError(found)
