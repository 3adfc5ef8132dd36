"""The engine of linear mixed models: cross-products, profiled deviance, its gradient, the search for its minimum."""
