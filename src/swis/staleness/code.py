"""What of a module's text makes a difference to what it does: everything but docstrings, comments and layout."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

SHOWN = 16
# Calls that fetch something by its name in quotation marks: a module, or files of a library.
BY_NAME = {"import_module", "files"}


@dataclass(frozen=True)
class Content:
    """The names of modules that a piece of code may import, itself or in a function, and a hash of what it does."""

    imports: tuple[str, ...]
    digest: str


def module_content(source: str, name: str, *, is_package: bool) -> Content:
    """The content of the module `name`; SyntaxError where it is none."""
    tree = ast.parse(source)
    package = name if is_package else name.rpartition(".")[0]
    return Content(tuple(sorted(set(_imports(tree, package)))), short_hash(ast.dump(_WithoutWords().visit(tree))))


def imports_of(source: str) -> tuple[str, ...]:
    """The names of modules that a piece of code outside a package may import."""
    return tuple(sorted(set(_imports(ast.parse(source), ""))))


def short_hash(text: str | bytes) -> str:
    """Hexadecimal beginning of the SHA-256 of a text."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()[:SHOWN]


class _WithoutWords(ast.NodeTransformer):
    """Takes out the statements that do nothing: a docstring, the words below a constant, `pass`."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        """Keep an expression but a text that stands alone."""
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_text else self.generic_visit(node)

    def visit_Pass(self, node: ast.Pass) -> None:
        """Keep none: a body that has a docstring needs none."""


def _imports(tree: ast.AST, package: str) -> Iterator[str]:
    """Every name that may be a module's: `from a import b` gives a and a.b, for b may be either."""
    for node in _executed(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and (name := _named(node)):
            yield name


def _executed(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those under `if TYPE_CHECKING`, which no interpreter carries out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for other in node.orelse:
                yield other
                yield from _executed(other)
            continue
        yield node
        yield from _executed(node)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    above = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _named(call: ast.Call) -> str | None:
    """What a call fetches by its name in quotation marks."""
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", None)
    first = call.args[0] if call.args else None
    is_text = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return str(first.value) if called in BY_NAME and is_text and isinstance(first, ast.Constant) else None
