"""Certification: every stored result of R is compared with our estimator, or listed as not claimed with a reason."""
