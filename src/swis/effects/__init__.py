"""Effects of the trials: estimators, randomisation inference, and the results of the analysis plan."""
