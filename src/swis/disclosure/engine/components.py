"""Which cells hang together: what is hidden in one part of a release cannot help or harm another part."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from swis.disclosure.engine.cells import PER_CELL, Cells

Places = NDArray[np.intp]


def connected(rows: sparse.csr_array) -> tuple[Places, Places]:
    """Labels of rows and of columns; two have one label where a path of entries leads from one to the other."""
    m, n = rows.shape
    pattern = sparse.csr_array((np.ones(rows.nnz, dtype=np.int8), rows.indices, rows.indptr), shape=(m, n))
    graph = sparse.block_array([[None, pattern], [pattern.T, None]], format="csr") if rows.nnz else None
    if graph is None:
        return np.arange(n, n + m, dtype=np.intp), np.arange(n, dtype=np.intp)
    labels = csgraph.connected_components(graph, directed=False)[1].astype(np.intp)
    return labels[:m], labels[m:]


def numbered(labels: Places) -> Places:
    """The same labels as 0, 1, 2 … in the order in which they are first met."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    ranks = np.empty(len(first), dtype=np.intp)
    ranks[np.argsort(first)] = np.arange(len(first))
    return ranks[inverse]


def in_order(cells: Cells) -> tuple[Cells, Places]:
    """The same system with cells sorted by name and relations by what they hold, and the place each cell came from.

    Solvers break ties by position: without this the pattern would depend on the order of the rows it was given in.
    """
    places = np.argsort(cells.names.astype(str), kind="stable")
    columns = sparse.csr_array(cells.relations[:, places])
    columns.sum_duplicates()
    columns.eliminate_zeros()
    rows = sorted(range(columns.shape[0]), key=lambda row: _content(columns, row, cells))
    kept: dict[str, Any] = {name: getattr(cells, name)[places] for name in PER_CELL}
    kept["relations"] = sparse.csr_array(columns[rows]) if rows else columns
    return Cells(**kept, relation_lower=cells.relation_lower[rows], relation_upper=cells.relation_upper[rows]), places


def _content(rows: sparse.csr_array, row: int, cells: Cells) -> tuple[bytes, bytes, float, float]:
    span = slice(rows.indptr[row], rows.indptr[row + 1])
    ends = float(cells.relation_lower[row]), float(cells.relation_upper[row])
    return (rows.indices[span].astype(">i8").tobytes(), rows.data[span].tobytes(), *ends)
