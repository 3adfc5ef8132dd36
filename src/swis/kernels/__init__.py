"""Warm kernels: fresh Jupyter kernels forked from a process that has imported the heavy libraries already."""
