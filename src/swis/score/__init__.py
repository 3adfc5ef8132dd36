"""Scores of validation on simulated returns: which planted faults are found, and how quiet sound rows stay."""

from swis.score.alarms import Alarms, alarms_of
from swis.score.page import page_text
from swis.score.planted import Score, planted, pooled, score_of

__all__ = ["Alarms", "Score", "alarms_of", "page_text", "planted", "pooled", "score_of"]
