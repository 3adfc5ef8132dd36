"""How a trial was set up, in words and with where each comes from."""

from __future__ import annotations

from swis.plan.analysis_plan import AnalysisPlan

TITLES = {
    "clusters": "What was drawn, and why",
    "sample_size": "Number of schools planned",
    "concealment": "Concealment",
    "taking_part": "Taking part",
    "blinding": "Blinding",
    "registration": "Registration and protocol",
    "funding": "Funding",
}


def drawing_row(plan: AnalysisPlan) -> tuple[str, str, str]:
    """How the arms were drawn: item, what, where it comes from."""
    drawn = plan.randomisation
    return ("Drawing", f"Each {drawn.unit} within its {drawn.stratum}, {drawn.ratio}: {drawn.scheme}", drawn.origin)


def conduct_rows(plan: AnalysisPlan) -> list[tuple[str, str, str]]:
    """Item, what is known of it, where that comes from: one row a field of the plan's `conduct`."""
    known = {title: getattr(plan.conduct, name) for name, title in TITLES.items()}
    return [(title, one.text, one.origin) for title, one in known.items()]
