"""Tables from which effects are estimated; see README.md."""

from swis.outcomes.analysis.tables import AnalysisTables, analysis_tables, load_analysis_tables

__all__ = ["AnalysisTables", "analysis_tables", "load_analysis_tables"]
