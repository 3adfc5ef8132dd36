"""The analysis plan of a trial as data: models, checks, and the analyses it amounts to."""

from swis.plan.analyses import Analysis, analysis_id, planned_analyses
from swis.plan.analysis_plan import AnalysisPlan, Deviation
from swis.plan.estimand import estimand_rows, primary_outcome
from swis.plan.models import MODELS, ModelName
from swis.plan.parts import Covariate, Estimand, Harm, PlannedOutcome, Population, Sensitivity, Subgroup
from swis.plan.specification import Specification

__all__ = [
    "MODELS",
    "Analysis",
    "AnalysisPlan",
    "Covariate",
    "Deviation",
    "Estimand",
    "Harm",
    "ModelName",
    "PlannedOutcome",
    "Population",
    "Sensitivity",
    "Specification",
    "Subgroup",
    "analysis_id",
    "estimand_rows",
    "planned_analyses",
    "primary_outcome",
]
