"""The family of plausibility rules about rows: it decorates a function that finds rows, under a name of our own."""

from __future__ import annotations

from swis.validate.rule import SCHOOLS_TEAM, Family

plausible = Family("trial", "plausibility", SCHOOLS_TEAM)
