"""Measures, one file and twin a family; see README.md.

Every module has `count(derived, period, definitions)`, which returns for each measure of the family its rows in the
period: urn, year_group, academic_year, amount and, where the measure brings its own denominator, base.
"""
