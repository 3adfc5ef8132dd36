"""Economic evaluation: micro-costing, incremental cost and effect, net benefit and sensitivity; see README.md."""
