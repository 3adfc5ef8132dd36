"""Models of counts and proportions: GLM, mixed models by adaptive quadrature or Laplace, and fast refits of them."""

from swis.effects.counts.model import fit_count_model, method_label, score_contributions
from swis.effects.counts.refit import refit_coefficient

__all__ = ["fit_count_model", "method_label", "refit_coefficient", "score_contributions"]
