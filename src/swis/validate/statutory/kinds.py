"""The two families of statutory rules: each decorates a function that finds rows, under the DfE's code for the rule."""

from __future__ import annotations

from swis.validate.rule import SOCIAL_CARE_TEAM, Family

cin = Family("CIN", "statutory", SOCIAL_CARE_TEAM)
ssda903 = Family("903", "statutory", SOCIAL_CARE_TEAM, tables="care_episodes")
