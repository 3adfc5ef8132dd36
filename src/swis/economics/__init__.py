"""Economic evaluation: micro-costing, incremental cost and effect, net benefit and sensitivity; see README.md.

Nothing is imported here: the parameters' model stands in this package, and a process that only reads parameters need
not wait for the rest. Notebook 4 imports `swis.economics.steps`.
"""
