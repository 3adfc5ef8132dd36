"""What the DfE has published about an authority, beside its own figures."""

from swis.published.academic_years import referrals_by_academic_year
from swis.published.context import authority_context
from swis.published.figures import preferred, vintages, with_computed
from swis.published.load import load_neighbours, load_published, read_published
from swis.published.rates import rate

__all__ = [
    "authority_context",
    "load_neighbours",
    "load_published",
    "preferred",
    "rate",
    "read_published",
    "referrals_by_academic_year",
    "vintages",
    "with_computed",
]
