"""The door out: what leaves is protected as one system of numbers, proven, and labelled, here only.

Nothing is imported here: a policy is a parameter, and a process that only reads parameters need not wait for the rest.
"""
